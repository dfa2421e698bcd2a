//! What every answer says to the browser, and which requests get in.
//!
//! The policy allows nothing inline and nothing from elsewhere. Requests that
//! change something must come from our own pages (`Sec-Fetch-Site`, `Origin`)
//! or from no browser at all; no form carries a token for that.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tower_http::csrf::CsrfLayer;
use url::Url;

use crate::Outside;
use crate::errors::Trouble;

/// What a page may do.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     font-src 'self'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; \
     frame-ancestors 'none'; base-uri 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Adds what an answer does not say itself.
pub async fn guard(State(outside): State<Arc<Outside>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // Pages show what only the signed-in person may see, on shared machines too.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if outside.config.secure_cookies() {
        headers
            .entry(STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// An address with the zero character names nothing; no database could be asked for it.
pub async fn no_zero(request: Request, next: Next) -> Response {
    if request.uri().to_string().contains("%00") {
        return Trouble::no_page().into_response();
    }
    next.run(request).await
}

/// Refuses requests that another site's page makes. Our public address is
/// trusted by name, for proxies that give us another host.
pub fn same_site(public_url: &Url) -> CsrfLayer {
    let layer = CsrfLayer::new();
    let origin = public_url.origin().ascii_serialization();
    match layer.clone().add_trusted_origin(&origin) {
        Ok(layer) => layer,
        Err(error) => {
            tracing::warn!(%error, "the public address is no origin that a browser sends");
            layer
        }
    }
}
