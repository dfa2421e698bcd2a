//! Stored pictures.

use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, HeaderValue,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bellwether_app::{App, Error, media};
use bellwether_base::{Say, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;
use uuid::Uuid;

use crate::Web;
use crate::api::{Asker, Json, Moment, PageOf, Paging, Path, Query, Trouble};

pub(crate) fn routes() -> OpenApiRouter<Web> {
    // The use case counts what comes, and stops it.
    let upload = routes!(list, upload).layer(axum::extract::DefaultBodyLimit::disable());
    OpenApiRouter::default().routes(upload).routes(routes!(get)).routes(routes!(download))
}

/// A stored picture.
#[derive(Serialize, ToSchema)]
#[schema(as = Medium)]
struct MediumView {
    /// Which: the SHA-256 of its bytes, in hexadecimal.
    hash: String,
    /// What kind of file.
    #[schema(example = "image/jpeg")]
    mime: String,
    /// Bytes.
    bytes: u64,
    /// Pixels, after orientation.
    width: u32,
    /// Pixels, after orientation.
    height: u32,
    /// The file's name when it first came; may be empty.
    name: String,
    /// When it first came.
    created_at: Moment,
    /// Who brought it; nobody for the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<Uuid>,
}

impl From<media::Medium> for MediumView {
    fn from(medium: media::Medium) -> Self {
        Self {
            hash: medium.hash,
            mime: medium.facts.mime,
            bytes: medium.facts.bytes,
            width: medium.facts.width,
            height: medium.facts.height,
            name: medium.name,
            created_at: Moment(medium.created_at),
            created_by: medium.created_by.map(|id| id.0),
        }
    }
}

/// List pictures
///
/// Newest first.
#[utoipa::path(get, path = "/workspaces/{workspace}/media", tag = "media",
    operation_id = "list_media",
    params(("workspace" = Uuid, Path, description = "The workspace."), Paging),
    responses((status = OK, body = PageOf<MediumView>)))]
async fn list(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
    Query(paging): Query<Paging>,
) -> Result<Json<PageOf<MediumView>>, Trouble> {
    let page = media::list(&app, &caller, workspace, &paging.into()).await?;
    Ok(Json(PageOf::of(page, MediumView::from)))
}

/// What an upload says of itself.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Named {
    /// The file's name, where the body is the file itself.
    name: Option<String>,
}

/// Store a picture
///
/// The body is the file itself, whatever its `Content-Type` says; or `multipart/form-data` with a
/// field `file`. The same bytes again are the same picture: there is no need for a key.
#[utoipa::path(post, path = "/workspaces/{workspace}/media", tag = "media",
    operation_id = "upload_medium",
    params(("workspace" = Uuid, Path, description = "The workspace."), Named),
    request_body(description = "The file.", content(
        (Vec<u8> = "application/octet-stream"),
        (Vec<u8> = "image/*"),
        (Form = "multipart/form-data"),
    )),
    responses((status = CREATED, body = MediumView)))]
async fn upload(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
    Query(Named { name }): Query<Named>,
    request: Request,
) -> Result<(StatusCode, Json<MediumView>), Trouble> {
    let stored = if is_form(request.headers()) {
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
        loop {
            let field = form.next_field().await.map_err(|_| unreadable())?;
            let field = field.ok_or_else(|| {
                Trouble::invalid(Say::new("api-form-without-file").with("field", "file"))
            })?;
            if field.name() == Some("file") {
                let name = field.file_name().unwrap_or_default().to_owned();
                break media::upload(&app, &caller, workspace, &name, field).await;
            }
        }
    } else {
        let name = name.unwrap_or_default();
        let stream = request.into_body().into_data_stream();
        media::upload(&app, &caller, workspace, &name, stream).await
    };
    let medium = stored.map_err(|error| match error {
        Error::Invalid(say) if say.key == "media-too-large" => {
            Trouble::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", Some(say))
        }
        other => other.into(),
    })?;
    Ok((StatusCode::CREATED, Json(medium.into())))
}

/// A form with a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is used")]
struct Form {
    /// The picture.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.to_ascii_lowercase().starts_with("multipart/form-data")
}

fn unreadable() -> Trouble {
    Trouble::does_not_read(Say::new("api-form-unreadable"))
}

/// Show a picture's facts
#[utoipa::path(get, path = "/workspaces/{workspace}/media/{hash}", tag = "media",
    operation_id = "get_medium",
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("hash" = String, Path, description = "The picture's hash."),
    ),
    responses((status = OK, body = MediumView)))]
async fn get(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, hash)): Path<(WorkspaceId, String)>,
) -> Result<Json<MediumView>, Trouble> {
    Ok(Json(media::get(&app, &caller, workspace, &hash).await?.into()))
}

/// Download a picture
#[utoipa::path(get, path = "/workspaces/{workspace}/media/{hash}/content", tag = "media",
    operation_id = "download_medium",
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("hash" = String, Path, description = "The picture's hash."),
    ),
    responses((status = OK, description = "The file.", body = Vec<u8>, content_type = "image/*")))]
async fn download(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, hash)): Path<(WorkspaceId, String)>,
) -> Result<Response, Trouble> {
    let (medium, bytes) = media::read(&app, &caller, workspace, &hash).await?;
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    let text = |text: &str| {
        HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
    };
    headers.insert(CONTENT_TYPE, text(&medium.facts.mime));
    headers.insert(CONTENT_LENGTH, medium.facts.bytes.into());
    headers.insert(ETAG, text(&format!("\"{}\"", medium.hash)));
    // What a team uploaded is shown, and never run.
    headers
        .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    Ok(response)
}
