//! What a call used and cost, and the rows that record it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::chat::{AnswerFacts, CallFacts, ChatCall, Endpoint, EventFacts};
use tollgate_domain::price::{Price, price_at};
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_domain::{AppTokenId, NanoUsd, PriceId, RequestId, UserId};

use crate::error::{CallError, KeyRefusal};

/// Tokens that an answer is expected to have where the caller sets no bound.
const EXPECTED_OUTPUT: i64 = 256;
/// The most tokens that a call reserves, however many it says it wants.
const MAX_RESERVED: i64 = 1 << 32;
/// Skipped keys that one record names.
const MAX_SKIPPED: usize = 20;

/// Tokens to reserve for a call: its prompt and the answer that it expects.
#[must_use]
pub(crate) fn expected_tokens(facts: &CallFacts, endpoint: Endpoint) -> i64 {
    let output = match endpoint {
        Endpoint::Chat => facts.max_tokens.unwrap_or(EXPECTED_OUTPUT),
        Endpoint::Embeddings => 0,
        // Nothing of it counts as tokens used.
        Endpoint::CountTokens => return 0,
    };
    facts.prompt_token_estimate().saturating_add(output.max(0)).min(MAX_RESERVED)
}

/// What an answer has come to so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    told: Option<TokenUsage>,
    output_bytes: usize,
    reasoning_bytes: usize,
    finish_reason: Option<String>,
}

impl Progress {
    /// Takes in an event of a stream.
    pub(crate) fn event(&mut self, facts: &EventFacts) {
        if facts.usage.is_some() {
            self.told = facts.usage;
        }
        if let Some(reason) = &facts.finish_reason {
            self.finish_reason = Some(reason.clone());
        }
        self.output_bytes += facts.output_bytes;
        self.reasoning_bytes += facts.reasoning_bytes;
    }

    /// Takes in a whole answer.
    pub(crate) fn answer(&mut self, facts: &AnswerFacts) {
        self.told = facts.usage;
        self.finish_reason.clone_from(&facts.finish_reason);
        self.output_bytes = facts.output_bytes;
        self.reasoning_bytes = facts.reasoning_bytes;
    }

    /// The tokens: the provider's figures where it gave any, else an estimate of a token for four
    /// bytes.
    #[must_use]
    pub(crate) fn usage(&self, call: &CallFacts) -> (TokenUsage, UsageSource) {
        if let Some(told) = self.told {
            return (told, UsageSource::Provider);
        }
        let estimated = TokenUsage {
            prompt: call.prompt_token_estimate(),
            completion: tokens_of(self.output_bytes),
            reasoning: tokens_of(self.reasoning_bytes),
            ..TokenUsage::default()
        };
        (estimated, UsageSource::Estimated)
    }

    /// The tokens of an attempt that broke before any content: what the provider told, or none.
    #[must_use]
    pub(crate) fn usage_without_answer(&self) -> (TokenUsage, UsageSource) {
        (self.told.unwrap_or_default(), UsageSource::Provider)
    }

    /// Why the answer ended.
    #[must_use]
    pub(crate) const fn finish_reason(&self) -> Option<&String> {
        self.finish_reason.as_ref()
    }
}

fn tokens_of(bytes: usize) -> i64 {
    i64::try_from(bytes.div_ceil(4)).unwrap_or(i64::MAX)
}

/// What `usage` cost at `at`, and by which price; no cost is unpriced. What used nothing cost
/// nothing, whatever its price.
#[must_use]
pub(crate) fn bill(
    prices: &[Price],
    usage: &TokenUsage,
    at: DateTime<Utc>,
) -> (Option<PriceId>, Option<NanoUsd>) {
    if usage.total() == 0 {
        return (None, Some(NanoUsd::ZERO));
    }
    let price = price_at(prices, usage.whole_prompt(), at);
    match price.and_then(|price| Some((price.id, price.rates?))) {
        Some((id, rates)) => (Some(id), Some(rates.cost(usage))),
        None => (None, None),
    }
}

