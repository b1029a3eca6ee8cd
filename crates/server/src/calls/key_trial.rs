//! Every active key tried out with one real call.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream;
use tokio::time::Instant;
use tollgate_domain::api_key::KeyStatus;
use tollgate_domain::caller::Access;
use tollgate_domain::chat::{ChatCall, Dialect, Endpoint};
use tollgate_domain::model::ModelType;
use tollgate_domain::{ApiKeyId, AppTokenId, Clock, RequestId, UserId};
use tollgate_gateway::{CallError, Engine, ProviderEntry, Snapshot};
use tollgate_providers::HttpClient;

use crate::calls::question::Question;
use crate::error::{ApiError, ApiResult, ErrorKind};

/// Keys that are tried at a time.
const AT_A_TIME: usize = 8;
/// The longest answer that is asked for, in tokens.
const MAX_TOKENS: i64 = 64;

/// What is asked, and of whom.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyTrial {
    /// What each key is asked.
    pub(crate) prompt: String,
    /// Only keys of this provider.
    pub(crate) provider: Option<String>,
    /// Only this key.
    pub(crate) key: Option<ApiKeyId>,
    /// The model; each provider's default one where absent.
    pub(crate) model: Option<String>,
}

/// Whom the calls count for, and how they are put on record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tester {
    pub(crate) path: &'static str,
    pub(crate) user_id: Option<UserId>,
    pub(crate) app_id: Option<AppTokenId>,
    pub(crate) ip_address: Option<String>,
    pub(crate) user_agent: Option<String>,
}

/// What came of one key.
#[derive(Debug)]
pub(crate) struct KeyVerdict {
    pub(crate) key_id: ApiKeyId,
    pub(crate) key_name: String,
    /// As the key's secret is shown.
    pub(crate) hint: String,
    pub(crate) provider: String,
    /// The model that was asked; `None` where there is none to ask.
    pub(crate) model: Option<String>,
    pub(crate) latency_ms: i64,
    /// Why there was no answer; `None` where there was one.
    pub(crate) error: Option<ApiError>,
}

/// A key and what it is asked for.
struct Candidate {
    key: ApiKeyId,
    name: String,
    hint: String,
    provider: String,
    model: Option<String>,
}

/// Tries every active key of the active providers that `trial` means: one call with each, or none
/// where the key rests because the provider asked it to. A key that is out for another reason is
/// shown to its provider first, which puts it to use again where that takes it. The calls are on
/// record and cost what they cost.
///
/// # Errors
/// There is no such provider, key or model, or the provider or the key is not active.
pub(crate) async fn try_keys(
    engine: &Engine,
    http: &HttpClient,
    clock: &dyn Clock,
    tester: &Tester,
    trial: &KeyTrial,
) -> ApiResult<Vec<KeyVerdict>> {
    let candidates = candidates(&engine.snapshot(), trial)?;
    let trials = candidates.into_iter().map(|candidate| async move {
        let begun = Instant::now();
        let outcome = try_key(engine, http, clock, tester, trial, &candidate).await;
        KeyVerdict {
            key_id: candidate.key,
            key_name: candidate.name,
            hint: candidate.hint,
            provider: candidate.provider,
            model: candidate.model,
            latency_ms: i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX),
            error: outcome.err(),
        }
    });
    Ok(stream::iter(trials).buffered(AT_A_TIME).collect().await)
}

/// The active keys that are meant, by provider.
fn candidates(snapshot: &Snapshot, trial: &KeyTrial) -> ApiResult<Vec<Candidate>> {
    let mut providers = providers(snapshot, trial)?;
    if let Some(key) = trial.key {
        let is_of = |provider: &ProviderEntry| {
            provider.keys.iter().any(|entry| entry.key.id == key && entry.key.is_active)
        };
        providers.retain(|(provider, _)| is_of(provider));
        if providers.is_empty() {
            return Err(ApiError::invalid("keyId", "names no active key of an active provider"));
        }
    }
    let is_meant = |key: ApiKeyId| trial.key.is_none_or(|only| only == key);
    let of_provider = |(provider, model): (Arc<ProviderEntry>, Option<String>)| {
        let active = provider.keys.iter().filter(|entry| entry.key.is_active);
        let active = active.filter(|entry| is_meant(entry.key.id));
        let candidate = |key: &tollgate_domain::api_key::ApiKey| Candidate {
            key: key.id,
            name: key.name.clone(),
            hint: key.hint.clone(),
            provider: provider.provider.code.clone(),
            model: model.clone(),
        };
        active.map(|entry| candidate(&entry.key)).collect::<Vec<_>>()
    };
    Ok(providers.into_iter().flat_map(of_provider).collect())
}

