//! What app backends show to be let in, each known by its hash: `t_app_tokens`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;
use tollgate_domain::app_token::{AppToken, Scope};
use tollgate_domain::limit::{AppLimits, Budget, BudgetPeriod};
use tollgate_domain::page::Page;
use tollgate_domain::{AppTokenId, NanoUsd, UserId};

use crate::Store;
use crate::db::{InsertedId, WriteTx, on_pool, on_tx};
use crate::error::{StoreError, StoreResult, on_conflict};
use crate::moment::{Moment, storable};
use crate::row::{JsonColumn, json, matches_search, patched, readable, word_or};

/// SHA-256 of an app token.
pub type TokenHash = [u8; 32];

/// The table of app tokens. Deleted tokens are in none of its answers.
#[derive(Clone, Copy, Debug)]
pub struct AppTokens<'s> {
    store: &'s Store,
}

/// An app token to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAppToken {
    /// What people call it, at most 100 characters; need not be unique.
    pub name: String,
    /// What it is known by.
    pub token_hash: TokenHash,
    /// What lists show instead of the token, at most 20 characters.
    pub hint: String,
    /// Who makes it.
    pub owner_id: Option<UserId>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Models it may call; empty is any.
    pub allowed_models: Vec<String>,
    /// Codes of providers it may call; empty is any.
    pub allowed_providers: Vec<String>,
    /// How much it may ask for at a time.
    pub limits: AppLimits,
    /// How much it may spend.
    pub budget: Budget,
    /// When it stops working.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether it works.
    pub is_active: bool,
}

/// What to change of an app token; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppTokenPatch {
    /// A new name.
    pub name: Option<String>,
    /// What it may do.
    pub scopes: Option<Vec<Scope>>,
    /// Models it may call; empty is any.
    pub allowed_models: Option<Vec<String>>,
    /// Codes of providers it may call; empty is any.
    pub allowed_providers: Option<Vec<String>>,
    /// Requests in any 60 seconds; `Some(None)` is any number, here and in the limits below.
    pub rpm: Option<Option<i64>>,
    /// Tokens in any 60 seconds.
    pub tpm: Option<Option<i64>>,
    /// Requests in a UTC day.
    pub rpd: Option<Option<i64>>,
    /// Requests in flight.
    pub max_concurrent: Option<Option<i64>>,
    /// The most it may spend in a period; `Some(None)` is as much as it likes.
    pub budget: Option<Option<NanoUsd>>,
    /// How long its budget is for.
    pub budget_period: Option<BudgetPeriod>,
    /// When it stops working; `Some(None)` is never.
    pub expires_at: Option<Option<DateTime<Utc>>>,
    /// Whether it works.
    pub is_active: Option<bool>,
}

/// A SELECT of every column of [`AppTokenRow`], with what follows the table's name.
macro_rules! select_app_token {
    ($tail:literal) => {
        concat!(
            "SELECT id, name, token_hash, token_hint, owner_id, scopes, allowed_models,
                 allowed_providers, rate_limit_rpm, rate_limit_tpm, rate_limit_rpd, max_concurrent,
                 budget_nanousd, budget_period, requests_count_today, counted_on, expires_at,
                 is_active, last_used_at, created_at, updated_at
             FROM t_app_tokens ",
            $tail
        )
    };
}

#[derive(sqlx::FromRow)]
struct AppTokenRow {
    id: i64,
    name: String,
    token_hash: Vec<u8>,
    token_hint: String,
    owner_id: Option<i64>,
    scopes: JsonColumn,
    allowed_models: JsonColumn,
    allowed_providers: JsonColumn,
    rate_limit_rpm: Option<i64>,
    rate_limit_tpm: Option<i64>,
    rate_limit_rpd: Option<i64>,
    max_concurrent: Option<i64>,
    budget_nanousd: Option<i64>,
    budget_period: String,
    requests_count_today: i64,
    counted_on: Option<NaiveDate>,
    expires_at: Option<DateTime<Utc>>,
    is_active: bool,
    last_used_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl Store {
    /// The table of app tokens.
    #[must_use]
    pub const fn app_tokens(&self) -> AppTokens<'_> {
        AppTokens { store: self }
    }
}

