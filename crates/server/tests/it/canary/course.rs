//! Every route of the document, asked rightly at least once, with secrets where they belong.

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Simulator};

use super::Planted;
use super::probe::Probe;
use crate::support::operator::question;
use crate::support::{Client, Reply};

/// Secrets that the course itself brings; each is to be found nowhere.
const PASSWORDS: [(&str, &str); 4] = [
    ("a user's password", "canary-password-of-ann-4be1"),
    ("their next password", "canary-next-password-of-ann-90c7"),
    ("the password an admin gave them", "canary-given-password-of-ann-1f3a"),
    ("a wrong password", "canary-wrong-password-77d2"),
];
/// Upstream keys that the course itself brings.
const KEYS: [(&str, &str); 6] = [
    ("a key that is replaced", "sk-canary-replaced-2a6f90c1d4"),
    ("the key it is replaced by", "sk-canary-replacing-8e21b7c05f"),
    ("an imported key", "sk-canary-imported-61f0aa93bd"),
    ("a named imported key", "sk-canary-imported-too-0c4e8d7712"),
    ("a key with a space", "sk-canary with-a-space-93ab17"),
    ("a key beyond ASCII", "sk-canary-schlüssel-55de02"),
];

/// Signs in and out in every way.
pub(crate) async fn sign_in(probe: &mut Probe, nobody: &Client, admin: &Client) {
    for (name, secret) in PASSWORDS {
        probe.canaries.plant(name, secret);
    }
    let [(_, first), (_, second), (_, given), (_, wrong)] = PASSWORDS;
    let long = wrong.repeat(10);
    let users = "/api/admin/users";
    let ann = json!({"username": "ann", "password": first, "role": "analyst"});
    let made = good(probe.post(admin, users, &ann).await);
    let user = format!("{users}/{}", made["id"]);
    bad(probe.post(admin, users, &ann).await);
    for password in ["canary", long.as_str()] {
        let body = json!({"username": "bob", "password": password, "role": "app"});
        bad(probe.post(admin, users, &body).await);
    }
    good(probe.get(admin, users).await);

    let login = |password: &str| json!({"username": "ann", "password": password});
    bad(probe.post(nobody, "/api/auth/login", &login(wrong)).await);
    good(probe.post(nobody, "/api/auth/login", &login(first)).await);
    let token = probe.told("a session's token", "/data/token");
    let refresh = probe.told("a refresh token", "/data/refreshToken");
    let ann = nobody.with_token(&token);
    good(probe.get(&ann, "/api/auth/me").await);
    let body = |current: &str, new: &str| json!({"currentPassword": current, "newPassword": new});
    bad(probe.post(&ann, "/api/auth/password", &body(wrong, second)).await);
    bad(probe.post(&ann, "/api/auth/password", &body(first, first)).await);
    good(probe.post(&ann, "/api/auth/password", &body(first, second)).await);
    probe.told("the token after a new password", "/data/token");
    let next = probe.told("the refresh token after a new password", "/data/refreshToken");
    bad(probe.get(&ann, "/api/auth/me").await);

    let refreshing = |token: &str| json!({"refreshToken": token});
    bad(probe.post(nobody, "/api/auth/refresh", &refreshing(&refresh)).await);
    good(probe.post(nobody, "/api/auth/refresh", &refreshing(&next)).await);
    probe.told("a refreshed session's token", "/data/token");
    probe.told("its refresh token", "/data/refreshToken");
    // Its answer may have been lost.
    good(probe.post(nobody, "/api/auth/refresh", &refreshing(&next)).await);
    probe.told("the token of the refresh asked again", "/data/token");
    probe.told("its refresh token, told again", "/data/refreshToken");
    // That of a session which the new password ended.
    bad(probe.post(nobody, "/api/auth/refresh", &refreshing(&refresh)).await);

    let sessions = format!("{user}/sessions");
    good(probe.get(admin, &sessions).await);
    good(probe.delete(admin, &sessions).await);
    good(probe.put(admin, &user, &json!({"password": given})).await);
    good(probe.post(nobody, "/api/auth/login", &login(given)).await);
    let token = probe.told("the last session's token", "/data/token");
    probe.told("the last session's refresh token", "/data/refreshToken");
    let ann = nobody.with_token(&token);
    good(probe.post(&ann, "/api/auth/logout", &Value::Null).await);
    bad(probe.post(&ann, "/api/auth/logout", &Value::Null).await);
    good(probe.delete(admin, &user).await);
    bad(probe.get(admin, &sessions).await);
    bad(probe.delete(admin, &sessions).await);
    // Until those who guess have to wait.
    for _ in 0..8 {
        bad(probe.post(nobody, "/api/auth/login", &login(wrong)).await);
    }
}

