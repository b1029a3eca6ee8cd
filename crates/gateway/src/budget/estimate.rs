//! The most that a call can cost, and how long an answer so much money affords.

use chrono::{DateTime, Utc};
use tollgate_domain::NanoUsd;
use tollgate_domain::chat::{ChatCall, Endpoint};
use tollgate_domain::price::{Price, Rates, price_at};
use tollgate_domain::usage::TokenUsage;

/// The longest answer of a model whose longest is not known, where the caller sets no bound: the
/// request then says so.
const UNKNOWN_OUTPUT: i64 = 8_192;
/// What an image may come to in tokens: the largest at Anthropic has 4,784, at OpenAI's larger
/// models 1,445.
const IMAGE_TOKENS: i64 = 5_000;
/// Tokens around each message and the whole, which no byte of text stands for.
const FRAME: usize = 16;
/// Bytes of a body beyond five for each byte of its text that are taken for its own fields; with
/// more, something is in it that was not counted as text.
const FIELDS: usize = 4_096;

/// What a call may come to at most, in tokens and at which prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    prompt: i64,
    /// Of each of `choices` answers.
    output: i64,
    choices: i64,
    /// The dearest that apply.
    rates: Rates,
    /// Whether `output` holds only if the request says so.
    must_say: bool,
}

impl Bound {
    /// The bound of `call`, for a model with these prices whose longest answer has so many tokens.
    /// `None` where it is not known what some such call costs.
    pub(crate) fn of(
        call: &ChatCall,
        prices: &[Price],
        max_output: Option<i64>,
        at: DateTime<Utc>,
    ) -> Option<Self> {
        let prompt = prompt_tokens(call);
        let rates = dearest(prices, prompt, at)?;
        let asked = call.facts.max_tokens;
        let (output, must_say) = match (call.endpoint, asked, max_output) {
            (Endpoint::Embeddings | Endpoint::CountTokens, _, _) => (0, false),
            (Endpoint::Chat, Some(asked), Some(most)) => (asked.min(most), false),
            (Endpoint::Chat, Some(tokens), None) | (Endpoint::Chat, None, Some(tokens)) => {
                (tokens, false)
            }
            (Endpoint::Chat, None, None) => (UNKNOWN_OUTPUT, true),
        };
        let output = output.clamp(0, TokenUsage::MAX);
        let choices = call.facts.choices.unwrap_or(1).max(1);
        Some(Self { prompt, output, choices, rates, must_say })
    }

    /// The most that the call costs.
    pub(crate) fn most(&self) -> NanoUsd {
        self.cost(self.output)
    }

    /// The most that it costs with the shortest answer.
    pub(crate) fn least(&self) -> NanoUsd {
        self.cost(self.output.min(1))
    }

    /// The longest answer that the request has to ask for, so that it costs no more than `amount`;
    /// `None` where it need not say anything.
    pub(crate) fn output_for(&self, amount: NanoUsd) -> Option<i64> {
        if self.most() <= amount {
            return self.must_say.then_some(self.output);
        }
        // The longest of which it holds, which is between the shortest and the whole.
        let (mut fits, mut exceeds) = (self.output.min(1), self.output);
        while exceeds - fits > 1 {
            let middle = fits + (exceeds - fits) / 2;
            match self.cost(middle) <= amount {
                true => fits = middle,
                false => exceeds = middle,
            }
        }
        Some(fits)
    }

    fn cost(&self, output: i64) -> NanoUsd {
        let completion = output.saturating_mul(self.choices).min(TokenUsage::MAX);
        self.rates.cost(&TokenUsage { prompt: self.prompt, completion, ..TokenUsage::default() })
    }
}

/// The most tokens that a prompt can have: one for each byte of its text and what frames it, in
/// whatever messages it stands.
fn prompt_tokens(call: &ChatCall) -> i64 {
    let (text, body) = (call.facts.prompt_bytes, call.body.len());
    let framed = text.saturating_mul(5).saturating_add(FRAME);
    let has_more = call.facts.images == 0 && body > framed.saturating_add(FIELDS);
    let text = if has_more { body } else { framed.min(body.max(text)) };
    let images = i64::try_from(call.facts.images).unwrap_or(i64::MAX).saturating_mul(IMAGE_TOKENS);
    i64::try_from(text).unwrap_or(i64::MAX).saturating_add(images).min(TokenUsage::MAX)
}

/// The dearest rates of the tiers that a prompt of at most so many tokens can fall in, at `at`.
fn dearest(prices: &[Price], prompt: i64, at: DateTime<Utc>) -> Option<Rates> {
    let top = price_at(prices, prompt, at)?;
    price_at(prices, 0, at)?;
    let mut dearest = Rates::default();
    let reached = prices.iter().filter(|price| {
        price.valid_from == top.valid_from && price.tier_min_prompt_tokens <= prompt
    });
    for price in reached {
        let rates = price.rates?;
        let writes = [rates.cache_read, rates.cache_write, rates.cache_write_1h];
        let prompt = writes.into_iter().flatten().fold(rates.prompt, NanoUsd::max);
        dearest.prompt = dearest.prompt.max(prompt);
        dearest.completion = dearest.completion.max(rates.completion);
        dearest.request_fee = dearest.request_fee.max(rates.request_fee);
    }
    Some(dearest)
}

