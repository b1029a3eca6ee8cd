//! What can be checked in every protocol alike: that what was sent arrived, and the same faults.

use serde_json::{Value, json};

use crate::support::{Got, KEY, Test, read_until};

/// The picture that is shown: 70 bytes.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A protocol: how a question is asked in it, and where its answer says what.
struct Spoken {
    name: &'static str,
    request: fn(&Asking) -> Value,
    path: fn(&Asking) -> String,
    text: &'static str,
    finish: &'static str,
}

#[derive(Default)]
struct Asking {
    model: &'static str,
    is_stream: bool,
    stop: Option<&'static str>,
}

const OPENAI: Spoken = Spoken {
    name: "openai",
    request: |asking| {
        let image = json!({"url": format!("data:image/png;base64,{PIXEL}")});
        let content = json!([{"type": "text", "text": "One two three"}, {"type": "image_url", "image_url": image}]);
        json!({
            "model": asking.model, "stream": asking.is_stream, "stop": asking.stop,
            "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": content}],
        })
    },
    path: |_| "/v1/chat/completions".to_owned(),
    text: "/choices/0/message/content",
    finish: "/choices/0/finish_reason",
};

const ANTHROPIC: Spoken = Spoken {
    name: "anthropic",
    request: |asking| {
        let source = json!({"type": "base64", "media_type": "image/png", "data": PIXEL});
        let content =
            json!([{"type": "text", "text": "One two three"}, {"type": "image", "source": source}]);
        json!({
            "model": asking.model, "stream": asking.is_stream, "max_tokens": 100, "system": "Be kind.",
            "stop_sequences": asking.stop.into_iter().collect::<Vec<_>>(),
            "messages": [{"role": "user", "content": content}],
        })
    },
    path: |_| "/v1/messages".to_owned(),
    text: "/content/0/text",
    finish: "/stop_reason",
};

const GEMINI: Spoken = Spoken {
    name: "gemini",
    request: |asking| {
        let parts = json!([{"text": "One two three"}, {"inlineData": {"mimeType": "image/png", "data": PIXEL}}]);
        json!({
            "systemInstruction": {"parts": [{"text": "Be kind."}]},
            "contents": [{"role": "user", "parts": parts}],
            "generationConfig": {"stopSequences": asking.stop.into_iter().collect::<Vec<_>>()},
        })
    },
    path: |asking| {
        let method =
            if asking.is_stream { "streamGenerateContent?alt=sse" } else { "generateContent" };
        format!("/v1beta/models/{}:{method}", asking.model)
    },
    text: "/candidates/0/content/parts/0/text",
    finish: "/candidates/0/finishReason",
};

const ALL: [Spoken; 3] = [OPENAI, ANTHROPIC, GEMINI];

async fn open(test: &Test, spoken: &Spoken, asking: &Asking) -> reqwest::Response {
    let url = format!("http://{}{}", test.simulator.address(), (spoken.path)(asking));
    let request = test.client.post(url).header("x-api-key", KEY);
    let request = request.header("anthropic-version", "2023-06-01");
    let request = request.header("content-type", "application/json");
    request.body((spoken.request)(asking).to_string()).send().await.unwrap()
}

async fn ask(test: &Test, spoken: &Spoken, asking: &Asking) -> Got {
    Got::read(open(test, spoken, asking).await).await
}

