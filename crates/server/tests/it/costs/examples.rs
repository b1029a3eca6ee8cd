//! The examples and what they cost, by hand, from the prices of `seeds/models.json`.
//!
//! A price of one dollar a million tokens is a thousand nano-USD a token; beside each example stand
//! its tokens and those rates.

use serde_json::{Value, json};

/// An answer whose usage a provider tells, and what it comes to.
pub(super) struct Example {
    /// Whose protocol it is told in, and who is asked.
    pub provider: &'static str,
    /// The model that is asked.
    pub model: &'static str,
    /// Where the figures stand.
    pub told: Told,
    /// Prompt, cache read, cache write, one-hour cache write, completion and reasoning.
    pub buckets: [i64; 6],
    /// In nano-USD; `None` is unpriced.
    pub cost: Option<i64>,
}

/// Where figures stand.
#[derive(Debug)]
pub(super) enum Told {
    /// A file under `crates/providers/tests/fixtures`, played as it is.
    File(&'static str),
    /// The usage of an answer that stands here alone.
    Usage(Value),
}

const fn file(
    provider: &'static str,
    model: &'static str,
    file: &'static str,
    buckets: [i64; 6],
    cost: i64,
) -> Example {
    Example { provider, model, told: Told::File(file), buckets, cost: Some(cost) }
}

fn usage(
    provider: &'static str,
    model: &'static str,
    usage: Value,
    buckets: [i64; 6],
    cost: Option<i64>,
) -> Example {
    Example { provider, model, told: Told::Usage(usage), buckets, cost }
}

/// Every fixture of a provider that tells a chat's usage for a model with a price.
#[rustfmt::skip]
pub(super) fn of_fixtures() -> Vec<Example> {
    let (mini, sonnet, flash) = ("gpt-4o-mini", "claude-sonnet-4-5", "gemini-3.8-flash");
    let (deepseek, kimi, plus) = ("deepseek-v4-flash", "kimi-k2.6", "qwen-plus");
    vec![
        // gpt-4o-mini: 150 and 600; gpt-4o: 2500 and 10,000.
        file("openai", mini, "openai/chat.json", [24, 0, 0, 0, 8, 0], 8_400),
        file("openai", mini, "openai/chat.length.json", [12, 0, 0, 0, 5, 0], 4_800),
        file("openai", mini, "openai/chat.stream.sse", [14, 0, 0, 0, 8, 0], 6_900),
        file("openai", "gpt-4o", "openai/chat.tools.json", [78, 0, 0, 0, 36, 0], 555_000),
        file("openai", "gpt-4o", "openai/chat.tools.stream.sse", [78, 0, 0, 0, 36, 0], 555_000),
        // gpt-6-sol: 134 × 2000 + 2048 × 200 + 128 × 2500 + (20 + 192) × 10,000.
        file("openai", "gpt-6-sol", "openai/chat.reasoning.json", [134, 2048, 128, 0, 20, 192], 3_117_600),
        // claude-sonnet-4-5: 3000, 300 from the cache, 3750 into it, 15,000.
        file("anthropic", sonnet, "anthropic/messages.json", [21, 0, 0, 0, 10, 0], 213_000),
        file("anthropic", sonnet, "anthropic/messages.cache.json", [12, 4096, 512, 0, 9, 0], 3_319_800),
        file("anthropic", sonnet, "anthropic/messages.tool_use.json", [380, 0, 0, 0, 58, 0], 2_010_000),
        file("anthropic", sonnet, "anthropic/messages.max_tokens.json", [12, 0, 0, 0, 5, 0], 111_000),
        file("anthropic", sonnet, "anthropic/messages.stop_sequence.json", [16, 0, 0, 0, 4, 0], 108_000),
        file("anthropic", sonnet, "anthropic/messages.stream.sse", [21, 0, 0, 0, 10, 0], 213_000),
        file("anthropic", sonnet, "anthropic/tool_use.stream.sse", [380, 2048, 0, 0, 58, 0], 2_624_400),
        // deepseek-v4-flash: 300 and 1200.
        file("deepseek", deepseek, "deepseek/chat.json", [5, 0, 0, 0, 3, 0], 5_100),
        file("deepseek", deepseek, "deepseek/chat.stream.keepalive.sse", [5, 0, 0, 0, 3, 0], 5_100),
        file("deepseek", deepseek, "deepseek/reasoner.json", [18, 0, 0, 0, 7, 20], 37_800),
        file("deepseek", deepseek, "deepseek/reasoner.stream.sse", [18, 0, 0, 0, 7, 20], 37_800),
        // kimi-k2.6: 950, 160 from the cache, 4000.
        file("moonshot", kimi, "moonshot/chat.json", [0, 2989, 0, 0, 4, 0], 494_240),
        file("moonshot", kimi, "moonshot/chat.stream.sse", [10, 0, 0, 0, 4, 0], 25_500),
        file("moonshot", kimi, "moonshot/chat.stream.include_usage.sse", [10, 0, 0, 0, 4, 0], 25_500),
        file("moonshot", kimi, "moonshot/thinking.stream.sse", [12, 0, 0, 0, 9, 0], 47_400),
        // qwen-plus: 400 and 1200.
        file("qwen", plus, "qwen/chat.json", [13, 0, 0, 0, 3, 0], 8_800),
        file("qwen", plus, "qwen/chat.stream.sse", [13, 0, 0, 0, 3, 0], 8_800),
        file("qwen", plus, "qwen/thinking.stream.sse", [13, 0, 0, 0, 4, 5], 16_000),
        file("qwen", plus, "qwen/tools.stream.sse", [180, 0, 0, 0, 21, 0], 97_200),
        // gemini-3.8-flash: 750, 75 from the cache, 3750; thoughts are outside the candidates.
        file("gemini", flash, "gemini/generate.json", [15, 0, 0, 0, 7, 31], 153_750),
        file("gemini", flash, "gemini/stream.sse", [15, 0, 0, 0, 7, 31], 153_750),
        file("gemini", flash, "gemini/generate.cached.json", [904, 4096, 0, 0, 4, 12], 1_045_200),
        file("gemini", flash, "gemini/thoughts.json", [18, 0, 0, 0, 6, 40], 186_000),
        file("gemini", flash, "gemini/max_tokens.json", [12, 0, 0, 0, 2, 0], 16_500),
        file("gemini", flash, "gemini/tools.json", [107, 0, 0, 0, 31, 148], 751_500),
        file("gemini", flash, "gemini/tools.stream.sse", [107, 0, 0, 0, 31, 148], 751_500),
        file("gemini", flash, "gemini/safety.json", [20, 0, 0, 0, 0, 0], 15_000),
    ]
}

/// Two tokens at 20.
pub(super) const fn embeddings(model: &'static str) -> Example {
    file("openai", model, "openai/embeddings.json", [2, 0, 0, 0, 0, 0], 40)
}

/// What the providers' documents describe and no fixture shows: the bounds of tiers, the caches'
/// own words and times, thinking inside and outside of the answer.
pub(super) fn of_documents() -> Vec<Example> {
    let mut all = tiers();
    all.extend(caches());
    all
}

#[rustfmt::skip]
fn tiers() -> Vec<Example> {
    let openai = |prompt: i64| json!({"prompt_tokens": prompt, "completion_tokens": 10, "total_tokens": prompt + 10});
    let gemini = |prompt: i64| json!({"promptTokenCount": prompt, "candidatesTokenCount": 7,
        "thoughtsTokenCount": 3, "totalTokenCount": prompt + 10});
    let claude = |read: i64| json!({"input_tokens": 1, "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": read, "output_tokens": 1});
    vec![
        // "higher price above 272k prompt tokens", which is not published.
        usage("openai", "gpt-6-sol", openai(272_000), [272_000, 0, 0, 0, 10, 0], Some(544_100_000)),
        usage("openai", "gpt-6-sol", openai(272_001), [272_001, 0, 0, 0, 10, 0], None),
        // "higher price above 200k prompt tokens": 1250 and 10,000 up to there.
        usage("gemini", "gemini-2.5-pro", gemini(200_000), [200_000, 0, 0, 0, 7, 3], Some(250_100_000)),
        usage("gemini", "gemini-2.5-pro", gemini(200_001), [200_001, 0, 0, 0, 7, 3], None),
        // "higher price above 100k": what is read from the cache is prompt too, at 10 of 100.
        usage("anthropic", "claude-haiku-5-5", claude(99_999), [1, 99_999, 0, 0, 1, 0], Some(1_000_590)),
        usage("anthropic", "claude-haiku-5-5", claude(100_000), [1, 100_000, 0, 0, 1, 0], None),
    ]
}

#[rustfmt::skip]
fn caches() -> Vec<Example> {
    vec![
        // anthropic.md, "Usage": an hour in the cache is dearer, 6000 against 3750 for five minutes:
        // 12 × 3000 + 4096 × 300 + 200 × 3750 + 312 × 6000 + (5 + 4) × 15,000.
        usage("anthropic", "claude-sonnet-4-5", json!({"input_tokens": 12, "cache_creation_input_tokens": 512,
            "cache_read_input_tokens": 4096, "output_tokens": 9,
            "cache_creation": {"ephemeral_5m_input_tokens": 200, "ephemeral_1h_input_tokens": 312},
            "output_tokens_details": {"thinking_tokens": 4}}),
            [12, 4096, 200, 312, 5, 4], Some(4_021_800)),
        // deepseek.md: hits and misses. 4 × 300 + 6 × 6 + 3 × 1200.
        usage("deepseek", "deepseek-v4-flash", json!({"prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 13,
            "prompt_cache_hit_tokens": 6, "prompt_cache_miss_tokens": 4}),
            [4, 6, 0, 0, 3, 0], Some(4_836)),
        // moonshot-kimi.md: `usage.cached_tokens`. 40 × 3000 + 60 × 300 + 5 × 15,000.
        usage("moonshot", "kimi-k3", json!({"prompt_tokens": 100, "completion_tokens": 5, "total_tokens": 105,
            "cached_tokens": 60}),
            [40, 60, 0, 0, 5, 0], Some(213_000)),
        // qwen-dashscope.md: writes in the prompt's details, at 200; 500 × 150 + 300 × 16 + 200 × 200
        // + (40 + 60) × 470.
        usage("qwen", "qwen3.8-flash", json!({"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100,
            "prompt_tokens_details": {"cached_tokens": 300, "cache_creation_input_tokens": 200},
            "completion_tokens_details": {"reasoning_tokens": 60}}),
            [500, 300, 200, 0, 40, 60], Some(166_800)),
        // openai.md: all parts at once. 50 × 4000 + 30 × 400 + 20 × 5000 + (6 + 9) × 20,000.
        usage("openai", "gpt-5.6", json!({"prompt_tokens": 100, "completion_tokens": 15, "total_tokens": 115,
            "prompt_tokens_details": {"cached_tokens": 30, "cache_write_tokens": 20},
            "completion_tokens_details": {"reasoning_tokens": 9}}),
            [50, 30, 20, 0, 6, 9], Some(612_000)),
    ]
}
