//! A page: the frame that every page stands in, and the fragment that is its
//! own. A request from within a page (htmx) gets the fragment alone.

pub mod badge;
pub mod filters;
mod frame;
mod icons;
mod toast;
mod visitor;

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, VARY};
use axum::response::{Html, IntoResponse as _, Response};
use bellwether_base::Say;

use crate::errors::Trouble;
use crate::locale::Lang;
use crate::publishing::pauses::LEVELS;
use crate::{assets, urls};

pub use frame::{BrandLink, Desk, Nav, letter};
pub use toast::{Kind, Toast};
pub use visitor::{Hx, Theme, Visitor};

/// What stands around a page's own part.
pub enum Chrome {
    /// Nothing but the name: for who is not signed in, and for errors.
    Door,
    /// A page that stands by itself, with a way back to work.
    Bare,
    /// Rail, bar and dock.
    Desk(Box<Desk>),
}

/// A page before it is rendered.
pub struct Page<T> {
    title: Say,
    note: Option<Say>,
    fragment: T,
    chrome: Chrome,
    status: StatusCode,
}

impl<T: Template> Page<T> {
    /// A page of somebody who is not signed in.
    pub fn door(title: impl crate::locale::AsSay, fragment: T) -> Self {
        let title = title.as_say();
        Self { title, note: None, fragment, chrome: Chrome::Door, status: StatusCode::OK }
    }

    /// A page that anybody may see and that needs the whole width.
    pub fn bare(title: impl crate::locale::AsSay, fragment: T) -> Self {
        Self { chrome: Chrome::Bare, ..Self::door(title, fragment) }
    }

    /// A page of somebody who is at work.
    pub fn desk(desk: Desk, title: impl crate::locale::AsSay, fragment: T) -> Self {
        let chrome = Chrome::Desk(Box::new(desk));
        Self { title: title.as_say(), note: None, fragment, chrome, status: StatusCode::OK }
    }

    /// With a few words beside the title.
    #[must_use]
    pub fn note(mut self, note: Say) -> Self {
        self.note = Some(note);
        self
    }

    /// With another status: a form that comes back is not a success.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// For `visitor`: whole, or the fragment alone if the page asked for it.
    pub fn show(self, visitor: &Visitor) -> Result<Response, Trouble> {
        let html = if visitor.hx.is_some() {
            self.fragment.render_with_values(&visitor.reader)?
        } else {
            self.whole(visitor)?
        };
        let mut response = (self.status, Html(html)).into_response();
        response.headers_mut().insert(VARY, HeaderValue::from_static("HX-Request, Cookie"));
        visitor.forget_toasts(&mut response);
        Ok(response)
    }

    /// The whole document.
    pub fn whole(&self, visitor: &Visitor) -> Result<String, Trouble> {
        let body = self.fragment.render_with_values(&visitor.reader)?;
        let whole = Whole {
            lang: visitor.reader.lang,
            theme: visitor.theme,
            title: &self.title,
            note: self.note.as_ref(),
            body: &body,
            chrome: &self.chrome,
            toasts: &visitor.toasts,
            path: &visitor.path,
        };
        Ok(whole.render_with_values(&visitor.reader)?)
    }
}

#[derive(Template)]
#[template(path = "page/page.html")]
struct Whole<'a> {
    lang: Lang,
    theme: Theme,
    title: &'a Say,
    note: Option<&'a Say>,
    body: &'a str,
    chrome: &'a Chrome,
    toasts: &'a [Toast],
    path: &'a str,
}

/// One part of a page, for htmx.
pub fn part<T: Template>(visitor: &Visitor, part: &T) -> Result<Response, Trouble> {
    Ok(Html(part.render_with_values(&visitor.reader)?).into_response())
}

/// `page`, or a line of plain text if even that cannot be rendered.
pub fn show_or_plain<T: Template>(visitor: &Visitor, page: Page<T>) -> Response {
    page.show(visitor).unwrap_or_else(|_| {
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        ([(CONTENT_TYPE, plain)], "Something broke on our side.").into_response()
    })
}

/// Toasts alone, for the list of them that each page has.
pub fn toasts(visitor: &Visitor, toasts: &[Toast]) -> Response {
    let list = toast::Toasts { toasts };
    match list.render_with_values(&visitor.reader) {
        Ok(html) => Html(html).into_response(),
        Err(error) => Trouble::from(error).into_response(),
    }
}

/// Tells the page that asked to go to `address` as a whole.
pub fn hx_redirect(address: &str) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Ok(address) = HeaderValue::from_str(address) {
        response.headers_mut().insert(HeaderName::from_static("hx-redirect"), address);
    }
    response
}
