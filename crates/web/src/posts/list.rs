//! A brand's posts, newest first, each with where it is.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use bellwether_app::channels;
use bellwether_app::posts::{self, Post};
use bellwether_app::publishing::{self, Delivery, DeliveryState, HeldReason, Which};
use bellwether_app::{App, Caller};
use bellwether_base::{Cursor, Instant, Page as PageOf, PageRequest, PostId, Say, WorkspaceId};
use serde::Deserialize;

use crate::channels::face::Face;
use crate::errors::Trouble;
use crate::media::shot::Shot;
use crate::page::badge::Badge;
use crate::page::{Nav, Page, filters};
use crate::publishing::badges;
use crate::session::InBrand;
use crate::urls;

/// Posts on one page.
const ROWS: u16 = 25;

/// The list.
#[derive(Template)]
#[template(path = "posts/list.html")]
pub struct Posts {
    here: String,
    rows: Vec<Row>,
    older: Option<String>,
    /// Where writing begins, for who may.
    compose: Option<urls::Compose>,
    is_first_page: bool,
    /// How many deliveries need somebody.
    waiting: i64,
    /// Whether only their posts are shown.
    is_narrowed: bool,
    /// Where only they are, and all.
    narrowed: String,
    all: urls::Posts,
}

struct Row {
    post: urls::Post,
    title: Option<String>,
    language: Option<String>,
    picture: Option<Shot>,
    at: Instant,
    /// How many channels it is on.
    channels: usize,
    places: Vec<Places>,
    own: Option<Badge>,
    /// What somebody must do, named by its deed.
    deed: Option<&'static str>,
    is_next: bool,
}

/// The channels on which the post is in one state.
struct Places {
    faces: Vec<Face>,
    badge: Badge,
}

#[derive(Deserialize)]
pub struct From {
    after: Option<String>,
    /// `you`: only what goes on only when a person does something.
    needs: Option<String>,
}

pub async fn page(at: InBrand, Query(from): Query<From>) -> Result<Response, Trouble> {
    show(at, &from, StatusCode::OK).await
}

/// The first page again, beneath something else that was refused.
pub async fn again(mut at: InBrand, status: StatusCode) -> Result<Response, Trouble> {
    at.at_work.visitor.path = urls::Posts::new(at.brand.id).to_string();
    show(at, &From { after: None, needs: None }, status).await
}

async fn show(at: InBrand, from: &From, status: StatusCode) -> Result<Response, Trouble> {
    let (app, caller, brand) = (&at.app, &at.caller, at.brand.id);
    let after = from.after.clone().map(Cursor::from_text);
    let request = PageRequest { after, limit: Some(ROWS) };
    let is_narrowed = from.needs.as_deref() == Some("you");
    let page = if is_narrowed {
        needing_person(app, caller, brand, &request).await?
    } else {
        posts::list(app, caller, brand, &request).await?
    };
    let faces: Vec<Face> = channels::list(app, caller, brand)
        .await?
        .iter()
        .map(|channel| Face::of(app, channel))
        .collect();
    let ids: Vec<PostId> = page.items.iter().map(|post| post.id).collect();
    let all = publishing::deliveries_of_page(app, caller, brand, &ids).await?;
    let mut rows: Vec<Row> = page
        .items
        .iter()
        .map(|post| {
            let own: Vec<&Delivery> = all.iter().filter(|own| own.post_id == post.id).collect();
            row(post, &own, &faces)
        })
        .collect();
    if let Some(row) = rows.iter_mut().find(|row| row.deed.is_some()) {
        row.is_next = true;
    }
    let address = urls::Posts::new(brand);
    let at_page = |after: Option<&str>| address.page(is_narrowed, after);
    let view = Posts {
        here: at_page(from.after.as_deref()),
        rows,
        older: page.next.map(|next| at_page(Some(next.as_str()))),
        waiting: publishing::needing_person(app, caller, brand).await?,
        is_narrowed,
        narrowed: address.page(true, None),
        all: address,
        compose: at.may(bellwether_app::Permission::Write).then(|| urls::Compose::new(brand)),
        is_first_page: from.after.is_none(),
    };
    Page::desk(at.desk(Nav::Posts).await?, "rail-posts", view).status(status).show(&at.visitor)
}

