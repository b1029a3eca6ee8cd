//! Making the open alerts say what is wrong now, and with them what channels are to be told.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::types::Json;
use tollgate_domain::alert::{AlertCondition, AlertEvent, AlertKind, Condition};

use super::deliveries::{notify, notify_of_end};
use super::{Alerts, Scope};
use crate::db::{WriteTx, on_pool, on_tx};
use crate::error::StoreResult;
use crate::moment::Moment;
use crate::row::cut;

/// The longest that `open_condition` holds, in characters.
const MAX_CONDITION: usize = 100;

#[derive(sqlx::FromRow)]
struct OpenRow {
    id: i64,
    kind: String,
    open_condition: String,
    level: String,
    message: String,
    payload: Option<Json<Value>>,
}

/// What has to be written for the open alerts to say what is wrong now.
#[derive(Default)]
struct Difference<'c> {
    begun: Vec<&'c Condition>,
    changed: Vec<(&'c Condition, OpenRow)>,
    over: Vec<i64>,
}

impl Alerts<'_> {
    /// Makes the open alerts of `scope` those of `wrong`: one that is not open yet fires, one that
    /// is tells what it says now, and one that is not among them is resolved. A condition fires
    /// once until it is over, however many instances tell of it. What channels are to be told is
    /// written with it, and [sent afterwards](super::deliveries).
    ///
    /// # Errors
    /// Those of the database.
    pub async fn settle(
        &self,
        scope: Scope<'_>,
        wrong: &[Condition],
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        let mut open = self.all_open().await?;
        open.retain(|row| row.is_in(scope));
        let difference = Difference::between(wrong, open);
        if difference.is_nothing() {
            return Ok(());
        }
        let mut tx = self.store.db().begin_write().await?;
        for condition in difference.begun {
            fire(&mut tx, condition, now).await?;
        }
        for (condition, row) in difference.changed {
            change(&mut tx, &row, condition, now).await?;
        }
        for id in difference.over {
            resolve(&mut tx, id, now).await?;
        }
        tx.commit().await
    }

    /// Resolves the open alerts of a kind that nobody has told of since `before`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn resolve_untold(
        &self,
        kind: AlertKind,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<usize> {
        const SQL: &str = "
            SELECT id
            FROM t_ai_alerts
            WHERE open_condition IS NOT NULL AND kind = ? AND updated_at < ?";
        let mut tx = self.store.db().begin_write().await?;
        let ids: Vec<i64> = on_tx!(tx, |conn| {
            let query = sqlx::query_scalar(SQL).bind(kind.as_str()).bind(Moment(before));
            query.fetch_all(&mut *conn).await?
        });
        for id in &ids {
            resolve(&mut tx, *id, now).await?;
        }
        tx.commit().await?;
        Ok(ids.len())
    }

    async fn all_open(&self) -> StoreResult<Vec<OpenRow>> {
        const SQL: &str = "
            SELECT id, kind, open_condition, level, message, payload
            FROM t_ai_alerts
            WHERE open_condition IS NOT NULL";
        Ok(on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? }))
    }
}

/// A condition as its column holds it; of one that is too long, the rest as a hash.
fn column_of(condition: &AlertCondition) -> String {
    let text = condition.to_string();
    if text.chars().count() <= MAX_CONDITION {
        return text;
    }
    let hash = Sha256::digest(text.as_bytes());
    let hash: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{}#{hash}", cut::<60>(&text))
}

