//! Anthropic.

use super::Behaviour::{
    Chat, CountTokens, Image, JsonSchema, MaxTokens, MissingModel, ModelList, OneToolAtATime,
    ParallelTools, RateLimit, Reasoning, Stop, Stream, System, Tool, TopK, Usage,
};
use super::Provider;

pub(super) const PROVIDER: Provider = Provider {
    code: "anthropic",
    rate_limit: "anthropic.429.ramp",
    missing_model: "anthropic.404",
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
        CountTokens,
        TopK,
    ],
};
