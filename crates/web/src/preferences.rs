//! What a browser remembers by itself: light or dark.

use std::sync::Arc;

use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

use crate::page::{Theme, Visitor};
use crate::{Outside, cookies, urls};

pub fn routes() -> Router<Arc<Outside>> {
    Router::new().route(urls::Theme::ROUTE, post(theme))
}

#[derive(Deserialize)]
struct ThemeForm {
    theme: String,
    #[serde(default)]
    back: String,
}

async fn theme(visitor: Visitor, Form(form): Form<ThemeForm>) -> Response {
    let theme = Theme::named(&form.theme);
    let mut response = visitor.go(&own_address(&form.back));
    cookies::set(
        &mut response,
        cookies::THEME,
        theme.name(),
        Some(cookies::A_YEAR),
        visitor.secure,
    );
    response
}

/// `address` if it is a path of ours, else home: nobody is sent elsewhere.
pub fn own_address(address: &str) -> String {
    let ours = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains(['\\', '\r', '\n', '\t']);
    if ours { address.to_owned() } else { urls::Home::new().to_string() }
}

#[cfg(test)]
mod tests {
    use super::own_address;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(own_address("/brands/1/posts?x=1"), "/brands/1/posts?x=1");
        for foreign in
            ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", ""]
        {
            assert_eq!(own_address(foreign), "/", "{foreign}");
        }
    }
}
