//! Our own JSON, signed like most services sign theirs.

use chrono::{DateTime, Utc};
use serde_json::json;
use tollgate_domain::Secret;

use super::Rendered;
use crate::alerting::notice::{Notice, stamp};
use crate::alerting::sign;

pub(super) fn render(
    notice: &Notice,
    secret: Option<&Secret<String>>,
    now: DateTime<Utc>,
) -> Rendered {
    let mut rendered = Rendered::of(&json!({
        "delivery": notice.delivery,
        "event": notice.event.as_str(),
        "title": notice.title(),
        "alert": {
            "id": notice.alert_id,
            "kind": notice.kind,
            "level": notice.level.as_str(),
            "subject": notice.subject,
            "message": notice.message,
            "payload": notice.payload,
            "firedAt": stamp(notice.fired_at),
            "resolvedAt": notice.resolved_at.map(stamp),
        },
    }));
    let timestamp = now.timestamp();
    rendered.headers = vec![
        ("x-tollgate-delivery", notice.delivery.clone()),
        ("x-tollgate-event", notice.event.as_str().to_owned()),
        ("x-tollgate-timestamp", timestamp.to_string()),
    ];
    if let Some(secret) = secret {
        let signature = format!("sha256={}", sign::generic(secret, timestamp, &rendered.body));
        rendered.headers.push(("x-tollgate-signature", signature));
    }
    rendered
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use tollgate_domain::alert::AlertEvent;

    use super::*;
    use crate::alerting::notice::tests::notice;

    #[test]
    fn the_json_tells_all_and_the_headers_how_to_check_it() {
        let now = "2026-11-21T10:06:00.500Z".parse().unwrap();
        let secret = Secret::from("whsec");

        let rendered = render(&notice(AlertEvent::Resolved), Some(&secret), now);

        let body: Value = serde_json::from_slice(&rendered.body).unwrap();
        assert_eq!(
            body,
            json!({
                "delivery": "77", "event": "resolved", "title": "Tollgate resolved: all calls",
                "alert": {
                    "id": 12, "kind": "error_rate", "level": "warning", "subject": "all calls",
                    "message": "12 of 100 calls failed", "payload": {"calls": 100},
                    "firedAt": "2026-11-21T10:00:00.000Z", "resolvedAt": "2026-11-21T10:05:00.000Z",
                },
            })
        );
        let expected = sign::generic(&secret, now.timestamp(), &rendered.body);
        assert_eq!(
            rendered.headers,
            [
                ("x-tollgate-delivery", "77".to_owned()),
                ("x-tollgate-event", "resolved".to_owned()),
                ("x-tollgate-timestamp", "1795255560".to_owned()),
                ("x-tollgate-signature", format!("sha256={expected}")),
            ]
        );
        assert_eq!(render(&notice(AlertEvent::Fired), None, now).headers.len(), 3);
    }
}
