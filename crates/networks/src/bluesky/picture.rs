//! Pictures on their way to a server.

use bytes::Bytes;

use crate::ImageRule;

/// A picture as it is uploaded.
pub(super) struct Fitted {
    pub bytes: Bytes,
    pub mime: &'static str,
    pub size: (u32, u32),
}

/// Makes a picture fit; nothing if it is none.
pub(super) fn fit(bytes: &Bytes, _rule: &ImageRule) -> Option<Fitted> {
    let kind = infer::get(bytes)?;
    let size = image::ImageReader::new(std::io::Cursor::new(bytes))
        .with_guessed_format()
        .ok()?
        .into_dimensions()
        .ok()?;
    Some(Fitted { bytes: bytes.clone(), mime: kind.mime_type(), size })
}
