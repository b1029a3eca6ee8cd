#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| tollgate_providers_fuzz::run(
    "requests_anthropic_to_anthropic",
    data
));
