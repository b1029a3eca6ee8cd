//! Whole answers.

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, UsageStyle};

use crate::support::{Test, question};

fn content(answer: &Value) -> &str {
    answer["choices"][0]["message"]["content"].as_str().unwrap()
}

fn assert_adds_up(usage: &Value) {
    let part = |name: &str| usage[name].as_u64().unwrap();
    assert_eq!(part("prompt_tokens") + part("completion_tokens"), part("total_tokens"));
}

#[tokio::test]
async fn a_question_gets_an_answer_which_mentions_it() {
    let test = Test::start().await;

    let got = test.chat(&question("sim-chat")).await;

    let answer = got.json();
    assert_eq!(got.status, 200);
    assert_eq!(answer["object"], "chat.completion");
    assert_eq!(answer["model"], "sim-chat");
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    assert!(content(&answer).contains("What is the capital of France?"));
    assert_adds_up(&answer["usage"]);
    assert_eq!(got.header("x-request-id"), "req_sim_1");
    assert_eq!(got.header("x-ratelimit-remaining-requests"), "499");
}

#[tokio::test]
async fn the_same_question_gets_the_same_answer() {
    let test = Test::start().await;
    let mut first = test.chat(&question("sim-chat")).await.json();
    let mut second = test.chat(&question("sim-chat")).await.json();
    assert_ne!(first["id"].take(), second["id"].take());
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_token_limit_cuts_the_answer_and_says_so() {
    let test = Test::start().await;
    for field in ["max_tokens", "max_completion_tokens"] {
        let mut body = question("sim-chat");
        body[field] = 3.into();

        let answer = test.chat(&body).await.json();

        assert_eq!(answer["choices"][0]["finish_reason"], "length", "{field}");
        assert_eq!(answer["usage"]["completion_tokens"], 3, "{field}");
        assert_eq!(content(&answer), "Hello from the", "{field}");
    }
}

#[tokio::test]
async fn a_stop_text_ends_the_answer_before_it() {
    let test = Test::start().await;
    let mut body = question("sim-chat");
    body["stop"] = json!(["simulator", " from"]);

    let answer = test.chat(&body).await.json();

    assert_eq!(content(&answer), "Hello");
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
}

#[tokio::test]
async fn several_choices_are_counted_each() {
    let test = Test::start().await;
    let one = test.chat(&question("sim-chat")).await.json();
    let mut body = question("sim-chat");
    body["n"] = 3.into();

    let three = test.chat(&body).await.json();

    assert_eq!(three["choices"].as_array().unwrap().len(), 3);
    assert_eq!(three["choices"][2]["index"], 2);
    let tokens = |answer: &Value| answer["usage"]["completion_tokens"].as_u64().unwrap();
    assert_eq!(tokens(&three), 3 * tokens(&one));
    assert_adds_up(&three["usage"]);
}

#[tokio::test]
async fn json_mode_makes_an_object() {
    let test = Test::start().await;
    let mut body = question("sim-chat");
    body["messages"][0]["content"] = "Answer in JSON.".into();
    body["response_format"] = json!({"type": "json_object"});

    let answer = test.chat(&body).await.json();

    let object: Value = serde_json::from_str(content(&answer)).unwrap();
    assert!(object["answer"].is_string());
}

#[tokio::test]
async fn a_json_schema_is_met() {
    let test = Test::start().await;
    let mut body = question("sim-chat");
    body["response_format"] = json!({"type": "json_schema", "json_schema": {"name": "city", "schema": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "people": {"type": "integer"}},
        "required": ["name", "people"],
        "additionalProperties": false,
    }}});

    let answer = test.chat(&body).await.json();

    let object: Value = serde_json::from_str(content(&answer)).unwrap();
    assert_eq!(object, json!({"name": "example name", "people": 1}));
}

#[tokio::test]
async fn a_reasoning_model_thinks_and_counts_it() {
    let test = Test::start().await;

    let answer = test.chat(&question("sim-reason")).await.json();

    let thoughts = answer["choices"][0]["message"]["reasoning_content"].as_str().unwrap();
    assert!(thoughts.contains("capital of France"));
    let reasoning =
        answer["usage"]["completion_tokens_details"]["reasoning_tokens"].as_u64().unwrap();
    assert!(reasoning > 0 && reasoning < answer["usage"]["completion_tokens"].as_u64().unwrap());
    assert_adds_up(&answer["usage"]);
}

#[tokio::test]
async fn a_limit_below_the_reasoning_leaves_no_answer() {
    let test = Test::start().await;
    let mut body = question("sim-reason");
    body["max_completion_tokens"] = 2.into();

    let answer = test.chat(&body).await.json();

    assert_eq!(content(&answer), "");
    assert_eq!(answer["choices"][0]["finish_reason"], "length");
    assert_eq!(answer["usage"]["completion_tokens_details"]["reasoning_tokens"], 2);
}

#[tokio::test]
async fn an_image_counts_as_tokens() {
    let test = Test::start().await;
    let parts = |image: bool| {
        let mut parts = vec![json!({"type": "text", "text": "What is this?"})];
        parts.extend(image.then(|| {
            json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}})
        }));
        json!({"model": "sim-vision", "messages": [{"role": "user", "content": parts}]})
    };

    let without = test.chat(&parts(false)).await.json();
    let with = test.chat(&parts(true)).await.json();

    let prompt = |answer: &Value| answer["usage"]["prompt_tokens"].as_u64().unwrap();
    assert_eq!(prompt(&with), prompt(&without) + 85);
    assert!(content(&with).contains("What is this?"));
}

#[tokio::test]
async fn text_cached_tokens_and_usage_follow_the_behaviour() {
    let test = Test::behaving(Behaviour::default().text("Paris.").cached_tokens(4)).await;
    let answer = test.chat(&question("sim-chat")).await.json();
    assert_eq!(content(&answer), "Paris.");
    assert_eq!(answer["usage"]["prompt_tokens_details"]["cached_tokens"], 4);

    let test = Test::behaving(Behaviour::default().usage(UsageStyle::Never)).await;
    let answer = test.chat(&question("sim-chat")).await.json();
    assert!(answer.get("usage").is_none());
}
