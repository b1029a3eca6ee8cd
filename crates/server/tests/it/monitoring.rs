//! What is shipped for Prometheus and Grafana asks for what a scrape really holds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Fault};

use crate::chat_scene::{Scene, each_scene};
use crate::support::operator::question;

/// Labels that Prometheus adds by itself.
const OF_PROMETHEUS: [&str; 3] = ["job", "instance", "le"];
/// Metrics that Prometheus makes by itself.
const MADE_BY_PROMETHEUS: [&str; 2] = ["up", "ALERTS"];

fn deploy(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy").join(path)
}

fn read(path: &str) -> String {
    let path = deploy(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The groups' rules.
fn rules() -> Vec<Value> {
    let rules: Value = serde_norway::from_str(&read("prometheus/rules.yml")).unwrap();
    let groups = rules["groups"].as_array().unwrap();
    groups.iter().flat_map(|group| group["rules"].as_array().unwrap().clone()).collect()
}

/// Every query of a rule or of the dashboard.
fn queries() -> Vec<String> {
    let mut queries: Vec<String> =
        rules().iter().map(|rule| rule["expr"].as_str().unwrap().to_owned()).collect();
    let dashboard: Value = serde_json::from_str(&read("grafana/tollgate.json")).unwrap();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    for panel in dashboard["panels"].as_array().unwrap() {
        let targets = panel["targets"].as_array().into_iter().flatten();
        queries.extend(targets.map(|target| text(&target["expr"]).unwrap()));
    }
    let notes = dashboard["annotations"]["list"].as_array().unwrap();
    queries.extend(notes.iter().filter_map(|note| text(&note["expr"])));
    let variables = dashboard["templating"]["list"].as_array().unwrap();
    let asking = variables.iter().filter(|variable| variable["type"] == "query");
    queries.extend(asking.map(|variable| text(&variable["definition"]).unwrap()));
    queries
}

/// One metric in a query, with what it says of labels: name, value, whether that is a pattern.
#[derive(Debug)]
struct Use<'q> {
    name: &'q str,
    labels: Vec<(&'q str, &'q str, bool)>,
}

/// The metrics in a query: words with our prefix, and those of Prometheus.
fn uses(query: &str) -> Vec<Use<'_>> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut rest = query;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphabetic()) {
        let word = &rest[start..];
        let end = word.find(|c| !is_word(c)).unwrap_or(word.len());
        let name = &word[..end];
        rest = &word[end..];
        let is_metric = name.starts_with("aiproxy_") || MADE_BY_PROMETHEUS.contains(&name);
        let is_matched = rest.starts_with('{');
        let inside = if is_matched { rest[1..].split('}').next().unwrap() } else { "" };
        if is_metric {
            found.push(Use { name, labels: inside.split(',').filter_map(label).collect() });
        }
        if is_matched {
            rest = &rest[inside.len() + 2..];
        }
    }
    found
}

fn label(text: &str) -> Option<(&str, &str, bool)> {
    let text = text.trim();
    let name = &text[..text.find(['=', '!'])?];
    let (operator, value) = text[name.len()..].split_once('"').unwrap();
    Some((name, value.trim_end_matches('"'), operator.contains('~')))
}

/// The labels by which a query groups or joins.
fn grouping(query: &str) -> Vec<&str> {
    ["by (", "ignoring (", "on (", "without ("]
        .iter()
        .flat_map(|word| query.split(word).skip(1))
        .flat_map(|rest| rest.split(')').next().unwrap().split(','))
        .map(str::trim)
        .collect()
}

/// What a scrape holds: the labels of each metric, with their values.
fn scraped(text: &str) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let mut metrics = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap();
        let labels: &mut BTreeMap<String, BTreeSet<String>> =
            metrics.entry(name.to_owned()).or_default();
        // Route patterns hold braces too.
        let inside = line.split_once('{').and_then(|(_, rest)| rest.rsplit_once('}'));
        for (name, value, _) in
            inside.map_or("", |(inside, _)| inside).split("\",").filter_map(label)
        {
            labels.entry(name.to_owned()).or_default().insert(value.to_owned());
        }
    }
    metrics
}

