//! What a person does about one delivery. Each goes back to the post's page
//! and says what became of it.

use axum::extract::Path;
use axum::response::Response;
use bellwether_app::publishing::{self, Delivery, When};
use bellwether_app::{Error, Result as Done};
use bellwether_base::{DeliveryId, Say};

use crate::errors::{Trouble, for_form};
use crate::form::Fields;
use crate::page::Toast;
use crate::posts::{RefusedDeed, post};
use crate::session::InBrand;
use crate::urls;

/// Back to the post, with a toast. A deed that came too late is told there,
/// beside what it is about.
async fn back(
    at: &InBrand,
    delivery: DeliveryId,
    done: Done<Delivery>,
    said: &str,
    also: Option<Say>,
) -> Result<Response, Trouble> {
    let (post, toast) = match done {
        Ok(delivery) => (delivery.post_id, Toast::done(Say::new(said)).also(also)),
        Err(error @ (Error::Conflict(_) | Error::Invalid(_))) => {
            let (_, trouble) = for_form(error)?;
            let log = publishing::delivery(&at.app, &at.caller, at.brand.id, delivery).await?;
            (log.delivery.post_id, Toast::trouble(trouble.say))
        }
        Err(error) => return Err(error.into()),
    };
    Ok(at.visitor.go_and_say(&urls::Post::new(at.brand.id, post), &toast))
}

/// The post's page again, with what was typed and why it cannot be.
async fn again(
    at: InBrand,
    delivery: DeliveryId,
    typed: &str,
    say: Say,
) -> Result<Response, Trouble> {
    let log = publishing::delivery(&at.app, &at.caller, at.brand.id, delivery).await?;
    let refused = RefusedDeed { delivery, typed: typed.to_owned(), say };
    post::again(at, log.delivery.post_id, refused).await
}

pub async fn retry(at: InBrand, Path(place): Path<urls::Retry>) -> Result<Response, Trouble> {
    let done = publishing::retry(&at.app, &at.caller, place.workspace, place.delivery).await;
    back(&at, place.delivery, done, "deed-retried", None).await
}

pub async fn attach(
    at: InBrand,
    Path(place): Path<urls::Attachment>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let url = fields.text("url");
    match publishing::attach(&at.app, &at.caller, place.workspace, place.delivery, url).await {
        Err(Error::Invalid(say)) => again(at, place.delivery, url, say).await,
        done => back(&at, place.delivery, done, "deed-attached", None).await,
    }
}

pub async fn drop(at: InBrand, Path(place): Path<urls::Dismissal>) -> Result<Response, Trouble> {
    let done = publishing::drop_doubt(&at.app, &at.caller, place.workspace, place.delivery).await;
    back(&at, place.delivery, done, "deed-dropped", None).await
}

pub async fn cancel(
    at: InBrand,
    Path(place): Path<urls::Cancellation>,
) -> Result<Response, Trouble> {
    let done = publishing::cancel(&at.app, &at.caller, place.workspace, place.delivery).await;
    back(&at, place.delivery, done, "deed-cancelled", None).await
}

pub async fn release(at: InBrand, Path(place): Path<urls::Release>) -> Result<Response, Trouble> {
    let done = publishing::release(&at.app, &at.caller, place.workspace, place.delivery).await;
    back(&at, place.delivery, done, "deed-released", None).await
}

pub async fn let_through(
    at: InBrand,
    Path(place): Path<urls::Passage>,
) -> Result<Response, Trouble> {
    let done = publishing::let_through(&at.app, &at.caller, place.workspace, place.delivery).await;
    back(&at, place.delivery, done, "deed-passed", None).await
}

pub async fn take_down(
    at: InBrand,
    Path(place): Path<urls::Takedown>,
) -> Result<Response, Trouble> {
    let done = publishing::delete(&at.app, &at.caller, place.workspace, place.delivery).await;
    back(&at, place.delivery, done, "deed-delete-asked", None).await
}

pub async fn reschedule(
    at: InBrand,
    Path(place): Path<urls::Plan>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let local = fields.text("local");
    let when = When::At { local: local.to_owned(), zone: None };
    let (app, caller) = (&at.app, &at.caller);
    match publishing::reschedule(app, caller, place.workspace, place.delivery, &when).await {
        Err(Error::Invalid(say)) => again(at, place.delivery, local, say).await,
        done => {
            let (done, warning) = match done {
                Ok(moved) => (Ok(moved.delivery), moved.warning),
                Err(error) => (Err(error), None),
            };
            back(&at, place.delivery, done, "deed-rescheduled", warning.map(|it| it.say)).await
        }
    }
}
