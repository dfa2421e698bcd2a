//! The brands of the organization, and one more.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use bellwether_app::workspaces::{self, NewWorkspace};
use bellwether_base::Say;

use crate::errors::{FormTrouble, Trouble, for_form};
use crate::form::Fields;
use crate::page::{BrandLink, Nav, Page, Toast, filters};
use crate::people::zones;
use crate::session::AtWork;
use crate::urls;

/// The list.
#[derive(Template)]
#[template(path = "workspaces/brands.html")]
pub struct Brands {
    brands: Vec<BrandLink>,
    may_create: bool,
    name: String,
    time_zone: String,
    zones: Vec<String>,
    trouble: Option<FormTrouble>,
}

/// Fields beside which a refusal can stand.
const FIELDS: [&str; 2] = ["workspace", "time_zone"];

fn show(
    at_work: &AtWork,
    (name, time_zone): (String, String),
    trouble: Option<(StatusCode, FormTrouble)>,
) -> Result<Response, Trouble> {
    let desk = at_work.desk(Nav::Brands);
    let (status, trouble) = trouble.unzip();
    let view = Brands {
        brands: desk.brands.clone(),
        may_create: desk.may_administer,
        name,
        time_zone,
        zones: zones(),
        trouble,
    };
    Page::desk(desk, "brands-title", view)
        .status(status.unwrap_or(StatusCode::OK))
        .show(&at_work.visitor)
}

pub async fn page(at_work: AtWork) -> Result<Response, Trouble> {
    show(&at_work, (String::new(), String::new()), None)
}

pub async fn create(at_work: AtWork, fields: Fields) -> Result<Response, Trouble> {
    let (name, time_zone) = (fields.text("workspace"), fields.text("time_zone"));
    let new = NewWorkspace { name: name.to_owned(), time_zone: time_zone.to_owned() };
    match workspaces::create(&at_work.app, &at_work.caller, new).await {
        Ok(brand) => {
            let toast = Toast::done(Say::new("brand-made").with("name", brand.name));
            Ok(at_work.visitor.go_and_say(&urls::Channels::new(brand.id), &toast))
        }
        Err(error) => {
            let typed = (name.to_owned(), time_zone.to_owned());
            let (status, trouble) = for_form(error)?;
            show(&at_work, typed, Some((status, trouble.beside(&FIELDS))))
        }
    }
}

#[cfg(test)]
impl crate::views::View for Brands {
    fn samples() -> Vec<Page<Self>> {
        use crate::views::{brands, desk};

        let view = |brands: Vec<BrandLink>, trouble| Self {
            may_create: !brands.is_empty(),
            brands,
            name: String::new(),
            time_zone: String::new(),
            zones: vec!["Europe/Paris".into()],
            trouble,
        };
        let own = || brands().iter().map(BrandLink::of).collect();
        let trouble = FormTrouble::of(Say::new("workspace-name-missing")).beside(&FIELDS);
        [view(own(), Some(trouble)), view(Vec::new(), None)]
            .map(|view| Page::desk(desk(Nav::Brands), "brands-title", view))
            .into()
    }
}
