//! What can be summed by, and where the names of that are.

use std::collections::{BTreeSet, HashMap};

use sqlx::QueryBuilder;

use super::{Group, UsageRow, UsageSums};
use crate::db::on_tx;
use crate::error::StoreResult;
use crate::pieces::pieces;
use crate::read_tx::ReadTx;

/// Names looked up by one statement.
const NAMES_PER_STATEMENT: usize = 64;

/// What to sum by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// A provider.
    Provider,
    /// The model that was called, whoever serves it.
    Model,
    /// An upstream key.
    Key,
    /// An app token.
    App,
    /// A user.
    User,
}

impl Dimension {
    /// Its word in the tables of totals.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Model => "model",
            Self::Key => "key",
            Self::App => "app",
            Self::User => "user",
        }
    }

    /// Its column in the records and in the tables of usage.
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::Provider => "provider_id",
            Self::Model => "model_code",
            Self::Key => "key_id",
            Self::App => "app_id",
            Self::User => "user_id",
        }
    }

    /// The same as a text.
    pub(super) const fn member(self) -> &'static str {
        match self {
            Self::Provider => "CAST(provider_id AS CHAR(20))",
            Self::Model => "model_code",
            Self::Key => "CAST(key_id AS CHAR(20))",
            Self::App => "CAST(app_id AS CHAR(20))",
            Self::User => "CAST(user_id AS CHAR(20))",
        }
    }

    /// The member that a text stands for; `None` for calls without one, whom the records have NULL
    /// for and the tables of usage `0` or nothing.
    pub(super) fn read(self, member: Option<String>) -> Option<String> {
        let nothing = if self == Self::Model { "" } else { "0" };
        member.filter(|member| member != nothing)
    }

    /// The groups of these members.
    pub(super) async fn groups(
        self,
        tx: &mut ReadTx,
        members: Vec<(Option<String>, UsageSums)>,
    ) -> StoreResult<Vec<UsageRow>> {
        let names = self.names_of(tx, members.iter().map(|(member, _)| member)).await?;
        let row = |(member, sums)| UsageRow { group: self.group(member, &names), sums };
        Ok(members.into_iter().map(row).collect())
    }

    /// What these members are called, by id; nothing for models.
    pub(super) async fn names_of(
        self,
        tx: &mut ReadTx,
        members: impl Iterator<Item = &Option<String>>,
    ) -> StoreResult<HashMap<i64, String>> {
        let Some(select) = self.names() else { return Ok(HashMap::new()) };
        let ids: BTreeSet<i64> =
            members.filter_map(|member| member.as_ref()?.parse().ok()).collect();
        names_of(tx, select, &Vec::from_iter(ids)).await
    }

    /// The group of a member, called what `names` say.
    pub(super) fn group(self, member: Option<String>, names: &HashMap<i64, String>) -> Group {
        match (self, member.as_ref().and_then(|id| id.parse::<i64>().ok())) {
            (Self::Model, _) => member.map_or(Group::None, Group::Model),
            (_, Some(id)) => Group::Row { id, name: names.get(&id).cloned() },
            (_, None) => Group::None,
        }
    }

    /// Where names are; a model's code is its name.
    const fn names(self) -> Option<&'static str> {
        match self {
            Self::Provider => Some("id, provider_name FROM t_ai_providers"),
            Self::Model => None,
            Self::Key => Some("id, key_name FROM t_ai_api_keys"),
            Self::App => Some("id, name FROM t_app_tokens"),
            Self::User => Some("id, username FROM t_users"),
        }
    }
}

/// Names by id, deleted rows included. `select` is what stands between SELECT and WHERE.
pub(super) async fn names_of(
    tx: &mut ReadTx,
    select: &'static str,
    ids: &[i64],
) -> StoreResult<HashMap<i64, String>> {
    let mut names = HashMap::new();
    for chunk in pieces(ids, NAMES_PER_STATEMENT) {
        let head = format!("{} {select} WHERE id IN (", tx.select());
        let rows: Vec<(i64, String)> = on_tx!(tx, |conn: Driver| {
            let mut query = QueryBuilder::<Driver>::new(head);
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(*id);
            }
            query.push(")");
            query.build_query_as().fetch_all(&mut *conn).await?
        });
        names.extend(rows);
    }
    Ok(names)
}
