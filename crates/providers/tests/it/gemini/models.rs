//! Model lists, and where requests go.

use bytes::Bytes;
use serde_json::json;
use tollgate_domain::failure::FailureClass;

use super::gemini;
use crate::support::{KEY, chat_with, fixture, streamed, target, upstream};

const GOOGLE: &str = "https://generativelanguage.googleapis.com";

#[test]
fn the_recorded_list_is_read_and_its_next_page_asked_for() {
    let page = gemini().models(&fixture("gemini/models.json")).unwrap();

    let [model] = page.models.as_slice() else { panic!("{page:?}") };
    assert_eq!(model.code, "gemini-3.8-flash");
    assert_eq!(model.name.as_deref(), Some("Gemini 3.8 Flash"));
    let limits = (model.max_input_tokens, model.max_output_tokens);
    assert_eq!(limits, (Some(1_048_576), Some(65_536)));
    assert_eq!(page.next.as_deref(), Some("CgJ0"));

    let upstream = upstream(GOOGLE, json!({}));
    let url = |next| gemini().models_request(&upstream, next).unwrap().url.to_string();
    assert_eq!(url(None), format!("{GOOGLE}/v1beta/models?pageSize=1000"));
    assert_eq!(url(Some("a b")), format!("{GOOGLE}/v1beta/models?pageSize=1000&pageToken=a+b"));
}

#[test]
fn the_last_page_may_be_empty_and_an_error_is_told() {
    assert_eq!(gemini().models(&Bytes::from_static(b"{}")).unwrap().models, []);
    let list = json!({"models": [{"name": "tunedModels/a"}, {"name": ""}, 5]}).to_string();
    let page = gemini().models(&Bytes::from(list)).unwrap();
    assert_eq!((page.models.len(), page.next), (1, None));
    assert_eq!(page.models[0].code, "tunedModels/a");

    let failure = gemini().models(&fixture("gemini/error.503.json")).unwrap_err();
    assert_eq!(failure.class, FailureClass::Overloaded);
    for body in ["<html>", "[]", r#"{"data":[]}"#] {
        assert!(gemini().models(&Bytes::from_static(body.as_bytes())).is_err(), "{body}");
    }
}

#[test]
fn the_model_and_the_kind_of_answer_are_in_the_url() {
    let upstream = upstream(GOOGLE, json!({}));
    let url =
        |call, model| gemini().request(call, &target(&upstream, model)).unwrap().url.to_string();
    let (whole, stream) = (chat_with(json!({})), streamed());
    assert_eq!(url(&whole, "g"), format!("{GOOGLE}/v1beta/models/g:generateContent"));
    assert_eq!(url(&whole, "models/g"), format!("{GOOGLE}/v1beta/models/g:generateContent"));
    assert_eq!(
        url(&whole, "tunedModels/g"),
        format!("{GOOGLE}/v1beta/tunedModels/g:generateContent")
    );
    assert_eq!(
        url(&stream, "g"),
        format!("{GOOGLE}/v1beta/models/g:streamGenerateContent?alt=sse")
    );
}

#[test]
fn the_key_goes_where_the_provider_looks_for_it() {
    let cases = [
        (json!({}), "x-goog-api-key", KEY.to_owned()),
        (json!({"auth": "bearer"}), "authorization", format!("Bearer {KEY}")),
        (json!({"auth": "api_key"}), "api-key", KEY.to_owned()),
    ];
    for (quirks, name, value) in cases {
        let upstream = upstream(GOOGLE, quirks);
        let request = gemini().request(&chat_with(json!({})), &target(&upstream, "m")).unwrap();

        assert_eq!(request.headers[name], value.as_str());
        assert!(request.headers[name].is_sensitive());
        assert_eq!(request.headers["x-extra"], "yes");
        assert!(!request.url.as_str().contains(KEY));
    }
}
