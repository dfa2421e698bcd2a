//! The few cookies, read and written in one way.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use axum::response::Response;

/// The language that this browser reads.
pub const LANGUAGE: &str = "language";
/// Light or dark, if somebody chose.
pub const THEME: &str = "theme";
/// What the next page says in a toast.
pub const FLASH: &str = "flash";

/// How long preferences are kept: a year, in seconds.
pub const A_YEAR: u32 = 365 * 24 * 3600;

/// The value of the cookie called `name`.
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
        .map(str::trim)
}

/// Sets a cookie that scripts cannot read. `max_age` is in seconds; a cookie
/// without it goes with the browser, one with 0 goes at once.
pub fn set(response: &mut Response, name: &str, value: &str, max_age: Option<u32>, secure: bool) {
    let age = max_age.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    match HeaderValue::from_str(&cookie) {
        Ok(cookie) => {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Err(error) => tracing::error!(%error, name, "a cookie cannot be written"),
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("mytheme=no; theme=dark ; flash=a=b"));
        assert_eq!(get(&headers, THEME), Some("dark"));
        assert_eq!(get(&headers, FLASH), Some("a=b"));
        assert_eq!(get(&headers, LANGUAGE), None);
    }

    #[test]
    fn a_value_cannot_smuggle_a_header() {
        let mut response = ().into_response();
        set(&mut response, THEME, "dark\r\nset-cookie: x=y", None, true);
        assert!(response.headers().get(SET_COOKIE).is_none());
    }
}
