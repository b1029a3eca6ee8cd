//! The API as one table.

use actix_web::web::{ServiceConfig, delete, get, head, post, put, resource, to};

use crate::api::{
    ai_models, ai_routes, alerts, app_tokens, audit_logs, auth, chat, chat_batch, docs, health,
    keys, load_balancer, models_list, own_usage, prices, providers, settings, stats, status,
    tokens_count, users,
};
use crate::metrics;
use crate::v1::{anthropic, models, openai};
use crate::web;

/// Puts every route in its place.
pub fn configure(routes: &mut ServiceConfig) {
    // The first that fits is taken, and calls come most.
    routes
        .configure(calls)
        .configure(open)
        .configure(session)
        .configure(admin)
        .configure(load)
        .configure(reports);
    routes.default_service(to(web::other));
}

/// For everybody.
fn open(routes: &mut ServiceConfig) {
    routes
        .service(
            resource("/health/live").route(get().to(health::live)).route(head().to(health::live)),
        )
        .service(
            resource("/health/ready")
                .route(get().to(health::ready))
                .route(head().to(health::ready)),
        )
        .service(resource("/").route(get().to(web::front)).route(head().to(web::front)))
        .service(resource("/metrics").route(get().to(metrics::scrape)))
        .service(resource("/api/openapi.json").route(get().to(docs::document)))
        .service(resource("/api/docs").route(get().to(docs::page)))
        .service(resource("/api/docs/{file}").route(get().to(docs::file)));
}

/// Calling models: in our words, in OpenAI's and in Anthropic's.
fn calls(routes: &mut ServiceConfig) {
    routes
        .service(resource("/v1/chat/completions").route(post().to(openai::chat::complete)))
        .service(resource("/v1/messages").route(post().to(anthropic::messages::create)))
        .service(resource("/api/ai/chat/completions").route(post().to(chat::complete)))
        .service(resource("/api/ai/chat/batch").route(post().to(chat_batch::complete)))
        .service(resource("/api/ai/tokens/count").route(post().to(tokens_count::count)))
        .service(resource("/api/ai/models").route(get().to(models_list::list)))
        .service(resource("/api/ai/usage").route(get().to(own_usage::find)))
        .service(resource("/v1/embeddings").route(post().to(openai::embeddings::embed)))
        .service(
            resource("/v1/messages/count_tokens").route(post().to(anthropic::count_tokens::count)),
        )
        .service(resource("/v1/models").route(get().to(models::list)))
        .service(resource("/v1/models/{id:.*}").route(get().to(models::find)));
}

/// Signing in and out.
fn session(routes: &mut ServiceConfig) {
    routes
        .service(resource("/api/auth/login").route(post().to(auth::login)))
        .service(resource("/api/auth/refresh").route(post().to(auth::refresh)))
        .service(resource("/api/auth/logout").route(post().to(auth::logout)))
        .service(resource("/api/auth/me").route(get().to(auth::me)))
        .service(resource("/api/auth/password").route(post().to(auth::password)));
}

/// Administration.
fn admin(routes: &mut ServiceConfig) {
    providers_and_keys(routes);
    routes
        .service(
            resource("/api/admin/ai-models")
                .route(get().to(ai_models::list))
                .route(post().to(ai_models::create)),
        )
        .service(
            resource("/api/admin/ai-models/{id}")
                .route(get().to(ai_models::find))
                .route(put().to(ai_models::update))
                .route(delete().to(ai_models::delete)),
        )
        .service(
            resource("/api/admin/ai-models/{id}/prices")
                .route(get().to(prices::list))
                .route(post().to(prices::create)),
        )
        .service(
            resource("/api/admin/ai-models/{id}/reprice")
                .route(post().to(prices::reprice::reprice)),
        )
        .service(resource("/api/admin/ai-routes/test").route(post().to(ai_routes::trial::test)))
        .service(
            resource("/api/admin/ai-routes/outlook").route(post().to(ai_routes::outlook::outlook)),
        )
        .service(
            resource("/api/admin/ai-routes")
                .route(get().to(ai_routes::list))
                .route(post().to(ai_routes::create)),
        )
        .service(
            resource("/api/admin/ai-routes/{id}")
                .route(get().to(ai_routes::find))
                .route(put().to(ai_routes::update))
                .route(delete().to(ai_routes::delete)),
        )
        .service(
            resource("/api/admin/app-tokens")
                .route(get().to(app_tokens::list))
                .route(post().to(app_tokens::create)),
        )
        .service(
            resource("/api/admin/app-tokens/{id}")
                .route(put().to(app_tokens::update))
                .route(delete().to(app_tokens::delete)),
        )
        .service(
            resource("/api/admin/users")
                .route(get().to(users::list))
                .route(post().to(users::create)),
        )
        .service(
            resource("/api/admin/users/{id}")
                .route(put().to(users::update))
                .route(delete().to(users::delete)),
        )
        .service(
            resource("/api/admin/users/{id}/sessions")
                .route(get().to(users::sessions::list))
                .route(delete().to(users::sessions::end)),
        )
        .service(resource("/api/admin/audit-logs").route(get().to(audit_logs::list)))
        .service(resource("/api/admin/alerts").route(get().to(alerts::list)))
        .service(resource("/api/admin/alerts/test").route(post().to(alerts::trial::test)))
        .service(
            resource("/api/admin/settings")
                .route(get().to(settings::find))
                .route(put().to(settings::update)),
        );
}

