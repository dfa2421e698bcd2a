//! A stored picture as pages show it: made small, with nothing hidden in it.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH,
};
use axum::response::{IntoResponse as _, Response};
use bellwether_app::Error;
use bellwether_app::media;
use bellwether_app::networks::{ImageRule, image};
use tokio::sync::Semaphore;

use crate::errors::Trouble;
use crate::session::InBrand;
use crate::urls;

/// Pictures that are made small at once: each takes a core and tens of megabytes.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// The sizes that pages ask for, by name.
fn rule(size: &str) -> Option<ImageRule> {
    match size {
        "thumb" => Some(ImageRule { max_bytes: 60_000, max_side: 240 }),
        "view" => Some(ImageRule { max_bytes: 600_000, max_side: 1280 }),
        _ => None,
    }
}

pub async fn show(
    at: InBrand,
    Path(place): Path<urls::Picture>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let rule = rule(&place.size).ok_or_else(Trouble::no_page)?;
    // The name is the content: what a browser has of it is right for ever.
    let etag = format!("\"{}-{}\"", place.hash, place.size);
    let etag = HeaderValue::from_str(&etag).map_err(|_| Trouble::no_page())?;
    let medium = media::get(&at.app, &at.caller, at.brand.id, &place.hash).await?;
    let kept = [
        (CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
        (ETAG, etag.clone()),
    ];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| *known == etag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let broken = |why: &dyn std::fmt::Display| Trouble::from(Error::Internal(why.to_string()));
    let _turn = AT_ONCE.acquire().await.map_err(|error| broken(&error))?;
    let (_, bytes) = media::read(&at.app, &at.caller, at.brand.id, &medium.hash).await?;
    let fitted = tokio::task::spawn_blocking(move || image::fit(&bytes, &rule))
        .await
        .map_err(|error| broken(&error))?
        .map_err(|trouble| Error::Invalid(trouble.say()))?;
    let safe = [
        (CONTENT_TYPE, HeaderValue::from_static(fitted.mime)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((kept, safe, fitted.bytes).into_response())
}
