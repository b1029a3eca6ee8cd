//! How each kind of webhook is told, and what its answers mean.

mod dingtalk;
mod feishu;
mod generic;
mod slack;
mod wecom;

use chrono::{DateTime, Utc};
use serde_json::Value;
use tollgate_domain::Secret;
use tollgate_domain::channel::WebhookKind;

use super::notice::Notice;

/// A notice as one service takes it.
pub(super) struct Rendered {
    /// What the URL's query gets beside what is there.
    pub(super) query: Vec<(&'static str, String)>,
    /// Headers beside the content's.
    pub(super) headers: Vec<(&'static str, String)>,
    /// The JSON.
    pub(super) body: Vec<u8>,
}

impl Rendered {
    fn of(body: &Value) -> Self {
        Self { query: Vec::new(), headers: Vec::new(), body: body.to_string().into_bytes() }
    }
}

/// The notice as that kind of webhook takes it, signed where there is a secret.
pub(super) fn render(
    kind: WebhookKind,
    notice: &Notice,
    secret: Option<&Secret<String>>,
    now: DateTime<Utc>,
) -> Rendered {
    match kind {
        WebhookKind::Generic => generic::render(notice, secret, now),
        WebhookKind::Slack => slack::render(notice),
        WebhookKind::Feishu => feishu::render(notice, secret, now),
        WebhookKind::Dingtalk => dingtalk::render(notice, secret, now),
        WebhookKind::Wecom => wecom::render(notice),
    }
}

/// Whether a good status means that the notice was taken; else why not, in the service's words.
/// Feishu, DingTalk and WeCom answer 200 to what they refuse.
pub(super) fn verdict(kind: WebhookKind, body: &[u8]) -> Result<(), String> {
    let fields: [(&str, &str); 2] = match kind {
        WebhookKind::Generic | WebhookKind::Slack => return Ok(()),
        // The older of its two forms has the second one alone.
        WebhookKind::Feishu => [("code", "msg"), ("StatusCode", "StatusMessage")],
        WebhookKind::Dingtalk | WebhookKind::Wecom => [("errcode", "errmsg"); 2],
    };
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let told = fields.into_iter().find_map(|(code, words)| {
        Some((answer.get(code)?.as_i64()?, answer[words].as_str().unwrap_or_default()))
    });
    match told {
        Some((0, _)) => Ok(()),
        Some((code, words)) => Err(format!("it refused with code {code}: {words}")),
        None => Err("it answered without saying whether it took the notice".to_owned()),
    }
}

/// The text without what Markdown reads as a link, an image, a mention or a tag: names and a
/// provider's words are not ours.
fn tame(text: &str) -> String {
    text.chars()
        .map(|each| match each {
            '<' => '＜',
            '>' => '＞',
            '[' => '［',
            ']' => '］',
            '@' => '＠',
            '`' | '*' => '\'',
            other => other,
        })
        .collect()
}

/// The beginning of a text, at most `most` bytes of it.
fn cut(text: String, most: usize) -> String {
    if text.len() <= most {
        return text;
    }
    let end = (0..=most - '…'.len_utf8()).rev().find(|end| text.is_char_boundary(*end));
    format!("{}…", &text[..end.unwrap_or(0)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_service_answers_says_whether_it_took_the_notice() {
        use WebhookKind::{Dingtalk, Feishu, Generic, Slack, Wecom};
        let good = [
            (Generic, ""),
            (Slack, "ok"),
            (Feishu, r#"{"code":0,"msg":"success","data":{}}"#),
            (Feishu, r#"{"StatusCode":0,"StatusMessage":"success"}"#),
            (Dingtalk, r#"{"errcode":0,"errmsg":"ok"}"#),
            (Wecom, r#"{"errcode":0,"errmsg":"ok"}"#),
        ];
        for (kind, body) in good {
            assert_eq!(verdict(kind, body.as_bytes()), Ok(()), "{kind} {body}");
        }
        let bad = [
            (Feishu, r#"{"code":19021,"msg":"sign match fail"}"#, "19021: sign match fail"),
            (Dingtalk, r#"{"errcode":310000,"errmsg":"sign not match"}"#, "310000: sign not match"),
            (Wecom, r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#, "93000: invalid"),
            (Wecom, "<html>", "without saying"),
            (Dingtalk, r#"{"code":0}"#, "without saying"),
        ];
        for (kind, body, words) in bad {
            let why = verdict(kind, body.as_bytes()).unwrap_err();
            assert!(why.contains(words), "{kind} {body}: {why}");
        }
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("密钥密钥".to_owned(), 12), "密钥密钥");
        assert_eq!(cut("密钥密钥".to_owned(), 11), "密钥…");
        assert!(cut("x".repeat(99), 10).len() <= 10);
    }
}
