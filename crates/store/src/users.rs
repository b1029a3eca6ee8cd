//! People who sign in: `t_users`.

use chrono::{DateTime, Utc};
use tollgate_domain::UserId;
use tollgate_domain::page::Page;
use tollgate_domain::user::{Role, User};

use crate::db::{InsertedId, WriteTx, on_pool, on_tx};
use crate::error::{StoreError, StoreResult, on_conflict};
use crate::moment::Moment;
use crate::row::{matches_search, readable, word};
use crate::{Store, sessions};

/// The table of users. Deleted users are in none of its answers.
///
/// Names are unique, and found, without regard to case: the column `name_key` holds the name in
/// lower case, folded here so that both databases agree.
#[derive(Clone, Copy, Debug)]
pub struct Users<'s> {
    store: &'s Store,
}

/// A user to be made. It has no `Debug`, because of the hash.
#[derive(Clone, PartialEq, Eq)]
pub struct NewUser {
    /// What they sign in with, at most 100 characters.
    pub username: String,
    /// Their password's argon2id hash.
    pub password_hash: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Whether somebody else chose the password.
    pub must_change_password: bool,
}

/// What to change of a user; `None` stays. It has no `Debug`, because of the hash.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UserPatch {
    /// A new name.
    pub username: Option<String>,
    /// A new password's hash; it ends every session.
    pub password_hash: Option<String>,
    /// A new role.
    pub role: Option<Role>,
    /// Whether they may sign in; `false` ends every session.
    pub is_active: Option<bool>,
    /// Whether somebody else chose the password.
    pub must_change_password: Option<bool>,
}

/// A SELECT of every column of [`UserRow`], with what follows the table's name.
macro_rules! select_user {
    ($tail:literal) => {
        concat!(
            "SELECT id, username, password_hash, role, is_active, must_change_password,
                 token_version, last_login_at, created_at, updated_at
             FROM t_users ",
            $tail
        )
    };
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: i64,
    username: String,
    password_hash: String,
    role: String,
    is_active: bool,
    must_change_password: bool,
    token_version: i64,
    last_login_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl Store {
    /// The table of users.
    #[must_use]
    pub const fn users(&self) -> Users<'_> {
        Users { store: self }
    }
}

impl Users<'_> {
    /// How many there are.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count(&self) -> StoreResult<i64> {
        const SQL: &str = "SELECT COUNT(*) FROM t_users WHERE deleted_at IS NULL";
        Ok(on_pool!(self.store.db(), |pool| { sqlx::query_scalar(SQL).fetch_one(pool).await? }))
    }

    /// Every user, by name; one whose role this version does not know is passed over.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn all(&self) -> StoreResult<Vec<User>> {
        const SQL: &str = select_user!(
            "WHERE deleted_at IS NULL
             ORDER BY name_key, id"
        );
        let rows: Vec<UserRow> =
            on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? });
        Ok(readable(rows.into_iter().map(UserRow::into_user)))
    }

    /// Users whose name contains `search` whatever the case, by name, at most
    /// [`Page::MAX_LIST`].
    ///
    /// # Errors
    /// Those of the database.
    pub async fn list(&self, search: Option<&str>) -> StoreResult<Vec<User>> {
        let mut users = self.all().await?;
        users.retain(|user| matches_search(search, [&user.username]));
        users.truncate(Page::MAX_LIST as usize);
        Ok(users)
    }

    /// One of them.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn find(&self, id: UserId) -> StoreResult<User> {
        let row: UserRow = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(FIND).bind(id.get()).fetch_one(pool).await?
        });
        row.into_user()
    }

    /// The user of that name, whatever its case, and their password's hash; also one who is not
    /// active.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn find_by_username(&self, username: &str) -> StoreResult<Option<(User, String)>> {
        const SQL: &str = select_user!("WHERE name_key = ?");
        let row: Option<UserRow> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(fold(username)).fetch_optional(pool).await?
        });
        row.map(UserRow::into_user_and_hash).transpose()
    }

    /// Makes a user.
    ///
    /// # Errors
    /// `Conflict` on `username` where a living user has that name in any case.
    pub async fn insert(&self, new: &NewUser, now: DateTime<Utc>) -> StoreResult<User> {
        const SQL: &str = "
            INSERT INTO t_users (username, name_key, password_hash, role, is_active,
                must_change_password, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let mut tx = self.store.begin_config_write(now).await?;
        let id = on_tx!(tx, |conn| {
            sqlx::query(SQL)
                .bind(&new.username)
                .bind(fold(&new.username))
                .bind(&new.password_hash)
                .bind(new.role.as_str())
                .bind(new.is_active)
                .bind(new.must_change_password)
                .bind(Moment(now))
                .bind(Moment(now))
                .execute(&mut *conn)
                .await
                .map_err(on_conflict("username"))?
                .inserted_id()
        });
        let row = find_in(&mut tx, UserId::new(id)).await?;
        tx.commit().await?;
        row.into_user()
    }

    /// Changes a user. A new role, a new password or a change of `is_active` counts
    /// `token_version` up; a new password and deactivation end every session.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` on `username`; `LastAdmin` where no active admin would be left.
    pub async fn update(
        &self,
        id: UserId,
        patch: &UserPatch,
        now: DateTime<Utc>,
    ) -> StoreResult<User> {
        let mut tx = self.store.begin_config_write(now).await?;
        let old = find_in(&mut tx, id).await?;
        let role = patch.role_or(&old.role);
        let is_active = patch.is_active.unwrap_or(old.is_active);
        if old.is_active_admin() && !(is_active && role == Role::Admin.as_str()) {
            keep_an_admin(&mut tx, id).await?;
        }
        let is_new_password = patch.password_hash.is_some();
        let is_other_caller = role != old.role || is_active != old.is_active || is_new_password;
        save(&mut tx, &old, patch, i64::from(is_other_caller), now).await?;
        if is_new_password || !is_active {
            sessions::revoke_all_in(&mut tx, id, now).await?;
        }
        let row = find_in(&mut tx, id).await?;
        tx.commit().await?;
        row.into_user()
    }

    /// Gives a user a new password and ends every session of theirs.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn set_password(
        &self,
        id: UserId,
        password_hash: &str,
        must_change_password: bool,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        let patch = UserPatch {
            password_hash: Some(password_hash.to_owned()),
            must_change_password: Some(must_change_password),
            ..UserPatch::default()
        };
        self.update(id, &patch, now).await.map(drop)
    }

    /// Remembers that a user signed in.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn record_login(&self, id: UserId, now: DateTime<Utc>) -> StoreResult<()> {
        const SQL: &str = "UPDATE t_users SET last_login_at = ? WHERE id = ?";
        on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL).bind(Moment(now)).bind(id.get()).execute(pool).await?;
        });
        Ok(())
    }

    /// Deletes a user and ends every session of theirs. The row stays for reports; the name is
    /// free again.
    ///
    /// # Errors
    /// `NotFound`; `LastAdmin` where no active admin would be left.
    pub async fn delete(&self, id: UserId, now: DateTime<Utc>) -> StoreResult<()> {
        const SQL: &str = "
            UPDATE t_users
            SET name_key = NULL, is_active = FALSE, token_version = token_version + 1,
                updated_at = ?, deleted_at = ?
            WHERE id = ?";
        let mut tx = self.store.begin_config_write(now).await?;
        if find_in(&mut tx, id).await?.is_active_admin() {
            keep_an_admin(&mut tx, id).await?;
        }
        on_tx!(tx, |conn| {
            sqlx::query(SQL)
                .bind(Moment(now))
                .bind(Moment(now))
                .bind(id.get())
                .execute(&mut *conn)
                .await?;
        });
        sessions::revoke_all_in(&mut tx, id, now).await?;
        tx.commit().await
    }
}

