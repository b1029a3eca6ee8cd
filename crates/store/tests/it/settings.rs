use tollgate_domain::setting::Settings;
use tollgate_store::testing::each_database;

use crate::support::at;

#[tokio::test]
async fn settings_without_rows_are_the_defaults_and_saved_ones_come_back() {
    each_database(async |store| {
        assert_eq!(store.settings().load().await.unwrap(), Settings::default());

        let wanted = Settings {
            cors_origins: vec!["https://app.example".to_owned()],
            default_time_zone: "Asia/Shanghai".to_owned(),
            address_limit_per_15_min: 7,
            ..Settings::default()
        };
        store.settings().save(&wanted, at(1)).await.unwrap();

        assert_eq!(store.settings().load().await.unwrap(), wanted);
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
        store.settings().save(&Settings::default(), at(2)).await.unwrap();

        assert_eq!(store.settings().config_version().await.unwrap(), before + 2);
    })
    .await;
}
