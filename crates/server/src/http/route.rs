//! What is said of a route: who may call it, what is sent and what comes back.

use super::Shared;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody.
    Anybody,
    /// A signed-in colleague: bearer token or cookie.
    Staff,
    /// A signed-in admin, likewise.
    Admin,
    /// A signed-in client, likewise.
    Client,
    /// A customer, by cookie.
    Customer,
    /// Who watches over the server: by a token of its own, or from the same machine.
    Operator,
}

/// Describes a type in a document that grows.
pub(super) type Described = fn(&mut SchemaGenerator) -> Schema;

/// What a body is.
#[derive(Clone, Copy)]
pub enum Shape {
    /// Nothing.
    Empty,
    /// JSON of a type of the model.
    Json(Described),
    /// Bytes as they are.
    Bytes,
    /// Plain text.
    Text,
    /// Server-Sent Events, each of these types by name.
    Events(&'static [(&'static str, Described)]),
}

/// One route.
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path, parameters in braces.
    pub path: &'static str,
    /// Who may call it.
    pub who: Who,
    /// What stands after the question mark: name and whether it must.
    pub query: &'static [(&'static str, bool)],
    /// What is sent.
    pub takes: Shape,
    /// What comes back.
    pub gives: Shape,
    /// What it is for.
    pub says: &'static str,
    /// What it does.
    pub does: MethodRouter<Shared>,
}

pub(super) fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

pub(super) const fn json<T: JsonSchema>() -> Shape {
    Shape::Json(of::<T>)
}

impl Route {
    pub(super) fn new<H, T>(method: Method, path: &'static str, does: H) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).expect("a known method");
        let does = on(filter, does);
        let (takes, gives) = (Shape::Empty, Shape::Empty);
        Self { method, path, who: Who::Anybody, query: &[], takes, gives, says: "", does }
    }

    pub(super) fn by(mut self, who: Who) -> Self {
        self.who = who;
        self
    }

    pub(super) fn with(mut self, query: &'static [(&'static str, bool)]) -> Self {
        self.query = query;
        self
    }

    pub(super) fn takes(mut self, shape: Shape) -> Self {
        self.takes = shape;
        self
    }

    pub(super) fn gives(mut self, shape: Shape) -> Self {
        self.gives = shape;
        self
    }

    pub(super) fn says(mut self, says: &'static str) -> Self {
        self.says = says;
        self
    }
}

pub(super) fn get<H: Handler<T, Shared>, T: 'static>(path: &'static str, does: H) -> Route {
    Route::new(Method::GET, path, does)
}

pub(super) fn post<H: Handler<T, Shared>, T: 'static>(path: &'static str, does: H) -> Route {
    Route::new(Method::POST, path, does)
}

pub(super) fn delete<H: Handler<T, Shared>, T: 'static>(path: &'static str, does: H) -> Route {
    Route::new(Method::DELETE, path, does)
}

pub(super) fn put<H: Handler<T, Shared>, T: 'static>(path: &'static str, does: H) -> Route {
    Route::new(Method::PUT, path, does)
}
