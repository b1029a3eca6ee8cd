//! The made-up world once it has its rows in a database: who calls what, and what that costs.

use tollgate_domain::price::Price;

use super::catalogue::{
    APP_AREAS, APP_TASKS, Feature, ModelSpec, PROVIDERS, ProviderSpec, USER_AGENTS,
};
use super::chance::{Chance, Zipf};

/// How many of the models an app has a use for.
const MOST_MODELS_OF_AN_APP: usize = 4;
/// How many end users all apps have together.
const END_USERS: usize = 5_000;
/// Makes apps the same in every history.
const TASTE: u64 = 0x0074_6F6C_6C67_6174;

/// Everything that a call may have to do with. In each list the busiest come first.
#[derive(Debug)]
pub(super) struct World {
    pub(super) providers: Vec<Provider>,
    pub(super) models: Vec<Model>,
    pub(super) apps: Vec<App>,
    pub(super) users: Vec<User>,
    pub(super) end_users: Vec<String>,
}

/// A provider with its row and its keys.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) id: i64,
    pub(super) spec: &'static ProviderSpec,
    /// Ids, the first choice first.
    pub(super) keys: Vec<i64>,
}

/// A model with its prices.
#[derive(Debug)]
pub(super) struct Model {
    /// Its place among the providers.
    pub(super) provider: usize,
    pub(super) spec: &'static ModelSpec,
    /// `provider/model`, as some callers name it.
    pub(super) full_name: String,
    /// As the database has them.
    pub(super) prices: Vec<Price>,
}

/// An app token and the habits of whoever has it.
#[derive(Debug)]
pub(super) struct App {
    pub(super) id: i64,
    pub(super) owner: i64,
    pub(super) habits: Habits,
}

/// A user, who tries something out now and then.
#[derive(Debug)]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) habits: Habits,
}

/// How somebody calls.
#[derive(Clone, Debug)]
pub(super) struct Habits {
    /// Places among the models, the favourite first.
    pub(super) models: Vec<usize>,
    pub(super) endpoint: &'static str,
    /// The share of streams among its calls.
    pub(super) streams: f64,
    /// Whether it names its end users.
    pub(super) names_end_users: bool,
    /// How long its prompts are, compared with others.
    pub(super) prompt_factor: f64,
    pub(super) ip_address: String,
    pub(super) user_agent: &'static str,
}

impl World {
    /// The world with the ids and prices that a database gave it, in the order of the catalogue.
    pub(super) fn new(
        providers: Vec<Provider>,
        prices: Vec<Vec<Price>>,
        users: &[i64],
        apps: &[i64],
    ) -> Self {
        let models = models(&providers, prices);
        let popular = Zipf::new(models.len(), 0.9);
        let apps = apps
            .iter()
            .enumerate()
            .map(|(place, id)| App {
                id: *id,
                owner: Self::owner(place, users),
                habits: habits(place, &models, &popular),
            })
            .collect();
        let user = |(place, id): (usize, &i64)| User {
            id: *id,
            habits: habits_of_user(place, models.len()),
        };
        let users = users.iter().enumerate().map(user).collect();
        let end_users = (0..END_USERS).map(|n| format!("customer-{n:05}")).collect();
        Self { providers, models, apps, users, end_users }
    }

    /// Whose app token the one at `app` is, of `users`.
    pub(super) fn owner(app: usize, users: &[i64]) -> i64 {
        users[app % users.len()]
    }
}

/// The models of all providers in turn: the first of each, then the second of each.
fn models(providers: &[Provider], prices: Vec<Vec<Price>>) -> Vec<Model> {
    let specs = providers.iter().enumerate().flat_map(|(place, provider)| {
        let models = provider.spec.models.iter().enumerate();
        models.map(move |(rank, spec)| (rank, place, spec))
    });
    let mut models: Vec<_> = specs.zip(prices).collect();
    models.sort_by_key(|((rank, provider, _), _)| (*rank, *provider));
    models
        .into_iter()
        .map(|((_, provider, spec), prices)| Model {
            provider,
            spec,
            full_name: format!("{}/{}", PROVIDERS[provider].code, spec.code),
            prices,
        })
        .collect()
}

