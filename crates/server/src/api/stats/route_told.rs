//! How an attempt came about, in sentences.

use serde_json::Value;

/// What `routing`, as the engine records it, says; in order.
pub(super) fn sentences(routing: &Value) -> Vec<String> {
    let mut told = Vec::new();
    let text = |name: &str| routing[name].as_str().unwrap_or_default();
    if !list(routing, "targets").is_empty() {
        let targets: Vec<_> = list(routing, "targets").iter().map(target).collect();
        let way = targets.join(", then ");
        told.push(match routing["alias"].as_str() {
            Some(alias) => format!("The route `{alias}` leads to {way}."),
            None => format!("The call may go to {way}."),
        });
    }
    for one in list(routing, "leftOut") {
        let why = one["message"].as_str().unwrap_or_default();
        told.push(format!("{} is left out: {why}.", target(one)));
    }
    if !text("after").is_empty() {
        let step = match text("by") {
            "another_key" => "another key was tried",
            "next_target" => "the call went on to the next target",
            _ => "a key was tried again",
        };
        told.push(format!("After `{}` {step}.", text("after")));
    }
    for one in list(routing, "passedOver") {
        let why = match one["reason"].as_str() {
            Some("condition") => "the route does not go on to it after such a failure",
            Some(reason) => reason,
            None => "",
        };
        told.push(format!("{} was passed over: {why}.", target(one)));
        told.extend(list(one, "skipped").iter().map(key));
    }
    told.extend(list(routing, "skipped").iter().map(key));
    if let Some(more) = routing["skippedMore"].as_u64() {
        told.push(format!("So were {more} more keys."));
    }
    if let Some(waited) = routing["waitedMs"].as_u64() {
        told.push(format!("The call waited {waited} ms."));
    }
    if routing["then"].is_object() {
        told.extend(sentences(&routing["then"]));
    }
    told
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn target(one: &Value) -> String {
    let text = |name: &str| one[name].as_str().unwrap_or_default();
    match (text("providerCode"), text("modelCode")) {
        ("", model) => format!("`{model}`"),
        (provider, "") => format!("`{provider}`"),
        (provider, model) => format!("`{provider}/{model}`"),
    }
}

fn key(one: &Value) -> String {
    let text = |name: &str| one[name].as_str().unwrap_or_default();
    let until = one["availableAt"].as_str().map(|at| format!(", until {at}"));
    let until = until.unwrap_or_default();
    format!("The key `{}` was passed over: {}{until}.", text("keyName"), text("reason"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn everything_on_record_is_said_in_order() {
        let place =
            |provider: &str, model: &str| json!({"providerCode": provider, "modelCode": model});
        let left_out = json!({"providerCode": "c", "modelCode": null, "reason": "not_found",
            "message": "there is no provider `c`"});
        let key = json!({"keyId": 1, "keyName": "main", "reason": "rpm", "availableAt": null});
        let passed = json!({"providerCode": "b", "modelCode": "n", "reason": "no_available_key",
            "skipped": [key]});
        let routing = json!({
            "alias": "fast", "targets": [place("a", "m"), place("b", "n")], "leftOut": [left_out],
            "after": "transient", "by": "same_key", "waitedMs": 250, "skippedMore": 2,
            "then": {"passedOver": [passed]},
        });

        assert_eq!(
            sentences(&routing),
            [
                "The route `fast` leads to `a/m`, then `b/n`.",
                "`c` is left out: there is no provider `c`.",
                "After `transient` a key was tried again.",
                "So were 2 more keys.",
                "The call waited 250 ms.",
                "`b/n` was passed over: no_available_key.",
                "The key `main` was passed over: rpm.",
            ]
        );
        assert!(sentences(&json!({})).is_empty());
    }
}
