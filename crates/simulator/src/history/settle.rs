//! Gives the world its rows: providers, keys, models, prices, users and app tokens, where they are
//! not there yet.

use chrono::{DateTime, Utc};
use tollgate_domain::price::{Price, Rates};
use tollgate_domain::{ModelId, NanoUsd, PriceId};

use super::catalogue::{ModelSpec, PROVIDERS, ProviderSpec, Tier, USERS};
use super::database::Database;
use super::sql::Insert;
use super::world::{Provider, World, app_names, token_hash};

/// Why a key of the history cannot be used, as its `status_reason`.
const NO_SECRET: &str = "made up by tollgate-simulator history, so there is no key in it";
/// A hash of the form that passwords are kept in, which no password is known to fit.
const NO_PASSWORD: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA\
    $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// When what is written claims to have been made, and when prices that are raised rise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) begin: DateTime<Utc>,
    pub(super) middle: DateTime<Utc>,
}

/// The world in `database`; what an earlier history left there is used again, prices included.
pub(super) async fn settle(database: &mut Database, times: Times) -> anyhow::Result<World> {
    let begin_ms = times.begin.timestamp_millis();
    let mut place = Settler { database, times, begin_ms };
    place.database.begin().await?;
    let mut providers = Vec::new();
    let mut prices = Vec::new();
    for spec in &PROVIDERS {
        let id = place.provider(spec).await?;
        providers.push(Provider { id, spec, keys: place.keys(id, spec).await? });
        for model in spec.models {
            let id = place.model(id, spec, model).await?;
            prices.push(place.prices(id).await?);
        }
    }
    let users = place.users().await?;
    let apps = place.apps(&users).await?;
    // Instances that run watch this number.
    let bump = "UPDATE t_settings SET version = version + 1 WHERE name = 'config_version'";
    place.database.execute(bump.to_owned()).await?;
    place.database.commit().await?;
    Ok(World::new(providers, prices, &users, &apps))
}

struct Settler<'d> {
    database: &'d mut Database,
    times: Times,
    begin_ms: i64,
}

