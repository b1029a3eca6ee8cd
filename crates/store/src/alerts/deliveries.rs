//! What channels are to be told, and what became of it: `t_ai_alert_deliveries`.
//!
//! A notice is written in the transaction that changes its alert, so none is lost, and each channel
//! is told each thing by one row. Whoever sends it claims it first: nobody else may until the claim
//! ends, be it because the sender was killed.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use tollgate_domain::AlertId;
use tollgate_domain::alert::{Alert, AlertEvent, AlertKind, AlertLevel, Delivery, DeliveryState};

use super::{AlertRow, Alerts};
use crate::db::{WriteTx, on_pool, on_tx};
use crate::error::StoreResult;
use crate::moment::Moment;
use crate::row::{cut, readable, word, word_or};
use crate::settings::alert_channels;

/// A notice that is to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct DueNotice {
    /// What is known of the sending.
    pub delivery: Delivery,
    /// What it tells of.
    pub alert: Alert,
}

#[derive(sqlx::FromRow)]
struct DeliveryRow {
    delivery_id: i64,
    alert_id: i64,
    event: String,
    channel: String,
    state: String,
    attempts: i64,
    next_attempt_at: DateTime<Utc>,
    last_error: Option<String>,
    delivered_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct DueRow {
    #[sqlx(flatten)]
    delivery: DeliveryRow,
    #[sqlx(flatten)]
    alert: AlertRow,
}

impl Alerts<'_> {
    /// The channels that have notices which may be sent now.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn due_channels(&self, now: DateTime<Utc>) -> StoreResult<Vec<String>> {
        const SQL: &str = "
            SELECT DISTINCT channel
            FROM t_ai_alert_deliveries
            WHERE state = 'pending' AND next_attempt_at <= ?
            ORDER BY channel";
        Ok(on_pool!(self.store.db(), |pool| {
            sqlx::query_scalar(SQL).bind(Moment(now)).fetch_all(pool).await?
        }))
    }

    /// A channel's notices that may be sent now, oldest first. The end of an alert is not told
    /// before its beginning.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn due(
        &self,
        channel: &str,
        now: DateTime<Utc>,
        limit: u32,
    ) -> StoreResult<Vec<DueNotice>> {
        const SQL: &str = "
            SELECT d.id AS delivery_id, d.alert_id, d.event, d.channel, d.state, d.attempts,
                d.next_attempt_at, d.last_error, d.delivered_at,
                a.id, a.kind, a.level, a.subject, a.message, a.payload, a.fired_at,
                a.resolved_at, a.notified
            FROM t_ai_alert_deliveries d
            JOIN t_ai_alerts a ON a.id = d.alert_id
            WHERE d.state = 'pending' AND d.next_attempt_at <= ? AND d.channel = ?
                AND (d.event = 'fired' OR NOT EXISTS (
                    SELECT 1
                    FROM t_ai_alert_deliveries f
                    WHERE f.alert_id = d.alert_id AND f.channel = d.channel
                        AND f.event = 'fired' AND f.state = 'pending'))
            ORDER BY d.id
            LIMIT ?";
        let rows: Vec<DueRow> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL)
                .bind(Moment(now))
                .bind(channel)
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await?
        });
        Ok(readable(rows.into_iter().map(|row| {
            Ok(DueNotice {
                delivery: row.delivery.into_delivery()?,
                alert: row.alert.into_alert()?,
            })
        })))
    }

    /// Claims a notice until `until`; whether this sender has it, and nobody else.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn claim(
        &self,
        delivery: &Delivery,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<bool> {
        const SQL: &str = "
            UPDATE t_ai_alert_deliveries
            SET attempts = attempts + 1, next_attempt_at = ?, updated_at = ?
            WHERE id = ? AND state = 'pending' AND attempts = ?";
        let claimed = on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL)
                .bind(Moment(until))
                .bind(Moment(now))
                .bind(delivery.id)
                .bind(delivery.attempts)
                .execute(pool)
                .await?
                .rows_affected()
        });
        Ok(claimed == 1)
    }

    /// The channel took a notice.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn delivered(&self, delivery: &Delivery, now: DateTime<Utc>) -> StoreResult<()> {
        const SQL: &str = "
            UPDATE t_ai_alert_deliveries
            SET state = 'delivered', delivered_at = ?, last_error = NULL, updated_at = ?
            WHERE id = ?";
        const NOTIFIED: &str = "UPDATE t_ai_alerts SET notified = TRUE WHERE id = ?";
        let mut tx = self.store.db().begin_write().await?;
        on_tx!(tx, |conn| {
            let query = sqlx::query(SQL).bind(Moment(now)).bind(Moment(now)).bind(delivery.id);
            query.execute(&mut *conn).await?;
            sqlx::query(NOTIFIED).bind(delivery.alert_id.get()).execute(&mut *conn).await?;
        });
        tx.commit().await
    }

    /// The channel did not take a notice; it is sent again at `again`, or never where that is
    /// `None`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn refused(
        &self,
        delivery: &Delivery,
        error: &str,
        again: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        const SQL: &str = "
            UPDATE t_ai_alert_deliveries
            SET state = ?, last_error = ?, next_attempt_at = ?, updated_at = ?
            WHERE id = ? AND state = 'pending'";
        let state = if again.is_some() { DeliveryState::Pending } else { DeliveryState::Failed };
        on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL)
                .bind(state.as_str())
                .bind(cut::<500>(error))
                .bind(Moment(again.unwrap_or(now)))
                .bind(Moment(now))
                .bind(delivery.id)
                .execute(pool)
                .await?;
        });
        Ok(())
    }

    /// The notices of these alerts, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn deliveries_of(&self, alerts: &[AlertId]) -> StoreResult<Vec<Delivery>> {
        if alerts.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT id AS delivery_id, alert_id, event, channel, state, attempts, next_attempt_at,
                last_error, delivered_at
            FROM t_ai_alert_deliveries
            WHERE alert_id IN ({})
            ORDER BY id",
            vec!["?"; alerts.len()].join(", ")
        );
        let rows: Vec<DeliveryRow> = on_pool!(self.store.db(), |pool| {
            let mut query = sqlx::query_as(AssertSqlSafe(sql));
            for alert in alerts {
                query = query.bind(alert.get());
            }
            query.fetch_all(pool).await?
        });
        Ok(readable(rows.into_iter().map(DeliveryRow::into_delivery)))
    }
}

