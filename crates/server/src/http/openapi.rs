//! The OpenAPI 3.1 document, made of the route table and the model's types.

use super::routes::{Route, Shape, Who, table};
use axum::Json;
use fieldline_model::api::Refusal;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The document.
pub fn document() -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|s| s.definitions_path = "/components/schemas".into())
        .into_generator();
    let refusal = generator.subschema_for::<Refusal>();
    let mut paths = Map::new();
    for route in table() {
        let methods = paths.entry(route.path).or_insert_with(|| json!({}));
        methods[route.method.as_str().to_lowercase()] = operation(&route, &mut generator);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Fieldline",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "State-changing requests signed in by cookie carry the header X-Fieldline: 1.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "responses": {
                "Refused": {
                    "description": "Not done; the problem's code says why.",
                    "content": { "application/json": { "schema": refusal } },
                },
            },
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer" },
                "operator": { "type": "http", "scheme": "bearer" },
                "cookie": { "type": "apiKey", "in": "cookie", "name": super::caller::STAFF_COOKIE },
                "customer": { "type": "apiKey", "in": "cookie", "name": super::caller::CUSTOMER_COOKIE },
            },
        },
    })
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let mut parameters: Vec<Value> = in_path(route.path).map(|name| parameter(name, "path", true)).collect();
    parameters.extend(route.query.iter().map(|(name, must)| parameter(name, "query", *must)));
    let security = match route.who {
        Who::Anybody => json!([]),
        Who::Staff | Who::Admin | Who::Client => json!([{ "token": [] }, { "cookie": [] }]),
        Who::Customer => json!([{ "customer": [] }]),
        Who::Operator => json!([{ "operator": [] }, {}]),
    };
    let (status, mut success) = match content(route.gives, generator) {
        Some(content) => ("200", json!({ "description": "Done.", "content": content })),
        None => ("204", json!({ "description": "Done." })),
    };
    if let Shape::Events(events) = route.gives {
        let names: Vec<_> = events.iter().map(|(name, _)| *name).collect();
        success["description"] = format!("Events: {}.", names.join(", ")).into();
    }
    let mut operation = json!({
        "summary": route.says,
        "parameters": parameters,
        "security": security,
        "responses": { status: success, "default": { "$ref": "#/components/responses/Refused" } },
    });
    if let Some(content) = content(route.takes, generator) {
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    operation
}

fn in_path(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|piece| piece.strip_prefix('{')?.strip_suffix('}'))
}

fn parameter(name: &str, place: &str, required: bool) -> Value {
    let kind = match name {
        "after" | "before" | "offset" | "size" | "i" => "integer",
        _ => "string",
    };
    json!({ "name": name, "in": place, "required": required, "schema": { "type": kind } })
}

fn content(shape: Shape, generator: &mut SchemaGenerator) -> Option<Value> {
    match shape {
        Shape::Empty => None,
        Shape::Json(of) => Some(json!({ "application/json": { "schema": of(generator) } })),
        Shape::Text => Some(json!({ "text/plain": { "schema": { "type": "string" } } })),
        Shape::Bytes => Some(json!({ "application/octet-stream": {} })),
        Shape::Events(events) => {
            let all: Vec<_> = events.iter().map(|(_, of)| of(generator)).collect();
            Some(json!({ "text/event-stream": { "schema": { "oneOf": all } } }))
        }
    }
}

pub async fn serve() -> Json<Value> {
    Json(document())
}
