//! OpenAI: all but what only others have.

use super::Behaviour::{
    Chat, Embeddings, Image, JsonSchema, Logprobs, MaxTokens, MissingModel, ModelList,
    OneToolAtATime, ParallelTools, RateLimit, Reasoning, Seed, SeveralChoices, Stop, Stream,
    System, Tool, Usage,
};
use super::Provider;

pub(super) const PROVIDER: Provider = Provider {
    code: "openai",
    rate_limit: "openai.429.rate",
    missing_model: "openai.404.model",
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
