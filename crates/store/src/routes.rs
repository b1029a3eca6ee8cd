//! Names of our own for chains of models: `t_ai_routes`.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use tollgate_domain::RouteId;
use tollgate_domain::page::Page;
use tollgate_domain::route::{FallbackOn, Route, RouteTarget};

use crate::Store;
use crate::db::{InsertedId, WriteTx, on_pool, on_tx};
use crate::error::{StoreError, StoreResult, on_conflict};
use crate::moment::Moment;
use crate::row::{JsonColumn, json, matches_search, patched, readable};

const TABLE: &str = "t_ai_routes";

/// The table of routes. Deleted routes are in none of its answers.
#[derive(Clone, Copy, Debug)]
pub struct Routes<'s> {
    store: &'s Store,
}

/// A route to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRoute {
    /// What callers name as their model, at most 200 characters; unique.
    pub alias: String,
    /// What people say of it.
    pub description: Option<String>,
    /// Where calls go, in order.
    pub targets: Vec<RouteTarget>,
    /// When a call goes on to the next target.
    pub fallback_on: Vec<FallbackOn>,
    /// Whether callers may use it.
    pub is_active: bool,
}

/// What to change of a route; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoutePatch {
    /// Another alias.
    pub alias: Option<String>,
    /// What people say of it; `Some(None)` is nothing.
    pub description: Option<Option<String>>,
    /// Where calls go, in order.
    pub targets: Option<Vec<RouteTarget>>,
    /// When a call goes on to the next target.
    pub fallback_on: Option<Vec<FallbackOn>>,
    /// Whether callers may use it.
    pub is_active: Option<bool>,
}

impl RoutePatch {
    fn applied_to(&self, old: Route) -> NewRoute {
        NewRoute {
            alias: self.alias.clone().unwrap_or(old.alias),
            description: patched(old.description, self.description.clone()),
            targets: self.targets.clone().unwrap_or(old.targets),
            fallback_on: self.fallback_on.clone().unwrap_or(old.fallback_on),
            is_active: self.is_active.unwrap_or(old.is_active),
        }
    }
}

/// A SELECT of every column of [`RouteRow`], with what follows the table's name.
macro_rules! select_route {
    ($tail:literal) => {
        concat!(
            "SELECT id, alias, description, targets, fallback_on, is_active, created_at,
                 updated_at, deleted_at
             FROM t_ai_routes ",
            $tail
        )
    };
}

#[derive(sqlx::FromRow)]
struct RouteRow {
    id: i64,
    alias: String,
    description: Option<String>,
    targets: JsonColumn,
    fallback_on: JsonColumn,
    is_active: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    deleted_at: Option<DateTime<Utc>>,
}

impl Store {
    /// The table of routes.
    #[must_use]
    pub const fn routes(&self) -> Routes<'_> {
        Routes { store: self }
    }
}

