use std::collections::BTreeSet;

use super::*;

fn built_in() -> Catalogue {
    Catalogue::built_in().unwrap()
}

#[test]
fn each_default_model_is_alive_and_answers_plain_chat() {
    let catalogue = built_in();
    for provider in catalogue.providers.iter().filter(|provider| provider.is_active) {
        let code = provider.default_model.as_ref().unwrap();
        let model = catalogue
            .models
            .iter()
            .find(|entry| entry.provider == provider.code && entry.code == *code);

        let model = model.unwrap();
        assert_eq!(model.lifecycle, Lifecycle::Active, "{code}");
        assert_eq!(model.model_type, ModelType::Chat, "{code}");
        assert!(!model.constraints.contains_key("endpoint"), "{code}");
    }
}

#[test]
fn every_model_is_of_a_provider_and_no_code_stands_for_two() {
    let catalogue = built_in();
    let providers: BTreeSet<&str> =
        catalogue.providers.iter().map(|provider| provider.code.as_str()).collect();
    let mut seen = BTreeSet::new();
    for entry in &catalogue.models {
        assert!(providers.contains(entry.provider.as_str()), "{}", entry.code);
        for code in std::iter::once(&entry.code).chain(&entry.aliases) {
            assert!(seen.insert((&entry.provider, code)), "{code} stands for two models");
        }
    }
    assert_eq!(catalogue.models.len(), 102);
}

#[test]
fn the_eleven_models_of_the_first_catalogue_are_there_and_eight_of_them_are_retired() {
    let catalogue = built_in();
    let first = [
        ("openai", "gpt-3.5-turbo"),
        ("openai", "gpt-4-turbo"),
        ("openai", "gpt-4o"),
        ("openai", "gpt-4o-mini"),
        ("anthropic", "claude-3-5-haiku-20241022"),
        ("anthropic", "claude-3-5-sonnet-20241022"),
        ("anthropic", "claude-3-opus-20240229"),
        ("deepseek", "deepseek-chat"),
        ("deepseek", "deepseek-coder"),
        ("deepseek", "deepseek-reasoner"),
        ("qwen", "qwen-plus"),
    ];

    let entries = first.map(|(provider, code)| catalogue.find(provider, code).unwrap());

    let retired = entries.iter().filter(|entry| entry.lifecycle == Lifecycle::Retired).count();
    assert_eq!(retired, 8);
}

#[test]
fn a_price_is_read_digit_by_digit_into_nano_dollars_per_thousand() {
    let catalogue = built_in();
    let rates = |provider, code: &str| {
        let entry = catalogue.find(provider, code).unwrap();
        entry.price.as_ref().unwrap().tiers[0].rates.unwrap()
    };

    let gpt_4o = rates("openai", "gpt-4o");
    assert_eq!(gpt_4o.prompt, NanoUsd::new(2_500_000));
    assert_eq!(gpt_4o.completion, NanoUsd::new(10_000_000));
    assert_eq!(gpt_4o.cache_read, Some(NanoUsd::new(1_250_000)));
    assert_eq!(gpt_4o.cache_write, None);
    let haiku = rates("anthropic", "claude-haiku-5-5");
    assert_eq!(haiku.cache_write, Some(NanoUsd::new(125_000)));
    assert_eq!(haiku.cache_write_1h, Some(NanoUsd::new(200_000)));
    let deepseek = rates("deepseek", "deepseek-v4-flash");
    assert_eq!(deepseek.cache_read, Some(NanoUsd::new(6_000)));
    assert_eq!(deepseek.cache_write, Some(NanoUsd::ZERO));
}

#[test]
fn a_tier_whose_price_is_not_known_has_no_rates() {
    let catalogue = built_in();
    let second = |provider, code: &str| {
        catalogue.find(provider, code).unwrap().price.as_ref().unwrap().tiers[1]
    };

    let unknown = |from| NewTier { tier_min_prompt_tokens: from, rates: None };
    assert_eq!(second("openai", "gpt-5.4"), unknown(272_001));
    assert_eq!(second("gemini", "gemini-2.5-pro"), unknown(200_001));
    assert_eq!(second("anthropic", "claude-haiku-5-5"), unknown(100_001));
    assert_eq!(second("qwen", "qwen3-max"), unknown(32_769));
}

#[test]
fn tiers_begin_at_nothing_and_rise() {
    for entry in built_in().models {
        let Some(price) = entry.price else { continue };
        assert_eq!(price.tiers[0].tier_min_prompt_tokens, 0, "{}", entry.code);
        assert!(price.tiers.is_sorted_by_key(|tier| tier.tier_min_prompt_tokens));
    }
}

#[test]
fn a_price_that_is_too_precise_or_no_number_is_refused() {
    for text in ["0.0000001", "cheap", "1,5", ""] {
        assert!(PerMillion::try_from(text.to_owned()).is_err(), "{text}");
    }
}

#[test]
fn an_alias_is_known_by_what_it_stands_for_and_named_by_its_own_code() {
    let catalogue = built_in();

    let entry = catalogue.find("openai", "gpt-4o-2024-08-06").unwrap();

    assert_eq!(entry.code, "gpt-4o");
    assert_eq!(entry.to_model(ProviderId::new(1), "gpt-4o-2024-08-06").name, "gpt-4o-2024-08-06");
    assert!(catalogue.find("anthropic", "gpt-4o").is_none());
}
