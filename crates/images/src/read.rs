//! Opening pictures that anybody may have sent.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::{ImageTrouble, MAX_PIXELS, MediaFacts};

/// What one picture may take while it is decoded, in bytes.
const MAX_MEMORY: u64 = 512 << 20;

/// A kind of picture that is read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Jpeg,
    Png,
    Gif,
    WebP,
}

impl Kind {
    /// From the first bytes; names and content types that come along are not believed.
    fn of(bytes: &[u8]) -> Result<Self, ImageTrouble> {
        if is_svg(bytes) {
            return Err(ImageTrouble::Unsupported("image/svg+xml"));
        }
        let found = infer::get(bytes).ok_or(ImageTrouble::NotAnImage)?;
        match found.mime_type() {
            "image/jpeg" => Ok(Self::Jpeg),
            "image/png" => Ok(Self::Png),
            "image/gif" => Ok(Self::Gif),
            "image/webp" => Ok(Self::WebP),
            other if found.matcher_type() == infer::MatcherType::Image => {
                Err(ImageTrouble::Unsupported(other))
            }
            _ => Err(ImageTrouble::NotAnImage),
        }
    }

    pub(super) fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }

    fn format(self) -> ImageFormat {
        match self {
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
            Self::Gif => ImageFormat::Gif,
            Self::WebP => ImageFormat::WebP,
        }
    }
}

/// Whether this is a drawing in text, which has no number to tell it by.
fn is_svg(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(bytes.get(..1024).unwrap_or(bytes));
    start.trim_start_matches('\u{feff}').trim_start().starts_with('<') && start.contains("<svg")
}

/// A picture whose header has been read and found harmless.
pub(super) struct Opened<D> {
    pub(super) kind: Kind,
    pub(super) orientation: Orientation,
    /// The ICC profile, if it has one.
    pub(super) profile: Option<Vec<u8>>,
    length: usize,
    decoder: D,
}

/// Reads the header of `bytes`.
pub(super) fn open(bytes: &[u8]) -> Result<Opened<impl ImageDecoder>, ImageTrouble> {
    let kind = Kind::of(bytes)?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), kind.format());
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| trouble(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_MEMORY {
        return Err(ImageTrouble::TooManyPixels);
    }
    if width == 0 || height == 0 {
        return Err(ImageTrouble::Damaged);
    }
    // Metadata that cannot be read are no reason to refuse a picture that can.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().unwrap_or_default();
    Ok(Opened { kind, orientation, profile, length: bytes.len(), decoder })
}

impl<D: ImageDecoder> Opened<D> {
    pub(super) fn facts(&self) -> MediaFacts {
        let (width, height) = self.decoder.dimensions();
        let lies = matches!(
            self.orientation,
            Orientation::Rotate90
                | Orientation::Rotate270
                | Orientation::Rotate90FlipH
                | Orientation::Rotate270FlipH
        );
        let (width, height) = if lies { (height, width) } else { (width, height) };
        MediaFacts { mime: self.kind.mime().to_owned(), bytes: self.length as u64, width, height }
    }

    pub(super) fn decode(self) -> Result<DynamicImage, ImageTrouble> {
        DynamicImage::from_decoder(self.decoder).map_err(|error| trouble(&error))
    }
}

fn trouble(error: &ImageError) -> ImageTrouble {
    match error {
        ImageError::Limits(_) => ImageTrouble::TooManyPixels,
        _ => ImageTrouble::Damaged,
    }
}

/// A decoder that panics on what somebody made up costs that picture, and not
/// the thread.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T, ImageTrouble>) -> Result<T, ImageTrouble> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(ImageTrouble::Damaged))
}
