//! Users' sessions, each known by its refresh token's hash: `t_sessions`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tollgate_domain::session::Session;
use tollgate_domain::{SessionId, UserId};

use crate::Store;
use crate::db::{InsertedId, WriteTx, on_pool, on_tx};
use crate::error::StoreResult;
use crate::moment::Moment;
use crate::row::cut;

/// SHA-256 of a refresh token.
pub type RefreshHash = [u8; 32];

/// The most sessions of one user that are shown.
pub const MOST_SHOWN: i64 = 200;

/// How long a refresh token still gives the one that it was exchanged for: long enough for a page
/// that was left or lost its network before the answer to ask once more.
pub const GRACE: Duration = Duration::from_secs(10);

/// The table of sessions.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'s> {
    store: &'s Store,
}

/// What became of a refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The new refresh token holds, the old one does no longer; or it was exchanged for this very
    /// one within the last [`GRACE`].
    Rotated(Session),
    /// The token was exchanged for a newer one longer ago, so one of the two who showed it is not
    /// its owner: the session was ended.
    Reused(Session),
    /// No session had that token, or only before its last two, or it was just exchanged for
    /// another one.
    Unknown,
    /// The session was revoked, or it has expired.
    Ended,
}

/// A SELECT of every column of [`SessionRow`], with what follows the table's name.
macro_rules! select_session {
    ($tail:literal) => {
        concat!(
            "SELECT id, user_id, expires_at, revoked_at, ip, user_agent, last_used_at, created_at
             FROM t_sessions ",
            $tail
        )
    };
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: i64,
    user_id: i64,
    expires_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
    ip: Option<String>,
    user_agent: Option<String>,
    last_used_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl Store {
    /// The table of sessions.
    #[must_use]
    pub const fn sessions(&self) -> Sessions<'_> {
        Sessions { store: self }
    }
}

