use serde_json::json;
use tollgate_domain::chat::{CallFacts, Fallback};
use tollgate_domain::route::{FallbackOn, RouteTarget};
use tollgate_domain::{ModelId, RouteId, route};

use super::*;
use crate::snapshot::build::Rows;
use crate::testing::{key, model, noon, provider, snapshot};

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

#[tokio::test]
async fn a_provider_without_a_base_url_says_so_unless_a_key_has_one() {
    let told_of = |is_active, own: Option<&str>| {
        let mut rows = rows();
        (rows.providers[1].base_url, rows.providers[1].is_active) = (String::new(), is_active);
        rows.keys[1].key.base_url = own.map(str::to_owned);
        let snapshot = snapshot(rows);
        let facts = facts(Some("mirror"), Some("shared"));
        resolve(&snapshot, &facts, Endpoint::Chat, &Access::default())
    };

    for is_active in [true, false] {
        let told = told(&told_of(is_active, None));
        assert!(told.starts_with("the provider `mirror` has no base URL yet"), "{told}");
    }
    assert_eq!(told(&told_of(true, Some("https://mirror.example/v1"))), "mirror shared");
}

fn facts(provider: Option<&str>, model: Option<&str>) -> CallFacts {
    CallFacts {
        provider: provider.map(str::to_owned),
        model: model.map(str::to_owned),
        ..CallFacts::default()
    }
}

