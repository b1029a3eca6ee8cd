//! Ids of calls in the characters that every dialect takes.

/// The id in characters that Anthropic takes; different ids stay different.
pub(crate) fn plain_id(id: &str) -> String {
    let mut plain = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => plain.push(char::from(byte)),
            _ => plain.push_str(&format!("_x{byte:02x}")),
        }
    }
    if plain.is_empty() { "_".to_owned() } else { plain }
}
