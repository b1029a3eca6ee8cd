//! Signatures of webhooks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tollgate_domain::Secret;

/// Ours: HMAC-SHA256 under the secret over `timestamp.body`, in hexadecimal.
pub(super) fn generic(secret: &Secret<String>, timestamp: i64, body: &[u8]) -> String {
    let message = [format!("{timestamp}.").as_bytes(), body].concat();
    let mac = mac(secret.expose().as_bytes(), &message);
    mac.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Feishu's: HMAC-SHA256 of nothing under `timestamp\nsecret`, in base64; the timestamp is in
/// seconds. <https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot>, "签名校验".
pub(super) fn feishu(secret: &Secret<String>, timestamp: i64) -> String {
    STANDARD.encode(mac(format!("{timestamp}\n{}", secret.expose()).as_bytes(), b""))
}

/// DingTalk's: HMAC-SHA256 under the secret over `timestamp\nsecret`, in base64; the timestamp is in
/// milliseconds. <https://open.dingtalk.com/document/robots/customize-robot-security-settings>,
/// "加签".
pub(super) fn dingtalk(secret: &Secret<String>, timestamp_ms: i64) -> String {
    let message = format!("{timestamp_ms}\n{}", secret.expose());
    STANDARD.encode(mac(secret.expose().as_bytes(), message.as_bytes()))
}

fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes any key");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected values were made with Python's `hmac` and with `openssl dgst`.
    #[test]
    fn signatures_are_those_that_others_compute() {
        let secret = Secret::from("this is secret");

        assert_eq!(
            generic(&secret, 1_790_000_000, br#"{"a":1}"#),
            "919a800c779abf4a0c542753195b008d9190f4094f739b1d61109eee92d1b204"
        );
        assert_eq!(feishu(&secret, 1_599_360_473), "/eYKrXQBzTjUZJ3s6NX16VxGbTwmK7AEs8/FnvC1CSw=");
        assert_eq!(
            dingtalk(&secret, 1_577_262_236_757),
            "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="
        );
    }
}
