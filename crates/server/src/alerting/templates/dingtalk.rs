//! DingTalk's custom robots: Markdown, signed in the URL.
//! <https://open.dingtalk.com/document/robots/custom-robot-access>

use chrono::{DateTime, Utc};
use serde_json::json;
use tollgate_domain::Secret;

use super::{Rendered, tame};
use crate::alerting::notice::Notice;
use crate::alerting::sign;

pub(super) fn render(
    notice: &Notice,
    secret: Option<&Secret<String>>,
    now: DateTime<Utc>,
) -> Rendered {
    let title = tame(&notice.title());
    let lines: Vec<String> = notice.lines().iter().map(|line| tame(line)).collect();
    let text = format!("### {title}\n\n{}", lines.join("\n\n"));
    let mut rendered = Rendered::of(&json!({
        "msgtype": "markdown",
        "markdown": {"title": title, "text": text},
    }));
    if let Some(secret) = secret {
        let timestamp = now.timestamp_millis();
        rendered.query =
            vec![("timestamp", timestamp.to_string()), ("sign", sign::dingtalk(secret, timestamp))];
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
    fn markdown_is_signed_in_the_url_and_names_are_no_markup() {
        let now = DateTime::from_timestamp_millis(1_577_262_236_757).unwrap();
        let secret = Secret::from("this is secret");
        let odd = Notice { message: "[x](http://y) @all".to_owned(), ..notice(AlertEvent::Fired) };

        let rendered = render(&odd, Some(&secret), now);

        let sign = sign::dingtalk(&secret, 1_577_262_236_757);
        assert_eq!(rendered.query, [("timestamp", "1577262236757".to_owned()), ("sign", sign)]);
        let body: Value = serde_json::from_slice(&rendered.body).unwrap();
        assert_eq!(body["msgtype"], "markdown");
        assert_eq!(
            body["markdown"]["text"],
            "### Tollgate warning: all calls\n\n［x］(http://y) ＠all\n\nSince 2026-11-21 10:00:00 \
             UTC\n\nerror_rate · alert 12"
        );
        assert!(render(&odd, None, now).query.is_empty());
    }
}
