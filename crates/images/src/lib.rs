//! Pictures, made to fit.
//!
//! Networks take pictures up to a size and shape, and pass on what is hidden
//! in them: where a photo was taken, on whose device, what was cropped away.
//! What leaves here fits and holds nothing but the picture. The same input
//! makes the same bytes, so that a second try uploads what the first one did.
//!
//! A crate of its own because the encoders are generic: they are compiled as
//! this crate's code, which is slow to do well and slow to run when it is not.
//!
//! All of it is work for the processor: call it where blocking is allowed,
//! and few at a time, since one large picture takes up to half a gigabyte.

mod bare;
mod colour;
mod read;
#[cfg(test)]
mod tests;

use std::io::Cursor;

use bellwether_base::Say;
use bytes::Bytes;
use fast_image_resize::{ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageEncoder as _, RgbImage};
use serde::{Deserialize, Serialize};

use bare::Bare;
use read::Kind;

/// The largest picture that is opened: 100 megapixels.
pub const MAX_PIXELS: u64 = 100_000_000;

/// JPEG qualities, tried in this order before the picture is made smaller.
const QUALITIES: [u8; 4] = [90, 80, 70, 60];

/// A picture whose longer side would have to be smaller than this to fit is given up.
const MIN_SIDE: u32 = 32;

/// What a picture is made to fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageRule {
    /// Bytes.
    pub max_bytes: u64,
    /// Pixels of the longer side.
    pub max_side: u32,
}

/// What is known about a stored file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaFacts {
    /// `image/jpeg`.
    pub mime: String,
    /// Bytes.
    pub bytes: u64,
    /// Pixels, after orientation.
    pub width: u32,
    /// Pixels, after orientation.
    pub height: u32,
}

/// Why a picture cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageTrouble {
    /// It is some other kind of file.
    #[error("not a picture")]
    NotAnImage,
    /// A picture of a kind that is not read here, as in `image/heif`.
    #[error("pictures of the kind {0} are not supported")]
    Unsupported(&'static str),
    /// More than [`MAX_PIXELS`], or more memory than one picture may take.
    #[error("the picture has too many pixels")]
    TooManyPixels,
    /// It breaks off or makes no sense.
    #[error("the picture is damaged")]
    Damaged,
    /// It cannot be made small enough.
    #[error("the picture cannot be made to fit")]
    CannotFit,
}

impl ImageTrouble {
    /// For people.
    pub fn say(&self) -> Say {
        match self {
            Self::NotAnImage => Say::new("image-not-an-image"),
            Self::Unsupported(mime) => {
                let kind = mime.trim_start_matches("image/").trim_start_matches("x-");
                let kind = kind.split('+').next().unwrap_or(kind).to_uppercase();
                Say::new("image-unsupported").with("kind", kind)
            }
            Self::TooManyPixels => {
                Say::new("image-too-many-pixels").with("megapixels", MAX_PIXELS / 1_000_000)
            }
            Self::Damaged => Say::new("image-damaged"),
            Self::CannotFit => Say::new("image-cannot-fit"),
        }
    }
}

/// A picture that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitted {
    /// The file.
    pub bytes: Bytes,
    /// `image/jpeg` or `image/png`.
    pub mime: &'static str,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Whether it is the file that came in, byte for byte.
    pub unchanged: bool,
}

impl Fitted {
    /// The facts about the file.
    pub fn facts(&self) -> MediaFacts {
        MediaFacts {
            mime: self.mime.to_owned(),
            bytes: self.bytes.len() as u64,
            width: self.width,
            height: self.height,
        }
    }
}

/// What `bytes` are, from the first few of them: nothing is decoded, so the
/// picture may still turn out damaged.
pub fn inspect(bytes: &[u8]) -> Result<MediaFacts, ImageTrouble> {
    read::caught(|| Ok(read::open(bytes)?.facts()))
}

/// What `bytes` are, after the whole picture was decoded.
pub fn verify(bytes: &[u8]) -> Result<MediaFacts, ImageTrouble> {
    read::caught(|| {
        let opened = read::open(bytes)?;
        let facts = opened.facts();
        if bare::without_metadata(opened.kind, bytes) == Bare::BreaksOff {
            return Err(ImageTrouble::Damaged);
        }
        opened.decode()?;
        Ok(facts)
    })
}