/// The scrape of a server that has seen everything once.
async fn busy_scrape(scene: &Scene<'_>) -> String {
    scene.set_provider(json!({"maxRetries": 0})).await;
    let limits = json!({"rateLimitRpm": 100, "rateLimitTpm": 100_000, "rateLimitRpd": 1_000});
    let key = scene.admin.keys("openai").await[0]["id"].clone();
    scene.admin.put(&format!("/api/admin/ai-providers/keys/{key}"), &limits).await.expect(200);
    // Priced and not, whole and streamed, answered and not.
    for (model, status) in [("gpt-4o", 200), ("sim-chat", 200), ("sim-error-500", 502)] {
        assert_eq!(scene.admin.chat("openai", model).await.status, status, "{model}");
    }
    let mut streamed = question("openai/gpt-4o");
    streamed["stream"] = json!(true);
    scene.app_user.post("/v1/chat/completions", &streamed).await.expect(200);
    scene.simulator.set_behaviour("sk-plain-deepseek", Behaviour::failing(Fault::error("401")));
    scene.admin.chat("deepseek", "sim-chat").await.expect(503);
    scene.app.engine.flush().await;
    scene.anonymous.get("/metrics").await.expect(200).text
}

#[tokio::test]
async fn every_query_names_metrics_and_labels_that_a_scrape_has() {
    each_scene(async |scene: Scene<'_>| {
        let metrics = scraped(&busy_scrape(&scene).await);

        let queries = queries();
        assert!(queries.len() > 50, "{}", queries.len());
        for query in &queries {
            let uses = uses(query);
            assert!(!uses.is_empty(), "no metric in {query}");
            let mut known: BTreeSet<&str> = OF_PROMETHEUS.into();
            for used in uses.iter().filter(|used| !MADE_BY_PROMETHEUS.contains(&used.name)) {
                let labels = metrics.get(used.name);
                let labels = labels.unwrap_or_else(|| panic!("no {} for {query}", used.name));
                known.extend(labels.keys().map(String::as_str));
                for (name, value, is_pattern) in &used.labels {
                    assert!(known.contains(name), "{} has no {name}: {query}", used.name);
                    let is_fixed = !is_pattern && !OF_PROMETHEUS.contains(name);
                    let is_there = is_fixed.then(|| labels[*name].contains(*value));
                    assert_ne!(is_there, Some(false), "{name} is never {value}: {query}");
                }
            }
            for name in grouping(query) {
                assert!(known.contains(name), "nothing has the label {name}: {query}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_manual_tells_of_every_metric() {
    each_scene(async |scene: Scene<'_>| {
        let manual = deploy("../docs/operations.md");
        let manual = std::fs::read_to_string(manual).unwrap();

        let told = busy_scrape(&scene).await;

        let families = told.lines().filter_map(|line| line.strip_prefix("# TYPE "));
        let mut count = 0;
        for family in families.map(|line| line.split(' ').next().unwrap()) {
            assert!(manual.contains(&format!("`{family}`")), "docs/operations.md has no {family}");
            count += 1;
        }
        assert!(count > 25, "{count}");
    })
    .await;
}

#[test]
fn every_alert_says_how_bad_it_is_and_what_to_do_and_has_a_test() {
    let tests = read("prometheus/rules.test.yml");
    for rule in rules() {
        let name = rule["alert"].as_str().unwrap();
        let severity = rule["labels"]["severity"].as_str();
        assert!(matches!(severity, Some("warning" | "critical")), "{name}");
        for field in ["summary", "remedy"] {
            let text = rule["annotations"][field].as_str().unwrap_or_default();
            assert!(text.len() > 20, "{name} has no {field}");
        }
        assert!(tests.contains(name), "rules.test.yml has no {name}");
    }
}

#[test]
fn queries_are_read_as_they_are_written() {
    let query = r#"sum by (job, le) (rate(aiproxy_a_total{x="y", job=~"$job", z!="q"}[5m])) / up"#;

    let uses = uses(query);

    assert_eq!(uses.iter().map(|used| used.name).collect::<Vec<_>>(), ["aiproxy_a_total", "up"]);
    assert_eq!(uses[0].labels, [("x", "y", false), ("job", "$job", true), ("z", "q", false)]);
    assert_eq!(grouping(query), ["job", "le"]);
}
