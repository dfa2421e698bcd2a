//! The seals of stored logins.

use axum::extract::State;
use bellwether_app::{App, channels};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::{Asker, Json, Trouble};

/// What sealing anew did.
#[derive(Serialize, ToSchema)]
pub(super) struct Resealed {
    /// How many logins were put in a seal of the current key.
    resealed: u64,
    /// Handles of channels whose login no key opens: left as they are. Name the older key, or
    /// connect these channels again.
    unopened: Vec<String>,
}

/// Seal stored logins anew
///
/// With the current key, after it was changed; then older keys can be taken away. Again does no
/// harm. Only for whoever has the machine: through the socket in the data folder.
#[utoipa::path(post, path = "/logins/reseal", tag = "installation", operation_id = "reseal_logins",
    responses((status = OK, body = Resealed)))]
pub(super) async fn reseal(
    State(app): State<App>,
    Asker(caller): Asker,
) -> Result<Json<Resealed>, Trouble> {
    let channels::Resealed { count, closed } = channels::reseal(&app, &caller).await?;
    Ok(Json(Resealed { resealed: count, unopened: closed }))
}