fn habits(app: usize, models: &[Model], popular: &Zipf) -> Habits {
    let mut chance = Chance::of(TASTE, app as u64);
    let mut used = Vec::new();
    while used.len() < 1 + app % MOST_MODELS_OF_AN_APP {
        let model = popular.pick(&mut chance);
        if !used.contains(&model) {
            used.push(model);
        }
    }
    // Whoever only makes vectors has no other model to go with them.
    if models[used[0]].spec.feature == Feature::Embeds {
        used.truncate(1);
    }
    const ENDPOINTS: [&str; 5] = [
        "/v1/chat/completions",
        "/v1/chat/completions",
        "/v1/chat/completions",
        "/v1/messages",
        "/api/ai/chat/completions",
    ];
    Habits {
        models: used,
        endpoint: chance.one_of(&ENDPOINTS),
        streams: chance.unit() * 0.9,
        names_end_users: chance.happens(0.6),
        prompt_factor: 0.4 + 1.6 * chance.unit(),
        ip_address: format!("10.{}.{}.{}", app / 10, chance.below(250), 1 + chance.below(250)),
        user_agent: chance.one_of(&USER_AGENTS),
    }
}

/// The names of all apps, the busiest first.
pub(super) fn app_names() -> impl Iterator<Item = String> {
    // Along the diagonals, so that neither list decides who is busy.
    (0..APP_AREAS.len() * APP_TASKS.len()).map(|n| {
        let (turn, area) = (n / APP_AREAS.len(), n % APP_AREAS.len());
        format!("{}-{}", APP_AREAS[area], APP_TASKS[(area + turn) % APP_TASKS.len()])
    })
}

/// The hash that an app token of the history is known by. Nobody knows a token that fits it.
pub(super) fn token_hash(app: usize) -> [u8; 32] {
    let mut chance = Chance::of(!TASTE, app as u64);
    let mut hash = [0; 32];
    hash.chunks_exact_mut(8).for_each(|part| part.copy_from_slice(&chance.bits().to_be_bytes()));
    hash
}

fn habits_of_user(user: usize, models: usize) -> Habits {
    Habits {
        // Together they try every model.
        models: [user * 3, user * 3 + 1, user * 3 + 2, user + 36].map(|it| it % models).to_vec(),
        endpoint: "/api/ai/chat/completions",
        streams: 0.8,
        names_end_users: false,
        prompt_factor: 0.3,
        ip_address: format!("192.0.2.{}", 10 + user),
        user_agent: "Mozilla/5.0",
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeSet;

    use tollgate_domain::{ModelId, PriceId};

    use super::*;

    /// The world with ids counted from 1.
    pub(in crate::history) fn imaginary() -> World {
        let mut keys = 1..;
        let providers: Vec<Provider> = (1..)
            .zip(&PROVIDERS)
            .map(|(id, spec)| Provider { id, spec, keys: keys.by_ref().take(spec.keys).collect() })
            .collect();
        let mut ids = 1..;
        let specs = PROVIDERS.iter().flat_map(|it| it.models.iter().map(move |model| (it, model)));
        let prices = specs.map(|(provider, model)| {
            let tiers = provider.prices(model).0;
            tiers
                .into_iter()
                .map(|tier| Price {
                    id: PriceId::new(ids.next().unwrap()),
                    model_id: ModelId::new(1),
                    valid_from: chrono::DateTime::UNIX_EPOCH,
                    tier_min_prompt_tokens: tier.min_prompt_tokens,
                    rates: tier.rates,
                    source: "manual".to_owned(),
                })
                .collect()
        });
        World::new(providers, prices.collect(), &Vec::from_iter(1..=12), &Vec::from_iter(1..=100))
    }

    #[test]
    fn apps_have_names_and_tokens_of_their_own() {
        let names: BTreeSet<String> = app_names().collect();
        let hashes: BTreeSet<[u8; 32]> = (0..100).map(token_hash).collect();

        assert_eq!((names.len(), hashes.len()), (100, 100));
    }

    #[test]
    fn every_model_has_somebody_who_calls_it() {
        let world = imaginary();

        let apps = world.apps.iter().map(|app| &app.habits);
        let habits = apps.chain(world.users.iter().map(|user| &user.habits));
        let used: BTreeSet<usize> = habits.flat_map(|habits| habits.models.clone()).collect();

        assert_eq!(used.len(), 40, "{used:?}");
    }
}
