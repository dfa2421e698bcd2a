//! A person's word that the clock is right.

use axum::extract::State;
use axum::http::StatusCode;
use bellwether_app::{App, publishing};

use crate::api::{Asker, Trouble};

/// Trust the clock
///
/// After sending stopped because the clock could not be trusted (`stopped` of `/health`), and
/// somebody has looked at it: sending goes on. For whoever may override in all workspaces; it is
/// logged.
#[utoipa::path(post, path = "/clock/trust", tag = "installation", operation_id = "trust_clock",
    responses((status = NO_CONTENT, description = "Sending goes on.")))]
pub(super) async fn trust(
    State(app): State<App>,
    Asker(caller): Asker,
) -> Result<StatusCode, Trouble> {
    publishing::trust_clock(&app, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