impl Routes<'_> {
    /// Routes whose alias or description contains `search` whatever the case, by alias, at most
    /// [`Page::MAX_LIST`]; a row that cannot be read is passed over.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn list(&self, search: Option<&str>) -> StoreResult<Vec<Route>> {
        const SQL: &str = select_route!(
            "WHERE deleted_at IS NULL
             ORDER BY alias, id"
        );
        let rows: Vec<RouteRow> =
            on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? });
        let routes = readable(rows.into_iter().map(RouteRow::into_route)).into_iter();
        let texts = |route: &Route| [Some(route.alias.clone()), route.description.clone()];
        Ok(routes
            .filter(|route| matches_search(search, texts(route).iter().flatten()))
            .take(Page::MAX_LIST as usize)
            .collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn find(&self, id: RouteId) -> StoreResult<Route> {
        let row: RouteRow = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(FIND).bind(id.get()).fetch_one(pool).await?
        });
        row.into_route()
    }

    /// Makes a route. One that was deleted under the same alias comes back in its old row, with
    /// nothing of it left but its id.
    ///
    /// # Errors
    /// `Conflict` on `alias`.
    pub async fn insert(&self, new: &NewRoute, now: DateTime<Utc>) -> StoreResult<Route> {
        const SAME: &str = select_route!("WHERE alias = ?");
        let mut tx = self.store.begin_config_write(now).await?;
        let same: Option<RouteRow> = on_tx!(tx, |conn| {
            sqlx::query_as(SAME).bind(&new.alias).fetch_optional(&mut *conn).await?
        });
        let id = match same {
            Some(row) if row.deleted_at.is_none() => {
                return Err(StoreError::Conflict { field: "alias" });
            }
            Some(row) => {
                write(&mut tx, row.id, new, now, now).await?;
                row.id
            }
            None => insert(&mut tx, new, now).await?,
        };
        let route = find_in(&mut tx, RouteId::new(id)).await?;
        tx.commit().await?;
        Ok(route)
    }

    /// Changes what the patch names.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` on `alias`.
    pub async fn update(
        &self,
        id: RouteId,
        patch: &RoutePatch,
        now: DateTime<Utc>,
    ) -> StoreResult<Route> {
        let mut tx = self.store.begin_config_write(now).await?;
        let old = find_in(&mut tx, id).await?;
        let created_at = old.created_at;
        write(&mut tx, id.get(), &patch.applied_to(old), created_at, now).await?;
        let route = find_in(&mut tx, id).await?;
        tx.commit().await?;
        Ok(route)
    }

    /// Deletes a route. The row stays for reports.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, id: RouteId, now: DateTime<Utc>) -> StoreResult<()> {
        const SQL: &str = "
            UPDATE t_ai_routes
            SET is_active = FALSE, updated_at = ?, deleted_at = ?
            WHERE id = ? AND deleted_at IS NULL";
        let mut tx = self.store.begin_config_write(now).await?;
        let deleted = on_tx!(tx, |conn| {
            sqlx::query(SQL)
                .bind(Moment(now))
                .bind(Moment(now))
                .bind(id.get())
                .execute(&mut *conn)
                .await?
                .rows_affected()
        });
        if deleted == 0 {
            return Err(StoreError::NotFound);
        }
        tx.commit().await
    }
}

const FIND: &str = select_route!("WHERE id = ? AND deleted_at IS NULL");

async fn find_in(tx: &mut WriteTx, id: RouteId) -> StoreResult<Route> {
    let row: RouteRow =
        on_tx!(tx, |conn| { sqlx::query_as(FIND).bind(id.get()).fetch_one(&mut *conn).await? });
    row.into_route()
}

async fn insert(tx: &mut WriteTx, new: &NewRoute, now: DateTime<Utc>) -> StoreResult<i64> {
    const SQL: &str = "
        INSERT INTO t_ai_routes (alias, description, targets, fallback_on, is_active, created_at,
            updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)";
    on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(&new.alias)
            .bind(&new.description)
            .bind(Json(&new.targets))
            .bind(Json(&new.fallback_on))
            .bind(new.is_active)
            .bind(Moment(now))
            .bind(Moment(now))
            .execute(&mut *conn)
            .await
            .map_err(on_conflict("alias"))
            .map(|result| result.inserted_id())
    })
}

/// Writes every field of a row, which is then not deleted.
async fn write(
    tx: &mut WriteTx,
    id: i64,
    new: &NewRoute,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_ai_routes
        SET alias = ?, description = ?, targets = ?, fallback_on = ?, is_active = ?,
            created_at = ?, updated_at = ?, deleted_at = NULL
        WHERE id = ?";
    on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(&new.alias)
            .bind(&new.description)
            .bind(Json(&new.targets))
            .bind(Json(&new.fallback_on))
            .bind(new.is_active)
            .bind(Moment(created_at))
            .bind(Moment(updated_at))
            .bind(id)
            .execute(&mut *conn)
            .await
            .map_err(on_conflict("alias"))?;
    });
    Ok(())
}

impl RouteRow {
    fn into_route(self) -> StoreResult<Route> {
        const TARGETS: &str = "a list of {\"providerCode\", \"modelCode\", \"weight\"}";
        const CONDITIONS: &str = "a list of failure, context_too_long, content_refused";
        let fallback_on = match self.fallback_on {
            None => vec![FallbackOn::Failure],
            some => json(TABLE, self.id, "fallback_on", some, CONDITIONS)?,
        };
        Ok(Route {
            id: RouteId::new(self.id),
            alias: self.alias,
            description: self.description,
            targets: json(TABLE, self.id, "targets", self.targets, TARGETS)?,
            fallback_on,
            is_active: self.is_active,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}
