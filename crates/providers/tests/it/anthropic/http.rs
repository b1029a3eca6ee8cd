//! Anthropic's protocol through real HTTP.

use serde_json::json;
use tollgate_domain::failure::FailureClass;
use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::{Reply, Upstream};
use tollgate_simulator::{Behaviour, Fault, Place, Simulator, SimulatorConfig, StreamStyle, Wire};

use crate::http::{ask, client, listen, whole};
use crate::schema::assert_valid;
use crate::support::{KEY, chat_with, json_of, upstream};

pub(super) async fn simulator(behaviour: Behaviour) -> (Simulator, Upstream) {
    let models = (0..2500).map(|n| format!("claude-{n}")).collect();
    let config = SimulatorConfig { models, ..SimulatorConfig::default() };
    let simulator = Simulator::start(config).await.unwrap();
    simulator.set_behaviour(KEY, behaviour);
    let mut upstream = upstream(&simulator.base_url(), json!({}));
    upstream.protocol = ProtocolKind::Anthropic;
    (simulator, upstream)
}

#[tokio::test]
async fn an_answer_and_a_stream_say_the_same() {
    let (simulator, upstream) = simulator(Behaviour::fast().text("It works, é.")).await;

    let answer = whole(&upstream).await.unwrap();

    let body = json_of(&answer.body);
    assert_valid("CreateChatCompletionResponse", &body);
    assert_eq!(body["choices"][0]["message"]["content"], "It works, é.");
    assert!(answer.facts.usage.is_some());
    assert_eq!(listen(&upstream).await, ("It works, é.".to_owned(), None));
    let call = &simulator.calls()[0];
    assert_eq!((call.path.as_str(), call.header("x-api-key")), ("/v1/messages", Some(KEY)));
}

#[tokio::test]
async fn a_round_of_parallel_tools_comes_back_in_openais_words() {
    let (_simulator, upstream) = simulator(Behaviour::fast()).await;
    let function = |name: &str| json!({"type": "function", "function": {"name": name}});
    let tools = json!([function("now"), function("here")]);
    let answer = async |messages: serde_json::Value| {
        let call = chat_with(json!({"tools": tools, "messages": messages}));
        match ask(&upstream, &call).await.unwrap() {
            Reply::Whole(answer, _) => json_of(&answer.body)["choices"][0].clone(),
            Reply::Stream(_) => panic!("a stream nobody asked for"),
        }
    };
    let asked = json!({"role": "user", "content": "Where and when?"});

    let first = answer(json!([asked])).await;

    assert_eq!(first["finish_reason"], "tool_calls");
    let calls = first["message"]["tool_calls"].as_array().unwrap();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0]["function"], json!({"name": "now", "arguments": "{}"}));
    let result = |n: usize, said: &str| json!({"role": "tool", "tool_call_id": calls[n]["id"], "content": said});
    let second =
        answer(json!([asked, first["message"], result(1, "Rome"), result(0, "noon")])).await;
    let said = second["message"]["content"].as_str().unwrap();
    assert!(said.contains("Rome") && said.contains("noon"), "{said}");
}

#[tokio::test]
async fn every_page_of_the_models_is_read_and_the_key_is_checked() {
    let (simulator, upstream) = simulator(Behaviour::fast()).await;

    let models = client().list_models(&upstream).await.unwrap();

    assert_eq!((models.len(), models[2499].code.as_str()), (2500, "claude-2499"));
    assert_eq!(simulator.calls().len(), 3);
    client().validate(&upstream).await.unwrap();
    simulator.set_behaviour(KEY, Behaviour::failing(Fault::error("anthropic.401")));
    let refused = client().validate(&upstream).await.unwrap_err();
    assert_eq!(refused.class, FailureClass::KeyRefused);
}

#[tokio::test]
async fn faults_have_their_classes() {
    let cases = [
        (Fault::error_event(Place::Start, "anthropic.529"), FailureClass::Overloaded),
        (Fault::error_event(Place::Middle, "anthropic.500"), FailureClass::Transient),
        (Fault::error("anthropic.400.credit"), FailureClass::QuotaSpent),
        (Fault::error("anthropic.429"), FailureClass::RateLimited),
        (Fault::Cut(Place::Middle), FailureClass::Transient),
        (Fault::End(Place::Finish), FailureClass::Transient),
        (Fault::WrongJson(Place::Middle), FailureClass::Transient),
        (Fault::html(200), FailureClass::Transient),
    ];
    for (fault, class) in cases {
        let (_simulator, upstream) = simulator(Behaviour::failing(fault.clone())).await;
        let (_, failure) = listen(&upstream).await;
        assert_eq!(failure.map(|failure| failure.class), Some(class), "{fault:?}");
    }
}

#[tokio::test]
async fn streams_without_their_last_event_and_whole_answers_in_their_place_are_taken() {
    let wire = Wire { no_done: true, comments: true, ..Wire::default() };
    for behaviour in [Behaviour::fast().wire(wire), Behaviour::fast().stream(StreamStyle::Never)] {
        let (_simulator, upstream) = simulator(behaviour.text("Hi")).await;
        assert_eq!(listen(&upstream).await, ("Hi".to_owned(), None));
    }
    let (_simulator, upstream) =
        simulator(Behaviour::fast().stream(StreamStyle::Always).text("Hi")).await;
    let body = json_of(&whole(&upstream).await.unwrap().body);
    assert_eq!(body["choices"][0]["message"]["content"], "Hi");
}
