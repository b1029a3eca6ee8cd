//! Keys that cannot be used, and providers of which none can.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use tollgate_domain::alert::{AlertCondition, AlertKind, AlertLevel, Condition};
use tollgate_domain::api_key::KeyStatus;
use tollgate_store::alerts::figures::KeyStanding;

/// What these rules speak for.
pub(super) const KINDS: &[AlertKind] = &[AlertKind::KeyUnavailable, AlertKind::ProviderWithoutKey];
/// Keys that the alert of a provider names.
const MAX_NAMED: usize = 20;

/// What is wrong with keys that stand like this, which are in the order of their providers.
pub(super) fn wrong(standings: &[KeyStanding], now: DateTime<Utc>) -> Vec<Condition> {
    let mut wrong = Vec::new();
    for keys in standings.chunk_by(|one, next| one.provider_id == next.provider_id) {
        let out: Vec<&KeyStanding> = keys.iter().filter(|key| is_out(key, now)).collect();
        wrong.extend(out.iter().map(|key| key_out(key)));
        if out.len() == keys.len() {
            wrong.push(no_key_left(&out));
        }
    }
    wrong
}

/// Whether a key cannot be used. A rest that is over may yet have to be written so.
fn is_out(key: &KeyStanding, now: DateTime<Utc>) -> bool {
    let is_over = key.cooling_until.is_some_and(|until| until <= now);
    match key.status {
        KeyStatus::Normal => false,
        KeyStatus::RateLimited | KeyStatus::QuotaExceeded => !is_over,
        KeyStatus::Cooling | KeyStatus::Invalid | KeyStatus::Undecryptable => true,
    }
}

fn key_out(key: &KeyStanding) -> Condition {
    let (code, name, status) = (&key.provider_code, &key.key_name, key.status);
    let reason = key.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
    Condition {
        condition: AlertCondition::Key(key.key_id),
        kind: AlertKind::KeyUnavailable,
        level: match status {
            KeyStatus::RateLimited => AlertLevel::Info,
            _ => AlertLevel::Warning,
        },
        subject: format!("{code} / {name}"),
        message: format!("the key `{name}` of `{code}` cannot be used ({status}){reason}"),
        payload: json!({
            "providerId": key.provider_id.get(),
            "providerCode": code,
            "keyId": key.key_id.get(),
            "keyName": name,
            "status": status.as_str(),
            "reason": key.reason,
            "availableAt": moment(key.cooling_until),
        }),
    }
}

/// None of the keys of a provider, which has some, can be used.
fn no_key_left(keys: &[&KeyStanding]) -> Condition {
    let first = keys.first().expect("chunks are not empty");
    let code = &first.provider_code;
    let count = match keys.len() {
        1 => "its only active key is out".to_owned(),
        count => format!("all {count} active keys are out"),
    };
    let named: Vec<Value> = keys
        .iter()
        .take(MAX_NAMED)
        .map(|key| {
            json!({
                "keyId": key.key_id.get(),
                "keyName": key.key_name,
                "status": key.status.as_str(),
                "availableAt": moment(key.cooling_until),
            })
        })
        .collect();
    Condition {
        condition: AlertCondition::Provider(first.provider_id),
        kind: AlertKind::ProviderWithoutKey,
        level: AlertLevel::Critical,
        subject: code.clone(),
        message: format!("no key of `{code}` can be used: {count}"),
        payload: json!({
            "providerId": first.provider_id.get(),
            "providerCode": code,
            "keysCount": keys.len(),
            "keys": named,
        }),
    }
}

fn moment(at: Option<DateTime<Utc>>) -> Option<String> {
    at.map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use tollgate_domain::{ApiKeyId, ProviderId};

    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn key(provider: i64, id: i64, status: KeyStatus) -> KeyStanding {
        KeyStanding {
            key_id: ApiKeyId::new(id),
            key_name: format!("key {id}"),
            provider_id: ProviderId::new(provider),
            provider_code: format!("provider{provider}"),
            status,
            reason: Some("the provider's words".to_owned()),
            cooling_until: Some(NOW + TimeDelta::seconds(30)),
        }
    }

    fn told(standings: &[KeyStanding]) -> Vec<String> {
        wrong(standings, NOW).iter().map(|it| format!("{} {}", it.level, it.condition)).collect()
    }

    #[test]
    fn each_key_that_is_out_is_told_and_a_provider_only_when_all_of_its_keys_are() {
        use KeyStatus::{Cooling, Invalid, Normal, QuotaExceeded, RateLimited, Undecryptable};
        let cases: [(&[KeyStanding], &[&str]); 5] = [
            (&[], &[]),
            (&[key(1, 1, Normal), key(2, 2, Normal)], &[]),
            (&[key(1, 1, Normal), key(1, 2, RateLimited)], &["info key:2"]),
            (
                &[key(1, 1, Cooling), key(1, 2, Invalid), key(2, 3, Normal)],
                &["warning key:1", "warning key:2", "critical provider:1"],
            ),
            (
                &[key(1, 1, QuotaExceeded), key(2, 2, Undecryptable)],
                &["warning key:1", "critical provider:1", "warning key:2", "critical provider:2"],
            ),
        ];
        for (standings, expected) in cases {
            assert_eq!(told(standings), expected, "{standings:?}");
        }
    }

    #[test]
    fn a_rest_that_is_over_is_nothing_wrong() {
        let over = |status| KeyStanding { cooling_until: Some(NOW), ..key(1, 1, status) };

        assert!(told(&[over(KeyStatus::RateLimited)]).is_empty());
        assert!(told(&[over(KeyStatus::QuotaExceeded)]).is_empty());
        // Its next call decides.
        assert_eq!(told(&[over(KeyStatus::Cooling)]).len(), 2);
    }

    #[test]
    fn an_alert_says_which_key_is_out_why_and_until_when() {
        let alerts = wrong(&[key(1, 7, KeyStatus::RateLimited)], NOW);

        let [of_key, of_provider] = &alerts[..] else { panic!("{alerts:?}") };
        assert_eq!(
            of_key.message,
            "the key `key 7` of `provider1` cannot be used (rate_limited): the provider's words"
        );
        assert_eq!(of_key.subject, "provider1 / key 7");
        assert_eq!(of_key.payload["status"], "rate_limited");
        assert_eq!(of_key.payload["availableAt"], "1970-01-01T00:00:30.000Z");
        assert_eq!(
            of_provider.message,
            "no key of `provider1` can be used: its only active key is out"
        );
        assert_eq!(of_provider.payload["keys"][0]["keyId"], 7);
    }
}
