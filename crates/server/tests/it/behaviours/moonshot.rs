//! Moonshot, which speaks OpenAI's protocol with quirks of its own.

use super::Behaviour::{
    Chat, Embeddings, Image, JsonSchema, Logprobs, MaxTokens, MissingModel, ModelList,
    OneToolAtATime, ParallelTools, RateLimit, Reasoning, Seed, SeveralChoices, Stop, Stream,
    System, Tool, Usage,
};
use super::Provider;

pub(super) const PROVIDER: Provider = Provider {
    code: "moonshot",
    rate_limit: "moonshot.429.rate",
    missing_model: "moonshot.404",
    // What it does not have itself, it refuses itself: all of the dialect is relayed.
    has: &[
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
        Embeddings,
        SeveralChoices,
        Logprobs,
        Seed,
    ],
};
