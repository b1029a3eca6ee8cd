//! One list of behaviours, and what each provider has of it, for callers of either dialect.
//!
//! A provider's file lists what it has. Of all else its callers are refused, or do without it, as
//! `docs/translation.md` says; each behaviour has one such answer for all who lack it.

mod anthropic;
mod caller;
mod checks;
mod deepseek;
mod gemini;
mod moonshot;
mod openai;
mod qwen;
mod without;

use serde_json::json;

use crate::chat_scene::{Scene, each_scene_of_all_protocols};
use caller::{CALLERS, Caller};

/// What a caller may want of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behaviour {
    /// A question is answered.
    Chat,
    /// A stream says what the whole answer says.
    Stream,
    /// What the system says is heeded.
    System,
    /// A sequence ends the answer.
    Stop,
    /// An answer ends at its longest.
    MaxTokens,
    /// A tool is called, whole and streamed.
    Tool,
    /// Two tools are called at once, and their results are used.
    ParallelTools,
    /// One tool at a time, on demand.
    OneToolAtATime,
    /// An image inside the request is seen.
    Image,
    /// An answer fits a schema.
    JsonSchema,
    /// Thinking, told apart from the answer.
    Reasoning,
    /// Tokens are told, those of the cache apart.
    Usage,
    /// A spent rate is told as one, in the dialect's words.
    RateLimit,
    /// A model that is not there is told as such.
    MissingModel,
    /// The models can be listed.
    ModelList,
    /// Tokens are counted by the provider; else estimated.
    CountTokens,
    /// Vectors.
    Embeddings,
    /// Several answers to one question.
    SeveralChoices,
    /// How likely each token was.
    Logprobs,
    /// A seed for the sampling.
    Seed,
    /// Sampling among the likeliest tokens alone.
    TopK,
}

use Behaviour::{
    Chat, CountTokens, Embeddings, Image, JsonSchema, Logprobs, MaxTokens, MissingModel, ModelList,
    OneToolAtATime, ParallelTools, RateLimit, Reasoning, Seed, SeveralChoices, Stop, Stream,
    System, Tool, TopK, Usage,
};

const ALL: [Behaviour; 21] = [
    Chat,
    Stream,
    System,
    Stop,
    MaxTokens,
    Tool,
    ParallelTools,
    OneToolAtATime,
    Image,
    JsonSchema,
    Reasoning,
    Usage,
    RateLimit,
    MissingModel,
    ModelList,
    CountTokens,
    Embeddings,
    SeveralChoices,
    Logprobs,
    Seed,
    TopK,
];

/// A provider, and what it has.
struct Provider {
    code: &'static str,
    /// Of its protocol at the simulator.
    rate_limit: &'static str,
    missing_model: &'static str,
    has: &'static [Behaviour],
}

const PROVIDERS: [&Provider; 6] = [
    &openai::PROVIDER,
    &anthropic::PROVIDER,
    &gemini::PROVIDER,
    &deepseek::PROVIDER,
    &moonshot::PROVIDER,
    &qwen::PROVIDER,
];

#[tokio::test]
async fn every_provider_has_what_it_lists_and_does_without_the_rest_as_documented() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        for provider in PROVIDERS {
            prepare(&scene, provider).await;
            for dialect in CALLERS {
                let caller = Caller { scene: &scene, provider, dialect };
                for behaviour in ALL.into_iter().filter(|it| caller.can_ask(*it)) {
                    scene.simulator.forget_calls();
                    if provider.has.contains(&behaviour) {
                        checks::has(&caller, behaviour).await;
                    } else {
                        without::lacks(&caller, behaviour).await;
                    }
                }
            }
        }
    })
    .await;
}

#[test]
fn every_behaviour_is_in_the_list_of_some_provider_and_none_twice() {
    for behaviour in ALL {
        assert!(PROVIDERS.iter().any(|it| it.has.contains(&behaviour)), "{behaviour:?}");
        for provider in PROVIDERS {
            let times = provider.has.iter().filter(|it| **it == behaviour).count();
            assert!(times <= 1, "{} lists {behaviour:?} {times} times", provider.code);
        }
    }
}

/// Points the provider at the simulator, and has a model of it that thinks.
async fn prepare(scene: &Scene<'_>, provider: &Provider) {
    let id = scene.admin.provider(provider.code).await;
    if !["openai", "anthropic", "gemini", "deepseek"].contains(&provider.code) {
        scene.admin.simulate(provider.code, &scene.simulator).await;
        scene.admin.add_key(provider.code, &format!("plain-{}", provider.code)).await;
    }
    let thinker = json!({"providerId": id, "modelCode": "sim-reason",
        "constraints": {"reasoning": true}});
    scene.admin.post("/api/admin/ai-models", &thinker).await.expect(201);
}
