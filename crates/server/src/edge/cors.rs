//! Which browsers may call, by the runtime setting `corsOrigins`.

use std::sync::Arc;

use actix_cors::Cors;
use tollgate_gateway::Engine;

/// A middleware that lets the origins of the current settings in. Their requests bring no
/// cookies: a session of this server's own pages is not theirs to use.
pub fn cors(engine: &Arc<Engine>) -> Cors {
    let engine = Arc::clone(engine);
    Cors::default()
        .allowed_origin_fn(move |origin, _| {
            let snapshot = engine.snapshot();
            let origins = &snapshot.settings.cors_origins;
            origins.iter().any(|allowed| allowed == "*" || allowed.as_bytes() == origin.as_bytes())
        })
        .allowed_methods(["GET", "POST", "PUT", "DELETE"])
        .allow_any_header()
        .expose_headers([
            "x-request-id",
            "retry-after",
            "x-tollgate-provider",
            "x-tollgate-attempts",
            "x-tollgate-model-lifecycle",
            "x-tollgate-cost-usd",
            "x-tollgate-key-id",
        ])
        .max_age(3600)
}