/// A call that was refused before any attempt, for the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedCall {
    /// Ours.
    pub request_id: RequestId,
    /// The caller's own `X-Request-Id`.
    pub client_request_id: Option<String>,
    /// The user it counts for.
    pub user_id: Option<UserId>,
    /// The app token it counts for.
    pub app_id: Option<AppTokenId>,
    /// The caller's end user.
    pub end_user: Option<String>,
    /// The model that the caller named.
    pub requested_model: Option<String>,
    /// The route it came in by.
    pub path: &'static str,
    /// Whether a stream was asked for.
    pub is_stream: bool,
    /// The status that the caller gets.
    pub http_status: Option<u16>,
    /// The error's stable name.
    pub error_code: String,
    /// The error in words.
    pub error_message: String,
    /// The caller's address.
    pub ip_address: Option<String>,
    /// The caller's program.
    pub user_agent: Option<String>,
}

impl RefusedCall {
    /// The refusal of `call` with `error`.
    #[must_use]
    pub fn new(call: &ChatCall, error: &CallError, http_status: Option<u16>) -> Self {
        Self {
            request_id: call.request_id,
            client_request_id: call.client_request_id.clone(),
            user_id: call.user_id,
            app_id: call.app_id,
            end_user: call.facts.end_user.clone(),
            requested_model: call.facts.model.clone(),
            path: call.path,
            is_stream: call.facts.is_stream,
            http_status,
            error_code: error.code().to_owned(),
            error_message: error.to_string(),
            ip_address: call.ip_address.clone(),
            user_agent: call.user_agent.clone(),
        }
    }

    /// The one row that records it.
    #[must_use]
    pub fn into_log(self, now: DateTime<Utc>) -> ApiLog {
        let arrived = self.request_id.arrived_at();
        ApiLog {
            request_id: self.request_id,
            attempt: 0,
            is_final: true,
            created_at: arrived,
            started_at: arrived,
            client_request_id: self.client_request_id,
            user_id: self.user_id,
            app_id: self.app_id,
            end_user: self.end_user,
            provider_id: None,
            key_id: None,
            model_code: None,
            requested_model: self.requested_model.as_deref().map(name),
            endpoint: self.path.to_owned(),
            is_stream: self.is_stream,
            status: CallStatus::Error,
            http_status: self.http_status,
            error_code: Some(self.error_code),
            error_message: Some(cut(&self.error_message)),
            usage: TokenUsage::default(),
            usage_source: UsageSource::Provider,
            price_id: None,
            cost: Some(NanoUsd::ZERO),
            latency_ms: (now - arrived).num_milliseconds().max(0),
            first_token_ms: None,
            finish_reason: None,
            routing: None,
            ip_address: self.ip_address,
            user_agent: self.user_agent,
        }
    }
}

/// `text` as a record's message, at most 500 characters.
#[must_use]
pub(crate) fn cut(text: &str) -> String {
    text.chars().take(500).collect()
}

/// `text` as a record's name of something, at most 200 characters: callers may write any, and a
/// record may have to wait.
#[must_use]
pub(crate) fn name(text: &str) -> String {
    text.chars().take(200).collect()
}

/// What a record tells of the way to its key: who was passed over, and how long the call waited.
#[must_use]
pub(crate) fn routing(skipped: &[KeyRefusal], waited_ms: u128) -> Option<Value> {
    if skipped.is_empty() && waited_ms == 0 {
        return None;
    }
    let named: Vec<Value> = skipped
        .iter()
        .take(MAX_SKIPPED)
        .map(|key| {
            json!({
                "keyId": key.key_id,
                "keyName": key.key_name,
                "reason": key.reason.as_str(),
                "availableAt": key.available_at,
            })
        })
        .collect();
    let mut told = serde_json::Map::new();
    if !named.is_empty() {
        told.insert("skipped".to_owned(), Value::Array(named));
    }
    if skipped.len() > MAX_SKIPPED {
        told.insert("skippedMore".to_owned(), json!(skipped.len() - MAX_SKIPPED));
    }
    if waited_ms > 0 {
        told.insert("waitedMs".to_owned(), json!(u64::try_from(waited_ms).unwrap_or(u64::MAX)));
    }
    Some(Value::Object(told))
}