/// Makes, shows, changes and deletes what there is to administrate.
pub(crate) async fn administrate(probe: &mut Probe, admin: &Client, simulator: &Simulator) {
    let providers = "/api/admin/ai-providers";
    let new = json!({"providerCode": "custom", "providerName": "Custom",
        "baseUrl": simulator.base_url(), "extraHeaders": {"x-team": "one"}});
    let made = good(probe.post(admin, providers, &new).await);
    bad(probe.post(admin, providers, &new).await);
    let provider = format!("{providers}/{}", made["id"]);
    good(probe.get(admin, providers).await);
    good(probe.get(admin, &provider).await);
    good(probe.put(admin, &provider, &json!({"description": "ours"})).await);
    keys(probe, admin, &provider).await;
    let synced = probe.post(admin, &format!("{provider}/sync-models"), &Value::Null).await;
    good(synced);
    models(probe, admin, &made["id"]).await;
    good(probe.delete(admin, &provider).await);
    good(probe.get(admin, "/api/admin/settings").await);
    let settings = json!({"defaultTimeZone": "Europe/Berlin"});
    good(probe.put(admin, "/api/admin/settings", &settings).await);
}

async fn keys(probe: &mut Probe, admin: &Client, provider: &str) {
    for (name, secret) in KEYS {
        probe.canaries.plant(name, secret);
    }
    let [(_, first), (_, second), (_, imported), (_, named), (_, spaced), (_, beyond)] = KEYS;
    let path = format!("{provider}/keys");
    let new = |key: &str| json!({"keyName": "main", "apiKey": key});
    let made = good(probe.post(admin, &path, &new(first)).await);
    bad(probe.post(admin, &path, &new(first)).await);
    for key in [spaced, beyond] {
        bad(probe.post(admin, &path, &new(key)).await);
    }
    let lines = format!("# pasted\n{imported}\nteam, {named}\n{first}\nx {beyond}\n");
    let import = format!("{path}/import");
    let view = good(probe.post(admin, &import, &json!({"keys": lines})).await);
    assert_eq!(view["added"], 2, "{view}");
    good(probe.get(admin, &path).await);
    let key = format!("/api/admin/ai-providers/keys/{}", made["id"]);
    good(probe.put(admin, &key, &json!({"apiKey": second})).await);
    bad(probe.put(admin, &key, &json!({"apiKey": imported})).await);
    bad(probe.put(admin, &key, &json!({"apiKey": spaced})).await);
    let order = format!("{path}/priorities");
    let first_of = |id: &Value| json!({"priorities": [{"keyId": id, "priority": 7}]});
    good(probe.put(admin, &order, &first_of(&made["id"])).await);
    bad(probe.put(admin, &order, &first_of(&json!(999_999_999))).await);
    good(probe.post(admin, &format!("{key}/validate"), &Value::Null).await);
    good(probe.post(admin, &format!("{key}/reset"), &Value::Null).await);
    good(probe.delete(admin, &key).await);
    bad(probe.post(admin, &format!("{key}/validate"), &Value::Null).await);
}

async fn models(probe: &mut Probe, admin: &Client, provider: &Value) {
    let models = "/api/admin/ai-models";
    let new = json!({"providerId": provider, "modelCode": "canary-model"});
    let made = good(probe.post(admin, models, &new).await);
    bad(probe.post(admin, models, &new).await);
    let model = format!("{models}/{}", made["id"]);
    good(probe.get(admin, models).await);
    good(probe.get(admin, &model).await);
    good(probe.put(admin, &model, &json!({"modelName": "Canary"})).await);
    let prices = format!("{model}/prices");
    let price = json!({"costPer1kPromptTokens": 0.001, "costPer1kCompletionTokens": 0.002});
    good(probe.post(admin, &prices, &price).await);
    good(probe.get(admin, &prices).await);
    let reprice = format!("{model}/reprice");
    let rehearsal = json!({"from": "2020-01-01T00:00:00Z", "dryRun": true});
    good(probe.post(admin, &reprice, &rehearsal).await);
    good(probe.delete(admin, &model).await);
    bad(probe.post(admin, &reprice, &rehearsal).await);
}