/// Writes a notice for every channel that wants to know of such an alert, but for those that were
/// told already.
pub(super) async fn notify(
    tx: &mut WriteTx,
    (alert, event): (i64, AlertEvent),
    (kind, level): (AlertKind, AlertLevel),
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let settings = alert_channels(tx).await?;
    for channel in settings.channels_for(kind, level) {
        write(tx, (alert, event, channel), now).await?;
    }
    Ok(())
}

/// Writes a notice of an alert's end for every channel that was told of its beginning, or is still
/// to be.
pub(super) async fn notify_of_end(
    tx: &mut WriteTx,
    alert: i64,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    const SQL: &str = "
        SELECT channel
        FROM t_ai_alert_deliveries
        WHERE alert_id = ? AND event = 'fired' AND state <> 'failed'
        ORDER BY id";
    let channels: Vec<String> =
        on_tx!(tx, |conn| { sqlx::query_scalar(SQL).bind(alert).fetch_all(&mut *conn).await? });
    for channel in channels {
        write(tx, (alert, AlertEvent::Resolved, &channel), now).await?;
    }
    Ok(())
}

async fn write(
    tx: &mut WriteTx,
    (alert, event, channel): (i64, AlertEvent, &str),
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sql = tx.dialect().pick(
        "INSERT INTO t_ai_alert_deliveries (alert_id, event, channel, next_attempt_at, created_at,
            updated_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE alert_id = alert_id",
        "INSERT INTO t_ai_alert_deliveries (alert_id, event, channel, next_attempt_at, created_at,
            updated_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING",
    );
    on_tx!(tx, |conn| {
        sqlx::query(sql)
            .bind(alert)
            .bind(event.as_str())
            .bind(channel)
            .bind(Moment(now))
            .bind(Moment(now))
            .bind(Moment(now))
            .execute(&mut *conn)
            .await?;
    });
    Ok(())
}

impl DeliveryRow {
    fn into_delivery(self) -> StoreResult<Delivery> {
        const TABLE: &str = "t_ai_alert_deliveries";
        let state = word_or(TABLE, self.delivery_id, "state", &self.state, DeliveryState::Failed);
        Ok(Delivery {
            id: self.delivery_id,
            alert_id: AlertId::new(self.alert_id),
            event: word(TABLE, self.delivery_id, "event", &self.event)?,
            channel: self.channel,
            state,
            attempts: self.attempts,
            next_attempt_at: self.next_attempt_at,
            last_error: self.last_error,
            delivered_at: self.delivered_at,
        })
    }
}
