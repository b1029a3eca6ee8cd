//! How a cost came about, exactly.

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use tollgate_domain::NanoUsd;
use tollgate_domain::api_log::ApiLog;
use tollgate_domain::price::{Bucket, Charge, Price, Rates};
use utoipa::ToSchema;

use crate::openapi::words;

/// How the cost of an attempt came about.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostBreakdown {
    /// `priced`; `nothing_used`: no token was used, so nothing is due; `unpriced`: no price was
    /// known when the call arrived; `price_gone`: what priced it is not on record any more.
    #[schema(example = "priced")]
    kind: &'static str,
    /// What priced it; null where nothing did.
    price: Option<AppliedPriceView>,
    /// What each kind of token cost, those that were used.
    lines: Vec<ChargeView>,
    /// Dollars for the request itself.
    #[schema(value_type = f64)]
    request_fee_usd: NanoUsd,
    /// The sum of the lines and the fee, in dollars, before it is rounded.
    #[schema(value_type = f64)]
    sum_usd: Pico,
    /// The sum rounded to the nano-dollar, half up: what is on record as the cost.
    #[schema(value_type = Option<f64>)]
    total_usd: Option<NanoUsd>,
    /// Whether the cost on record is the total to the nano-dollar.
    is_exact: bool,
}

/// One tier of one version of a model's price.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppliedPriceView {
    /// Its id.
    id: i64,
    /// What it prices.
    model_id: i64,
    /// From when the version holds.
    valid_from: DateTime<Utc>,
    /// The smallest whole prompt, in tokens, that the tier is for.
    tier_min_prompt_tokens: i64,
    /// Who said so: `seed`, `sync`, `manual`.
    source: String,
}

/// What the tokens of one kind cost.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChargeView {
    /// The kind.
    #[schema(schema_with = words::bucket)]
    bucket: Bucket,
    /// How many of them.
    tokens: i64,
    /// Dollars for 1000 of them.
    #[schema(value_type = f64)]
    cost_per_1k_tokens: NanoUsd,
    /// Whose price that is: another kind's, where the price names none for this one.
    #[schema(schema_with = words::bucket)]
    priced_as: Bucket,
    /// Tokens × price, in dollars; nothing is rounded.
    #[schema(value_type = f64)]
    amount_usd: Pico,
}

/// Thousandths of a nano-dollar; a plain decimal number of dollars in JSON, written from the
/// integer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pico(i128);

impl Serialize for Pico {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const PER_USD: u128 = 1_000_000_000_000;
        let (sign, pico) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let digits = format!("{sign}{}.{:012}", pico / PER_USD, pico % PER_USD);
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        let number = RawValue::from_string(digits.to_owned()).map_err(serde::ser::Error::custom)?;
        number.serialize(serializer)
    }
}

impl From<Charge> for ChargeView {
    fn from(charge: Charge) -> Self {
        Self {
            bucket: charge.bucket,
            tokens: charge.tokens,
            cost_per_1k_tokens: charge.per_thousand,
            priced_as: charge.priced_as,
            amount_usd: Pico(charge.pico_usd()),
        }
    }
}

impl CostBreakdown {
    /// How the cost of `log` came about, by that of `prices` which it names.
    pub(super) fn of(log: &ApiLog, prices: &[Price]) -> Self {
        let price = log.price_id.and_then(|id| prices.iter().find(|price| price.id == id));
        match (price.and_then(|price| Some((price, price.rates?))), log.cost) {
            (Some((price, rates)), Some(cost)) => Self::priced(log, price, &rates, cost),
            (_, None) => Self::without("unpriced", None),
            (None, Some(cost)) if log.price_id.is_none() && cost == NanoUsd::ZERO => {
                Self::without("nothing_used", Some(cost))
            }
            (None, cost) => Self::without("price_gone", cost),
        }
    }

    fn priced(log: &ApiLog, price: &Price, rates: &Rates, cost: NanoUsd) -> Self {
        let charges = rates.charges(&log.usage);
        let sum: i128 = charges.iter().map(Charge::pico_usd).sum();
        let total = rates.cost(&log.usage);
        let used = charges.into_iter().filter(|charge| charge.tokens != 0);
        Self {
            kind: "priced",
            price: Some(AppliedPriceView {
                id: price.id.get(),
                model_id: price.model_id.get(),
                valid_from: price.valid_from,
                tier_min_prompt_tokens: price.tier_min_prompt_tokens,
                source: price.source.clone(),
            }),
            lines: used.map(ChargeView::from).collect(),
            request_fee_usd: rates.request_fee,
            sum_usd: Pico(sum + i128::from(rates.request_fee.get()) * 1000),
            total_usd: Some(total),
            is_exact: total == cost,
        }
    }

    fn without(kind: &'static str, cost: Option<NanoUsd>) -> Self {
        Self {
            kind,
            price: None,
            lines: Vec::new(),
            request_fee_usd: NanoUsd::ZERO,
            sum_usd: Pico(cost.map_or(0, |cost| i128::from(cost.get()) * 1000)),
            total_usd: cost,
            is_exact: kind != "price_gone",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_written_to_the_thousandth_of_a_nano_dollar() {
        let cases = [
            (0, "0"),
            (1, "0.000000000001"),
            (1_500, "0.0000000015"),
            (-2_000_000_000_000, "-2"),
            (10_000_000_000_000, "10"),
            (12_345_678_901_234, "12.345678901234"),
        ];
        for (pico, expected) in cases {
            assert_eq!(serde_json::to_string(&Pico(pico)).unwrap(), expected);
        }
    }
}