/// Calls models with an app token, whole and streamed, and looks at what was recorded.
pub(crate) async fn call(
    probe: &mut Probe,
    nobody: &Client,
    admin: &Client,
    simulator: &Simulator,
    planted: &Planted,
) {
    let tokens = "/api/admin/app-tokens";
    let made = good(probe.post(admin, tokens, &json!({"name": "canary app"})).await);
    let token = probe.told("an app token", "/data/token");
    let app = nobody.with_token(&token);
    let path = format!("{tokens}/{}", made["id"]);
    good(probe.get(admin, tokens).await);
    good(probe.put(admin, &path, &json!({"allowedModels": []})).await);

    let answer = Behaviour::fast().text(planted.answer.clone());
    simulator.set_behaviour("gpt-4o", answer);
    for is_stream in [false, true] {
        let mut openai = question("gpt-4o");
        openai["messages"][0]["content"] = json!(planted.prompt);
        openai["stream"] = json!(is_stream);
        openai["user"] = json!("end-user-1");
        let ours = json!({"model": "gpt-4o", "messages": openai["messages"], "stream": is_stream});
        good(probe.post(&app, "/v1/chat/completions", &openai).await);
        good(probe.post(&app, "/api/ai/chat/completions", &ours).await);
        tools(probe, &app, planted, is_stream).await;
        anthropics(probe, &app, planted, is_stream).await;
    }
    batch_and_count(probe, &app, planted).await;
    operators_look(probe, nobody, admin, planted).await;
    let embed = json!({"model": "text-embedding-3-small", "input": planted.prompt});
    let reply = probe.post(&app, "/v1/embeddings", &embed).await;
    let request = reply.header("x-request-id").unwrap().to_owned();
    good(reply);
    for path in ["/v1/models", "/v1/models/gpt-4o", "/api/ai/models"] {
        good(probe.get(&app, path).await);
    }
    let claude = app.with_header("anthropic-version", "2023-06-01");
    for path in ["/v1/models?limit=3", "/v1/models/gpt-4o"] {
        good(probe.get(&claude, path).await);
    }
    for secret in KEYS.map(|(_, secret)| secret).iter().take(4) {
        bad(probe.get(&claude, &format!("/v1/models?after_id={secret}")).await);
        bad(probe.get(&claude, &format!("/v1/models?lifecycle={secret}")).await);
        let beta = format!("{secret},").repeat(400);
        let asked =
            json!({"model": "gpt-4o", "max_tokens": 9, "messages": question("gpt-4o")["messages"]});
        let loud = app.with_header("anthropic-beta", &beta);
        bad(probe.post(&loud, "/v1/messages", &asked).await);
    }
    statistics(probe, admin, &request).await;
    good(probe.delete(admin, &path).await);
    bad(probe.get(&app, "/v1/models").await);
}

/// Several chats at once, some of which fail, and counts of their tokens.
async fn batch_and_count(probe: &mut Probe, app: &Client, planted: &Planted) {
    let messages = json!([{"role": "user", "content": planted.prompt}]);
    for (provider, ..) in &planted.keys {
        let ours = json!({"providerCode": provider, "model": "sim-chat", "messages": messages});
        let mut hot = ours.clone();
        hot["temperature"] = json!(planted.prompt);
        let mut missing = ours.clone();
        missing["providerCode"] = json!("nobody");
        let batch = json!({"requests": [ours, hot, missing]});
        good(probe.post(app, "/api/ai/chat/batch", &batch).await);
        for prompt in [json!({"messages": messages}), json!({"text": planted.prompt})] {
            let mut count = prompt;
            count["providerCode"] = json!(provider);
            count["model"] = json!("gpt-4o");
            good(probe.post(app, "/api/ai/tokens/count", &count).await);
            count["messages"] = json!({"content": planted.prompt});
            bad(probe.post(app, "/api/ai/tokens/count", &count).await);
        }
    }
}

/// Operators look how keys fare, and try them.
async fn operators_look(probe: &mut Probe, nobody: &Client, admin: &Client, planted: &Planted) {
    for client in [nobody, admin] {
        good(probe.get(client, "/api/status/status").await);
    }
    let asked = json!({"prompt": planted.prompt, "model": "sim-chat", "providerCode": "openai"});
    good(probe.post(admin, "/api/status/test", &asked).await);
    good(probe.get(admin, "/api/admin/alerts?pageSize=200").await);
    let targets = json!([{"providerCode": "openai", "modelCode": "sim-chat"}]);
    let routes = "/api/admin/ai-routes";
    let new = json!({"alias": "canary-route", "targets": targets});
    let made = good(probe.post(admin, routes, &new).await);
    let path = format!("{routes}/{}", made["id"]);
    good(probe.get(admin, &path).await);
    good(probe.put(admin, &path, &json!({"description": "for canaries"})).await);
    let trial = json!({"targets": targets, "prompt": planted.prompt});
    good(probe.post(admin, &format!("{routes}/test"), &trial).await);
    let outlook = format!("{routes}/outlook");
    good(probe.post(admin, &outlook, &json!({"targets": targets})).await);
    bad(probe.post(admin, &outlook, &json!({"targets": []})).await);
    good(probe.delete(admin, &path).await);
    let algorithm = json!({"algorithm": "priority", "providerCode": "openai"});
    good(probe.put(admin, "/loadbalancer/algorithm", &algorithm).await);
}

