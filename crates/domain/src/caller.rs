//! Who asks.

use crate::user::Role;
use crate::{AppTokenId, SessionId, UserId};

/// Somebody who proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// How they proved it.
    pub identity: Identity,
    /// Their user name, or the app token's name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What they may call.
    pub access: Access,
}

/// How a caller proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// With a session's token.
    User {
        /// The user.
        id: UserId,
        /// The session.
        session: SessionId,
    },
    /// With an app token.
    App {
        /// The token.
        id: AppTokenId,
        /// The user who made it.
        owner: Option<UserId>,
    },
}

impl Caller {
    /// The user that calls are counted for.
    #[must_use]
    pub const fn user_id(&self) -> Option<UserId> {
        match self.identity {
            Identity::User { id, .. } => Some(id),
            Identity::App { owner, .. } => owner,
        }
    }

    /// The app token that calls are counted for.
    #[must_use]
    pub const fn app_id(&self) -> Option<AppTokenId> {
        match self.identity {
            Identity::User { .. } => None,
            Identity::App { id, .. } => Some(id),
        }
    }
}

/// Which models and providers a caller may use; an empty list is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Model codes or aliases, as a caller would name them.
    pub models: Vec<String>,
    /// Provider codes.
    pub providers: Vec<String>,
}

impl Access {
    /// Whether `model` of `provider` may be called, by its code, by `provider/model`, or by what
    /// the caller `requested` (an alias).
    #[must_use]
    pub fn allows(&self, provider: &str, model: &str, requested: Option<&str>) -> bool {
        let names_model = |allowed: &String| {
            allowed == model
                || requested.is_some_and(|requested| allowed == requested)
                || allowed.split_once('/').is_some_and(|pair| pair == (provider, model))
        };
        (self.providers.is_empty() || self.providers.iter().any(|code| code == provider))
            && (self.models.is_empty() || self.models.iter().any(names_model))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_allows_any_and_a_filled_one_only_what_it_names() {
        let any = Access::default();
        let some = Access {
            models: vec!["gpt-4o".to_owned(), "deepseek/deepseek-flash".to_owned()],
            providers: vec!["openai".to_owned(), "deepseek".to_owned()],
        };

        assert!(any.allows("openai", "gpt-5", None));
        assert!(some.allows("openai", "gpt-4o", None));
        assert!(some.allows("deepseek", "deepseek-flash", None));
        assert!(!some.allows("openai", "deepseek-flash", None));
        assert!(!some.allows("openai", "gpt-5", None));
        assert!(!some.allows("qwen", "gpt-4o", None));
    }

    #[test]
    fn a_caller_may_not_reach_a_model_by_asking_for_an_allowed_name_elsewhere() {
        let some = Access { models: vec!["fast".to_owned()], providers: vec![] };

        assert!(some.allows("openai", "gpt-5", Some("fast")));
        assert!(!some.allows("openai", "gpt-5", Some("gpt-5")));
    }
}
