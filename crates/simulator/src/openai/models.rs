//! The models the simulator has.

use serde_json::{Value, json};

use super::error::Refusal;
use crate::config::SimulatorConfig;
use crate::reply::Reply;
use crate::server::Asked;

pub(super) fn list(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let models: Vec<Value> = asked.config.models.iter().map(|id| model(id, asked.config)).collect();
    Ok(Reply::ok(&json!({"object": "list", "data": models})))
}

pub(super) fn find(asked: &Asked<'_>, id: &str) -> Result<Reply, Refusal> {
    check(asked.config, id)?;
    Ok(Reply::ok(&model(id, asked.config)))
}

/// Refuses a model which the simulator does not have.
pub(super) fn check(config: &SimulatorConfig, id: &str) -> Result<(), Refusal> {
    let is_listed = config.models.iter().any(|known| known == id);
    match is_listed || !config.only_listed_models {
        true => Ok(()),
        false => Err(Refusal::no_model(id)),
    }
}

fn model(id: &str, config: &SimulatorConfig) -> Value {
    json!({
        "id": id, "object": "model", "created": config.created, "owned_by": "simulator",
        "shutdown_date": null,
    })
}
