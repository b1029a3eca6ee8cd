//! Sums by provider, model, key, app token or user.

use std::collections::HashMap;

use sqlx::{AssertSqlSafe, QueryBuilder};

use super::sums::{SUMS, SumsRow};
use super::{Group, UsageRow};
use crate::Store;
use crate::conditions::{Conditions, bind_all};
use crate::db::on_pool;
use crate::error::StoreResult;

/// What to sum by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dimension {
    Provider,
    Model,
    Key,
    App,
    User,
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: Option<i64>,
    #[sqlx(flatten)]
    sums: SumsRow,
}

#[derive(sqlx::FromRow)]
struct ModelRow {
    model_code: Option<String>,
    #[sqlx(flatten)]
    sums: SumsRow,
}

impl Dimension {
    /// The condition that an attempt has one.
    pub(super) const fn is_known(self) -> &'static str {
        match self {
            Self::Provider => "provider_id IS NOT NULL",
            Self::Model => "model_code IS NOT NULL",
            Self::Key => "key_id IS NOT NULL",
            Self::App => "app_id IS NOT NULL",
            Self::User => "user_id IS NOT NULL",
        }
    }

    const fn column(self) -> &'static str {
        match self {
            Self::Provider => "provider_id",
            Self::Model => "model_code",
            Self::Key => "key_id",
            Self::App => "app_id",
            Self::User => "user_id",
        }
    }

    /// Where names are; a model's code is its name.
    const fn names(self) -> Option<&'static str> {
        match self {
            Self::Provider => Some("SELECT id, provider_name FROM t_ai_providers"),
            Self::Model => None,
            Self::Key => Some("SELECT id, key_name FROM t_ai_api_keys"),
            Self::App => Some("SELECT id, name FROM t_app_tokens"),
            Self::User => Some("SELECT id, username FROM t_users"),
        }
    }
}

/// Usage by dimension, most calls first.
pub(super) async fn usage(
    store: &Store,
    dimension: Dimension,
    conditions: &Conditions<'_>,
    limit: i64,
) -> StoreResult<Vec<UsageRow>> {
    let (column, filter) = (dimension.column(), conditions.sql());
    let name = if dimension == Dimension::Model { "model_code" } else { "id" };
    let sql = format!(
        "SELECT {column} AS {name}, {SUMS}
        FROM t_ai_api_logs
        WHERE {filter}
        GROUP BY {column}
        ORDER BY requests DESC, attempts DESC, {column}
        LIMIT ?"
    );
    match dimension.names() {
        Some(names) => {
            let rows: Vec<IdRow> = on_pool!(store.db(), |pool| {
                bind_all!(sqlx::query_as(AssertSqlSafe(sql)), conditions.values())
                    .bind(limit)
                    .fetch_all(pool)
                    .await?
            });
            let ids: Vec<i64> = rows.iter().filter_map(|row| row.id).collect();
            let names = names_of(store, names, &ids).await?;
            Ok(rows.into_iter().map(|row| row.into_usage(&names)).collect())
        }
        None => {
            let rows: Vec<ModelRow> = on_pool!(store.db(), |pool| {
                bind_all!(sqlx::query_as(AssertSqlSafe(sql)), conditions.values())
                    .bind(limit)
                    .fetch_all(pool)
                    .await?
            });
            Ok(rows.into_iter().map(ModelRow::into_usage).collect())
        }
    }
}

/// Names by id, deleted rows included. `select` is everything before its WHERE.
pub(super) async fn names_of(
    store: &Store,
    select: &'static str,
    ids: &[i64],
) -> StoreResult<HashMap<i64, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, String)> = on_pool!(store.db(), |pool: Driver| {
        let mut query = QueryBuilder::<Driver>::new(select);
        query.push(" WHERE id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        query.push(")");
        query.build_query_as().persistent(false).fetch_all(pool).await?
    });
    Ok(rows.into_iter().collect())
}

impl IdRow {
    fn into_usage(self, names: &HashMap<i64, String>) -> UsageRow {
        let group =
            self.id.map_or(Group::None, |id| Group::Row { id, name: names.get(&id).cloned() });
        UsageRow { group, sums: self.sums.into_sums() }
    }
}

impl ModelRow {
    fn into_usage(self) -> UsageRow {
        let group = self.model_code.map_or(Group::None, Group::Model);
        UsageRow { group, sums: self.sums.into_sums() }
    }
}
