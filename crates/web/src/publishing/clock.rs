//! A clock that is not trusted stops all sending: every page says so, and
//! whoever may says that it is right.

use axum::response::Response;
use bellwether_app::publishing;
use bellwether_base::Say;

use crate::errors::Trouble;
use crate::form::Fields;
use crate::page::Toast;
use crate::preferences::own_address;
use crate::session::AtWork;
use crate::urls;

/// What the band across every page says.
#[derive(Debug, Clone)]
pub struct ClockStop {
    /// What is wrong.
    pub say: Say,
    /// Where it is said to be right, by who may.
    pub confirmation: Option<urls::ClockConfirmation>,
}

/// A person has looked at the clock, and it is right.
pub async fn confirm(at_work: AtWork, fields: Fields) -> Result<Response, Trouble> {
    publishing::trust_clock(&at_work.app, &at_work.caller).await?;
    let toast = Toast::done(Say::new("clock-confirmed"));
    Ok(at_work.visitor.go_and_say(&own_address(fields.text("back")), &toast))
}
