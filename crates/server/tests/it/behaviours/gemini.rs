//! Gemini.

use super::Behaviour::{
    Chat, CountTokens, Embeddings, Image, JsonSchema, MaxTokens, MissingModel, ModelList,
    ParallelTools, RateLimit, Reasoning, Seed, Stop, Stream, System, Tool, TopK, Usage,
};
use super::Provider;

pub(super) const PROVIDER: Provider = Provider {
    code: "gemini",
    rate_limit: "gemini.429.rate",
    missing_model: "gemini.404",
    has: &[
        Chat,
        Stream,
        System,
        Stop,
        MaxTokens,
        Tool,
        ParallelTools,
        Image,
        JsonSchema,
        Reasoning,
        Usage,
        RateLimit,
        MissingModel,
        ModelList,
        CountTokens,
        Embeddings,
        Seed,
        TopK,
    ],
};
