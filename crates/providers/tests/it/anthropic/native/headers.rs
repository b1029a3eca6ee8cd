//! The caller's version and betas.

use serde_json::json;
use tollgate_domain::chat::ChatCall;
use tollgate_domain::failure::FailureClass;

use super::super::anthropic;
use super::call_with;
use crate::support::{chat_with, target, upstream};

const BETAS: &str = "context-management-2025-06-27,interleaved-thinking-2025-05-14";

fn forwarding(call: ChatCall, headers: &[(&'static str, &str)]) -> ChatCall {
    let forwarded = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    ChatCall { forwarded, ..call }
}

#[test]
fn the_callers_version_and_betas_are_passed_on_and_the_operators_go_before() {
    let both = [("anthropic-version", "2026-10-21"), ("anthropic-beta", BETAS)];
    let native = || call_with(json!({}));
    let operators_betas = format!("oauth-2025-04-20,{BETAS}");
    let cases = [
        (native(), &both[..], &[][..], "2026-10-21", Some(BETAS)),
        (native(), &[], &[], "2023-06-01", None),
        (native(), &[("anthropic-version", "")], &[], "2023-06-01", None),
        (
            native(),
            &both,
            &[("Anthropic-Version", "2023-06-01"), ("anthropic-beta", "oauth-2025-04-20")],
            "2023-06-01",
            Some(operators_betas.as_str()),
        ),
        // Another dialect's caller has none to pass on.
        (chat_with(json!({})), &both, &[], "2023-06-01", None),
    ];
    for (call, forwarded, extra, version, betas) in cases {
        let mut upstream = upstream("http://h", json!({}));
        let extra = extra
            .iter()
            .map(|(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned()));
        upstream.extra_headers = extra.collect();
        let call = forwarding(call, forwarded);
        let request = anthropic().request(&call, &target(&upstream, "m")).unwrap();

        assert_eq!(request.headers["anthropic-version"], version);
        let sent = request.headers.get("anthropic-beta").map(|it| it.to_str().unwrap());
        assert_eq!(sent, betas);
        assert_eq!(request.headers.get_all("anthropic-version").iter().count(), 1);
    }
}

#[test]
fn the_operators_version_decides_on_sampling_for_every_caller() {
    let mut upstream = upstream("http://h", json!({}));
    upstream.extra_headers = [("anthropic-version".to_owned(), "2026-10-21".to_owned())].into();
    for call in [call_with(json!({"temperature": 0.5})), chat_with(json!({"temperature": 0.5}))] {
        let request = anthropic().request(&call, &target(&upstream, "m")).unwrap();
        assert!(!str::from_utf8(&request.body).unwrap().contains("temperature"));
    }
}

#[test]
fn a_header_that_cannot_be_sent_is_the_callers_fault() {
    let upstream = upstream("http://h", json!({}));
    let call = forwarding(call_with(json!({})), &[("anthropic-beta", "a\nb")]);
    let failure = anthropic().request(&call, &target(&upstream, "m")).unwrap_err();
    assert_eq!(failure.class, FailureClass::ClientFault);
    assert!(failure.message.starts_with("anthropic-beta"));
}
