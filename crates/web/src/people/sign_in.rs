//! Signing in and out.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::header::USER_AGENT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bellwether_app::people;
use bellwether_base::{Say, Secret};
use serde::Deserialize;

use crate::errors::{FormTrouble, Trouble, for_form};
use crate::page::{Page, Toast, Visitor, filters};
use crate::preferences::own_address;
use crate::session::{self, From};
use crate::{Web, cookies, urls};

/// The door.
#[derive(Template, Default)]
#[template(path = "people/sign_in.html")]
pub struct SignIn {
    email: String,
    next: String,
    trouble: Option<FormTrouble>,
}

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

pub async fn page(
    visitor: Visitor,
    State(web): State<Web>,
    headers: HeaderMap,
    Query(Next { next }): Query<Next>,
) -> Result<Response, Trouble> {
    if let Some(token) = session::token(&headers, visitor.secure)
        && people::session_caller(&web.app, token).await?.is_some()
    {
        return Ok(visitor.go(&own_address(&next)));
    }
    show(&visitor, SignIn { next, ..SignIn::default() }, StatusCode::OK)
}

fn show(visitor: &Visitor, form: SignIn, status: StatusCode) -> Result<Response, Trouble> {
    Page::door(Say::new("sign-in-title"), form).status(status).show(visitor)
}

#[derive(Deserialize)]
pub struct Typed {
    email: String,
    password: Secret,
    #[serde(default)]
    next: String,
}

pub async fn sign_in(
    visitor: Visitor,
    State(web): State<Web>,
    From(address): From,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Trouble> {
    let user_agent = headers.get(USER_AGENT).and_then(|name| name.to_str().ok());
    let with = people::SignIn {
        email: typed.email.clone(),
        password: typed.password,
        address,
        user_agent: user_agent.unwrap_or_default().to_owned(),
    };
    let signed_in = match people::sign_in(&web.app, with).await {
        Ok(signed_in) => signed_in,
        Err(error) => {
            let (status, trouble) = for_form(error)?;
            let form = SignIn { email: typed.email, next: typed.next, trouble: Some(trouble) };
            return show(&visitor, form, status);
        }
    };
    let mut response = visitor.go(&own_address(&typed.next));
    session::keep(&mut response, &signed_in.token, visitor.secure);
    let language = signed_in.person.language.tag();
    cookies::set(&mut response, cookies::LANGUAGE, language, Some(cookies::A_YEAR), visitor.secure);
    Ok(response)
}

pub async fn sign_out(
    visitor: Visitor,
    State(web): State<Web>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    if let Some(token) = session::token(&headers, visitor.secure) {
        people::sign_out(&web.app, token).await?;
    }
    let toast = Toast::done(Say::new("signed-out"));
    let mut response = visitor.go_and_say(&urls::SignIn::new(), &toast);
    session::forget(&mut response, visitor.secure);
    Ok(response)
}

#[cfg(test)]
impl crate::views::View for SignIn {
    fn samples() -> Vec<Page<Self>> {
        let trouble = FormTrouble::of(Say::new("sign-in-wrong"));
        let again = Self {
            email: "ada@rive.example".into(),
            next: "/brands/1/posts".into(),
            trouble: Some(trouble),
        };
        [Self::default(), again].map(|form| Page::door(Say::new("sign-in-title"), form)).into()
    }
}