impl Settler<'_> {
    async fn provider(&mut self, spec: &ProviderSpec) -> anyhow::Result<i64> {
        let find = format!("SELECT id FROM t_ai_providers WHERE provider_code = '{}'", spec.code);
        if let Some(id) = self.database.numbers(find.clone()).await?.first() {
            return Ok(*id);
        }
        let mut insert = self.insert(
            "INSERT INTO t_ai_providers (provider_code, provider_name, protocol, base_url,
                 sort_order, description, created_at, updated_at)
             VALUES",
        );
        insert
            .row()
            .text(spec.code)
            .text(spec.name)
            .text(spec.protocol)
            .text(spec.base_url)
            .number(500)
            .text("Made up by tollgate-simulator history. Not a real provider.")
            .moment(self.begin_ms)
            .moment(self.begin_ms)
            .end();
        self.database.execute(insert.finish("")).await?;
        self.only(find).await
    }

    /// Keys without a secret, as Tollgate leaves one that it wiped: on show, and never used.
    async fn keys(&mut self, provider: i64, spec: &ProviderSpec) -> anyhow::Result<Vec<i64>> {
        let find = format!(
            "SELECT id FROM t_ai_api_keys
             WHERE provider_id = {provider} AND status_reason = '{NO_SECRET}'
             ORDER BY id"
        );
        let found = self.database.numbers(find.clone()).await?;
        if !found.is_empty() {
            return Ok(found);
        }
        let mut insert = self.insert(
            "INSERT INTO t_ai_api_keys (provider_id, key_name, key_hint, priority, is_active, status,
                 status_reason, created_at, updated_at)
             VALUES",
        );
        for number in 1..=spec.keys {
            let name = format!("{}-{number}", spec.code);
            insert
                .row()
                .number(provider)
                .text(name.as_str())
                .text("****")
                .number(100)
                .flag(false)
                .text("invalid")
                .text(NO_SECRET)
                .moment(self.begin_ms)
                .moment(self.begin_ms)
                .end();
        }
        self.database.execute(insert.finish("")).await?;
        self.database.numbers(find).await
    }

    async fn model(
        &mut self,
        provider: i64,
        spec: &ProviderSpec,
        model: &ModelSpec,
    ) -> anyhow::Result<i64> {
        let find = format!(
            "SELECT id FROM t_ai_models WHERE provider_id = {provider} AND model_code = '{}'",
            model.code
        );
        if let Some(id) = self.database.numbers(find.clone()).await?.first() {
            return Ok(*id);
        }
        let mut insert = self.insert(
            "INSERT INTO t_ai_models (provider_id, model_code, model_type, supports_function_call,
                 created_at, updated_at)
             VALUES",
        );
        insert
            .row()
            .number(provider)
            .text(model.code)
            .text(model.kind())
            .flag(model.kind() == "chat")
            .moment(self.begin_ms)
            .moment(self.begin_ms)
            .end();
        self.database.execute(insert.finish("")).await?;
        let id = self.only(find).await?;
        self.first_prices(id, spec, model).await?;
        Ok(id)
    }

    async fn first_prices(
        &mut self,
        model: i64,
        spec: &ProviderSpec,
        of: &ModelSpec,
    ) -> anyhow::Result<()> {
        let (first, later) = spec.prices(of);
        self.price(model, self.times.begin, &first).await?;
        self.price(model, self.times.middle, &later.unwrap_or_default()).await
    }

    async fn price(
        &mut self,
        model: i64,
        from: DateTime<Utc>,
        tiers: &[Tier],
    ) -> anyhow::Result<()> {
        if tiers.is_empty() {
            return Ok(());
        }
        let mut insert = self.insert(
            "INSERT INTO t_ai_model_prices (model_id, valid_from, tier_min_prompt_tokens,
                 prompt_nanousd, completion_nanousd, cache_read_nanousd, cache_write_nanousd,
                 cache_write_1h_nanousd, request_fee_nanousd, created_at, updated_at)
             VALUES",
        );
        for tier in tiers {
            let rate = |rate: fn(Rates) -> Option<NanoUsd>| tier.rates.and_then(rate);
            insert
                .row()
                .number(model)
                .moment(from.timestamp_millis())
                .number(tier.min_prompt_tokens)
                .number(rate(|it| Some(it.prompt)).map(NanoUsd::get))
                .number(rate(|it| Some(it.completion)).map(NanoUsd::get))
                .number(rate(|it| it.cache_read).map(NanoUsd::get))
                .number(rate(|it| it.cache_write).map(NanoUsd::get))
                .number(rate(|it| it.cache_write_1h).map(NanoUsd::get))
                .number(rate(|it| Some(it.request_fee)).map_or(0, NanoUsd::get))
                .moment(self.begin_ms)
                .moment(self.begin_ms)
                .end();
        }
        self.database.execute(insert.finish("")).await
    }

    /// A model's prices as the database has them, whoever wrote them.
    async fn prices(&mut self, model: i64) -> anyhow::Result<Vec<Price>> {
        let rows = self
            .database
            .rows(format!(
                "SELECT id, {}, tier_min_prompt_tokens, prompt_nanousd, completion_nanousd,
                     cache_read_nanousd, cache_write_nanousd, cache_write_1h_nanousd,
                     request_fee_nanousd
                 FROM t_ai_model_prices
                 WHERE model_id = {model}",
                self.database.dialect().pick(
                    "CAST(ROUND(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', valid_from) / 1000)
                         AS SIGNED INTEGER)",
                    "CAST(ROUND((julianday(valid_from) - 2440587.5) * 86400000) AS INTEGER)",
                )
            ))
            .await?;
        Ok(rows.into_iter().map(|row| price(model, row)).collect())
    }

    /// Users who have left: they have no password, and the gateway still makes its first admin.
    async fn users(&mut self) -> anyhow::Result<Vec<i64>> {
        let mut users = Vec::with_capacity(USERS.len());
        for name in USERS {
            let name = format!("{name}.history");
            let find = format!("SELECT id FROM t_users WHERE username = '{name}'");
            if self.database.numbers(find.clone()).await?.is_empty() {
                let mut insert = self.insert(
                    "INSERT INTO t_users (username, password_hash, role, is_active, created_at,
                         updated_at, deleted_at)
                     VALUES",
                );
                let row =
                    insert.row().text(name.as_str()).text(NO_PASSWORD).text("app").flag(false);
                let row = row.moment(self.begin_ms).moment(self.begin_ms);
                row.moment(self.begin_ms).end();
                self.database.execute(insert.finish("")).await?;
            }
            users.push(self.only(find).await?);
        }
        Ok(users)
    }

    /// App tokens that nobody knows, each of one of `users`.
    async fn apps(&mut self, users: &[i64]) -> anyhow::Result<Vec<i64>> {
        let mut apps = Vec::new();
        for (place, name) in app_names().enumerate() {
            let hash = token_hash(place);
            let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            let find = format!("SELECT id FROM t_app_tokens WHERE token_hash = X'{digits}'");
            if self.database.numbers(find.clone()).await?.is_empty() {
                let mut insert = self.insert(
                    "INSERT INTO t_app_tokens (name, token_hash, token_hint, owner_id, scopes,
                         created_at, updated_at)
                     VALUES",
                );
                let row = insert.row().text(name.as_str()).bytes(&hash).text("****");
                let row = row.number(World::owner(place, users)).text(r#"["chat"]"#);
                row.moment(self.begin_ms).moment(self.begin_ms).end();
                self.database.execute(insert.finish("")).await?;
            }
            apps.push(self.only(find).await?);
        }
        Ok(apps)
    }

    fn insert(&self, head: &str) -> Insert {
        Insert::new(self.database.dialect(), head)
    }

    async fn only(&mut self, sql: String) -> anyhow::Result<i64> {
        let found = self.database.numbers(sql).await?;
        found.first().copied().ok_or_else(|| anyhow::anyhow!("a row is gone that was just written"))
    }
}

fn price(model: i64, row: [Option<i64>; 9]) -> Price {
    let [id, from_ms, tier, prompt, completion, cache_read, cache_write, cache_write_1h, fee] = row;
    let rates = prompt.zip(completion).map(|(prompt, completion)| Rates {
        prompt: NanoUsd::new(prompt),
        completion: NanoUsd::new(completion),
        cache_read: cache_read.map(NanoUsd::new),
        cache_write: cache_write.map(NanoUsd::new),
        cache_write_1h: cache_write_1h.map(NanoUsd::new),
        request_fee: NanoUsd::new(fee.unwrap_or(0)),
    });
    Price {
        id: PriceId::new(id.unwrap_or_default()),
        model_id: ModelId::new(model),
        valid_from: DateTime::from_timestamp_millis(from_ms.unwrap_or_default())
            .unwrap_or_default(),
        tier_min_prompt_tokens: tier.unwrap_or_default(),
        rates,
        source: "manual".to_owned(),
    }
}