const FIND: &str = select_user!("WHERE id = ? AND deleted_at IS NULL");

/// The name as it is compared.
fn fold(username: &str) -> String {
    username.trim().to_lowercase()
}

async fn find_in(tx: &mut WriteTx, id: UserId) -> StoreResult<UserRow> {
    Ok(on_tx!(tx, |conn| { sqlx::query_as(FIND).bind(id.get()).fetch_one(&mut *conn).await? }))
}

/// Refuses unless there is an active admin besides `id`. Changes of configuration happen one after
/// the other, so of two admins who delete each other at once the second one is refused.
async fn keep_an_admin(tx: &mut WriteTx, id: UserId) -> StoreResult<()> {
    const SQL: &str = "
        SELECT COUNT(*)
        FROM t_users
        WHERE role = ? AND is_active = TRUE AND deleted_at IS NULL AND id <> ?";
    let others: i64 = on_tx!(tx, |conn| {
        sqlx::query_scalar(SQL)
            .bind(Role::Admin.as_str())
            .bind(id.get())
            .fetch_one(&mut *conn)
            .await?
    });
    if others == 0 { Err(StoreError::LastAdmin) } else { Ok(()) }
}

async fn save(
    tx: &mut WriteTx,
    old: &UserRow,
    patch: &UserPatch,
    version_step: i64,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_users
        SET username = ?, name_key = ?, password_hash = ?, role = ?, is_active = ?,
            must_change_password = ?, token_version = token_version + ?, updated_at = ?
        WHERE id = ?";
    let username = patch.username.as_ref().unwrap_or(&old.username);
    on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(username)
            .bind(fold(username))
            .bind(patch.password_hash.as_ref().unwrap_or(&old.password_hash))
            .bind(patch.role_or(&old.role))
            .bind(patch.is_active.unwrap_or(old.is_active))
            .bind(patch.must_change_password.unwrap_or(old.must_change_password))
            .bind(version_step)
            .bind(Moment(now))
            .bind(old.id)
            .execute(&mut *conn)
            .await
            .map_err(on_conflict("username"))?;
    });
    Ok(())
}

impl UserPatch {
    fn role_or<'t>(&self, old: &'t str) -> &'t str {
        match self.role {
            Some(role) => role.as_str(),
            None => old,
        }
    }
}

impl UserRow {
    fn is_active_admin(&self) -> bool {
        self.is_active && self.role == Role::Admin.as_str()
    }

    fn into_user(self) -> StoreResult<User> {
        self.into_user_and_hash().map(|(user, _)| user)
    }

    fn into_user_and_hash(self) -> StoreResult<(User, String)> {
        let user = User {
            id: UserId::new(self.id),
            role: word("t_users", self.id, "role", &self.role)?,
            username: self.username,
            is_active: self.is_active,
            must_change_password: self.must_change_password,
            token_version: self.token_version,
            last_login_at: self.last_login_at,
            created_at: self.created_at,
            updated_at: self.updated_at,
        };
        Ok((user, self.password_hash))
    }
}
