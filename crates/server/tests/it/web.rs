//! The pages: what is sent where, in which form, and for how long it may be kept.

use std::collections::HashSet;
use std::fs;

use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;
use tollgate_server::web::Site;
use tollgate_store::testing::each_empty_database;

use crate::support::{ADMIN_PASSWORD, Client, Reply, TestApp, each_app, environment};

const SCRIPT: &str = "/assets/index-abc.js";
const HTML: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// A small build.
fn build() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("assets")).unwrap();
    for (name, text) in [
        (
            "index.html",
            r#"<meta property="csp-nonce" nonce="TOLLGATE_NONCE"><div id="root"></div>"#,
        ),
        ("favicon.svg", "<svg/>"),
        ("assets/index-abc.js", "plain script"),
        ("assets/index-abc.js.br", "brotli"),
        ("assets/index-abc.js.gz", "gzip"),
        ("assets/tiny-abc.css", "a{}"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

async fn each_site(test: impl AsyncFn(&TestApp)) {
    each_empty_database(async |database| {
        let folder = build();
        let mut environment = environment(database.url());
        environment.push(("WEB_DIR", folder.path().to_str().unwrap().to_owned()));
        let app = TestApp::start_with(environment).await;
        test(&app).await;
        app.stop().await;
    })
    .await;
}

fn browser(app: &TestApp) -> Client {
    app.anonymous.with_header("accept", HTML)
}

fn nonce(page: &Reply) -> String {
    let policy = page.header("content-security-policy").unwrap();
    let (_, rest) = policy.split_once("'nonce-").unwrap();
    rest.split_once('\'').unwrap().0.to_owned()
}

#[tokio::test]
async fn every_address_of_the_pages_shows_the_page() {
    each_site(async |app: &TestApp| {
        let browser = browser(app);
        for path in [
            "/",
            "/login",
            "/dashboard",
            "/logs/0192-a",
            "/providers/1/keys",
            "/models",
            "/nowhere",
        ] {
            let page = browser.get(path).await.expect(200);

            assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
            assert_eq!(page.header("cache-control"), Some("no-cache"));
            assert!(page.text.contains(r#"<div id="root">"#), "{path}");
        }
        // Whoever asks for the first address gets it, whatever they take.
        assert!(app.anonymous.get("/").await.expect(200).text.contains("root"));
    })
    .await;
}

#[tokio::test]
async fn the_policy_lets_in_our_own_files_and_the_styles_of_this_one_answer() {
    each_site(async |app: &TestApp| {
        let browser = browser(app);
        let mut seen = HashSet::new();
        for _ in 0..3 {
            let page = browser.get("/logs").await.expect(200);
            let policy = page.header("content-security-policy").unwrap().to_owned();
            for part in [
                "default-src 'none'",
                "script-src 'self';",
                "connect-src 'self'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
            ] {
                assert!(policy.contains(part), "{part} in {policy}");
            }
            assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
            let nonce = nonce(&page);
            assert!(page.text.contains(&format!(r#"nonce="{nonce}""#)), "{}", page.text);
            assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
            seen.insert(nonce);
        }
        assert_eq!(seen.len(), 3, "no two answers share a nonce");
    })
    .await;
}

#[tokio::test]
async fn files_come_in_the_smallest_form_that_is_taken_and_hashed_ones_last() {
    each_site(async |app: &TestApp| {
        for (accepted, coding, body) in [
            ("gzip, deflate, br, zstd", Some("br"), "brotli"),
            ("gzip", Some("gzip"), "gzip"),
            ("br;q=0, gzip;q=0.5", Some("gzip"), "gzip"),
            ("identity", None, "plain script"),
        ] {
            let file = app.anonymous.with_header("accept-encoding", accepted).get(SCRIPT).await;
            let file = file.expect(200);
            assert_eq!(file.header("content-encoding"), coding, "{accepted}");
            assert_eq!(file.text, body, "{accepted}");
            assert_eq!(file.header("content-type"), Some("text/javascript; charset=utf-8"));
            assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"));
            let vary = file.header("vary").unwrap_or_default();
            assert!(vary.split(", ").any(|header| header == "Accept-Encoding"), "{vary}");
        }
        let tiny =
            app.anonymous.with_header("accept-encoding", "br").get("/assets/tiny-abc.css").await;
        assert_eq!(tiny.expect(200).header("content-encoding"), None, "it has no other form");
        let icon = app.anonymous.get("/favicon.svg").await.expect(200);
        assert_eq!(icon.header("content-type"), Some("image/svg+xml"));
        assert_eq!(icon.header("cache-control"), Some("public, max-age=3600"));
    })
    .await;
}

#[tokio::test]
async fn what_is_neither_page_nor_file_is_told_as_json() {
    each_site(async |app: &TestApp| {
        let browser = browser(app);
        for path in [
            "/api/nothing",
            "/api",
            "/health/nothing",
            "/loadbalancer/x",
            "/assets/gone-abc.js",
            "/cache/x",
        ] {
            let reply = browser.get(path).await.expect(404);
            assert_eq!(reply.json()["error"]["type"], "not_found", "{path}");
        }
        let of_openai = browser.get("/v1/nothing").await.expect(404);
        assert!(of_openai.json()["error"]["code"].is_string());
        // A program that mistypes a path is not sent a page.
        app.anonymous.with_header("accept", "*/*").get("/dashboards").await.expect(404);
        browser.post("/dashboard", &json!({})).await.expect(404);
        browser.get("/index.html").await.expect(200);
        browser.get("/assets/..%2f..%2fCargo.toml").await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn a_head_request_gets_the_same_headers_and_no_body() {
    each_site(async |app: &TestApp| {
        for path in ["/", "/dashboard", SCRIPT] {
            let browser = browser(app);
            let (whole, head) = (
                browser.get(path).await.expect(200),
                browser.send(Method::HEAD, path, None).await.expect(200),
            );
            assert_eq!(head.text, "", "{path}");
            for name in ["content-type", "cache-control", "content-length"] {
                assert_eq!(head.header(name), whole.header(name), "{name} of {path}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_binarys_own_build_is_whole_or_the_page_says_how_to_make_it() {
    each_app(async |app: &TestApp| {
        let site = Site::embedded();
        let page = browser(app).get("/dashboard").await.expect(200);
        if site.page().is_none() {
            assert!(
                page.text.contains("make run") && page.text.contains("make web"),
                "{}",
                page.text
            );
            return;
        }
        let mut scripts = 0;
        for path in site.paths() {
            let file =
                app.anonymous.with_header("accept-encoding", "br").get(path).await.expect(200);
            scripts += usize::from(path.ends_with(".js"));
            assert_ne!(file.header("content-type"), Some("application/octet-stream"), "{path}");
        }
        assert!(scripts > 10, "a script for each page, not {scripts}");
        assert!(!page.text.contains("TOLLGATE_NONCE"), "{}", page.text);
    })
    .await;
}

#[tokio::test]
async fn a_browser_stays_signed_in_by_a_cookie_that_scripts_cannot_read() {
    each_app(async |app: &TestApp| {
        let login = json!({"username": "admin", "password": ADMIN_PASSWORD, "asCookie": true});
        let signed_in = app.anonymous.post("/api/auth/login", &login).await.expect(200);
        assert!(signed_in.data().get("refreshToken").is_none(), "it is in the cookie alone");
        let cookie = cookie(&signed_in);

        let renewed =
            with_cookie(app, &cookie).post("/api/auth/refresh", &json!({})).await.expect(200);
        assert!(renewed.data().get("refreshToken").is_none());
        let token = renewed.data()["token"].as_str().unwrap().to_owned();
        app.anonymous.with_token(&token).get("/api/auth/me").await.expect(200);
        let next = self::cookie(&renewed);
        assert_ne!(cookie, next, "each cookie works once");

        let out =
            with_cookie(app, &next).with_token(&token).post("/api/auth/logout", &json!({})).await;
        assert!(out.expect(200).header("set-cookie").unwrap().contains("Max-Age=0"));
        with_cookie(app, &next).post("/api/auth/refresh", &json!({})).await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn a_refresh_needs_a_token_in_the_body_or_the_cookie_and_announces_json() {
    each_app(async |app: &TestApp| {
        app.anonymous.post("/api/auth/refresh", &json!({})).await.expect(422);
        let login = json!({"username": "admin", "password": ADMIN_PASSWORD, "asCookie": true});
        let cookie = cookie(&app.anonymous.post("/api/auth/login", &login).await.expect(200));
        // As a form of another site would send it, were the cookie to come along.
        let form = with_cookie(app, &cookie)
            .request(Method::POST, "/api/auth/refresh")
            .header("content-type", "text/plain")
            .body("{}")
            .send()
            .await
            .unwrap();
        assert_eq!(form.status(), 415);
        with_cookie(app, &cookie).post("/api/auth/refresh", &json!({})).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_renews_the_cookie() {
    each_app(async |app: &TestApp| {
        let body = json!({"currentPassword": ADMIN_PASSWORD, "newPassword": "another long one", "asCookie": true});
        let changed = app.admin.post("/api/auth/password", &body).await.expect(200);

        assert!(changed.data().get("refreshToken").is_none());
        let cookie = cookie(&changed);
        with_cookie(app, &cookie).post("/api/auth/refresh", &json!({})).await.expect(200);
    })
    .await;
}

/// `tollgate_session=…` of an answer, whose attributes are checked.
fn cookie(reply: &Reply) -> String {
    let header = reply.header("set-cookie").unwrap();
    for attribute in ["; HttpOnly", "; SameSite=Strict", "; Path=/api/auth", "; Max-Age=2592000"] {
        assert!(header.contains(attribute), "{attribute} in {header}");
    }
    header.split_once(';').unwrap().0.to_owned()
}

fn with_cookie(app: &TestApp, cookie: &str) -> Client {
    app.anonymous.with_header("cookie", cookie)
}
