//! What operators do with keys.

use tollgate_domain::ApiKeyId;
use tollgate_domain::api_key::KeyStatus;
use tollgate_domain::provider::Timeouts;
use tollgate_gateway::{CallError, KeyError};
use tollgate_simulator::{Behaviour, Fault};

use crate::support::{given, given_with, options};

#[tokio::test]
async fn a_validation_sets_the_status_to_what_the_provider_says() {
    for (secret, is_valid, status) in [
        ("sk-sim-fine", true, KeyStatus::Normal),
        ("sk-sim-error-openai-401", false, KeyStatus::Invalid),
        ("sk-sim-error-openai-429-quota", false, KeyStatus::QuotaExceeded),
        ("sk-sim-error-openai-500", false, KeyStatus::Normal),
    ] {
        let given = given(&[secret]).await;

        let verdict = given.engine.validate_key(&given.http, given.keys[0]).await.unwrap();

        assert_eq!((verdict.is_valid, verdict.reason.is_none()), (is_valid, is_valid), "{secret}");
        assert_eq!(given.engine.live(given.keys[0]).state.status, status, "{secret}");
        let stored = given.store.api_keys().find(given.keys[0]).await.unwrap();
        assert_eq!(stored.state.status, status, "{secret}");
    }
}

#[tokio::test]
async fn an_invalid_key_is_used_again_once_it_is_validated_or_reset() {
    let given = given(&["sk-sim-a"]).await;
    let key = given.keys[0];
    for again in [true, false] {
        given.simulator.set_behaviour("sk-sim-a", Behaviour::failing(Fault::error("401")));
        given.ask("sim-chat").await.unwrap_err();
        given.status_becomes(0, KeyStatus::Invalid).await;
        given.simulator.set_behaviour("sk-sim-a", Behaviour::fast());
        assert!(matches!(given.ask("sim-chat").await, Err(CallError::NoAvailableKey { .. })));

        if again {
            assert!(given.engine.validate_key(&given.http, key).await.unwrap().is_valid);
        } else {
            given.engine.reset_key(key).await.unwrap();
        }

        given.ask("sim-chat").await.unwrap();
        given.engine.flush().await;
        let stored = given.store.api_keys().find(key).await.unwrap();
        assert_eq!(stored.state.status, KeyStatus::Normal);
    }
}

#[tokio::test]
async fn an_inactive_key_can_be_validated_but_is_not_used() {
    let given =
        given_with(&["sk-sim-a"], options(), Timeouts::default(), |key| key.is_active = false)
            .await;

    assert!(given.engine.validate_key(&given.http, given.keys[0]).await.unwrap().is_valid);
    let CallError::NoAvailableKey { keys, .. } = given.ask("sim-chat").await.unwrap_err() else {
        panic!("there is no active key")
    };
    assert!(keys.is_empty());
}

#[tokio::test]
async fn a_key_that_is_not_there_cannot_be_validated() {
    let given = given(&[]).await;
    let unknown = ApiKeyId::new(99);

    let validated = given.engine.validate_key(&given.http, unknown).await;
    assert!(matches!(validated, Err(KeyError::NotFound(_))));
    assert!(matches!(given.engine.reset_key(unknown).await, Err(KeyError::NotFound(_))));
}

#[tokio::test]
async fn a_providers_models_are_listed_with_the_first_key_that_works() {
    let given = given(&["sk-sim-error-401", "sk-sim-good"]).await;

    let models = given.engine.list_upstream_models(&given.http, given.provider).await.unwrap();

    assert!(models.iter().any(|model| model.code == "sim-chat"));
}

#[tokio::test]
async fn models_cannot_be_listed_without_a_key() {
    let given = given(&[]).await;

    let listed = given.engine.list_upstream_models(&given.http, given.provider).await;

    assert!(matches!(listed, Err(CallError::NoAvailableKey { .. })));
}