#[cfg(test)]
pub(crate) mod tests {
    use bytes::Bytes;
    use tollgate_domain::chat::CallFacts;
    use tollgate_domain::{ModelId, PriceId};

    use super::*;
    use crate::testing::{call, noon};

    /// A bound between `least` and `most`, which is a multiple of it.
    pub(crate) fn bound(least: i64, most: i64) -> Bound {
        let rates = Rates { completion: NanoUsd::new(least * 1000), ..Rates::default() };
        Bound { prompt: 0, output: most / least, choices: 1, rates, must_say: false }
    }

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

    fn rates(prompt: i64, completion: i64) -> Rates {
        Rates {
            prompt: NanoUsd::new(prompt * 1000),
            completion: NanoUsd::new(completion * 1000),
            ..Rates::default()
        }
    }

    fn asking(facts: CallFacts) -> ChatCall {
        let mut call = call(facts);
        call.body = Bytes::from(vec![b' '; 4_000]);
        call
    }

    fn most(call: &ChatCall, prices: &[Price], max_output: Option<i64>) -> Option<i64> {
        Bound::of(call, prices, max_output, noon()).map(|bound| bound.most().get())
    }

    #[test]
    fn a_bound_takes_the_dearest_that_can_apply() {
        let facts = CallFacts { prompt_bytes: 100, max_tokens: Some(10), ..CallFacts::default() };
        let tokens = 5 * 100 + 16;
        let written = Rates { cache_write_1h: Some(NanoUsd::new(4_000)), ..rates(2, 3) };
        let fee = Rates { request_fee: NanoUsd::new(7), ..rates(2, 3) };
        let cases = [
            ("one tier", vec![price(0, Some(rates(2, 3)))], Some(2 * tokens + 30)),
            ("a cache that is written", vec![price(0, Some(written))], Some(4 * tokens + 30)),
            ("a fee", vec![price(0, Some(fee))], Some(2 * tokens + 37)),
            (
                "a tier that the prompt may reach",
                vec![price(0, Some(rates(2, 3))), price(200, Some(rates(1, 9)))],
                Some(2 * tokens + 90),
            ),
            (
                "a tier beyond its reach",
                vec![price(0, Some(rates(2, 3))), price(900, None)],
                Some(2 * tokens + 30),
            ),
            ("a tier of unknown price", vec![price(0, Some(rates(2, 3))), price(200, None)], None),
            ("no price for a short prompt", vec![price(200, Some(rates(2, 3)))], None),
            ("no price", vec![], None),
        ];
        for (case, prices, expected) in cases {
            assert_eq!(most(&asking(facts.clone()), &prices, None), expected, "{case}");
        }
    }

    #[test]
    fn an_answer_is_as_long_as_the_caller_or_else_the_model_says() {
        let prices = [price(0, Some(rates(0, 1)))];
        let of = |max_tokens, choices, max_output| {
            let facts = CallFacts { max_tokens, choices, ..CallFacts::default() };
            most(&asking(facts), &prices, max_output)
        };

        assert_eq!(of(Some(10), None, Some(50)), Some(10));
        assert_eq!(of(Some(90), None, Some(50)), Some(50));
        assert_eq!(of(None, None, Some(50)), Some(50));
        assert_eq!(of(None, None, None), Some(UNKNOWN_OUTPUT));
        assert_eq!(of(Some(10), Some(3), None), Some(30));
    }

    #[test]
    fn images_and_what_is_no_text_count_too() {
        let prices = [price(0, Some(rates(1, 0)))];
        let images = CallFacts { prompt_bytes: 10, images: 2, ..CallFacts::default() };
        let audio = |bytes| {
            let mut call = asking(CallFacts { prompt_bytes: 10, ..CallFacts::default() });
            call.body = Bytes::from(vec![b' '; bytes]);
            call
        };

        assert_eq!(most(&asking(images), &prices, None), Some(66 + 2 * IMAGE_TOKENS));
        assert_eq!(most(&audio(60), &prices, None), Some(60));
        assert_eq!(most(&audio(4_000), &prices, None), Some(66));
        assert_eq!(most(&audio(90_000), &prices, None), Some(90_000));
    }

    #[test]
    fn an_answer_is_cut_to_what_the_money_affords() {
        let of = |choices, amount| {
            let facts = CallFacts { max_tokens: Some(1_000), choices, ..CallFacts::default() };
            let bound = Bound::of(&asking(facts), &[price(0, Some(rates(0, 7)))], None, noon());
            bound.unwrap().output_for(NanoUsd::new(amount))
        };

        assert_eq!(of(None, 7_000), None);
        assert_eq!(of(None, 6_999), Some(999));
        assert_eq!(of(None, 7), Some(1));
        assert_eq!(of(Some(2), 7_000), Some(500));
    }

    #[test]
    fn where_nobody_knows_the_longest_answer_the_request_says_it() {
        let bound =
            Bound::of(&asking(CallFacts::default()), &[price(0, Some(rates(0, 1)))], None, noon())
                .unwrap();

        assert_eq!(bound.output_for(bound.most()), Some(UNKNOWN_OUTPUT));
    }
}