impl AppTokens<'_> {
    /// Every token with its hash, for the snapshot; a row that cannot be read is passed over.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn all_with_hash(&self) -> StoreResult<Vec<(TokenHash, AppToken)>> {
        const SQL: &str = select_app_token!(
            "WHERE deleted_at IS NULL
             ORDER BY name, id"
        );
        let rows: Vec<AppTokenRow> =
            on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? });
        Ok(readable(rows.into_iter().map(AppTokenRow::into_hash_and_token)))
    }

    /// Tokens whose name or hint contains `search` whatever the case, by name, at most
    /// [`Page::MAX_LIST`].
    ///
    /// # Errors
    /// As [`AppTokens::all_with_hash`].
    pub async fn list(&self, search: Option<&str>) -> StoreResult<Vec<AppToken>> {
        let tokens = self.all_with_hash().await?.into_iter().map(|(_, token)| token);
        Ok(tokens
            .filter(|token| matches_search(search, [&token.name, &token.hint]))
            .take(Page::MAX_LIST as usize)
            .collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn find(&self, id: AppTokenId) -> StoreResult<AppToken> {
        let row: AppTokenRow = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(FIND).bind(id.get()).fetch_one(pool).await?
        });
        row.into_token()
    }

    /// Makes a token.
    ///
    /// # Errors
    /// `Conflict` on `token` where that token was there before.
    pub async fn insert(&self, new: &NewAppToken, now: DateTime<Utc>) -> StoreResult<AppToken> {
        const SQL: &str = "
            INSERT INTO t_app_tokens (name, token_hash, token_hint, owner_id, scopes,
                allowed_models, allowed_providers, rate_limit_rpm, rate_limit_tpm, rate_limit_rpd,
                max_concurrent, budget_nanousd, budget_period, expires_at, is_active, created_at,
                updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let mut tx = self.store.begin_config_write(now).await?;
        let id = on_tx!(tx, |conn| {
            sqlx::query(SQL)
                .bind(&new.name)
                .bind(new.token_hash.as_slice())
                .bind(&new.hint)
                .bind(new.owner_id.map(UserId::get))
                .bind(Json(&new.scopes))
                .bind(Json(&new.allowed_models))
                .bind(Json(&new.allowed_providers))
                .bind(new.limits.rpm)
                .bind(new.limits.tpm)
                .bind(new.limits.rpd)
                .bind(new.limits.max_concurrent)
                .bind(new.budget.cap.map(NanoUsd::get))
                .bind(new.budget.period.as_str())
                .bind(new.expires_at.map(storable).map(Moment))
                .bind(new.is_active)
                .bind(Moment(now))
                .bind(Moment(now))
                .execute(&mut *conn)
                .await
                .map_err(on_conflict("token"))?
                .inserted_id()
        });
        let token = find_in(&mut tx, AppTokenId::new(id)).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Changes a token.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn update(
        &self,
        id: AppTokenId,
        patch: &AppTokenPatch,
        now: DateTime<Utc>,
    ) -> StoreResult<AppToken> {
        const SQL: &str = "
            UPDATE t_app_tokens
            SET name = ?, scopes = ?, allowed_models = ?, allowed_providers = ?,
                rate_limit_rpm = ?, rate_limit_tpm = ?, rate_limit_rpd = ?, max_concurrent = ?,
                budget_nanousd = ?, budget_period = ?, expires_at = ?, is_active = ?, updated_at = ?
            WHERE id = ?";
        let mut tx = self.store.begin_config_write(now).await?;
        let old = find_in(&mut tx, id).await?;
        on_tx!(tx, |conn| {
            sqlx::query(SQL)
                .bind(patch.name.as_ref().unwrap_or(&old.name))
                .bind(Json(patch.scopes.as_ref().unwrap_or(&old.scopes)))
                .bind(Json(patch.allowed_models.as_ref().unwrap_or(&old.allowed_models)))
                .bind(Json(patch.allowed_providers.as_ref().unwrap_or(&old.allowed_providers)))
                .bind(patched(old.limits.rpm, patch.rpm))
                .bind(patched(old.limits.tpm, patch.tpm))
                .bind(patched(old.limits.rpd, patch.rpd))
                .bind(patched(old.limits.max_concurrent, patch.max_concurrent))
                .bind(patched(old.budget.cap, patch.budget).map(NanoUsd::get))
                .bind(patch.budget_period.unwrap_or(old.budget.period).as_str())
                .bind(patched(old.expires_at, patch.expires_at).map(storable).map(Moment))
                .bind(patch.is_active.unwrap_or(old.is_active))
                .bind(Moment(now))
                .bind(id.get())
                .execute(&mut *conn)
                .await?;
        });
        let token = find_in(&mut tx, id).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Deletes a token. The row stays for reports, without any right.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, id: AppTokenId, now: DateTime<Utc>) -> StoreResult<()> {
        const SQL: &str = "
            UPDATE t_app_tokens
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

const FIND: &str = select_app_token!("WHERE id = ? AND deleted_at IS NULL");

async fn find_in(tx: &mut WriteTx, id: AppTokenId) -> StoreResult<AppToken> {
    let row: AppTokenRow =
        on_tx!(tx, |conn| { sqlx::query_as(FIND).bind(id.get()).fetch_one(&mut *conn).await? });
    row.into_token()
}

/// What a token did on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TokenUse {
    /// Calls that reached a provider and are over.
    pub(crate) calls: i64,
    /// When the last of its attempts began.
    pub(crate) last_used_at: DateTime<Utc>,
}

/// Adds to a token's counter, which begins anew with each day, and remembers when it was used; an
/// earlier day or time than the one known changes nothing.
pub(crate) async fn count_use(
    tx: &mut WriteTx,
    token: AppTokenId,
    day: NaiveDate,
    used: TokenUse,
) -> StoreResult<()> {
    // MySQL assigns from left to right and shows later assignments what the earlier ones made, so
    // the day comes after the counter that looks at it.
    const SQL: &str = "
        UPDATE t_app_tokens
        SET requests_count_today = CASE
                WHEN counted_on = ? THEN requests_count_today + ?
                WHEN counted_on > ? THEN requests_count_today
                ELSE ? END,
            counted_on = CASE WHEN counted_on > ? THEN counted_on ELSE ? END,
            last_used_at = CASE WHEN last_used_at > ? THEN last_used_at ELSE ? END
        WHERE id = ?";
    on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(day)
            .bind(used.calls)
            .bind(day)
            .bind(used.calls)
            .bind(day)
            .bind(day)
            .bind(Moment(used.last_used_at))
            .bind(Moment(used.last_used_at))
            .bind(token.get())
            .execute(&mut *conn)
            .await?;
    });
    Ok(())
}

