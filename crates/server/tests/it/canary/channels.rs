//! Channels of alerts, whose receivers repeat every secret that they are sent.

use serde_json::json;

use super::course::{bad, good};
use super::probe::Probe;
use crate::alerting::receiver::Receiver;
use crate::support::Client;

const TOKEN: &str = "canary-token-in-a-hook-91c4e0";
const SECRET: &str = "canary-secret-of-a-hook-55af10";
const PASSWORD: &str = "canary-password-of-mail-7b21";
const MISTAKEN: &str = "canary-in-a-wrong-channel-c3d8";

/// Saves channels rightly and wrongly, and tries them. They stay, so that alerts go to them later.
pub(crate) async fn administrate(probe: &mut Probe, admin: &Client) {
    for (name, secret) in [
        ("the token in a webhook's URL", TOKEN),
        ("a webhook's secret", SECRET),
        ("the mail server's password", PASSWORD),
        ("a secret of a wrong channel", MISTAKEN),
    ] {
        probe.canaries.plant(name, secret);
    }
    let receiver = Receiver::start().await;
    let hook = |name: &str, kind: &str| {
        json!({"name": name, "type": kind, "secret": SECRET,
            "url": receiver.url(&format!("/{TOKEN}/send?access_token={TOKEN}"))})
    };
    let kinds = ["generic", "slack", "feishu", "dingtalk", "wecom"];
    let hooks: Vec<_> = kinds.iter().map(|kind| hook(kind, kind)).collect();
    let email = json!({"host": "127.0.0.1", "port": 1, "username": "tollgate",
        "password": PASSWORD, "from": "a@example.com", "to": ["b@example.com"]});
    let (settings, test) = ("/api/admin/settings", "/api/admin/alerts/test");
    let channels = json!({"alerts": {"webhooks": hooks, "email": email}});
    good(probe.put(admin, settings, &channels).await);
    good(probe.get(admin, settings).await);
    for wrong in [
        json!({"name": "x", "type": "slack", "url": format!("ftp://host/{MISTAKEN}")}),
        json!({"name": "x", "type": MISTAKEN, "url": "https://host.example/"}),
        json!({"name": "x", "type": "slack", "url": [MISTAKEN], "secret": MISTAKEN}),
        json!({"name": "x", "secret": MISTAKEN.repeat(10)}),
    ] {
        bad(probe.put(admin, settings, &json!({"alerts": {"webhooks": [wrong]}})).await);
        bad(probe.post(admin, test, &json!({"webhook": wrong})).await);
    }
    let elsewhere = json!({"alerts": {"email": {"host": "elsewhere.example.com"}}});
    bad(probe.put(admin, settings, &elsewhere).await);
    bad(probe.post(admin, test, &json!({"channel": MISTAKEN})).await);
    let echo = format!("{TOKEN} {SECRET}");
    for kind in kinds {
        receiver.answer(500, &echo);
        let code = json!({"errcode": 310_000, "errmsg": echo, "code": 19_021, "msg": echo});
        receiver.answer(200, &code.to_string());
        for _ in 0..2 {
            good(probe.post(admin, test, &json!({"channel": kind})).await);
        }
        good(probe.post(admin, test, &json!({"webhook": hook("unsaved", kind)})).await);
    }
    good(probe.post(admin, test, &json!({"channel": "email"})).await);
    assert_eq!(receiver.take().len(), 15, "every one went out");
}
