//! The REST API: what a person can do, a script can do.
//!
//! One file for each resource, beside the pages of the same capability
//! (`posts/api.rs`); here is what they share. Every answer that is not a
//! success is problem+json, whoever refuses: a use case, an extractor or the
//! router. No handler checks a permission: that is the use cases' work.

mod asker;
mod document;
mod events;
mod extract;
mod health;
mod idempotency;
mod problem;
pub(crate) mod values;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use asker::Asker;
pub use document::{document, document_json};
pub(crate) use extract::{Json, Paging, Path, Query};
pub(crate) use idempotency::Subject;
pub(crate) use problem::ProblemDocument;
pub(crate) use values::{Moment, Notice, PageOf};
pub(crate) use words::Words;

pub(crate) use crate::errors::Trouble;
use crate::{Web, calls, channels, media, people, posts, publishing, workspaces};

/// Bytes of a JSON body.
pub const MAX_JSON: usize = 1024 * 1024;

/// The API, at `/api/v1`, `/healthz` and `/readyz`.
///
/// A request that carries [`Operator`](crate::Operator) in its extensions is
/// the operator's; whoever serves puts it there, and nobody else can.
pub(crate) fn routes(web: &Web) -> Router<Web> {
    let (v1, _) = v1().split_for_parts();
    let keys = idempotency::Keys::new(web.clone());
    let api = Router::new()
        .nest("/v1", v1)
        .layer(from_fn_with_state(keys, idempotency::once))
        .fallback(unknown);
    Router::new()
        .nest("/api", api)
        .merge(Router::from(health::probes()))
        .layer(DefaultBodyLimit::max(MAX_JSON))
}

/// Every route below `/api/v1`, with its description.
fn v1() -> OpenApiRouter<Web> {
    OpenApiRouter::default()
        .merge(workspaces::api::routes())
        .merge(people::api::routes())
        .merge(channels::api::routes())
        .merge(calls::api::routes())
        .merge(media::api::routes())
        .merge(posts::api::routes())
        .merge(publishing::api::routes())
        .routes(routes!(events::of_workspace))
        .routes(routes!(events::of_organization))
        .routes(routes!(health::health))
        .routes(routes!(health::checks))
        .routes(routes!(document::serve))
}

async fn unknown() -> Trouble {
    Trouble::no_page()
}
