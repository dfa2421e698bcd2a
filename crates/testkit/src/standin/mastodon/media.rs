//! Media: uploaded, worked on, described, attached.

use serde_json::json;

use super::call::{Call, Refused};
use super::entities::{attachment, kind};
use super::params::File;
use super::pictures;
use super::settings::Flavour;
use super::state::{Medium, State, Work};
use crate::standin::{Answer, What};

const WRITES: [&str; 2] = ["write", "write:media"];

fn failed(call: &Call<'_>, why: &str) -> Refused {
    Refused::invalid(call.settings, &format!("Validation failed: {why}"))
}

/// `POST /api/v1/media` answers when all is done; `v2` may not.
pub(super) fn upload(call: &Call<'_>, state: &mut State, version: &str) -> Result<Answer, Refused> {
    let caller = call.user(state, &WRITES)?;
    let file = call.params.file("file").ok_or_else(|| failed(call, "File can't be blank"))?;
    let mime = file.mime.clone().unwrap_or_default();
    let sight = check(call, file, &mime)?;
    check_description(call, call.params.text("description").as_deref())?;
    let processing = state.processing;
    let is_slow = kind(&mime) != "image" || processing.includes_pictures;
    let is_asynchronous = version == "v2" && is_slow && (processing.looks > 0 || processing.fails);
    let medium = Medium {
        id: call.id(),
        account: caller.name.clone(),
        mime,
        bytes: file.bytes.clone(),
        sight,
        description: call.params.filled("description"),
        focus: focus(call).unwrap_or_default(),
        work: if is_asynchronous {
            Work::Underway { looks: processing.looks, fails: processing.fails }
        } else {
            Work::Done
        },
        status: None,
    };
    let answer = Answer::json(if is_asynchronous { 202 } else { 200 }, &attachment(call, &medium));
    let id = medium.id.clone();
    state.media.insert(id.clone(), medium);
    call.ledger.happened(&caller.name, Some(call.request.number), What::Uploaded(id));
    Ok(answer)
}

/// Its type, its bytes, its measures.
fn check(call: &Call<'_>, file: &File, mime: &str) -> Result<pictures::Sight, Refused> {
    let limits = &call.settings.limits;
    if !limits.mime_types.contains(&mime) {
        return Err(failed(call, "File content type is invalid, File is invalid"));
    }
    let is_picture = kind(mime) == "image";
    let most = if is_picture { limits.image_bytes } else { limits.video_bytes };
    if file.bytes.len() > most {
        let words = format!("File file size must be less than {} MB", most / 1024 / 1024);
        return Err(failed(call, &words));
    }
    if !mime.starts_with("image/") {
        return Ok(pictures::Sight::default());
    }
    // The server believes the bytes, not the header.
    let Some(sight) = pictures::look(&file.bytes) else {
        return Err(Refused::new(422, "File type of uploaded media could not be verified"));
    };
    if u64::from(sight.width) * u64::from(sight.height) > limits.image_pixels {
        let words = format!("{}x{} images are not supported", sight.width, sight.height);
        return Err(Refused::invalid(call.settings, &words));
    }
    Ok(sight)
}

fn check_description(call: &Call<'_>, description: Option<&str>) -> Result<(), Refused> {
    let most = call.settings.limits.description;
    if description.is_some_and(|text| text.chars().count() > most) {
        let words = format!("Description is too long (maximum is {most} characters)");
        return Err(failed(call, &words));
    }
    Ok(())
}

fn focus(call: &Call<'_>) -> Option<(f64, f64)> {
    let focus = call.params.filled("focus")?;
    let (x, y) = focus.split_once(',')?;
    Some((x.trim().parse().ok()?, y.trim().parse().ok()?))
}

/// The caller's medium that no status has yet, unless its making failed.
fn own<'a>(call: &Call<'_>, state: &'a mut State, id: &str) -> Result<&'a mut Medium, Refused> {
    let caller = call.user(state, &WRITES)?;
    let medium = state.media.get_mut(id);
    let medium = medium.filter(|m| m.account == caller.name && m.status.is_none());
    let medium = medium.ok_or_else(|| Refused::not_found(call.settings))?;
    match medium.work {
        Work::Failed => Err(Refused::new(422, "Error processing thumbnail for uploaded media")),
        _ => Ok(medium),
    }
}

fn answer(call: &Call<'_>, medium: &Medium) -> Answer {
    let status = if medium.work == Work::Done { 200 } else { 206 };
    Answer::json(status, &attachment(call, medium))
}

/// Each look at a medium that is worked on brings it nearer to its end.
pub(super) fn show(call: &Call<'_>, state: &mut State, id: &str) -> Result<Answer, Refused> {
    let medium = own(call, state, id)?;
    medium.work = match medium.work {
        Work::Underway { looks: 0, fails: true } => Work::Failed,
        Work::Underway { looks: 0, fails: false } => Work::Done,
        Work::Underway { looks, fails } => Work::Underway { looks: looks - 1, fails },
        work => work,
    };
    let medium = own(call, state, id)?;
    Ok(answer(call, medium))
}

pub(super) fn update(call: &Call<'_>, state: &mut State, id: &str) -> Result<Answer, Refused> {
    let medium = own(call, state, id)?;
    let description = call.params.text("description");
    check_description(call, description.as_deref())?;
    if let Some(description) = description {
        medium.description = Some(description).filter(|text| !text.is_empty());
    }
    medium.focus = focus(call).unwrap_or(medium.focus);
    let (answer, account) = (answer(call, medium), medium.account.clone());
    call.ledger.happened(&account, Some(call.request.number), What::Wrote(id.to_owned()));
    Ok(answer)
}

/// Since 4.4, and not while a status has it.
pub(super) fn delete(call: &Call<'_>, state: &mut State, id: &str) -> Result<Answer, Refused> {
    if call.settings.flavour != Flavour::Mastodon46 {
        return Err(Refused::new(404, "Not Found"));
    }
    let caller = call.user(state, &WRITES)?;
    let medium = state.media.get(id).filter(|medium| medium.account == caller.name);
    let medium = medium.ok_or_else(|| Refused::not_found(call.settings))?;
    if medium.status.is_some() {
        return Err(Refused::new(422, "Media attachment is currently used by a status"));
    }
    state.media.remove(id);
    call.ledger.happened(&caller.name, Some(call.request.number), What::Wrote(id.to_owned()));
    Ok(Answer::json(200, &json!({})))
}

/// The bytes themselves.
pub(super) fn file(call: &Call<'_>, state: &State, id: &str) -> Result<Answer, Refused> {
    let medium = state.media.get(id).ok_or_else(|| Refused::not_found(call.settings))?;
    Ok(Answer::typed(200, &medium.mime, medium.bytes.clone()))
}
