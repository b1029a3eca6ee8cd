//! Asking a token endpoint: the refresh-token grant.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde_json::{Map, json};
use tollgate_domain::Secret;
use tollgate_domain::credential::{Credential, OAuth2, TokenRequest};

use super::{RenewError, Renewed, Value, answer};
use crate::HttpClient;
use crate::client::ask::Question;

/// How long an access token holds where its answer does not say, in seconds.
const EXPIRES_IN: i64 = 3_600;
/// The longest that an access token is believed to hold, in seconds.
const LONGEST: i64 = 30 * 24 * 3_600;

/// Asks the token endpoint once for the next access token.
pub(super) async fn refresh(
    http: &HttpClient,
    oauth2: &OAuth2,
    now: DateTime<Utc>,
) -> Result<Renewed, RenewError> {
    let url = url::Url::parse(oauth2.token_url.trim())
        .map_err(|_| RenewError::lasting("the token endpoint's URL is none"))?;
    let (content_type, body) = match oauth2.request_format {
        TokenRequest::Form => ("application/x-www-form-urlencoded", form(oauth2)),
        TokenRequest::JsonCamel => ("application/json", json_camel(oauth2)),
    };
    let content_type = Some(content_type);
    let question = Question { method: Method::POST, url, content_type, body };
    let (status, body) = http.ask(question).await.map_err(|why| {
        RenewError::passing(format!("the token endpoint cannot be asked: {}", why.message))
    })?;
    if !status.is_success() {
        return Err(answer::refusal(status.as_u16(), &body));
    }
    let token = answer::token(&body)?;
    let life = token.expires_in.unwrap_or(EXPIRES_IN).clamp(1, LONGEST);
    let rotated = token.refresh_token.filter(|token| !token.expose().is_empty());
    let renewed = OAuth2 {
        // Some services keep the old one, and say nothing then.
        refresh_token: rotated.unwrap_or_else(|| oauth2.refresh_token.clone()),
        access_token: Some(token.access_token),
        expires_at: Some(now + TimeDelta::seconds(life)),
        ..oauth2.clone()
    };
    let value = held(&renewed).expect("it was given a token just now");
    Ok(Renewed { value, credential: Some(Credential::OAuth2(renewed)) })
}

/// The access token that a credential holds.
pub(super) fn held(oauth2: &OAuth2) -> Option<Value> {
    let (token, expires_at) = oauth2.held()?;
    let refresh_at = expires_at - TimeDelta::seconds(oauth2.refresh_before_seconds.into());
    Some(Value { secret: Arc::new(token.clone()), refresh_at, expires_at })
}

/// A credential without what changes by itself.
pub(super) fn settings(oauth2: OAuth2) -> OAuth2 {
    let refresh_token = Secret::from("");
    OAuth2 { refresh_token, access_token: None, expires_at: None, ..oauth2 }
}

fn form(oauth2: &OAuth2) -> Vec<u8> {
    // The query of a URL is written just as a form is.
    let mut url = url::Url::parse("http://form.invalid/").expect("it is a URL");
    let mut pairs = url.query_pairs_mut();
    pairs.append_pair("grant_type", "refresh_token");
    pairs.append_pair("refresh_token", oauth2.refresh_token.expose());
    if let Some(client_id) = &oauth2.client_id {
        pairs.append_pair("client_id", client_id);
    }
    if let Some(client_secret) = &oauth2.client_secret {
        pairs.append_pair("client_secret", client_secret.expose());
    }
    drop(pairs);
    url.query().unwrap_or_default().as_bytes().to_vec()
}

/// As AWS's endpoint takes it; one that knows its accounts without a client wants the token alone.
fn json_camel(oauth2: &OAuth2) -> Vec<u8> {
    let mut body = Map::new();
    if let Some(client_id) = &oauth2.client_id {
        body.insert("grantType".to_owned(), json!("refresh_token"));
        body.insert("clientId".to_owned(), json!(client_id));
    }
    body.insert("refreshToken".to_owned(), json!(oauth2.refresh_token.expose()));
    if let Some(client_secret) = &oauth2.client_secret {
        body.insert("clientSecret".to_owned(), json!(client_secret.expose()));
    }
    serde_json::Value::Object(body).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential() -> OAuth2 {
        OAuth2 {
            client_id: Some("CLIENT_ID".to_owned()),
            client_secret: Some(Secret::from("CLIENT_SECRET")),
            token_url: "https://auth.example.com/oauth/token".to_owned(),
            refresh_token: Secret::from("rt-000"),
            ..OAuth2::default()
        }
    }

    #[test]
    fn a_token_is_asked_for_with_a_form_or_in_awss_json() {
        let asked = form(&credential());
        let expected = "grant_type=refresh_token&refresh_token=rt-000&client_id=CLIENT_ID\
                        &client_secret=CLIENT_SECRET";
        assert_eq!(String::from_utf8(asked).unwrap(), expected);

        let asked: serde_json::Value = serde_json::from_slice(&json_camel(&credential())).unwrap();
        let expected = json!({
            "grantType": "refresh_token",
            "refreshToken": "rt-000",
            "clientId": "CLIENT_ID",
            "clientSecret": "CLIENT_SECRET",
        });
        assert_eq!(asked, expected);
    }

    #[test]
    fn an_account_without_a_client_sends_its_token_alone() {
        let social = OAuth2 { client_id: None, client_secret: None, ..credential() };

        assert_eq!(json_camel(&social), br#"{"refreshToken":"rt-000"}"#);
    }
}
