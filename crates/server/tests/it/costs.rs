//! What a call cost, to the nano-USD, on every way in and from every provider, streamed or not.

mod again;
mod examples;
mod play;

use serde_json::{Value, json};
use tollgate_domain::api_log::ApiLog;
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_domain::{NanoUsd, RequestId};
use tollgate_simulator::Behaviour;

use crate::chat_scene::{Scene, each_scene, user};
use crate::support::Reply;
use examples::Example;

const OPENAI: &str = "/v1/chat/completions";
const ANTHROPIC: &str = "/v1/messages";
const OWN: &str = "/api/ai/chat/completions";

#[tokio::test]
async fn the_fixtures_of_every_provider_cost_what_their_usage_comes_to() {
    each_priced_scene(async |scene: Scene<'_>| each_way(&scene, &examples::of_fixtures()).await)
        .await;
}

#[tokio::test]
async fn tiers_caches_and_thinking_cost_what_the_providers_say() {
    each_priced_scene(async |scene: Scene<'_>| each_way(&scene, &examples::of_documents()).await)
        .await;
}

#[tokio::test]
async fn embeddings_cost_their_prompt() {
    each_priced_scene(async |scene: Scene<'_>| {
        let model = "text-embedding-3-small";
        let example = examples::embeddings(model);
        let behaviour = Behaviour::failing(play::answer(&example, false));
        scene.simulator.set_behaviour(model, behaviour);

        let body = json!({"model": format!("openai/{model}"), "input": "Hi"});
        let reply = scene.app_user.post("/v1/embeddings", &body).await;

        check(&scene, &example, &reply, "embeddings").await;
    })
    .await;
}

#[tokio::test]
async fn a_log_row_shows_the_cache_of_an_hour_apart() {
    each_priced_scene(async |scene: Scene<'_>| {
        let told = examples::of_documents();
        let hour = told.iter().find(|example| example.buckets[3] > 0).unwrap();
        let reply = ask(&scene, hour, OPENAI, false).await;

        let log = scene.log_of(&reply).await;

        let names = ["promptTokens", "cachedTokens", "cacheWriteTokens", "cacheWrite1hTokens"];
        let shown: Vec<i64> = names.iter().map(|name| log[*name].as_i64().unwrap()).collect();
        assert_eq!(shown, hour.buckets[..4]);
        assert_eq!(log["totalTokens"], hour.buckets.iter().sum::<i64>());
        let usage = scene.analyst.get("/api/admin/ai-stats/usage?groupBy=provider").await.data();
        assert_eq!(usage[0]["cacheWrite1hTokens"], hour.buckets[3], "{usage}");
    })
    .await;
}

/// Runs a test with every provider of the examples at the simulator.
async fn each_priced_scene(test: impl AsyncFn(Scene<'_>)) {
    each_scene(async |scene: Scene<'_>| {
        let url = scene.simulator.base_url();
        let url = url.as_str();
        // As people paste it: without a version, which these protocols have their own of.
        let bare = url.trim_end_matches("/v1");
        for (code, url) in [("anthropic", bare), ("gemini", bare), ("moonshot", url), ("qwen", url)]
        {
            let path = format!("/api/admin/ai-providers/{}", scene.admin.provider(code).await);
            scene.admin.put(&path, &json!({"baseUrl": url, "isActive": true})).await.expect(200);
            scene.admin.add_key(code, &format!("plain-{code}")).await;
        }
        test(scene).await;
    })
    .await;
}

/// Asks for every example on every way in, whole and streamed.
async fn each_way(scene: &Scene<'_>, examples: &[Example]) {
    for example in examples {
        for path in [OPENAI, ANTHROPIC, OWN] {
            for is_stream in [false, true] {
                let name = format!("{} {path} stream: {is_stream}", example.name());
                let reply = ask(scene, example, path, is_stream).await;
                check(scene, example, &reply, &name).await;
            }
        }
    }
}

async fn ask(scene: &Scene<'_>, example: &Example, path: &str, is_stream: bool) -> Reply {
    let behaviour = Behaviour::failing(play::answer(example, is_stream));
    scene.simulator.set_behaviour(example.model, behaviour);
    let mut body = json!({"messages": user("Hi"), "stream": is_stream});
    if path == OWN {
        body["providerCode"] = json!(example.provider);
        body["model"] = json!(example.model);
    } else {
        body["model"] = json!(format!("{}/{}", example.provider, example.model));
    }
    if path == ANTHROPIC {
        body["max_tokens"] = json!(1000);
    }
    Reply::of(scene.opens(path, &body).await).await
}

/// The record, the header and, in our own words, the answer tell what `example` comes to.
async fn check(scene: &Scene<'_>, example: &Example, reply: &Reply, name: &str) {
    assert_eq!(reply.status, 200, "{name}: {}", reply.text);
    let log = recorded(scene, reply).await;
    assert_eq!(log.error_message, None, "{name}: {}", reply.text);
    assert_eq!(log.usage, example.usage(), "{name}: {}", reply.text);
    assert_eq!(log.usage_source, UsageSource::Provider, "{name}");
    let cost = example.cost.map(NanoUsd::new);
    assert_eq!(log.cost, cost, "{name}");
    assert_eq!(log.price_id.is_some(), cost.is_some(), "{name}");
    if !log.is_stream {
        let told = reply.header("x-tollgate-cost-usd").map(|cost| cost.parse::<NanoUsd>().unwrap());
        assert_eq!(told, cost, "{name}");
    }
    if log.endpoint == OWN {
        assert_eq!(own_cost(reply, log.is_stream), cost, "{name}: {}", reply.text);
    }
}

/// The only attempt of the call that `reply` answers.
async fn recorded(scene: &Scene<'_>, reply: &Reply) -> ApiLog {
    let id: RequestId = reply.header("x-request-id").unwrap().parse().unwrap();
    scene.app.engine.flush().await;
    let mut attempts = scene.app.store.api_logs().attempts_of(id).await.unwrap();
    assert_eq!(attempts.len(), 1);
    attempts.remove(0).log
}

/// What an answer in our own words says that it cost.
fn own_cost(reply: &Reply, is_stream: bool) -> Option<NanoUsd> {
    let cost = if is_stream {
        let events = reply.text.lines().filter_map(|line| line.strip_prefix("data: "));
        let events = events.filter_map(|data| serde_json::from_str::<Value>(data).ok());
        events.filter_map(|event| event.get("cost").cloned()).next_back().unwrap()
    } else {
        reply.data()["cost"].clone()
    };
    assert_eq!(cost["currency"], "USD");
    let amount = cost["amount"].as_number()?;
    Some(amount.to_string().parse().unwrap())
}

impl Example {
    fn name(&self) -> String {
        format!("{}/{} {:?}", self.provider, self.model, self.told)
    }

    fn usage(&self) -> TokenUsage {
        let [prompt, cached, cache_write, cache_write_1h, completion, reasoning] = self.buckets;
        TokenUsage { prompt, cached, cache_write, cache_write_1h, completion, reasoning }
    }
}
