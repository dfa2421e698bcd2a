//! Stop, on the first click; and go on, with a reason.

use axum::extract::Path;
use axum::response::Response;
use bellwether_app::publishing::{self, PauseLevel, PauseScope};
use bellwether_base::Say;

use crate::errors::Trouble;
use crate::form::Fields;
use crate::page::Toast;
use crate::session::InBrand;
use crate::urls;

/// Returns when it is certain, with how many were on their way.
pub async fn pause(at: InBrand) -> Result<Response, Trouble> {
    let scope = PauseScope::Workspace { workspace: at.brand.id };
    let paused = publishing::pause(&at.app, &at.caller, scope, PauseLevel::Planned).await?;
    let toast = Toast::done(Say::new("stopped-on-the-way").with("count", paused.on_the_wire.len()));
    Ok(at.visitor.go_and_say(&urls::Posts::new(at.brand.id), &toast))
}

/// Goes on. What was held is looked at first, if that is wished.
pub async fn resume(
    at: InBrand,
    Path(place): Path<urls::Resumption>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let workspace = place.workspace;
    let scope = match fields.text("scope") {
        "installation" => PauseScope::Installation,
        "network" => PauseScope::Network { network: fields.text("network").to_owned() },
        "channel" => PauseScope::Channel {
            workspace,
            channel: fields.text("channel").parse().map_err(|_| Trouble::no_page())?,
        },
        _ => PauseScope::Workspace { workspace },
    };
    let look_first = fields.text("look") == "first";
    publishing::resume(&at.app, &at.caller, scope, fields.text("reason"), look_first).await?;
    let toast = Toast::done(Say::new(if look_first { "resumed-look-first" } else { "resumed" }));
    Ok(at.visitor.go_and_say(&urls::Posts::new(workspace), &toast))
}
