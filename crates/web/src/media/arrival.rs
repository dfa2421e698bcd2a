//! A form that brings files along: the files are stored as they come, and the
//! fields are read as of any other form.

use axum::body::to_bytes;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use bellwether_app::{Error, media};
use bellwether_base::Say;

use crate::errors::Trouble;
use crate::form::Fields;
use crate::session::InBrand;

/// What came.
pub struct Arrival {
    /// The fields as typed. A stored file is a field as well: `picture-0`
    /// with the file's hash.
    pub fields: Fields,
    /// Why files were not stored. What was typed is not touched by that.
    pub refused: Vec<Say>,
}

/// All texts of one form together, in bytes.
const ROOM: usize = 2 * 1024 * 1024;

/// Reads `request`, from either kind of form.
pub async fn read(at: &InBrand, request: Request) -> Result<Arrival, Trouble> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        let body = to_bytes(request.into_body(), ROOM).await.map_err(|_| Trouble::too_large())?;
        return Ok(Arrival { fields: Fields::parse(&body), refused: Vec::new() });
    }
    let unreadable = |_| Trouble::unreadable();
    let mut form =
        Multipart::from_request(request, &()).await.map_err(|_| Trouble::unreadable())?;
    let (mut pairs, mut refused, mut room) = (Vec::new(), Vec::new(), ROOM);
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file) = field.file_name().map(str::to_owned) else {
            let mut text = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
                room = room.checked_sub(chunk.len()).ok_or_else(Trouble::too_large)?;
                text.extend_from_slice(&chunk);
            }
            room = room.checked_sub(name.len() + 1).ok_or_else(Trouble::too_large)?;
            pairs.push((name, String::from_utf8_lossy(&text).into_owned()));
            continue;
        };
        // An input without a file sends one without a name.
        if file.is_empty() {
            continue;
        }
        match media::upload(&at.app, &at.caller, at.brand.id, &file, field).await {
            Ok(medium) => pairs.push((name, medium.hash)),
            Err(Error::Invalid(say)) => refused.push(say),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Arrival { fields: Fields::of(pairs), refused })
}
