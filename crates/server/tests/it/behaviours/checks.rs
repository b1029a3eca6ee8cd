//! What it means to have a behaviour.

use reqwest::Method;
use serde_json::{Value, json};
use tollgate_simulator::{Behaviour as Simulated, Fault};

use super::Behaviour::{
    self, Chat, CountTokens, Embeddings, Image, JsonSchema, Logprobs, MaxTokens, MissingModel,
    ModelList, OneToolAtATime, ParallelTools, RateLimit, Reasoning, Seed, SeveralChoices, Stop,
    Stream, System, Tool, TopK, Usage,
};
use super::caller::{Caller, Result};
use crate::support::Reply;

/// A PNG of one pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// Panics unless the caller gets that behaviour.
pub(super) async fn has(caller: &Caller<'_>, behaviour: Behaviour) {
    match behaviour {
        Chat | Stream => chat(caller).await,
        System => system(caller).await,
        Stop => stop(caller).await,
        MaxTokens => max_tokens(caller).await,
        Tool => tool(caller).await,
        ParallelTools => parallel_tools(caller).await,
        OneToolAtATime => one_tool_at_a_time(caller).await,
        Image => image(caller).await,
        JsonSchema => schema(caller).await,
        Reasoning => reasoning(caller).await,
        Usage => usage(caller).await,
        RateLimit => rate_limit(caller).await,
        MissingModel => missing_model(caller).await,
        ModelList => model_list(caller).await,
        CountTokens => count_tokens(caller, "exact").await,
        Embeddings => embeddings(caller).await,
        SeveralChoices => several_choices(caller).await,
        Logprobs => is_sent(caller, [json!({"logprobs": true}), json!({})], "logprobs").await,
        Seed => is_sent(caller, [json!({"seed": 7}), json!({})], "seed").await,
        TopK => is_sent(caller, [json!({}), json!({"top_k": 5})], "top").await,
    }
}

fn none() -> [Value; 2] {
    [json!({}), json!({})]
}

async fn chat(caller: &Caller<'_>) {
    let heard = caller.asks("What is a gate?", none()).await;
    assert!(heard.text.contains("What is a gate?"), "{}: {heard:?}", caller.name());
    assert_eq!((heard.finish.as_str(), heard.calls.len()), ("stop", 0), "{}", caller.name());
}

async fn system(caller: &Caller<'_>) {
    let messages =
        json!([{"role": "system", "content": "Be terse."}, {"role": "user", "content": "Hi"}]);
    let heard =
        caller.asks("Hi", [json!({"messages": messages}), json!({"system": "Be terse."})]).await;
    assert!(heard.text.contains("I was told: \"Be terse.\""), "{}: {heard:?}", caller.name());
}

async fn stop(caller: &Caller<'_>) {
    let fields = [json!({"stop": ["END"]}), json!({"stop_sequences": ["END"]})];
    let heard = caller.asks("one END two", fields).await;
    assert!(heard.text.contains("one ") && !heard.text.contains("two"), "{heard:?}");
    assert_eq!(heard.finish, "stop", "{}", caller.name());
}

async fn max_tokens(caller: &Caller<'_>) {
    let fields = [json!({"max_completion_tokens": 2}), json!({"max_tokens": 2})];
    let heard = caller.asks("Hi", fields).await;
    assert_eq!((heard.finish.as_str(), heard.tokens[2]), ("length", 2), "{}", caller.name());
}

fn tools(is_single: bool) -> [Value; 2] {
    let schema =
        json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]});
    let openai =
        |name: &str| json!({"type": "function", "function": {"name": name, "parameters": schema}});
    let anthropic = |name: &str| json!({"name": name, "input_schema": schema});
    let [mut one, mut other] = [
        json!({"tools": [openai("get_weather"), openai("get_time")]}),
        json!({"tools": [anthropic("get_weather"), anthropic("get_time")]}),
    ];
    if is_single {
        one["parallel_tool_calls"] = json!(false);
        other["tool_choice"] = json!({"type": "auto", "disable_parallel_tool_use": true});
    }
    [one, other]
}