impl Sessions<'_> {
    /// Begins a session. An address is cut at 64 characters, a program's name at 255.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open(
        &self,
        user: UserId,
        refresh_hash: RefreshHash,
        expires_at: DateTime<Utc>,
        ip: Option<&str>,
        user_agent: Option<&str>,
        now: DateTime<Utc>,
    ) -> StoreResult<Session> {
        const SQL: &str = "
            INSERT INTO t_sessions (user_id, refresh_hash, expires_at, ip, user_agent,
                created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)";
        let id = on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL)
                .bind(user.get())
                .bind(refresh_hash.as_slice())
                .bind(Moment(expires_at))
                .bind(ip.map(cut::<64>))
                .bind(user_agent.map(cut::<255>))
                .bind(Moment(now))
                .bind(Moment(now))
                .execute(pool)
                .await?
                .inserted_id()
        });
        self.find(SessionId::new(id)).await
    }

    /// One of them, ended or not.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn find(&self, id: SessionId) -> StoreResult<Session> {
        const SQL: &str = select_session!("WHERE id = ?");
        let row: SessionRow = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(id.get()).fetch_one(pool).await?
        });
        Ok(row.into_session())
    }

    /// Exchanges a refresh token for a new one; the session lasts until `expires_at` then. The same
    /// exchange once more within [`GRACE`] changes nothing and succeeds, which is why the new token
    /// should follow from the old one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn rotate(
        &self,
        old_hash: RefreshHash,
        new_hash: RefreshHash,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> StoreResult<Rotation> {
        const SQL: &str = "
            UPDATE t_sessions
            SET previous_hash = ?, refresh_hash = ?, expires_at = ?, last_used_at = ?,
                updated_at = ?
            WHERE refresh_hash = ? AND revoked_at IS NULL AND expires_at > ?";
        let rotated = on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL)
                .bind(old_hash.as_slice())
                .bind(new_hash.as_slice())
                .bind(Moment(expires_at))
                .bind(Moment(now))
                .bind(Moment(now))
                .bind(old_hash.as_slice())
                .bind(Moment(now))
                .execute(pool)
                .await?
                .rows_affected()
        });
        if rotated == 0 {
            return self.repeat_or_refuse(old_hash, new_hash, now).await;
        }
        let session = self.find_by(BY_REFRESH_HASH, new_hash).await?;
        Ok(session.map_or(Rotation::Ended, Rotation::Rotated))
    }

    /// Ends a session; one that has ended already stays as it is.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn revoke(&self, id: SessionId, now: DateTime<Utc>) -> StoreResult<()> {
        let mut tx = self.store.begin_config_write(now).await?;
        revoke_in(&mut tx, id, now).await?;
        tx.commit().await
    }

    /// Ends every session of a user.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn revoke_all(&self, user: UserId, now: DateTime<Utc>) -> StoreResult<()> {
        let mut tx = self.store.begin_config_write(now).await?;
        revoke_all_in(&mut tx, user, now).await?;
        tx.commit().await
    }

    /// The sessions of a user that have not ended, the last used first, at most [`MOST_SHOWN`].
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open_of(&self, user: UserId, now: DateTime<Utc>) -> StoreResult<Vec<Session>> {
        const SQL: &str = select_session!(
            "WHERE user_id = ? AND revoked_at IS NULL AND expires_at > ?
             ORDER BY COALESCE(last_used_at, created_at) DESC, id DESC
             LIMIT ?"
        );
        let rows: Vec<SessionRow> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL)
                .bind(user.get())
                .bind(Moment(now))
                .bind(MOST_SHOWN)
                .fetch_all(pool)
                .await?
        });
        Ok(rows.into_iter().map(SessionRow::into_session).collect())
    }

    /// Sessions that were ended at `at` or later.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn revoked_since(&self, at: DateTime<Utc>) -> StoreResult<Vec<SessionId>> {
        const SQL: &str = "
            SELECT id
            FROM t_sessions
            WHERE revoked_at >= ?
            ORDER BY id";
        let ids: Vec<i64> = on_pool!(self.store.db(), |pool| {
            sqlx::query_scalar(SQL).bind(Moment(at)).fetch_all(pool).await?
        });
        Ok(ids.into_iter().map(SessionId::new).collect())
    }

    /// What becomes of a token that no open session has: whether it was just exchanged for that
    /// same one, or why it is refused. Ends the session of one that was exchanged before.
    async fn repeat_or_refuse(
        &self,
        old_hash: RefreshHash,
        new_hash: RefreshHash,
        now: DateTime<Utc>,
    ) -> StoreResult<Rotation> {
        if self.find_by(BY_REFRESH_HASH, old_hash).await?.is_some() {
            return Ok(Rotation::Ended);
        }
        match self.find_by(BY_PREVIOUS_HASH, old_hash).await? {
            None => Ok(Rotation::Unknown),
            Some(session) if session.revoked_at.is_some() || session.expires_at <= now => {
                Ok(Rotation::Ended)
            }
            Some(session) if session.last_used_at.is_some_and(|used| now < used + GRACE) => {
                // Its next token, unless that has been exchanged, too, by now.
                let holder = self.find_by(BY_REFRESH_HASH, new_hash).await?;
                let is_its = holder.is_some_and(|holder| holder.id == session.id);
                if is_its { Ok(Rotation::Rotated(session)) } else { Ok(Rotation::Unknown) }
            }
            Some(session) => {
                self.revoke(session.id, now).await?;
                Ok(Rotation::Reused(Session { revoked_at: Some(now), ..session }))
            }
        }
    }

    /// Removes at most `limit` sessions that expired, or were revoked, before `before`. Answers how
    /// many it removed; fewer than `limit` means that none is left.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn purge_ended(&self, before: DateTime<Utc>, limit: i64) -> StoreResult<u64> {
        const SQL: &str = "
            DELETE FROM t_sessions
            WHERE id IN (
                SELECT id
                FROM (
                    SELECT id
                    FROM t_sessions
                    WHERE expires_at < ? OR revoked_at < ?
                    LIMIT ?
                ) AS batch)";
        Ok(on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL)
                .bind(Moment(before))
                .bind(Moment(before))
                .bind(limit)
                .execute(pool)
                .await?
                .rows_affected()
        }))
    }

    async fn find_by(&self, sql: &'static str, hash: RefreshHash) -> StoreResult<Option<Session>> {
        let row: Option<SessionRow> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(sql).bind(hash.as_slice()).fetch_optional(pool).await?
        });
        Ok(row.map(SessionRow::into_session))
    }
}

const BY_REFRESH_HASH: &str = select_session!("WHERE refresh_hash = ?");
const BY_PREVIOUS_HASH: &str = select_session!("WHERE previous_hash = ?");

async fn revoke_in(tx: &mut WriteTx, id: SessionId, now: DateTime<Utc>) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_sessions
        SET revoked_at = ?, updated_at = ?
        WHERE id = ? AND revoked_at IS NULL";
    on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(Moment(now))
            .bind(Moment(now))
            .bind(id.get())
            .execute(&mut *conn)
            .await?;
    });
    Ok(())
}

/// Ends every session of a user inside a larger change.
pub(crate) async fn revoke_all_in(
    tx: &mut WriteTx,
    user: UserId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_sessions
        SET revoked_at = ?, updated_at = ?
        WHERE user_id = ? AND revoked_at IS NULL";
    on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(Moment(now))
            .bind(Moment(now))
            .bind(user.get())
            .execute(&mut *conn)
            .await?;
    });
    Ok(())
}

impl SessionRow {
    fn into_session(self) -> Session {
        Session {
            id: SessionId::new(self.id),
            user_id: UserId::new(self.user_id),
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
            ip: self.ip,
            user_agent: self.user_agent,
            last_used_at: self.last_used_at,
            created_at: self.created_at,
        }
    }
}
