//! WeCom's group robots: Markdown of at most 4096 bytes. The key in the URL is all the security.
//! <https://developer.work.weixin.qq.com/document/path/91770>

use serde_json::json;
use tollgate_domain::alert::{AlertEvent, AlertLevel};

use super::{Rendered, cut, tame};
use crate::alerting::notice::{Notice, NoticeEvent};

/// The longest content, in bytes.
const MAX_BYTES: usize = 4096;

pub(super) fn render(notice: &Notice) -> Rendered {
    let lines: Vec<String> =
        notice.lines().iter().map(|line| format!("> {}", tame(line))).collect();
    let title = tame(&notice.title());
    let content =
        format!("<font color=\"{}\">{title}</font>\n{}", colour(notice), lines.join("\n"));
    Rendered::of(&json!({
        "msgtype": "markdown",
        "markdown": {"content": cut(content, MAX_BYTES)},
    }))
}

/// One of the three colours that it knows.
fn colour(notice: &Notice) -> &'static str {
    match (notice.event, notice.level) {
        (NoticeEvent::Of(AlertEvent::Resolved), _) => "info",
        (_, AlertLevel::Info) => "comment",
        (_, AlertLevel::Warning | AlertLevel::Critical) => "warning",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::alerting::notice::tests::notice;

    #[test]
    fn the_content_fits_and_mentions_nobody() {
        let odd = Notice { message: "<@all>".repeat(999), ..notice(AlertEvent::Fired) };

        let body: Value = serde_json::from_slice(&render(&odd).body).unwrap();

        let content = body["markdown"]["content"].as_str().unwrap();
        assert!(
            content.starts_with("<font color=\"warning\">Tollgate warning: all calls</font>\n> ＜")
        );
        assert!(content.len() <= MAX_BYTES && !content.contains("<@"), "{}", content.len());
        let over = render(&notice(AlertEvent::Resolved)).body;
        assert!(String::from_utf8(over).unwrap().contains(r#"color=\"info\""#));
    }
}
