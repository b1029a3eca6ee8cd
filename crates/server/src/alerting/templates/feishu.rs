//! Feishu's (Lark's) custom bots: a card, whose texts are plain, so that no name is a mention.
//! <https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot>

use chrono::{DateTime, Utc};
use serde_json::json;
use tollgate_domain::Secret;
use tollgate_domain::alert::{AlertEvent, AlertLevel};

use super::Rendered;
use crate::alerting::notice::{Notice, NoticeEvent};
use crate::alerting::sign;

pub(super) fn render(
    notice: &Notice,
    secret: Option<&Secret<String>>,
    now: DateTime<Utc>,
) -> Rendered {
    let plain = |text: &str| json!({"tag": "plain_text", "content": text});
    let elements: Vec<_> =
        notice.lines().iter().map(|line| json!({"tag": "div", "text": plain(line)})).collect();
    let mut body = json!({
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": true},
            "header": {"template": colour(notice), "title": plain(&notice.title())},
            "elements": elements,
        },
    });
    if let Some(secret) = secret {
        let timestamp = now.timestamp();
        body["timestamp"] = json!(timestamp.to_string());
        body["sign"] = json!(sign::feishu(secret, timestamp));
    }
    Rendered::of(&body)
}

fn colour(notice: &Notice) -> &'static str {
    match (notice.event, notice.level) {
        (NoticeEvent::Of(AlertEvent::Resolved), _) => "green",
        (_, AlertLevel::Critical) => "red",
        (_, AlertLevel::Warning) => "orange",
        (_, AlertLevel::Info) => "blue",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::alerting::notice::tests::notice;

    #[test]
    fn a_card_is_signed_in_its_body() {
        let now = DateTime::from_timestamp(1_599_360_473, 0).unwrap();
        let secret = Secret::from("this is secret");

        let body = render(&notice(AlertEvent::Fired), Some(&secret), now).body;

        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["timestamp"], "1599360473");
        assert_eq!(body["sign"], sign::feishu(&secret, 1_599_360_473));
        assert_eq!(body["msg_type"], "interactive");
        assert_eq!(body["card"]["header"]["template"], "orange");
        assert_eq!(body["card"]["header"]["title"]["content"], "Tollgate warning: all calls");
        assert_eq!(body["card"]["elements"][0]["text"]["content"], "12 of 100 calls failed");
        let unsigned = render(&notice(AlertEvent::Resolved), None, now).body;
        let unsigned: Value = serde_json::from_slice(&unsigned).unwrap();
        assert!(unsigned.get("sign").is_none());
        assert_eq!(unsigned["card"]["header"]["template"], "green");
    }
}
