//! Media of the plain network.

use bellwether_base::{Clock as _, SystemClock};
use serde_json::json;

use super::Plain;
use super::call::Refused;
use super::state::{Account, Medium, next_number};
use crate::standin::{Answer, Request, What};

impl Medium {
    pub(super) fn is_ready(&self, plain: &Plain) -> bool {
        SystemClock.mono().since(self.uploaded) >= plain.settings.media_takes
    }

    fn answer(&self, plain: &Plain, id: &str, unready: u16) -> Answer {
        let (status, state) =
            if self.is_ready(plain) { (200, "ready") } else { (unready, "processing") };
        let body = json!({"id": id, "state": state, "type": self.kind, "bytes": self.bytes});
        Answer::json(status, &body)
    }
}

pub(super) fn upload(
    plain: &Plain,
    request: &Request,
    account: &Account,
) -> Result<Answer, Refused> {
    let kind = request.head.header("content-type").unwrap_or_default();
    if !kind.starts_with("image/") && !kind.starts_with("video/") {
        return Err(Refused::new(415, "media_type_refused", "only image/* and video/*"));
    }
    if request.body.len() > plain.settings.media_bytes {
        return Err(Refused::new(413, "media_too_big", "too many bytes"));
    }
    let id = format!("m{}", next_number());
    let medium =
        Medium { kind: kind.to_owned(), bytes: request.body.len(), uploaded: SystemClock.mono() };
    let answer = medium.answer(plain, &id, 202);
    let mut state = account.state();
    state.media.insert(id.clone(), medium);
    plain.ledger.happened(&account.name, Some(request.number), What::Uploaded(id));
    Ok(answer)
}

pub(super) fn show(plain: &Plain, account: &Account, id: &str) -> Result<Answer, Refused> {
    match account.state().media.get(id) {
        Some(medium) => Ok(medium.answer(plain, id, 206)),
        None => Err(Refused::new(404, "media_unknown", "there is no such medium")),
    }
}
