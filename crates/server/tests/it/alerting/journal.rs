//! What is told of this instance's journal: records that wait too long, and records that are lost.

use std::time::Duration;

use tollgate_gateway::JournalStats;

use super::receiver::Receiver;
use super::{alerts, deliver, each_alerting, open, told_at};
use crate::support::TestApp;
use crate::support::program::until;

const HIDE: &str = "ALTER TABLE t_journal_positions RENAME TO hidden_positions";
const SHOW: &str = "ALTER TABLE hidden_positions RENAME TO t_journal_positions";

/// A server with a provider, that tells the receiver of everything.
async fn given(app: &TestApp) -> Receiver {
    let receiver = Receiver::start().await;
    app.with_key("sk-journals").await;
    told_at(app, &receiver).await;
    receiver
}

/// Waits until the journal stands like that.
async fn until_journal(app: &TestApp, is_met: impl Fn(&JournalStats) -> bool) {
    until(async || is_met(&app.app.engine.journal())).await;
}

/// Has the journal looked at, and sends what there is to tell.
async fn look(app: &TestApp) {
    app.app.engine.check_journal().await.unwrap();
    deliver(app).await;
}

#[tokio::test]
async fn records_that_wait_too_long_are_told_until_the_database_has_them() {
    each_alerting(async |app, _| {
        let receiver = given(app).await;
        for _ in 0..2 {
            app.app.store.execute_sql(HIDE).await.unwrap();
            app.admin.chat("openai", "sim-chat").await.expect(200);
            until_journal(app, |stats| !stats.is_shipping && stats.backlog_records > 0).await;
            look(app).await;
            assert!(receiver.told().is_empty(), "it waits for a moment only");

            app.clock.advance(Duration::from_secs(600));
            for _ in 0..2 {
                look(app).await;
            }
            assert_eq!(receiver.told(), ["fired journal_backlog"]);
            let [alert] = &alerts(app, "kind=journal_backlog&open=true").await[..] else {
                panic!("one alert")
            };
            assert!(alert["message"].as_str().unwrap().contains("the database takes none of them"));

            app.app.store.execute_sql(SHOW).await.unwrap();
            until_journal(app, |stats| stats.backlog_records == 0).await;
            look(app).await;
            assert_eq!(receiver.told(), ["resolved journal_backlog"]);
        }
        assert_eq!(alerts(app, "kind=journal_backlog").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn records_that_the_database_refuses_are_told_until_no_more_are_lost() {
    each_alerting(async |app, database| {
        let receiver = given(app).await;
        let refusal = if database.is_server() {
            "FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no calls'"
        } else {
            "BEGIN SELECT RAISE(ABORT, 'no calls'); END"
        };
        let refuse = format!("CREATE TRIGGER refuse BEFORE INSERT ON t_ai_api_logs {refusal}");
        app.app.store.execute_sql(&refuse).await.unwrap();
        app.admin.chat("openai", "sim-chat").await.expect(200);
        until_journal(app, |stats| stats.rejected == 1 && stats.backlog_records == 0).await;
        app.app.store.execute_sql("DROP TRIGGER refuse").await.unwrap();

        for _ in 0..2 {
            look(app).await;
        }
        assert_eq!(receiver.told(), ["fired records_dropped"]);
        assert_eq!(open(app, "records_dropped").await, ["critical"]);

        app.clock.advance(Duration::from_secs(15 * 60));
        look(app).await;
        assert_eq!(receiver.told(), ["resolved records_dropped"]);
        assert!(open(app, "records_dropped").await.is_empty());
    })
    .await;
}
