//! What a user shows beside text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::request::ChatRequest;

/// Each image, file and sound of the conversation: its type and size (`image/png of 70 bytes`), or
/// its address where it has one.
pub(super) fn attached(request: &ChatRequest) -> Vec<String> {
    let parts = request.messages.iter().filter_map(|message| message["content"].as_array());
    parts.flatten().filter_map(described).collect()
}

fn described(part: &Value) -> Option<String> {
    match part["type"].as_str()? {
        "image_url" => Some(of_url(part["image_url"]["url"].as_str()?)),
        "file" => Some(of_url(part["file"]["file_data"].as_str()?)),
        "input_audio" => {
            let kind = format!("audio/{}", part["input_audio"]["format"].as_str()?);
            Some(sized(&kind, part["input_audio"]["data"].as_str()?))
        }
        _ => None,
    }
}

fn of_url(url: &str) -> String {
    match url.strip_prefix("data:").and_then(|data| data.split_once(";base64,")) {
        Some((kind, data)) => sized(kind, data),
        None => url.to_owned(),
    }
}

fn sized(kind: &str, data: &str) -> String {
    match STANDARD.decode(data) {
        Ok(bytes) => format!("{kind} of {} bytes", bytes.len()),
        Err(_) => format!("{kind} that is no base64"),
    }
}
