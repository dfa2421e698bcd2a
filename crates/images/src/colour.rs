//! Colours as every network and screen understands them: sRGB.
//!
//! Phones take photos in wider colour spaces and say so in a profile. Without
//! the profile such a photo looks dull, and a profile may name the device, so
//! the colours are converted and the profile goes.

use std::sync::Arc;

use image::DynamicImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformExecutor, TransformOptions};

type Transform = Arc<dyn TransformExecutor<u8> + Send + Sync>;

/// A conversion to sRGB.
pub(super) struct ToSrgb {
    opaque: Transform,
    transparent: Transform,
}

/// How to convert from `profile`; nothing if that would change nothing that
/// can be seen, or if the profile makes no sense.
pub(super) fn to_srgb(profile: &[u8]) -> Option<ToSrgb> {
    let from = ColorProfile::new_from_slice(profile).ok()?;
    if from.color_space != DataColorSpace::Rgb {
        return None;
    }
    let transform = |layout| {
        let options = TransformOptions::default();
        from.create_transform_8bit(layout, &ColorProfile::new_srgb(), layout, options).ok()
    };
    let to_srgb = ToSrgb { opaque: transform(Layout::Rgb)?, transparent: transform(Layout::Rgba)? };
    to_srgb.is_visible().then_some(to_srgb)
}

impl ToSrgb {
    /// Whether any of some typical colours moves by more than rounding does.
    fn is_visible(&self) -> bool {
        let steps = [0, 32, 64, 96, 128, 160, 192, 224, 255];
        let colours: Vec<u8> = steps
            .iter()
            .flat_map(|red| {
                steps.iter().flat_map(move |green| steps.map(|blue| [*red, *green, blue]))
            })
            .flatten()
            .collect();
        let mut converted = vec![0; colours.len()];
        self.opaque.transform(&colours, &mut converted).is_ok()
            && colours.iter().zip(&converted).any(|(before, after)| before.abs_diff(*after) > 3)
    }

    /// The picture in sRGB. Eight bits a channel, RGB or RGBA; others stay as they are.
    pub(super) fn apply(&self, picture: DynamicImage) -> DynamicImage {
        match picture {
            DynamicImage::ImageRgb8(mut picture) => {
                let before = picture.clone();
                let _ = self.opaque.transform(&before, &mut picture);
                picture.into()
            }
            DynamicImage::ImageRgba8(mut picture) => {
                let before = picture.clone();
                let _ = self.transparent.transform(&before, &mut picture);
                picture.into()
            }
            other => other,
        }
    }
}