#[cfg(test)]
mod tests {
    use tollgate_domain::ApiKeyId;
    use tollgate_domain::ModelId;
    use tollgate_domain::price::Rates;

    use super::*;
    use crate::pool::SkipReason;
    use crate::testing::noon;

    fn price(tier: i64, rates: Option<Rates>) -> Price {
        Price {
            id: PriceId::new(tier + 1),
            model_id: ModelId::new(1),
            valid_from: noon(),
            tier_min_prompt_tokens: tier,
            rates,
            source: "seed".to_owned(),
        }
    }

    fn rates() -> Option<Rates> {
        Some(Rates {
            prompt: NanoUsd::new(1_000_000),
            completion: NanoUsd::new(2_000_000),
            request_fee: NanoUsd::new(7),
            ..Rates::default()
        })
    }

    #[test]
    fn the_providers_figures_go_before_an_estimate() {
        let call = CallFacts { prompt_bytes: 401, ..CallFacts::default() };
        let mut progress = Progress::default();
        progress.event(&EventFacts { output_bytes: 10, reasoning_bytes: 4, ..Default::default() });
        progress.event(&EventFacts { output_bytes: 11, ..Default::default() });

        let (estimated, source) = progress.usage(&call);
        assert_eq!(source, UsageSource::Estimated);
        assert_eq!((estimated.prompt, estimated.completion, estimated.reasoning), (101, 6, 1));

        let told = TokenUsage { prompt: 3, completion: 2, ..TokenUsage::default() };
        progress.event(&EventFacts { usage: Some(told), ..Default::default() });
        assert_eq!(progress.usage(&call), (told, UsageSource::Provider));
    }

    #[test]
    fn unpriced_is_not_the_same_as_free() {
        let used = TokenUsage { prompt: 10, completion: 5, ..TokenUsage::default() };
        let beyond = TokenUsage { prompt: 2_000, ..TokenUsage::default() };
        let prices = [price(0, rates()), price(1_001, None)];
        let cost = Some(NanoUsd::new(20_007));

        assert_eq!(bill(&prices, &used, noon()), (Some(PriceId::new(1)), cost));
        assert_eq!(bill(&[], &used, noon()), (None, None));
        assert_eq!(bill(&prices, &beyond, noon()), (None, None), "a tier without a known price");
        let nothing = TokenUsage::default();
        assert_eq!(bill(&prices, &nothing, noon()), (None, Some(NanoUsd::ZERO)));
    }

    #[test]
    fn a_call_reserves_its_prompt_and_the_answer_it_may_get() {
        let facts = |max_tokens| CallFacts { prompt_bytes: 400, max_tokens, ..Default::default() };

        assert_eq!(expected_tokens(&facts(None), Endpoint::Chat), 356);
        assert_eq!(expected_tokens(&facts(Some(1_000)), Endpoint::Chat), 1_100);
        assert_eq!(expected_tokens(&facts(Some(i64::MAX)), Endpoint::Chat), MAX_RESERVED);
        assert_eq!(expected_tokens(&facts(None), Endpoint::Embeddings), 100);
    }

    #[test]
    fn a_record_tells_of_its_way_only_when_there_is_something_to_tell() {
        let skipped = |count| {
            (0..count)
                .map(|id| KeyRefusal {
                    key_id: ApiKeyId::new(id),
                    key_name: "k".to_owned(),
                    reason: SkipReason::Rpm,
                    available_at: None,
                })
                .collect::<Vec<_>>()
        };

        assert_eq!(routing(&[], 0), None);
        let one = json!({"keyId": 0, "keyName": "k", "reason": "rpm", "availableAt": null});
        assert_eq!(routing(&skipped(1), 5), Some(json!({"skipped": [one], "waitedMs": 5})));
        assert_eq!(routing(&skipped(25), 0).unwrap()["skippedMore"], 5);
    }
}
