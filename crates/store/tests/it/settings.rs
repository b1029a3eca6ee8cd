use tollgate_domain::provider::Strategy;
use tollgate_domain::setting::{Settings, SettingsPatch};
use tollgate_store::testing::each_database;

use crate::support::at;

#[tokio::test]
async fn settings_without_rows_are_the_defaults_and_saved_ones_come_back() {
    each_database(async |store| {
        assert_eq!(store.settings().load().await.unwrap(), Settings::default());

        let patch = SettingsPatch {
            cors_origins: Some(vec!["https://app.example".to_owned()]),
            default_time_zone: Some("Asia/Shanghai".to_owned()),
            address_limit_per_15_min: Some(7),
            default_provider: None,
            load_balancer_algorithm: Some(Strategy::LeastLoad),
            log_retention_days: Some(30),
            ..SettingsPatch::default()
        };
        let change = store.settings().update(&patch, at(1)).await.unwrap();

        assert_eq!(change.before, Settings::default());
        assert_eq!(change.after, patch.over(&Settings::default()));
        assert_eq!(store.settings().load().await.unwrap(), change.after);
    })
    .await;
}

#[tokio::test]
async fn changes_of_different_settings_at_one_time_all_hold() {
    each_database(async |store| {
        let zone =
            SettingsPatch { default_time_zone: Some("UTC+1".to_owned()), ..Default::default() };
        let limit = SettingsPatch { address_limit_per_15_min: Some(9), ..Default::default() };
        let provider =
            SettingsPatch { default_provider: Some("qwen".to_owned()), ..Default::default() };

        let settings = store.settings();
        tokio::try_join!(
            settings.update(&zone, at(1)),
            settings.update(&limit, at(1)),
            settings.update(&provider, at(1)),
        )
        .unwrap();

        let all = provider.over(&limit.over(&zone.over(&Settings::default())));
        assert_eq!(store.settings().load().await.unwrap(), all);
    })
    .await;
}

#[tokio::test]
async fn first_values_never_replace_what_was_saved() {
    each_database(async |store| {
        let first = Settings { default_provider: "qwen".to_owned(), ..Settings::default() };
        store.settings().initialise(&first, at(1)).await.unwrap();
        assert_eq!(store.settings().load().await.unwrap(), first);

        let second = Settings { default_provider: "openai".to_owned(), ..Settings::default() };
        store.settings().initialise(&second, at(2)).await.unwrap();

        assert_eq!(store.settings().load().await.unwrap(), first);
    })
    .await;
}

#[tokio::test]
async fn every_change_of_configuration_counts_the_version_up() {
    each_database(async |store| {
        let before = store.settings().config_version().await.unwrap();

        store.settings().bump_config_version(at(1)).await.unwrap();
        store.settings().update(&SettingsPatch::default(), at(2)).await.unwrap();

        assert_eq!(store.settings().config_version().await.unwrap(), before + 2);
    })
    .await;
}