/// The active providers that are meant, each with the model to ask.
fn providers(
    snapshot: &Snapshot,
    trial: &KeyTrial,
) -> ApiResult<Vec<(Arc<ProviderEntry>, Option<String>)>> {
    if let Some(code) = &trial.provider {
        let missing = || CallError::ProviderNotFound { provider: code.clone() };
        let provider = snapshot.provider_by_code(code).ok_or_else(missing)?;
        if !provider.provider.is_active {
            return Err(CallError::ProviderInactive { provider: code.clone() }.into());
        }
        let model = trial.model.clone().or_else(|| usual_model(provider));
        return Ok(vec![(Arc::clone(provider), model)]);
    }
    let active = snapshot.providers.iter().filter(|entry| entry.provider.is_active);
    let Some(model) = &trial.model else {
        return Ok(active.map(|entry| (Arc::clone(entry), usual_model(entry))).collect());
    };
    let serving: Vec<_> = active
        .filter_map(|entry| Some((Arc::clone(entry), Some(its_model(entry, model)?))))
        .collect();
    if serving.is_empty() {
        return Err(CallError::ModelNotFound { model: model.clone() }.into());
    }
    Ok(serving)
}

/// What `provider` calls the model that somebody names as `model`, or as `provider/model`.
fn its_model(provider: &ProviderEntry, model: &str) -> Option<String> {
    if provider.models.contains_key(model) {
        return Some(model.to_owned());
    }
    let (code, rest) = model.split_once('/')?;
    (code == provider.provider.code && !rest.is_empty()).then(|| rest.to_owned())
}

/// The provider's default model, else the first of its active chat models by code.
fn usual_model(provider: &ProviderEntry) -> Option<String> {
    let default = provider.default_model.as_ref().map(|entry| entry.model.code.clone());
    default.or_else(|| {
        let chat = provider.models.values().map(|entry| &entry.model);
        let chat = chat.filter(|model| model.is_active && model.model_type == ModelType::Chat);
        chat.filter(|model| !model.is_responses_only())
            .min_by_key(|model| (model.lifecycle, &model.code))
            .map(|model| model.code.clone())
    })
}

async fn try_key(
    engine: &Engine,
    http: &HttpClient,
    clock: &dyn Clock,
    tester: &Tester,
    trial: &KeyTrial,
    candidate: &Candidate,
) -> ApiResult<()> {
    let Some(model) = &candidate.model else {
        let message = "the provider has no chat model to ask; name one";
        return Err(ApiError::invalid("model", message));
    };
    if is_out(engine.live(candidate.key).state.status) {
        revive(engine, http, candidate.key).await?;
    }
    let call = call(clock, tester, trial, candidate, model)?;
    engine.call(http, call).await?;
    Ok(())
}

/// Whether a key is not used until somebody has shown it to its provider.
const fn is_out(status: KeyStatus) -> bool {
    match status {
        KeyStatus::Normal | KeyStatus::RateLimited | KeyStatus::Undecryptable => false,
        KeyStatus::Invalid | KeyStatus::QuotaExceeded | KeyStatus::Cooling => true,
    }
}

/// Shows a key to its provider, which puts it to use again where that takes it.
async fn revive(engine: &Engine, http: &HttpClient, key: ApiKeyId) -> ApiResult<()> {
    let verdict = engine.validate_key(http, key).await?;
    if verdict.is_valid {
        return Ok(());
    }
    let reason = verdict.reason.unwrap_or_else(|| "the provider refuses the key".to_owned());
    Err(ApiError::new(ErrorKind::NoAvailableKey, reason))
}

fn call(
    clock: &dyn Clock,
    tester: &Tester,
    trial: &KeyTrial,
    candidate: &Candidate,
    model: &str,
) -> ApiResult<ChatCall> {
    let (provider, prompt) = (&candidate.provider, &trial.prompt);
    let question = Question { provider, model, prompt, max_tokens: MAX_TOKENS };
    let (body, mut facts) = question.ask()?;
    facts.only_key = Some(candidate.key);
    Ok(ChatCall {
        request_id: RequestId::new(clock.now()),
        client_request_id: None,
        user_id: tester.user_id,
        app_id: tester.app_id,
        access: Access::default(),
        dialect: Dialect::OpenAi,
        endpoint: Endpoint::Chat,
        path: tester.path,
        body,
        facts,
        forwarded: Vec::new(),
        timeout: None,
        ip_address: tester.ip_address.clone(),
        user_agent: tester.user_agent.clone(),
    })
}