async fn tool(caller: &Caller<'_>) {
    let [mut openai, mut anthropic] = tools(false);
    openai["tool_choice"] = json!({"type": "function", "function": {"name": "get_time"}});
    anthropic["tool_choice"] = json!({"type": "tool", "name": "get_time"});
    let heard = caller.asks("What time is it?", [openai, anthropic]).await;
    let [call] = &heard.calls[..] else { panic!("{}: {heard:?}", caller.name()) };
    assert_eq!(
        (&call["name"], &call["input"]["city"]),
        (&json!("get_time"), &json!("example city"))
    );
}

async fn parallel_tools(caller: &Caller<'_>) {
    let body = caller.body("sim-chat", "Weather and time?", tools(false));
    let heard = caller.hears(&body).await;
    let names: Vec<&Value> = heard.calls.iter().map(|call| &call["name"]).collect();
    assert_eq!(names, ["get_weather", "get_time"], "{}", caller.name());
    assert_eq!(heard.finish, "tool_calls", "{}", caller.name());
    assert_ne!(heard.calls[0]["id"], heard.calls[1]["id"]);

    let texts = ["rain", "noon"];
    let results: Vec<Result<'_>> =
        heard.calls.iter().zip(texts).map(|(call, text)| Result { call, text }).collect();
    let heard = caller.hears(&caller.with_results(&body, &results)).await;
    for told in ["get_weather = ", "rain", "get_time = ", "noon"] {
        assert!(heard.text.contains(told), "{}: {heard:?}", caller.name());
    }
}

async fn one_tool_at_a_time(caller: &Caller<'_>) {
    let heard = caller.asks("Weather and time?", tools(true)).await;
    assert_eq!(heard.calls.len(), 1, "{}: {heard:?}", caller.name());
}

async fn image(caller: &Caller<'_>) {
    let url = format!("data:image/png;base64,{PIXEL}");
    let source = json!({"type": "base64", "media_type": "image/png", "data": PIXEL});
    let text = json!({"type": "text", "text": "What is it?"});
    let user = |part: Value| json!({"messages": [{"role": "user", "content": [text, part]}]});
    let fields = [
        user(json!({"type": "image_url", "image_url": {"url": url}})),
        user(json!({"type": "image", "source": source})),
    ];
    let heard = caller.asks("", fields).await;
    assert!(heard.text.contains("I see") && heard.text.contains("image/png"), "{heard:?}");
}

async fn schema(caller: &Caller<'_>) {
    let schema = json!({"type": "object", "properties": {"city": {"type": "string"}},
        "required": ["city"], "additionalProperties": false});
    let format = json!({"type": "json_schema", "json_schema": {"name": "a", "strict": true, "schema": schema}});
    let other = json!({"format": {"type": "json_schema", "schema": schema}});
    let fields = [json!({"response_format": format}), json!({"output_config": other})];
    let heard = caller.asks("Where?", fields).await;
    let answer: Value = serde_json::from_str(&heard.text).unwrap();
    assert!(answer["city"].is_string(), "{}: {heard:?}", caller.name());
}

async fn reasoning(caller: &Caller<'_>) {
    let fields = [
        json!({"reasoning_effort": "low", "max_completion_tokens": 4096}),
        json!({"thinking": {"type": "enabled", "budget_tokens": 1024}}),
    ];
    let heard = caller.hears(&caller.body("sim-reason", "Why?", fields)).await;
    assert!(heard.thinking.contains("Why?"), "{}: {heard:?}", caller.name());
    assert!(!heard.text.contains(&heard.thinking), "{heard:?}");
}

async fn usage(caller: &Caller<'_>) {
    caller.scene.simulator.set_behaviour("sim-chat", Simulated::fast().cached_tokens(3));
    let heard = caller.asks("Hi there, how are you today?", none()).await;
    caller.scene.simulator.clear_behaviour("sim-chat");
    let [prompt, cached, answer] = heard.tokens;
    assert!(prompt > 3 && cached == 3 && answer > 0, "{}: {heard:?}", caller.name());
}

