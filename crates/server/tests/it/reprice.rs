//! `tollgate reprice`, as an operator runs it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use tollgate_domain::Secret;
use tollgate_store::{Store, StoreOptions};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tollgate"));
    command.current_dir(folder).env_clear().args(arguments).stdin(Stdio::null());
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", complained(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The embedded database of `folder` with two calls without a cost, of which one has a price now.
async fn given_calls(folder: &Path) -> Store {
    said(&run(folder, &["migrate"]));
    let url = format!("sqlite://{}", folder.join("data/tollgate.db").display());
    let options = StoreOptions { url: Secret::new(url), max_connections: 2, sealer: None };
    let store = Store::open(&options).await.unwrap();
    for sql in [
        "INSERT INTO t_ai_providers (id, provider_code, provider_name, base_url)
         VALUES (901, 'house', 'House', 'https://house.example/v1')",
        "INSERT INTO t_ai_models (id, provider_id, model_code) VALUES (902, 901, 'dear')",
        "INSERT INTO t_ai_model_prices (model_id, valid_from, prompt_nanousd, completion_nanousd)
         VALUES (902, '2026-11-01T00:00:00.000+00:00', 1000000, 2000000)",
        "INSERT INTO t_ai_api_logs (request_id, attempt, is_final, created_at, started_at, endpoint,
             status, usage_source, provider_id, model_code, prompt_tokens, total_tokens)
         VALUES (X'0199', 1, TRUE, '2026-11-05T10:00:00.000+00:00', '2026-11-05T10:00:00.000+00:00',
                 '/v1/chat/completions', 'success', 'provider', 901, 'dear', 1500, 1500),
                (X'019A', 1, TRUE, '2026-11-05T11:00:00.000+00:00', '2026-11-05T11:00:00.000+00:00',
                 '/v1/chat/completions', 'success', 'provider', 901, 'gift', 1500, 1500)",
    ] {
        store.execute_sql(sql).await.unwrap();
    }
    store
}

async fn first(store: &Store, sql: &str) -> Option<String> {
    store.query_texts(sql).await.unwrap().into_iter().next().flatten()
}

#[tokio::test]
async fn the_difference_is_shown_by_model_and_made_only_without_dry_run() {
    const COST: &str = "SELECT CAST(SUM(cost_nanousd) AS TEXT) FROM t_ai_api_logs";
    const AUDIT: &str = "SELECT after_json FROM t_audit_logs WHERE action = 'reprice'";
    let folder = tempfile::tempdir().unwrap();
    let store = given_calls(folder.path()).await;
    let november = ["reprice", "--from", "2026-11-01", "--to", "2026-11-05"];

    let dry = said(&run(folder.path(), &[&november[..], &["--dry-run"]].concat()));
    assert_eq!(first(&store, COST).await, None);
    assert_eq!(first(&store, AUDIT).await, None);
    let real = said(&run(folder.path(), &november));

    let rows = |text: &str| -> Vec<Vec<String>> {
        let lines = text.lines().skip(1).take(3);
        lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
    };
    // Attempts, changed, priced before and after, unpriced left, cost before and after, difference.
    let dear = ["house", "dear", "1", "1", "0", "->", "1", "0", "$0", "->", "$0.0015", "+0.0015"];
    let gift = ["house", "gift", "1", "0", "0", "->", "0", "1", "$0", "->", "$0", "0"];
    let all = ["all", "2", "1", "0", "->", "1", "1", "$0", "->", "$0.0015", "+0.0015"];
    assert_eq!(rows(&dry), [&dear[..], &gift, &all], "{dry}");
    assert_eq!(rows(&dry), rows(&real));
    assert!(dry.contains("1 attempts would change; this was a dry run"), "{dry}");
    assert!(real.contains("1 attempts changed") && real.contains("budgets"), "{real}");
    assert_eq!(first(&store, COST).await.as_deref(), Some("1500000"));
    let told: serde_json::Value =
        serde_json::from_str(&first(&store, AUDIT).await.unwrap()).unwrap();
    assert_eq!(told["to"], "2026-11-06T00:00:00Z");
    assert_eq!((&told["changed"], &told["costUsdAfter"]), (&1.into(), &0.0015.into()));
    let again = said(&run(folder.path(), &november));
    assert!(again.contains("there is nothing to change"), "{again}");
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, expected) in [
        (
            ["--from", "2026-11-05", "--to", "2026-11-01", "--model", "m"],
            "--to is not after --from",
        ),
        (["--from", "soon", "--to", "2026-11-01", "--model", "m"], "must be a date such as"),
        (
            ["--from", "2026-11-01", "--to", "2026-11-05", "--provider", "nobody"],
            "there is no provider `nobody`",
        ),
    ] {
        let output = run(folder.path(), &[&["reprice"][..], &arguments].concat());

        assert!(!output.status.success(), "{arguments:?}");
        assert!(complained(&output).contains(expected), "{}", complained(&output));
    }
}