/// A prompt in every place that a prompt can have.
async fn tools(probe: &mut Probe, app: &Client, planted: &Planted, is_stream: bool) {
    let prompt = &planted.prompt;
    let body = json!({
        "model": "openai/sim-chat", "stream": is_stream, "user": "end-user-2",
        "tools": [{"type": "function", "function": {"name": "look", "description": prompt,
            "parameters": {"type": "object", "properties": {"at": {"type": "string"}}}}}],
        "messages": [
            {"role": "system", "content": prompt},
            {"role": "user", "content": [{"type": "text", "text": prompt}]},
            {"role": "assistant", "content": null, "tool_calls": [{"id": "call_1",
                "type": "function", "function": {"name": "look", "arguments": json!({"at": prompt}).to_string()}}]},
            {"role": "tool", "tool_call_id": "call_1", "content": prompt}],
    });
    good(probe.post(app, "/v1/chat/completions", &body).await);
    // Refused here, and by the provider.
    let mut refused = body.clone();
    refused["temperature"] = json!(prompt);
    bad(probe.post(app, "/v1/chat/completions", &refused).await);
    refused["temperature"] = json!(1);
    refused["messages"][1]["role"] = json!(prompt);
    bad(probe.post(app, "/v1/chat/completions", &refused).await);
    let broken = body.to_string();
    let broken = &broken[..broken.len() - 2];
    let broken = super::probe::Body::Text { content_type: "application/json", text: broken };
    bad(probe.send(app, reqwest::Method::POST, "/v1/chat/completions", broken).await);
}

/// The same as Anthropic's callers say it, to a provider of each protocol.
async fn anthropics(probe: &mut Probe, app: &Client, planted: &Planted, is_stream: bool) {
    let prompt = &planted.prompt;
    for (provider, ..) in &planted.keys {
        let body = json!({
            "model": format!("{provider}/sim-chat"), "stream": is_stream, "max_tokens": 99,
            "metadata": {"user_id": "end-user-3"},
            "system": [{"type": "text", "text": prompt}],
            "tools": [{"name": "look", "description": prompt,
                "input_schema": {"type": "object", "properties": {"at": {"type": "string"}}}}],
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": prompt}]},
                {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1",
                    "name": "look", "input": {"at": prompt}}]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1",
                    "content": prompt}]}],
        });
        for path in ["/v1/messages", "/v1/messages/count_tokens"] {
            good(probe.post(app, path, &body).await);
            // Refused here, and by the provider or the translation.
            let mut refused = body.clone();
            refused["system"] = json!({"text": prompt});
            bad(probe.post(app, path, &refused).await);
            refused["system"] = body["system"].clone();
            refused["messages"][0]["role"] = json!(prompt);
            bad(probe.post(app, path, &refused).await);
            let broken = body.to_string();
            let broken = &broken[..broken.len() - 2];
            let broken =
                super::probe::Body::Text { content_type: "application/json", text: broken };
            bad(probe.send(app, reqwest::Method::POST, path, broken).await);
        }
    }
}

async fn statistics(probe: &mut Probe, admin: &Client, request: &str) {
    let stats = "/api/admin/ai-stats";
    let call = format!("{stats}/logs/{request}");
    // The record is written a moment after the answer.
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(50));
    let written = async {
        while admin.get(&call).await.status != 200 {
            ticks.tick().await;
        }
    };
    tokio::time::timeout(crate::support::PATIENCE, written).await.expect("it is recorded");
    for path in ["usage?groupBy=model", "usage/trend", "dashboard", "logs", "logs/errors"] {
        good(probe.get(admin, &format!("{stats}/{path}")).await);
    }
    good(probe.get(admin, &call).await);
    good(probe.get(admin, "/api/admin/audit-logs?pageSize=200").await);
}

#[track_caller]
pub(super) fn good(reply: Reply) -> Value {
    assert!(reply.status < 300, "{}: {}", reply.status, reply.text);
    serde_json::from_str::<Value>(&reply.text).unwrap_or_default()["data"].take()
}

#[track_caller]
pub(super) fn bad(reply: Reply) {
    assert!(reply.status >= 400, "{}: {}", reply.status, reply.text);
}