/// The only key rests, and the caller is told until when.
async fn rate_limit(caller: &Caller<'_>) {
    let reply = failing(caller, caller.provider.rate_limit).await;
    assert_eq!(reply.status, 503, "{}: {}", caller.name(), reply.text);
    let wait = reply.header("retry-after").map(|seconds| seconds.parse::<u64>().unwrap());
    assert!(wait.is_some_and(|seconds| seconds > 0), "{}: {}", caller.name(), reply.text);
    caller.is_told(&reply, "server_error", "api_error");
}

async fn missing_model(caller: &Caller<'_>) {
    let reply = failing(caller, caller.provider.missing_model).await;
    assert_eq!(reply.status, 404, "{}: {}", caller.name(), reply.text);
    caller.is_told(&reply, "invalid_request_error", "not_found_error");
}

/// The reply where the provider fails in that way. What the key suffers is taken back.
async fn failing(caller: &Caller<'_>, error: &str) -> Reply {
    let (scene, provider) = (caller.scene, caller.provider.code);
    scene.simulator.set_behaviour("sim-fails", Simulated::failing(Fault::error(error)));
    let reply = caller.replies(&caller.body("sim-fails", "Hi", none())).await;
    scene.simulator.clear_behaviour("sim-fails");
    for key in scene.admin.keys(provider).await {
        let path = format!("/api/admin/ai-providers/keys/{}/reset", key["id"]);
        scene.admin.send(Method::POST, &path, None).await.expect(200);
    }
    reply
}

async fn model_list(caller: &Caller<'_>) {
    let id = caller.scene.admin.provider(caller.provider.code).await;
    let path = format!("/api/admin/ai-providers/{id}/sync-models");
    let synced = caller.scene.admin.post(&path, &json!({})).await.expect(200).data();
    assert!(synced["added"].is_array(), "{}: {synced}", caller.name());
}

/// Counts tokens, and is told how they were counted.
pub(super) async fn count_tokens(caller: &Caller<'_>, method: &str) {
    let model = format!("{}/sim-chat", caller.provider.code);
    let body = json!({"model": model, "messages": [{"role": "user", "content": "How many?"}]});
    let reply = caller.scene.app_user.post("/v1/messages/count_tokens", &body).await;
    assert_eq!(reply.status, 200, "{}: {}", caller.name(), reply.text);
    assert_eq!(reply.header("x-tollgate-token-count"), Some(method), "{}", caller.name());
    let counted: Value = serde_json::from_str(&reply.text).unwrap();
    assert!(counted["input_tokens"].as_i64().unwrap() > 0, "{counted}");
}

async fn embeddings(caller: &Caller<'_>) {
    let model = format!("{}/sim-embedding", caller.provider.code);
    let body = json!({"model": model, "input": ["one", "two"], "dimensions": 8});
    let reply = caller.scene.app_user.post("/v1/embeddings", &body).await;
    assert_eq!(reply.status, 200, "{}: {}", caller.name(), reply.text);
    let vectors = reply.json()["data"].as_array().unwrap().clone();
    assert_eq!(vectors.len(), 2, "{}", caller.name());
    assert_eq!(vectors[1]["embedding"].as_array().unwrap().len(), 8, "{}", caller.name());
}

async fn several_choices(caller: &Caller<'_>) {
    let reply = caller.replies(&caller.body("sim-chat", "Hi", [json!({"n": 2}), json!({})])).await;
    assert_eq!(reply.json()["choices"].as_array().unwrap().len(), 2, "{}", caller.name());
}

async fn is_sent(caller: &Caller<'_>, fields: [Value; 2], name: &str) {
    caller.asks("Hi", fields).await;
    let sent = caller.sent().to_string();
    assert!(sent.contains(name), "{}: {sent}", caller.name());
}