/// Writes an open alert and what channels are to be told of it, unless another instance has
/// meanwhile.
async fn fire(tx: &mut WriteTx, condition: &Condition, now: DateTime<Utc>) -> StoreResult<()> {
    const ID: &str = "SELECT id FROM t_ai_alerts WHERE open_condition = ?";
    let sql = tx.dialect().pick(
        "INSERT INTO t_ai_alerts (kind, level, subject, message, payload, open_condition, fired_at,
            created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE open_condition = open_condition",
        "INSERT INTO t_ai_alerts (kind, level, subject, message, payload, open_condition, fired_at,
            created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING",
    );
    let open_condition = column_of(&condition.condition);
    let id: Option<i64> = on_tx!(tx, |conn| {
        sqlx::query(sql)
            .bind(condition.kind.as_str())
            .bind(condition.level.as_str())
            .bind(cut::<255>(&condition.subject))
            .bind(cut::<1000>(&condition.message))
            .bind(Json(&condition.payload))
            .bind(&open_condition)
            .bind(Moment(now))
            .bind(Moment(now))
            .bind(Moment(now))
            .execute(&mut *conn)
            .await?;
        sqlx::query_scalar(ID).bind(&open_condition).fetch_optional(&mut *conn).await?
    });
    match id {
        Some(id) => {
            notify(tx, (id, AlertEvent::Fired), (condition.kind, condition.level), now).await
        }
        None => Ok(()),
    }
}

/// Lets an open alert tell what it says now. Channels that leave out its level so far and not the
/// one that it has now are told of it.
async fn change(
    tx: &mut WriteTx,
    row: &OpenRow,
    condition: &Condition,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_ai_alerts
        SET level = ?, subject = ?, message = ?, payload = ?, updated_at = ?
        WHERE id = ? AND open_condition IS NOT NULL";
    on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(condition.level.as_str())
            .bind(cut::<255>(&condition.subject))
            .bind(cut::<1000>(&condition.message))
            .bind(Json(&condition.payload))
            .bind(Moment(now))
            .bind(row.id)
            .execute(&mut *conn)
            .await?;
    });
    if row.level == condition.level.as_str() {
        return Ok(());
    }
    notify(tx, (row.id, AlertEvent::Fired), (condition.kind, condition.level), now).await
}

async fn resolve(tx: &mut WriteTx, id: i64, now: DateTime<Utc>) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_ai_alerts
        SET open_condition = NULL, resolved_at = ?, updated_at = ?
        WHERE id = ? AND open_condition IS NOT NULL";
    on_tx!(tx, |conn| {
        sqlx::query(SQL).bind(Moment(now)).bind(Moment(now)).bind(id).execute(&mut *conn).await?;
    });
    notify_of_end(tx, id, now).await
}

impl<'c> Difference<'c> {
    fn between(wrong: &'c [Condition], open: Vec<OpenRow>) -> Self {
        let mut difference = Self::default();
        let mut open: HashMap<String, OpenRow> =
            open.into_iter().map(|row| (row.open_condition.clone(), row)).collect();
        for condition in wrong {
            match open.remove(&column_of(&condition.condition)) {
                None => difference.begun.push(condition),
                Some(row) if !row.says(condition) => difference.changed.push((condition, row)),
                Some(_) => {}
            }
        }
        difference.over = open.into_values().map(|row| row.id).collect();
        difference
    }

    const fn is_nothing(&self) -> bool {
        self.begun.is_empty() && self.changed.is_empty() && self.over.is_empty()
    }
}

impl OpenRow {
    fn is_in(&self, scope: Scope<'_>) -> bool {
        match scope {
            Scope::Kinds(kinds) => kinds.iter().any(|kind| kind.as_str() == self.kind),
            Scope::Only(condition) => column_of(condition) == self.open_condition,
        }
    }

    fn says(&self, condition: &Condition) -> bool {
        self.level == condition.level.as_str()
            && self.message == cut::<1000>(&condition.message)
            && self.payload.as_ref().is_some_and(|payload| payload.0 == condition.payload)
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::ProviderId;

    use super::*;

    #[test]
    fn a_long_condition_is_told_from_others_that_begin_alike() {
        let column = |code: String| column_of(&AlertCondition::Unpriced(ProviderId::new(1), code));
        let (one, other) = (column("m".repeat(200)), column("m".repeat(199)));

        assert!(one.chars().count() <= MAX_CONDITION);
        assert_ne!(one, other);
        assert_eq!(column("m".to_owned()), "unpriced:1:m");
    }
}
