//! People, what they may do, and what proves them: sessions and tokens.

mod owner;
mod sessions;
mod team;
mod tokens;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::default()
        .routes(routes!(owner::create_owner))
        .routes(routes!(owner::reset_password))
        .routes(routes!(team::list, team::add))
        .routes(routes!(team::set_role))
        .routes(routes!(team::deactivate))
        .routes(routes!(team::activate))
        .routes(routes!(team::members))
        .routes(routes!(team::place, team::displace))
        .routes(routes!(sessions::list, sessions::end_all))
        .routes(routes!(sessions::end))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::list_all, tokens::create_everywhere))
        .routes(routes!(tokens::revoke))
}
