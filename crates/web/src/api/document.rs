//! The description of the API, made from the routes themselves.

use std::sync::LazyLock;

use utoipa::PartialSchema as _;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, Ref, Required,
    ResponseBuilder, ServerBuilder, Type,
};
use utoipa_axum::router::OpenApiRouter;

use super::{Json, ProblemDocument, health, idempotency, v1};
use crate::Web;

/// The OpenAPI 3.1 description of every route.
pub fn document() -> OpenApi {
    let (_, mut document) = OpenApiRouter::<Web>::default()
        .nest("/api/v1", v1())
        .merge(health::probes())
        .split_for_parts();
    document.info = InfoBuilder::new()
        .title("Bellwether")
        .version("1")
        .description(Some(include_str!("document.md")))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").build()))
        .build();
    document.servers = Some(vec![ServerBuilder::new().url("/").build()]);
    let components = document.components.get_or_insert_default();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An API token: `bw_` and 43 letters."))
        .build();
    components.schemas.insert("Problem".to_owned(), ProblemDocument::schema());
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    document.security = Some(vec![SecurityRequirement::new("token", [] as [&str; 0])]);
    for (path, item) in &mut document.paths.paths {
        if let Some(post) = &mut item.post
            && path.starts_with("/api/")
        {
            takes_key(post);
        }
        let all = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in all.into_iter().flatten() {
            may_refuse(operation);
        }
    }
    document
}

/// Every operation may answer with a problem.
fn may_refuse(operation: &mut Operation) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new()
        .description("A refusal, or trouble of ours.")
        .content("application/problem+json", content)
        .build();
    operation.responses.responses.insert("default".to_owned(), response.into());
}

/// Every write may be sent twice.
fn takes_key(operation: &mut Operation) {
    let key = ParameterBuilder::new()
        .name(idempotency::HEADER)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Chosen by the client for this one wish, such as a UUID. The same request with the \
             same key within 24 hours has no second effect and gets the first answer.",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).max_length(Some(255)).build()))
        .build();
    operation.parameters.get_or_insert_default().push(key.into());
}

/// The same, as `docs/openapi.json` holds it.
pub fn document_json() -> String {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}

static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(document);

/// This description
#[utoipa::path(get, path = "/openapi.json", tag = "installation", security(()),
    responses((status = OK, description = "OpenAPI 3.1.", body = serde_json::Value)))]
pub(super) async fn serve() -> Json<&'static OpenApi> {
    Json(&DOCUMENT)
}
