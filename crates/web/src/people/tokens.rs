//! What scripts hold: tokens, shown once.

use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use bellwether_app::people::tokens::{self, NewToken};
use bellwether_app::people::{Token, permission};
use bellwether_app::{Permission, workspaces::Workspace};
use bellwether_base::{PageRequest, Say, Secret, WorkspaceId};

use crate::errors::{FormTrouble, Trouble, for_form};
use crate::form::Fields;
use crate::page::{BrandLink, Nav, Page, Toast, filters};
use crate::session::AtWork;
use crate::{Web, urls};

/// For how long a token can be made, in days; for ever when 0.
const LIVES: [u32; 4] = [30, 90, 365, 0];

/// The list, with the form for one more.
#[derive(Template)]
#[template(path = "people/tokens.html")]
pub struct Tokens {
    tokens: Vec<Row>,
    /// The one that was just made, with its secret.
    made: Option<(String, Secret)>,
    brands: Vec<BrandLink>,
    typed: Typed,
    trouble: Option<FormTrouble>,
}

struct Row {
    token: Token,
    brand: Option<String>,
    revocation: urls::TokenRevocation,
}

#[derive(Default)]
struct Typed {
    name: String,
    workspace: Option<WorkspaceId>,
    scopes: Vec<&'static str>,
    days: u32,
}

impl Typed {
    fn is_for(&self, brand: &WorkspaceId) -> bool {
        self.workspace.as_ref() == Some(brand)
    }
}

impl Tokens {
    fn new(tokens: Vec<Token>, brands: &[Workspace]) -> Self {
        let row = |token: Token| Row {
            brand: token.workspace_id.map(|id| {
                let brand = brands.iter().find(|brand| brand.id == id);
                brand.map_or_else(|| id.to_string(), |brand| brand.name.clone())
            }),
            revocation: urls::TokenRevocation::new(token.id),
            token,
        };
        Self {
            tokens: tokens.into_iter().filter(|t| t.revoked_at.is_none()).map(row).collect(),
            made: None,
            brands: brands.iter().map(BrandLink::of).collect(),
            typed: Typed { days: 90, scopes: vec!["read"], ..Typed::default() },
            trouble: None,
        }
    }
}

async fn list(at_work: &AtWork) -> Result<Tokens, Trouble> {
    let all = PageRequest { after: None, limit: Some(200) };
    let page = tokens::list(&at_work.app, &at_work.caller, None, &all).await?;
    Ok(Tokens::new(page.items, &at_work.brands))
}

fn show(at_work: &AtWork, view: Tokens, status: StatusCode) -> Result<Response, Trouble> {
    let desk = at_work.desk(Nav::Tokens);
    Page::desk(desk, "tokens-title", view).status(status).show(&at_work.visitor)
}

pub async fn page(at_work: AtWork) -> Result<Response, Trouble> {
    let view = list(&at_work).await?;
    show(&at_work, view, StatusCode::OK)
}

pub async fn create(at_work: AtWork, fields: Fields) -> Result<Response, Trouble> {
    let typed = Typed {
        name: fields.text("name").to_owned(),
        workspace: fields.text("workspace").parse().ok(),
        scopes: fields.all("scope").filter_map(permission).map(Permission::name).collect(),
        days: fields.text("days").parse().unwrap_or(90),
    };
    let life = Duration::from_hours(24 * u64::from(typed.days));
    let new = NewToken {
        name: typed.name.clone(),
        workspace: typed.workspace,
        scopes: typed.scopes.iter().filter_map(|name| permission(name)).collect(),
        expires_at: (typed.days > 0).then(|| at_work.app.now() + life),
    };
    match tokens::create(&at_work.app, &at_work.caller, new).await {
        Ok((token, secret)) => {
            let mut view = list(&at_work).await?;
            view.made = Some((token.name, secret));
            show(&at_work, view, StatusCode::CREATED)
        }
        Err(error) => {
            let (status, trouble) = for_form(error)?;
            let mut view = list(&at_work).await?;
            (view.typed, view.trouble) = (typed, Some(trouble.beside(&["name", "scope"])));
            show(&at_work, view, status)
        }
    }
}

pub async fn revoke(
    at_work: AtWork,
    State(web): State<Web>,
    Path(at): Path<urls::TokenRevocation>,
) -> Result<Response, Trouble> {
    tokens::revoke(&web.app, &at_work.caller, at.token).await?;
    let toast = Toast::done(Say::new("token-revoked"));
    Ok(at_work.visitor.go_and_say(&urls::Tokens::new(), &toast))
}

#[cfg(test)]
impl crate::views::View for Tokens {
    fn samples() -> Vec<Page<Self>> {
        use crate::views::{NOW, brands, desk};
        use bellwether_base::uuid::Uuid;
        use bellwether_base::{OrganizationId, TokenId};

        let brands = brands();
        let token = |name: &str, workspace| Token {
            id: TokenId(Uuid::max()),
            organization_id: OrganizationId(Uuid::nil()),
            workspace_id: workspace,
            created_by: None,
            name: name.into(),
            prefix: "bw_k3yx".into(),
            scopes: Permission::ALL.into(),
            created_at: NOW,
            expires_at: Some(NOW + Duration::from_hours(24 * 90)),
            last_used_at: None,
            revoked_at: None,
        };
        let tokens = vec![token("Newsletter <script>", None), token("Backup", Some(brands[0].id))];
        let mut made = Self::new(tokens, &brands);
        made.made = Some(("Backup".into(), Secret::new("bw_once")));
        let mut wrong = Self::new(Vec::new(), &brands);
        wrong.trouble = Some(FormTrouble::of(Say::new("token-without-scopes")).beside(&["scope"]));
        [made, wrong].map(|view| Page::desk(desk(Nav::Tokens), "tokens-title", view)).into()
    }
}
