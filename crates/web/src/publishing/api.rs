//! Publishing: plans, deliveries, what people do about them, and pauses.

mod clock;
mod deeds;
mod deliveries;
mod pauses;
mod plans;
mod views;

use crate::Web;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::default()
        .routes(routes!(plans::create))
        .routes(routes!(plans::schedule))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::get))
        .routes(routes!(deliveries::of_post))
        .routes(routes!(deeds::retry))
        .routes(routes!(deeds::attach))
        .routes(routes!(deeds::drop_it))
        .routes(routes!(deeds::cancel))
        .routes(routes!(deeds::delete))
        .routes(routes!(deeds::release))
        .routes(routes!(deeds::let_through))
        .routes(routes!(deeds::reschedule))
        .routes(routes!(pauses::list, pauses::pause))
        .routes(routes!(pauses::resume))
        .routes(routes!(pauses::list_everywhere, pauses::pause_everywhere))
        .routes(routes!(pauses::resume_everywhere))
        .routes(routes!(clock::trust))
}
