//! Refers to named schemas where the derive wrote them out again.

use utoipa::openapi::schema::{ArrayItems, Object, Ref, Schema};
use utoipa::openapi::{OpenApi, RefOr};

/// The generic bodies, whose `data` is written out in each of their kinds.
const GENERIC: [&str; 2] = ["Envelope_", "Listed_"];

/// Lets `data` of every generic body refer to the schema of what it holds.
pub(super) fn refer(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let names: Vec<String> = components.schemas.keys().cloned().collect();
    for name in names {
        let Some(held) = GENERIC.iter().find_map(|generic| name.strip_prefix(generic)) else {
            continue;
        };
        let held = held.strip_prefix("Vec_").unwrap_or(held).to_owned();
        let Some(named) = components.schemas.get(&held).cloned() else { continue };
        if let Some(RefOr::T(Schema::Object(body))) = components.schemas.get_mut(&name) {
            refer_in(body, &held, &named);
        }
    }
}

fn refer_in(body: &mut Object, held: &str, named: &RefOr<Schema>) {
    let reference = || RefOr::Ref(Ref::from_schema_name(held));
    match body.properties.get_mut("data") {
        Some(RefOr::T(Schema::Array(rows))) => {
            if matches!(&rows.items, ArrayItems::RefOrSchema(row) if **row == *named) {
                rows.items = ArrayItems::RefOrSchema(Box::new(reference()));
            }
        }
        Some(data) if has_the_fields_of(data, named) => *data = reference(),
        _ => {}
    }
}

/// A field's own description goes over its type's, so that only the rest is compared.
fn has_the_fields_of(data: &RefOr<Schema>, named: &RefOr<Schema>) -> bool {
    match (data, named) {
        (RefOr::T(Schema::Object(data)), RefOr::T(Schema::Object(named))) => {
            data.properties == named.properties && !named.properties.is_empty()
        }
        _ => false,
    }
}
