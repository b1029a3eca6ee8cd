//! Slack's incoming webhooks: a text for notifications, and blocks for the channel.
//! <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>

use serde_json::json;

use super::{Rendered, cut};
use crate::alerting::notice::Notice;

/// The longest text of a section, in characters, is 3000; these are bytes, which are no fewer.
/// <https://docs.slack.dev/reference/block-kit/blocks/section-block>
const MAX_SECTION: usize = 2900;
/// The longest text of a header is 150 characters.
/// <https://docs.slack.dev/reference/block-kit/blocks/header-block>
const MAX_HEADER: usize = 150;

pub(super) fn render(notice: &Notice) -> Rendered {
    let (title, lines) = (notice.title(), notice.lines());
    let text = escaped(&format!("{title}: {}", lines[0]));
    Rendered::of(&json!({
        "text": cut(text, MAX_SECTION),
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": cut(title, MAX_HEADER)}},
            {"type": "section", "text": {
                "type": "mrkdwn", "text": cut(escaped(&lines[0]), MAX_SECTION), "verbatim": true,
            }},
            {"type": "context", "elements": lines[1..].iter().map(|line| {
                json!({"type": "plain_text", "text": line})
            }).collect::<Vec<_>>()},
        ],
    }))
}

/// The three characters that Slack reads as its own.
/// <https://docs.slack.dev/messaging/formatting-message-text>, "Escaping text"
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use tollgate_domain::alert::AlertEvent;

    use super::*;
    use crate::alerting::notice::tests::notice;

    #[test]
    fn names_cannot_call_a_whole_channel() {
        let odd = Notice { message: "<!channel> & more".to_owned(), ..notice(AlertEvent::Fired) };

        let body: Value = serde_json::from_slice(&render(&odd).body).unwrap();

        assert_eq!(body["text"], "Tollgate warning: all calls: &lt;!channel&gt; &amp; more");
        assert_eq!(body["blocks"][0]["text"]["text"], "Tollgate warning: all calls");
        assert_eq!(body["blocks"][1]["text"]["text"], "&lt;!channel&gt; &amp; more");
        assert_eq!(body["blocks"][2]["elements"][0]["text"], "Since 2026-11-21 10:00:00 UTC");
    }
}