fn text_at(answer: &Value, pointer: &str) -> String {
    answer.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_was_sent_can_be_read_in_the_answer() {
    let test = Test::start().await;
    for spoken in ALL {
        let asking = Asking { model: "sim-chat", ..Asking::default() };

        let answer = ask(&test, &spoken, &asking).await.json();

        assert_eq!(
            text_at(&answer, spoken.text),
            "Hello from the simulator. You wrote: \"One two three\" I was told: \"Be kind.\" \
             I see: \"image/png of 70 bytes\"",
            "{}",
            spoken.name
        );
    }
}

#[tokio::test]
async fn an_answer_ends_before_a_stop_sequence() {
    let test = Test::start().await;
    let finishes = ["stop", "stop_sequence", "STOP"];
    for (spoken, finish) in ALL.into_iter().zip(finishes) {
        let asking = Asking { model: "sim-chat", stop: Some("two"), ..Asking::default() };

        let answer = ask(&test, &spoken, &asking).await.json();

        let text = text_at(&answer, spoken.text);
        assert_eq!(text, "Hello from the simulator. You wrote: \"One ", "{}", spoken.name);
        assert_eq!(text_at(&answer, spoken.finish), finish);
        let told = answer.get("stop_sequence").and_then(Value::as_str);
        assert_eq!(told, (spoken.name == "anthropic").then_some("two"));
    }
}

#[tokio::test]
async fn an_error_by_status_is_in_the_words_of_the_protocol() {
    let test = Test::start().await;
    let cases = [
        (
            "sim-error-400",
            400,
            ["invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT"],
        ),
        (
            "sim-error-401",
            401,
            ["invalid_request_error", "authentication_error", "UNAUTHENTICATED"],
        ),
        ("sim-error-404", 404, ["invalid_request_error", "not_found_error", "NOT_FOUND"]),
        ("sim-error-429", 429, ["tokens", "rate_limit_error", "RESOURCE_EXHAUSTED"]),
        ("sim-error-500", 500, ["server_error", "api_error", "INTERNAL"]),
        ("sim-error-529", 529, ["server_error", "overloaded_error", "UNAVAILABLE"]),
    ];
    for (model, status, kinds) in cases {
        for (spoken, kind) in ALL.into_iter().zip(kinds) {
            let asking = Asking { model, ..Asking::default() };

            let got = ask(&test, &spoken, &asking).await;

            let field = if spoken.name == "gemini" { "status" } else { "type" };
            assert_eq!(got.status, status, "{}: {model}", spoken.name);
            assert_eq!(got.error()[field], kind, "{}: {model}", spoken.name);
        }
    }
}

#[tokio::test]
async fn an_error_inside_a_stream_is_named_where_events_have_names() {
    let test = Test::start().await;
    for spoken in ALL {
        let asking = Asking { model: "sim-error-middle-500", is_stream: true, ..Asking::default() };

        let got = ask(&test, &spoken, &asking).await;

        let is_named = got.body.contains("event: error\n");
        assert_eq!((got.status, is_named), (200, spoken.name == "anthropic"));
        assert!(got.data().last().unwrap().contains("error"), "{}", got.body);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_can_be_silent_before_its_content() {
    for spoken in ALL {
        let test = Test::start().await;
        let asking = Asking { model: "sim-silent-90", is_stream: true, ..Asking::default() };
        let before = tokio::time::Instant::now();

        let mut response = open(&test, &spoken, &asking).await;

        read_until(&mut response, "You").await;
        assert!(before.elapsed().as_secs() >= 90, "{}", spoken.name);
    }
}

#[tokio::test]
async fn prompts_are_counted_as_answers_count_them() {
    let test = Test::start().await;
    let asking = Asking { model: "g", ..Asking::default() };
    let answered = ask(&test, &GEMINI, &asking).await.json();
    let mut request = (GEMINI.request)(&asking);
    let alone = json!({"contents": request["contents"]});
    request["model"] = json!("models/g");

    let count = async |body: Value| {
        let url = format!("http://{}/v1beta/models/g:countTokens", test.simulator.address());
        let request = test.client.post(url).header("x-goog-api-key", KEY);
        Got::read(request.body(body.to_string()).send().await.unwrap()).await
    };

    let whole = count(json!({"generateContentRequest": request})).await.json();
    assert_eq!(whole["totalTokens"], answered["usageMetadata"]["promptTokenCount"]);
    let fewer = count(alone).await.json()["totalTokens"].as_u64();
    assert!(fewer.is_some() && fewer < whole["totalTokens"].as_u64());
    assert_eq!(count(json!({"systemInstruction": {}})).await.status, 400);
    assert_eq!(count(json!({"generateContentRequest": {"contents": []}})).await.status, 400);
}
