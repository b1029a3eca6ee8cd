//! What key services and token endpoints answer.

use serde::Deserialize;
use tollgate_domain::Secret;

use super::RenewError;

/// A token endpoint's answer, in either spelling.
#[derive(Debug, Deserialize)]
pub(super) struct Token {
    #[serde(alias = "accessToken")]
    pub(super) access_token: Secret<String>,
    #[serde(default, alias = "refreshToken")]
    pub(super) refresh_token: Option<Secret<String>>,
    #[serde(default, alias = "expiresIn", deserialize_with = "seconds")]
    pub(super) expires_in: Option<i64>,
}

/// A key service's answer.
#[derive(Debug, Deserialize)]
struct Key {
    result: Secret<String>,
}

/// A token endpoint's refusal.
#[derive(Debug, Deserialize)]
struct Refusal {
    error: Option<String>,
}

/// The tokens in a token endpoint's answer.
pub(super) fn token(body: &[u8]) -> Result<Token, RenewError> {
    let token: Token = serde_json::from_slice(body)
        .map_err(|_| RenewError::passing("the token endpoint's answer holds no access token"))?;
    if is_value(token.access_token.expose()) {
        Ok(token)
    } else {
        Err(RenewError::passing("the access token cannot be put into a header"))
    }
}

/// The key in a key service's answer.
pub(super) fn key(body: &[u8]) -> Result<Secret<String>, RenewError> {
    let key: Key = serde_json::from_slice(body)
        .map_err(|_| RenewError::passing("the key service's answer holds no `result`"))?;
    let key = Secret::from(key.result.expose().trim());
    if is_value(key.expose()) {
        Ok(key)
    } else {
        Err(RenewError::passing("the key service's `result` cannot be put into a header"))
    }
}

/// Why a token endpoint gave no token. Of its words only OAuth's own codes are repeated.
pub(super) fn refusal(status: u16, body: &[u8]) -> RenewError {
    const CODES: [&str; 6] = [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    ];
    let said = serde_json::from_slice::<Refusal>(body).ok().and_then(|refusal| refusal.error);
    let code = said.and_then(|said| CODES.into_iter().find(|code| *code == said));
    let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
    match status {
        400 | 401 | 403 => RenewError::lasting(format!(
            "the token endpoint answered {status}{code}: the account has to be signed in again"
        )),
        _ => RenewError::passing(format!("the token endpoint answered {status}{code}")),
    }
}

fn is_value(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Seconds, which some services write as a text.
fn seconds<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Seconds {
        Number(f64),
        Text(String),
    }
    let given = Option::<Seconds>::deserialize(deserializer)?;
    Ok(given.and_then(|given| match given {
        Seconds::Number(number) => Some(number as i64),
        Seconds::Text(text) => text.trim().parse().ok(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_in_both_spellings() {
        for (body, refresh, seconds) in [
            (
                r#"{"access_token":"at","token_type":"Bearer","expires_in":3600,"refresh_token":"rt"}"#,
                Some("rt"),
                Some(3600),
            ),
            (r#"{"accessToken":"at","expiresIn":"21600"}"#, None, Some(21_600)),
            (r#"{"access_token":"at"}"#, None, None),
        ] {
            let token = token(body.as_bytes()).unwrap();

            assert_eq!(token.access_token.expose(), "at");
            assert_eq!(token.refresh_token.as_ref().map(|token| token.expose().as_str()), refresh);
            assert_eq!(token.expires_in, seconds, "{body}");
        }
    }

    #[test]
    fn a_refusal_repeats_nothing_but_oauths_own_words() {
        let told = refusal(400, br#"{"error":"invalid_grant","error_description":"rt-canary"}"#);
        assert!(told.is_final && told.message.contains("invalid_grant"), "{told}");

        let told = refusal(503, br#"{"error":"rt-canary"}"#);
        assert!(!told.is_final && !told.message.contains("canary"), "{told}");
    }

    #[test]
    fn what_no_header_can_carry_is_no_key() {
        assert_eq!(key(br#"{"result":" sk-one\n"}"#).unwrap().expose(), "sk-one");
        for body in [&br#"{"result":""}"#[..], br#"{"result":"a b"}"#, br#"{"result":null}"#, b"x"]
        {
            assert!(key(body).is_err());
        }
    }
}