/// The posts of which something needs a person, by the planned time of that.
async fn needing_person(
    app: &App,
    caller: &Caller,
    brand: WorkspaceId,
    request: &PageRequest,
) -> Result<PageOf<Post>, Trouble> {
    let waiting = publishing::list(app, caller, brand, Which::NeedingPerson, request).await?;
    let mut items: Vec<Post> = Vec::new();
    for delivery in waiting.items {
        if items.iter().all(|post| post.id != delivery.post_id) {
            items.push(posts::get(app, caller, brand, delivery.post_id).await?);
        }
    }
    Ok(PageOf { items, next: waiting.next })
}

fn row(post: &Post, deliveries: &[&Delivery], faces: &[Face]) -> Row {
    let mut places: Vec<Places> = Vec::new();
    for delivery in deliveries {
        let Some(face) = faces.iter().find(|face| face.id == delivery.channel_id) else {
            continue;
        };
        let badge = badges::of_delivery(delivery, &face.network);
        match places.iter_mut().find(|same| same.badge == badge) {
            Some(same) => same.faces.push(face.clone()),
            None => places.push(Places { faces: vec![face.clone()], badge }),
        }
    }
    Row {
        post: urls::Post::new(post.workspace_id, post.id),
        title: super::title(&post.content),
        language: super::language(&post.content),
        picture: post
            .content
            .parts
            .iter()
            .flat_map(|part| &part.media)
            .next()
            .map(|medium| Shot::of(post.workspace_id, medium)),
        at: deliveries.iter().map(|delivery| delivery.planned_at).max().unwrap_or(post.updated_at),
        channels: deliveries.len(),
        places,
        own: deliveries.is_empty().then(|| badges::of_post(post.state)),
        deed: deliveries.iter().find_map(|delivery| deed(delivery.state, delivery.held_reason)),
        is_next: false,
    }
}

/// What a state asks of a person.
fn deed(state: DeliveryState, held: Option<HeldReason>) -> Option<&'static str> {
    match (state, held) {
        (DeliveryState::Unknown, _) => Some("post-do-look"),
        (DeliveryState::Refused, _) => Some("post-do-mend"),
        (DeliveryState::Missed | DeliveryState::PartlyLive, _) => Some("post-do-decide"),
        (DeliveryState::WaitingForPerson, _) => Some("post-do-by-hand"),
        (DeliveryState::Held, Some(HeldReason::Login)) => Some("post-do-reconnect"),
        (DeliveryState::Held, Some(HeldReason::LookFirst)) => Some("post-do-release"),
        _ => None,
    }
}

impl Row {
    /// How many channels, for the line beneath the title.
    fn count(&self) -> Say {
        Say::new("post-channels").with("count", self.channels)
    }
}

#[cfg(test)]
impl crate::views::View for Posts {
    fn samples() -> Vec<Page<Self>> {
        use crate::views::{NOW, brands, desk, faces, shots};
        use bellwether_base::uuid::Uuid;

        let brand = brands()[0].id;
        let row = |title: Option<&str>, families: &[&'static str], deed| Row {
            post: urls::Post::new(brand, PostId(Uuid::nil())),
            title: title.map(str::to_owned),
            language: title.map(|_| "fr".into()),
            picture: shots().into_iter().next().filter(|_| title.is_some()),
            at: NOW,
            channels: families.len(),
            places: families
                .iter()
                .map(|family| {
                    let say = Say::new("state-refused").with("network", "Practice");
                    Places { badge: Badge { family, say }, faces: faces() }
                })
                .collect(),
            own: families.is_empty().then(|| Badge::new("draft", "draft")),
            deed,
            is_next: deed.is_some(),
        };
        let view = |rows: Vec<Row>, may_write: bool| Self {
            here: "/brands/1/posts".into(),
            older: (rows.len() > 1).then(|| "/brands/1/posts?after=x".into()),
            rows,
            compose: may_write.then(|| urls::Compose::new(brand)),
            is_first_page: true,
            waiting: if may_write { 3 } else { 0 },
            is_narrowed: false,
            narrowed: "/brands/1/posts?needs=you".into(),
            all: urls::Posts::new(brand),
        };
        let narrowed = |mut view: Self| {
            view.is_narrowed = true;
            view
        };
        let rows = vec![
            row(
                Some("La bûche aux <b>marrons</b>"),
                &["failed", "published"],
                Some("post-do-look"),
            ),
            row(Some("Trois farines"), &["scheduled"], None),
            row(None, &[], None),
        ];
        [
            narrowed(view(Vec::new(), false)),
            view(rows, true),
            view(Vec::new(), true),
            view(Vec::new(), false),
        ]
        .map(|view| Page::desk(desk(Nav::Posts), "rail-posts", view))
        .into()
    }
}
