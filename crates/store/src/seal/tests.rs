use proptest::prelude::*;

use super::*;

fn place(provider: i64) -> Place {
    Place { table: "t_ai_api_keys", column: "api_key", provider_id: ProviderId::new(provider) }
}

fn ring() -> Keyring {
    Keyring::new(SealingKey::generate(), Vec::new())
}

proptest! {
    #[test]
    fn what_is_sealed_opens_again(plaintext in ".*", provider in 1..1_000_i64) {
        let ring = ring();

        let sealed = ring.seal(&plaintext, place(provider));

        prop_assert!(sealed.starts_with("v1:"));
        let opened = ring.open(&sealed, place(provider)).unwrap();
        prop_assert_eq!(opened.expose(), &plaintext);
    }

    #[test]
    fn an_altered_value_never_opens(plaintext in "[ -~]{1,60}", at in 0..500_usize, to in "[A-Za-z0-9+/=:]") {
        let ring = ring();
        let sealed = ring.seal(&plaintext, place(1));
        let at = at % sealed.len();
        let mut altered = sealed.clone();
        altered.replace_range(at..=at, &to);

        prop_assume!(altered != sealed);
        prop_assert!(ring.open(&altered, place(1)).is_err());
    }

    #[test]
    fn any_32_bytes_are_read_as_hex_and_as_base64(bytes in any::<[u8; 32]>()) {
        let key = SealingKey::from_bytes(bytes);

        let upper = key.to_hex().expose().to_uppercase();
        prop_assert_eq!(&SealingKey::parse("KEY", &upper).unwrap().id, &key.id);
        let base64 = STANDARD.encode(bytes);
        prop_assert_eq!(&SealingKey::parse("KEY", &base64).unwrap().id, &key.id);
    }
}

#[test]
fn the_same_plaintext_is_sealed_differently_each_time_and_has_one_fingerprint() {
    let ring = ring();

    assert_ne!(ring.seal("sk-a", place(1)), ring.seal("sk-a", place(1)));
    assert_eq!(ring.fingerprint("sk-a"), ring.fingerprint("sk-a"));
    assert_ne!(ring.fingerprint("sk-a"), ring.fingerprint("sk-b"));
    assert_ne!(ring.fingerprint("sk-a"), self::ring().fingerprint("sk-a"));
}

#[test]
fn a_value_moved_to_another_provider_does_not_open() {
    let ring = ring();
    let sealed = ring.seal("sk-a", place(1));

    let key_id = ring.current_id().to_owned();
    assert_eq!(ring.open(&sealed, place(2)).unwrap_err(), SealError::Altered { key_id });
}

#[test]
fn a_former_key_opens_and_is_told_apart_from_the_current_one() {
    let former = SealingKey::generate();
    let sealed = Keyring::new(former.clone(), Vec::new()).seal("sk-a", place(1));

    let ring = Keyring::new(SealingKey::generate(), vec![former]);

    assert_eq!(ring.open(&sealed, place(1)).unwrap().expose(), "sk-a");
    assert!(!ring.is_current(&sealed));
    assert!(ring.is_current(&ring.seal("sk-a", place(1))));
    assert_eq!(ring.fingerprints("sk-a").len(), 2);
}

#[test]
fn a_value_of_a_lost_key_names_the_key() {
    let lost = ring();
    let sealed = lost.seal("sk-a", place(1));

    let error = ring().open(&sealed, place(1)).unwrap_err();

    assert_eq!(error, SealError::UnknownKey { key_id: lost.current_id().to_owned() });
    assert!(error.to_string().contains(lost.current_id()));
}

#[test]
fn a_wrong_sealing_key_is_refused_by_its_variable_and_never_shown() {
    let cases = [
        "",
        "secret-canary",
        "c2VjcmV0LWNhbmFyeQ==",
        "0123456789abcdef0123456789abcdef",
        &"zz".repeat(32),
    ];
    for text in cases {
        let message = SealingKey::parse("API_KEY_ENCRYPTION_KEY", text).unwrap_err().to_string();

        assert!(message.starts_with("API_KEY_ENCRYPTION_KEY is "), "{message}");
        assert!(text.is_empty() || !message.contains(text), "{message}");
    }
    assert_eq!(SealingKey::parse_list("OLD", " , ").unwrap().len(), 0);
    let two = format!("{},{}", "00".repeat(32), "11".repeat(32));
    assert_eq!(SealingKey::parse_list("OLD", &two).unwrap().len(), 2);
}

#[test]
fn a_key_prints_as_its_id() {
    let key = SealingKey::from_bytes([7; 32]);

    assert!(!format!("{key:?}").contains(key.to_hex().expose().as_str()));
    assert!(format!("{key:?}").contains(key.id()));
}
