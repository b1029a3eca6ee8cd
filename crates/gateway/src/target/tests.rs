use serde_json::json;
use tollgate_domain::ModelId;

use super::*;
use crate::snapshot::build::Rows;
use crate::testing::{key, model, provider, snapshot};

/// `openai` (1) and `mirror` (2) both list `shared`; `off` is inactive; `openai`
/// has a default model.
fn rows() -> Rows {
    let mut openai = provider(1, "openai");
    openai.default_model_id = Some(ModelId::new(11));
    openai.sort_order = 1;
    let mut mirror = provider(2, "mirror");
    mirror.sort_order = 2;
    let mut off = provider(3, "off");
    off.is_active = false;
    let mut hidden = model(14, 1, "hidden");
    hidden.is_active = false;
    let mut embed = model(15, 1, "embed");
    embed.model_type = ModelType::Embedding;
    let mut pro = model(16, 1, "pro");
    pro.constraints.insert("endpoint".to_owned(), json!("responses_only"));
    Rows {
        providers: vec![openai, mirror, off],
        keys: vec![key(1, 1), key(2, 2), key(3, 3)],
        models: vec![
            model(11, 1, "gpt"),
            model(12, 1, "shared"),
            model(13, 2, "shared"),
            hidden,
            embed,
            pro,
            model(17, 2, "vendor/gpt"),
            model(18, 2, "openai/gpt"),
            model(19, 3, "asleep"),
        ],
        ..Rows::default()
    }
}

fn facts(provider: Option<&str>, model: Option<&str>) -> CallFacts {
    CallFacts {
        provider: provider.map(str::to_owned),
        model: model.map(str::to_owned),
        ..CallFacts::default()
    }
}

fn route(provider: Option<&str>, model: Option<&str>) -> Result<Route, CallError> {
    let snapshot = snapshot(rows());
    resolve(&snapshot, &facts(provider, model), Endpoint::Chat, &Access::default())
}

fn told(route: &Result<Route, CallError>) -> String {
    match route {
        Ok(route) => {
            let unlisted = if route.model.is_some() { "" } else { " (unlisted)" };
            format!("{} {}{unlisted}", route.provider.provider.code, route.model_code)
        }
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn names_lead_to_models_as_the_api_says() {
    let cases = [
        // Nothing named: the default provider's default model.
        (None, None, "openai gpt"),
        // A code; several list it: the lowest sort order.
        (None, Some("gpt"), "openai gpt"),
        (None, Some("shared"), "openai shared"),
        // An exact code goes before a provider's prefix.
        (None, Some("vendor/gpt"), "mirror vendor/gpt"),
        (None, Some("openai/gpt"), "mirror openai/gpt"),
        // The part before the first slash names a provider.
        (None, Some("mirror/shared"), "mirror shared"),
        (None, Some("openai/brand-new"), "openai brand-new (unlisted)"),
        (None, Some("openai/a/b"), "openai a/b (unlisted)"),
        (None, Some("mirror/vendor/gpt"), "mirror vendor/gpt"),
        // An explicit provider.
        (Some("openai"), None, "openai gpt"),
        (Some("mirror"), Some("shared"), "mirror shared"),
        (Some("mirror"), Some("gpt"), "mirror gpt (unlisted)"),
        (Some("openai"), Some("openai/gpt"), "openai gpt"),
        (Some("openai"), Some("mirror/gpt"), "openai mirror/gpt (unlisted)"),
        // None of these.
        (None, Some("nowhere"), "there is no model `nowhere`"),
        (None, Some("nobody/gpt"), "there is no model `nobody/gpt`"),
        (None, Some("openai/"), "there is no model `openai/`"),
        (Some("nobody"), Some("gpt"), "there is no provider `nobody`"),
        (Some("mirror"), None, "the provider `mirror` has no default model; name a model"),
        // Switched off.
        (None, Some("hidden"), "the model `hidden` of `openai` is not active"),
        (Some("openai"), Some("hidden"), "the model `hidden` of `openai` is not active"),
        (None, Some("asleep"), "the provider `off` is not active"),
        (Some("off"), Some("anything"), "the provider `off` is not active"),
        // Cannot do it.
        (
            None,
            Some("embed"),
            "the model `embed` is of the type `embedding` and cannot do chat completions",
        ),
        (
            None,
            Some("pro"),
            "the provider serves the model `pro` only through its Responses endpoint, which is not supported yet",
        ),
    ];
    for (provider, model, expected) in cases {
        assert_eq!(told(&route(provider, model)), expected, "{provider:?} {model:?}");
    }
}

#[tokio::test]
async fn a_provider_without_an_active_key_comes_after_those_with_one() {
    let mut rows = rows();
    rows.keys[0].key.is_active = false;
    let asked = facts(None, Some("shared"));

    let found = resolve(&snapshot(rows), &asked, Endpoint::Chat, &Access::default());

    assert_eq!(told(&found), "mirror shared");
}

#[tokio::test]
async fn a_key_that_does_not_open_is_not_active() {
    let mut rows = rows();
    rows.keys[0].secret = None;
    let asked = facts(None, Some("shared"));

    let found = resolve(&snapshot(rows), &asked, Endpoint::Chat, &Access::default());

    assert_eq!(told(&found), "mirror shared");
}

#[tokio::test]
async fn an_inactive_listing_gives_way_to_an_active_one() {
    let mut rows = rows();
    rows.models[1].is_active = false;
    let asked = facts(None, Some("shared"));

    let found = resolve(&snapshot(rows), &asked, Endpoint::Chat, &Access::default());

    assert_eq!(told(&found), "mirror shared");
}

#[tokio::test]
async fn access_lists_choose_among_providers_and_refuse_the_rest() {
    let snapshot = snapshot(rows());
    let only_mirror = Access { providers: vec!["mirror".to_owned()], models: vec![] };
    let find = |model| resolve(&snapshot, &facts(None, Some(model)), Endpoint::Chat, &only_mirror);

    assert_eq!(told(&find("shared")), "mirror shared");
    assert!(matches!(find("gpt"), Err(CallError::NotAllowed { .. })));
    assert!(matches!(find("openai/brand-new"), Err(CallError::NotAllowed { .. })));
}

#[tokio::test]
async fn embeddings_want_an_embedding_model() {
    let snapshot = snapshot(rows());
    let find = |model| {
        let asked = facts(Some("openai"), Some(model));
        resolve(&snapshot, &asked, Endpoint::Embeddings, &Access::default())
    };

    assert_eq!(told(&find("embed")), "openai embed");
    assert_eq!(told(&find("brand-new")), "openai brand-new (unlisted)");
    assert!(matches!(find("gpt"), Err(CallError::Unsupported { .. })));
}
