//! The tokens of a session: the short-lived one, and what renews it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use tollgate_domain::{Secret, SessionId, UserId};

/// Signs and reads session tokens.
pub struct Jwt {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    lifetime: Duration,
    refreshes: Hmac<Sha256>,
}

/// What a session token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The user.
    pub sub: UserId,
    /// The session.
    pub sid: SessionId,
    /// The user's token version at the time; an older one no longer holds.
    pub ver: i64,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// When it stops working, in seconds since 1970.
    pub exp: i64,
}

impl Jwt {
    /// Tokens signed with `secret`, good for `lifetime_seconds`.
    #[must_use]
    pub fn new(secret: &Secret<String>, lifetime_seconds: u32) -> Self {
        let bytes = secret.expose().as_bytes();
        let mut validation = Validation::new(Algorithm::HS256);
        // The clock is ours, not the library's: expiry is checked in `read`.
        validation.validate_exp = false;
        validation.validate_aud = false;
        Self {
            encoding: EncodingKey::from_secret(bytes),
            decoding: DecodingKey::from_secret(bytes),
            validation,
            lifetime: Duration::seconds(i64::from(lifetime_seconds)),
            refreshes: Hmac::new_from_slice(bytes).expect("HMAC takes keys of any length"),
        }
    }

    /// A token for `session`, and when it stops working.
    ///
    /// # Errors
    /// Where signing fails, which it does not with a plain secret.
    pub fn issue(
        &self,
        user: UserId,
        session: SessionId,
        token_version: i64,
        now: DateTime<Utc>,
    ) -> Result<(String, DateTime<Utc>), jsonwebtoken::errors::Error> {
        let expires_at = now + self.lifetime;
        let claims = Claims {
            sub: user,
            sid: session,
            ver: token_version,
            iat: now.timestamp(),
            exp: expires_at.timestamp(),
        };
        Ok((encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)?, expires_at))
    }

    /// The refresh token that `presented` is exchanged for: always the same one, so that an answer
    /// that was lost can be given again, and 256 bits that nobody without our secret can tell.
    #[must_use]
    pub fn next_refresh_token(&self, presented: &Secret<String>) -> Secret<String> {
        let mut code = self.refreshes.clone();
        code.update(b"tollgate refresh token after\n");
        code.update(presented.expose().as_bytes());
        Secret::new(URL_SAFE_NO_PAD.encode(code.finalize().into_bytes()))
    }

    /// What `token` says, if we signed it and it has not expired.
    #[must_use]
    pub fn read(&self, token: &str, now: DateTime<Utc>) -> Option<Claims> {
        let claims = decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        (claims.exp > now.timestamp()).then_some(claims)
    }
}

impl std::fmt::Debug for Jwt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jwt").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt() -> Jwt {
        Jwt::new(&Secret::from("0123456789abcdef0123456789abcdef"), 3600)
    }

    #[test]
    fn a_token_reads_back_until_it_expires() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let (token, expires_at) = jwt().issue(UserId::new(7), SessionId::new(9), 2, now).unwrap();

        let claims = jwt().read(&token, now).unwrap();

        assert_eq!((claims.sub, claims.sid, claims.ver), (UserId::new(7), SessionId::new(9), 2));
        assert!(jwt().read(&token, expires_at - Duration::seconds(1)).is_some());
        assert!(jwt().read(&token, expires_at).is_none());
    }

    #[test]
    fn a_refresh_token_is_followed_by_one_that_only_its_secret_tells() {
        let first = Secret::from("a refresh token");
        let other = Jwt::new(&Secret::from("another secret of thirty-two byt"), 3600);

        let second = jwt().next_refresh_token(&first);

        assert_eq!(second.expose().len(), 43);
        assert_eq!(second, jwt().next_refresh_token(&first));
        assert_ne!(second, jwt().next_refresh_token(&second));
        assert_ne!(second, other.next_refresh_token(&first));
    }

    #[test]
    fn a_token_that_others_signed_or_nobody_did_is_not_read() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let other = Jwt::new(&Secret::from("another secret of thirty-two byte"), 3600);
        let (token, _) = other.issue(UserId::new(7), SessionId::new(9), 2, now).unwrap();
        let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.\
            eyJzdWIiOjEsInNpZCI6MSwidmVyIjowLCJpYXQiOjAsImV4cCI6OTk5OTk5OTk5OX0.";

        assert_eq!(jwt().read(&token, now), None);
        assert_eq!(jwt().read(unsigned, now), None);
        assert_eq!(jwt().read("tg-nonsense", now), None);
    }
}