impl AppTokenRow {
    fn into_token(self) -> StoreResult<AppToken> {
        self.into_hash_and_token().map(|(_, token)| token)
    }

    fn into_hash_and_token(self) -> StoreResult<(TokenHash, AppToken)> {
        const TABLE: &str = "t_app_tokens";
        let hash = TokenHash::try_from(self.token_hash).map_err(|_| StoreError::Corrupt {
            table: TABLE,
            id: self.id,
            column: "token_hash",
            reason: "must be 32 bytes".to_owned(),
        })?;
        // One that cannot be read is no empty list, which would allow everything.
        let list = |column, value| -> StoreResult<Vec<String>> {
            json(TABLE, self.id, column, value, "a list of texts")
        };
        let scopes = list("scopes", self.scopes)?;
        let token = AppToken {
            id: AppTokenId::new(self.id),
            name: self.name,
            hint: self.token_hint,
            owner_id: self.owner_id.map(UserId::new),
            // A scope of a newer version is none that this one could grant.
            scopes: scopes.iter().filter_map(|scope| scope.parse().ok()).collect(),
            allowed_models: list("allowed_models", self.allowed_models)?,
            allowed_providers: list("allowed_providers", self.allowed_providers)?,
            limits: AppLimits {
                rpm: self.rate_limit_rpm,
                tpm: self.rate_limit_tpm,
                rpd: self.rate_limit_rpd,
                max_concurrent: self.max_concurrent,
            },
            budget: Budget {
                cap: self.budget_nanousd.map(NanoUsd::new),
                // One that a person wrote wrongly is the narrowest, not the widest.
                period: word_or(
                    TABLE,
                    self.id,
                    "budget_period",
                    &self.budget_period,
                    BudgetPeriod::Total,
                ),
            },
            requests_count_today: self.requests_count_today,
            counted_on: self.counted_on,
            expires_at: self.expires_at,
            is_active: self.is_active,
            last_used_at: self.last_used_at,
            created_at: self.created_at,
            updated_at: self.updated_at,
        };
        Ok((hash, token))
    }
}
