//! The status of a failed call is on record as its caller got it, whatever a provider's 200 turned
//! out to be.

use bytes::Bytes;
use serde_json::json;
use tollgate_simulator::{Behaviour, Fault, Place};

use crate::chat_scene::{Scene, each_scene, user};
use crate::support::Reply;

fn body(kind: &str, text: &'static str) -> Fault {
    let body = Bytes::from_static(text.as_bytes());
    Fault::Body { status: 200, content_type: kind.to_owned(), body }
}

/// A 200 that is no answer, and whether that shows in a stream alone.
fn faults() -> Vec<(Fault, bool)> {
    vec![
        (Fault::html(200), false),
        (body("application/json", ""), false),
        (body("application/json", "{}"), false),
        (body("application/json", "[1]"), false),
        (body("application/json", "{\"choices\": 1}"), false),
        (body("text/event-stream", ""), false),
        (body("text/event-stream", "data: {\n\n"), false),
        (body("text/event-stream", "data: [DONE]\n\n"), false),
        (Fault::WrongJson(Place::Start), false),
        (Fault::Cut(Place::Start), false),
        (Fault::error_event(Place::Start, "openai.500"), false),
        (Fault::error_event(Place::Start, "openai.503"), false),
        (Fault::End(Place::Start), true),
        (Fault::End(Place::Opening), true),
        (Fault::Cut(Place::Opening), true),
        (Fault::error_event(Place::Opening, "openai.500"), true),
    ]
}

#[tokio::test]
async fn a_200_that_is_no_answer_is_on_record_as_the_caller_was_told() {
    each_scene(async |scene: Scene<'_>| {
        scene.set_provider(json!({"maxRetries": 0})).await;
        for (fault, of_stream) in faults() {
            for is_stream in [false, true] {
                if of_stream && !is_stream {
                    continue;
                }
                let behaviour = Behaviour::failing(fault.clone());
                scene.simulator.set_behaviour("sim-chat", behaviour);
                let body = json!({"model": "openai/sim-chat", "messages": user("Hi"),
                    "stream": is_stream});

                let path = "/v1/chat/completions";
                let reply = Reply::of(scene.opens(path, &body).await).await;

                assert!([502, 503].contains(&reply.status), "{fault:?}: {}", reply.text);
                let log = scene.log_of(&reply).await;
                assert_eq!(log["httpStatus"], reply.status, "{fault:?} {is_stream}: {log}");
                assert_eq!(log["status"], "error");
                scene.reset_keys().await;
            }
        }
    })
    .await;
}