/// Makes a picture fit `rule`: upright, at most so large, without metadata,
/// in sRGB. A JPEG or PNG that fits already only loses its metadata; anything
/// else becomes a JPEG, or a PNG if it is transparent and small enough. Of an
/// animation the first picture stays.
pub fn fit(bytes: &[u8], rule: &ImageRule) -> Result<Fitted, ImageTrouble> {
    read::caught(|| {
        let opened = read::open(bytes)?;
        let bare = match bare::without_metadata(opened.kind, bytes) {
            Bare::File(bare) => Some(bare),
            Bare::Unusual => None,
            Bare::BreaksOff => return Err(ImageTrouble::Damaged),
        };
        let (kind, facts, orientation) = (opened.kind, opened.facts(), opened.orientation);
        let to_srgb = opened.profile.as_deref().and_then(colour::to_srgb);
        let picture = opened.decode()?;
        if let Some(bare) = bare
            && orientation == Orientation::NoTransforms
            && to_srgb.is_none()
            && facts.width.max(facts.height) <= rule.max_side
            && bare.len() as u64 <= rule.max_bytes
        {
            return Ok(Fitted {
                unchanged: bare == bytes,
                bytes: bare.into(),
                mime: kind.mime(),
                width: facts.width,
                height: facts.height,
            });
        }
        let mut picture = shrunk(to_eight_bits(picture), rule.max_side)?;
        if let Some(to_srgb) = to_srgb {
            picture = to_srgb.apply(picture);
        }
        picture.apply_orientation(orientation);
        encoded(picture, rule)
    })
}

/// Eight bits a channel, with transparency only where something is transparent.
fn to_eight_bits(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8().into();
    }
    let picture = picture.into_rgba8();
    if picture.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        return DynamicImage::from(picture).into_rgb8().into();
    }
    picture.into()
}

/// At most `max_side` on the longer side.
fn shrunk(picture: DynamicImage, max_side: u32) -> Result<DynamicImage, ImageTrouble> {
    let (width, height) = (picture.width(), picture.height());
    let side = width.max(height);
    if max_side == 0 {
        return Err(ImageTrouble::CannotFit);
    }
    if side <= max_side {
        return Ok(picture);
    }
    let scaled = |length: u32| {
        let exact = u64::from(length) * u64::from(max_side);
        u32::try_from((exact + u64::from(side) / 2) / u64::from(side)).unwrap_or(max_side).max(1)
    };
    let mut smaller = DynamicImage::new(scaled(width), scaled(height), picture.color());
    Resizer::new()
        .resize(&picture, &mut smaller, &ResizeOptions::new())
        .map_err(|_| ImageTrouble::CannotFit)?;
    Ok(smaller)
}

/// The best file of at most `rule.max_bytes`.
fn encoded(mut picture: DynamicImage, rule: &ImageRule) -> Result<Fitted, ImageTrouble> {
    let fits = |bytes: &Vec<u8>| bytes.len() as u64 <= rule.max_bytes;
    let fitted = |bytes: Vec<u8>, kind: Kind, picture: &DynamicImage| Fitted {
        bytes: bytes.into(),
        mime: kind.mime(),
        width: picture.width(),
        height: picture.height(),
        unchanged: false,
    };
    if picture.color().has_alpha() {
        let file = png(&picture)?;
        if fits(&file) {
            return Ok(fitted(file, Kind::Png, &picture));
        }
        picture = on_white(&picture).into();
    }
    loop {
        for quality in QUALITIES {
            let file = jpeg(&picture, quality)?;
            if fits(&file) {
                return Ok(fitted(file, Kind::Jpeg, &picture));
            }
        }
        let side = picture.width().max(picture.height()) / 5 * 4;
        if side < MIN_SIDE {
            return Err(ImageTrouble::CannotFit);
        }
        picture = shrunk(picture, side)?;
    }
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>, ImageTrouble> {
    let mut file = Cursor::new(Vec::new());
    PngEncoder::new_with_quality(&mut file, CompressionType::Default, FilterType::Adaptive)
        .write_image(picture.as_bytes(), picture.width(), picture.height(), picture.color().into())
        .map_err(|_| ImageTrouble::CannotFit)?;
    Ok(file.into_inner())
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, ImageTrouble> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, quality)
        .write_image(picture.as_bytes(), picture.width(), picture.height(), picture.color().into())
        .map_err(|_| ImageTrouble::CannotFit)?;
    Ok(file)
}

/// Transparent pictures are seen on white paper.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let over = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        u8::try_from((colour * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
    };
    let picture = picture.to_rgba8();
    let pixels = picture.pixels().flat_map(|pixel| {
        let [red, green, blue, alpha] = pixel.0;
        [over(red, alpha), over(green, alpha), over(blue, alpha)]
    });
    RgbImage::from_raw(picture.width(), picture.height(), pixels.collect()).unwrap_or_default()
}