/// Where a call that names no route and no fallbacks goes.
fn resolve(
    snapshot: &Snapshot,
    facts: &CallFacts,
    endpoint: Endpoint,
    access: &Access,
) -> Result<Route, CallError> {
    let plan = super::resolve(snapshot, facts, endpoint, access, 0.0)?;
    assert_eq!((plan.alias.as_ref(), plan.targets.len(), plan.left_out.len()), (None, 1, 0));
    Ok(plan.first().clone())
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

fn alias(alias: &str, targets: &[(&str, &str, u32)]) -> route::Route {
    let target = |(provider, model, weight): &(&str, &str, u32)| RouteTarget {
        provider_code: (*provider).to_owned(),
        model_code: (*model).to_owned(),
        weight: *weight,
    };
    route::Route {
        id: RouteId::new(1),
        alias: alias.to_owned(),
        description: None,
        targets: targets.iter().map(target).collect(),
        fallback_on: vec![FallbackOn::ContextTooLong],
        is_active: true,
        created_at: noon(),
        updated_at: noon(),
    }
}

fn planned(
    routes: Vec<route::Route>,
    facts: &CallFacts,
    access: &Access,
    chance: f64,
) -> Result<Vec<String>, CallError> {
    let snapshot = snapshot(Rows { routes, ..rows() });
    let plan = super::resolve(&snapshot, facts, Endpoint::Chat, access, chance)?;
    Ok(plan.targets.into_iter().map(|target| told(&Ok(target.route))).collect())
}

#[tokio::test]
async fn an_alias_goes_before_a_model_of_that_name_unless_a_provider_is_named() {
    let routes = || vec![alias("gpt", &[("mirror", "shared", 0), ("openai", "brand-new", 0)])];
    let plan = |provider, model| {
        planned(routes(), &facts(provider, Some(model)), &Access::default(), 0.0).unwrap()
    };

    assert_eq!(plan(None, "gpt"), ["mirror shared", "openai brand-new (unlisted)"]);
    assert_eq!(plan(Some("openai"), "gpt"), ["openai gpt"]);
    assert_eq!(plan(None, "mirror/shared"), ["mirror shared"]);
}

#[tokio::test]
async fn targets_that_cannot_take_the_call_are_left_out() {
    let targets = [
        ("nobody", "m", 0),
        ("off", "m", 0),
        ("openai", "hidden", 0),
        ("openai", "embed", 0),
        ("openai", "gpt", 0),
    ];
    let snapshot = snapshot(Rows { routes: vec![alias("fast", &targets)], ..rows() });
    let asked = facts(None, Some("fast"));

    let plan = super::resolve(&snapshot, &asked, Endpoint::Chat, &Access::default(), 0.0).unwrap();

    let left_out: Vec<_> = plan.left_out.iter().map(|left_out| left_out.error.code()).collect();
    assert_eq!(left_out, ["not_found", "not_found", "not_found", "validation_failed"]);
    assert_eq!((plan.targets.len(), plan.first().model_code.as_str()), (1, "gpt"));
    assert_eq!(plan.alias.as_deref(), Some("fast"));
}

#[tokio::test]
async fn with_no_target_left_the_most_telling_error_is_told() {
    let none_can = alias("a", &[("off", "m", 0), ("openai", "embed", 0), ("nobody", "m", 0)]);
    let gone = alias("b", &[("nobody", "m", 0)]);
    let mut off = alias("c", &[("openai", "gpt", 0)]);
    off.is_active = false;
    let only_mirror = Access { providers: vec!["mirror".to_owned()], models: vec![] };
    let error = |name, access: &Access| {
        let routes = vec![none_can.clone(), gone.clone(), off.clone()];
        planned(routes, &facts(None, Some(name)), access, 0.0).unwrap_err()
    };

    assert!(matches!(error("a", &Access::default()), CallError::Unsupported { .. }));
    assert!(matches!(error("a", &only_mirror), CallError::NotAllowed { .. }));
    assert!(matches!(error("b", &Access::default()), CallError::ProviderNotFound { .. }));
    assert_eq!(error("c", &Access::default()).to_string(), "the route `c` is not active");
}

#[tokio::test]
async fn an_allowed_alias_allows_its_targets_but_no_other_provider() {
    let routes = || vec![alias("fast", &[("openai", "gpt", 0), ("mirror", "shared", 0)])];
    let access = |models: &[&str], providers: &[&str]| Access {
        models: models.iter().map(|&name| name.to_owned()).collect(),
        providers: providers.iter().map(|&name| name.to_owned()).collect(),
    };
    let plan = |access| planned(routes(), &facts(None, Some("fast")), &access, 0.0);

    assert_eq!(plan(access(&["fast"], &[])).unwrap(), ["openai gpt", "mirror shared"]);
    assert_eq!(plan(access(&["gpt"], &[])).unwrap(), ["openai gpt"]);
    assert_eq!(plan(access(&["fast"], &["mirror"])).unwrap(), ["mirror shared"]);
    assert!(matches!(plan(access(&["other"], &[])), Err(CallError::NotAllowed { .. })));
}

#[tokio::test]
async fn weights_draw_the_first_among_those_that_are_left() {
    let targets = [("openai", "gpt", 3), ("off", "m", 96), ("mirror", "shared", 1)];
    let plan = |chance| {
        let routes = vec![alias("fast", &targets)];
        planned(routes, &facts(None, Some("fast")), &Access::default(), chance).unwrap()
    };

    assert_eq!(plan(0.74), ["openai gpt", "mirror shared"]);
    assert_eq!(plan(0.76), ["mirror shared", "openai gpt"]);
}

#[tokio::test]
async fn the_callers_fallbacks_follow_once_each_after_any_failure() {
    let fallback = |provider: &str, model: Option<&str>| Fallback {
        provider: provider.to_owned(),
        model: model.map(str::to_owned),
    };
    let fallbacks = vec![
        fallback("openai", Some("gpt")),
        fallback("openai", None),
        fallback("nobody", None),
        fallback("mirror", Some("fast")),
    ];
    let asked = CallFacts { fallbacks, ..facts(None, Some("fast")) };
    let routes = vec![alias("fast", &[("mirror", "shared", 0)])];
    let snapshot = snapshot(Rows { routes, ..rows() });

    let plan = super::resolve(&snapshot, &asked, Endpoint::Chat, &Access::default(), 0.0).unwrap();

    let targets: Vec<_> =
        plan.targets.into_iter().map(|target| (told(&Ok(target.route)), target.on)).collect();
    assert_eq!(
        targets,
        [
            ("mirror shared".to_owned(), vec![FallbackOn::ContextTooLong]),
            ("openai gpt".to_owned(), vec![FallbackOn::Failure]),
            // An explicit provider never means a route.
            ("mirror fast (unlisted)".to_owned(), vec![FallbackOn::Failure]),
        ]
    );
    assert_eq!(plan.left_out.len(), 1);
}