/// The fixed paths stand before those with an id.
fn providers_and_keys(routes: &mut ServiceConfig) {
    routes
        .service(
            resource("/api/admin/ai-providers")
                .route(get().to(providers::list))
                .route(post().to(providers::create)),
        )
        .service(
            resource("/api/admin/ai-providers/presets").route(get().to(providers::presets::list)),
        )
        .service(
            resource("/api/admin/ai-providers/keys/{id}")
                .route(put().to(keys::update))
                .route(delete().to(keys::delete)),
        )
        .service(
            resource("/api/admin/ai-providers/keys/{id}/validate").route(post().to(keys::validate)),
        )
        .service(resource("/api/admin/ai-providers/keys/{id}/reset").route(post().to(keys::reset)))
        .service(
            resource("/api/admin/ai-providers/{id}")
                .route(get().to(providers::find))
                .route(put().to(providers::update))
                .route(delete().to(providers::delete)),
        )
        .service(
            resource("/api/admin/ai-providers/{id}/sync-models")
                .route(post().to(providers::sync::sync_models)),
        )
        .service(
            resource("/api/admin/ai-providers/{id}/keys")
                .route(get().to(keys::list))
                .route(post().to(keys::create)),
        )
        .service(
            resource("/api/admin/ai-providers/{id}/keys/import").route(post().to(keys::import)),
        )
        .service(
            resource("/api/admin/ai-providers/{id}/keys/priorities")
                .route(put().to(keys::priorities::set)),
        );
}

/// How keys share the load.
fn load(routes: &mut ServiceConfig) {
    routes
        .service(resource("/loadbalancer/instances").route(get().to(load_balancer::instances)))
        .service(resource("/loadbalancer/metrics").route(get().to(load_balancer::metrics)))
        .service(resource("/loadbalancer/algorithm").route(put().to(load_balancer::set_algorithm)));
}

/// Statistics; the fixed paths stand before the one with an id.
fn reports(routes: &mut ServiceConfig) {
    routes
        .service(resource("/api/status/status").route(get().to(status::status)))
        .service(resource("/api/status/test").route(post().to(status::test)))
        .service(resource("/api/admin/ai-stats/usage").route(get().to(stats::usage)))
        .service(resource("/api/admin/ai-stats/usage/trend").route(get().to(stats::board::trend)))
        .service(
            resource("/api/admin/ai-stats/usage/series").route(get().to(stats::slices::series)),
        )
        .service(
            resource("/api/admin/ai-stats/usage/breakdown")
                .route(get().to(stats::slices::breakdown)),
        )
        .service(resource("/api/admin/ai-stats/dashboard").route(get().to(stats::board::dashboard)))
        .service(resource("/api/admin/ai-stats/logs").route(get().to(stats::logs)))
        .service(resource("/api/admin/ai-stats/unpriced").route(get().to(stats::unpriced)))
        .service(
            resource("/api/admin/ai-stats/logs/errors").route(get().to(stats::failures::errors)),
        )
        .service(resource("/api/admin/ai-stats/logs/export").route(get().to(stats::export::export)))
        .service(resource("/api/admin/ai-stats/logs/live").route(get().to(stats::live::live)))
        .service(resource("/api/admin/ai-stats/logs/{requestId}").route(get().to(stats::call)));
}
