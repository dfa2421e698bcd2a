//! Publishing as people see it: states, the log, the ways out of a doubt,
//! and the pause.

pub(crate) mod api;
pub mod badges;
mod clock;
mod deeds;
pub mod log;
mod pause;
pub mod pauses;
pub mod stopped;

use axum::Router;
use axum::routing::{get, post};

use crate::{Web, urls};

pub use clock::ClockStop;
pub use pauses::Pausing;
#[cfg(test)]
pub use stopped::{OnTheWay, ResumeForm};
pub use stopped::{Refused, Stopped};

pub fn routes() -> Router<Web> {
    Router::new()
        .route(urls::ClockConfirmation::ROUTE, post(clock::confirm))
        .route(urls::Pauses::ROUTE, get(pauses::page))
        .route(urls::Pause::ROUTE, post(pause::pause))
        .route(urls::Resumption::ROUTE, post(pause::resume))
        .route(urls::Retry::ROUTE, post(deeds::retry))
        .route(urls::Attachment::ROUTE, post(deeds::attach))
        .route(urls::Dismissal::ROUTE, post(deeds::drop))
        .route(urls::Cancellation::ROUTE, post(deeds::cancel))
        .route(urls::Release::ROUTE, post(deeds::release))
        .route(urls::Passage::ROUTE, post(deeds::let_through))
        .route(urls::Takedown::ROUTE, post(deeds::take_down))
        .route(urls::Plan::ROUTE, post(deeds::reschedule))
}
