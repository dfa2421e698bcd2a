//! Pictures made in code, so that what is hidden in them is known.

use image::codecs::gif::GifEncoder;
use image::codecs::webp::WebPEncoder;
use image::{Rgb, Rgba, RgbaImage};
use proptest::prelude::*;

use super::*;

const ROOMY: ImageRule = ImageRule { max_bytes: 1_000_000, max_side: 2000 };

/// Four colours in four corners, so that each way to turn it shows.
fn corners(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([255, 0, 0]),
        (false, true) => Rgb([0, 255, 0]),
        (true, false) => Rgb([0, 0, 255]),
        (false, false) => Rgb([255, 255, 255]),
    })
}

/// A photo-like picture that does not compress away.
fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 1_u32;
    RgbImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = state.to_be_bytes();
        Rgb([a, b, c])
    })
}

fn as_jpeg(picture: &RgbImage) -> Vec<u8> {
    jpeg(&picture.clone().into(), 95).unwrap()
}

fn as_png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    png(&picture.into()).unwrap()
}

/// What a phone writes: which way up, and where it was taken.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend([0; 4]);
    // One entry of the place: the latitude's reference, then what to search for.
    tiff.extend([1, 0, 1, 0, 2, 0, 2, 0, 0, 0, b'N', 0, 0, 0, 0, 0, 0, 0]);
    tiff.extend(b"GPS-48.8584N-2.2945E");
    tiff
}

fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], payload].concat()
}

/// With EXIF, XMP, a comment, and a second picture after the end.
fn with_metadata(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    [
        &jpeg[..2],
        &segment(0xe1, &[&b"Exif\0\0"[..], &exif(orientation)].concat()),
        &segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x>GPS-in-XMP</x>"),
        &segment(0xed, b"Photoshop 3.0\0GPS-in-IPTC"),
        &segment(0xfe, b"GPS-in-a-comment"),
        &jpeg[2..],
        b"GPS-after-the-end",
    ]
    .concat()
}

fn chunk(name: &[u8], data: &[u8]) -> Vec<u8> {
    let checksum = crc(&[name, data].concat()).to_be_bytes();
    [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], name, data, &checksum].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    })
}

/// A PNG with a chunk after its header.
fn png_with(picture: &[u8], chunks: &[u8]) -> Vec<u8> {
    [&picture[..33], chunks, &picture[33..]].concat()
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn decoded(fitted: &Fitted) -> RgbImage {
    let picture = image::load_from_memory(&fitted.bytes).unwrap();
    assert_eq!((picture.width(), picture.height()), (fitted.width, fitted.height));
    assert_eq!(infer::get(&fitted.bytes).unwrap().mime_type(), fitted.mime);
    picture.into_rgb8()
}

fn is_near(one: Rgb<u8>, other: Rgb<u8>) -> bool {
    one.0.iter().zip(other.0).all(|(a, b)| a.abs_diff(b) < 12)
}

/// How a camera that was turned stores a picture: where the pixel that is
/// seen at (x, y) lies in the file, by EXIF 2.3 section 4.6.4.
fn turned(seen: &RgbImage, orientation: u8) -> RgbImage {
    let (width, height) = seen.dimensions();
    let mut stored =
        if orientation < 5 { RgbImage::new(width, height) } else { RgbImage::new(height, width) };
    let (right, bottom) = (width - 1, height - 1);
    for (x, y, pixel) in seen.enumerate_pixels() {
        let (column, row) = match orientation {
            2 => (right - x, y),
            3 => (right - x, bottom - y),
            4 => (x, bottom - y),
            5 => (y, x),
            6 => (y, right - x),
            7 => (bottom - y, right - x),
            8 => (bottom - y, x),
            _ => (x, y),
        };
        stored.put_pixel(column, row, *pixel);
    }
    stored
}

#[test]
fn every_orientation_ends_upright() {
    let seen = corners(64, 32);
    for orientation in 1..=8 {
        let stored = turned(&seen, orientation);
        let files = [
            with_metadata(&as_jpeg(&stored), orientation),
            png_with(&as_png(stored.clone()), &chunk(b"eXIf", &exif(orientation))),
        ];
        for file in files {
            let facts = inspect(&file).unwrap();
            assert_eq!((facts.width, facts.height), (64, 32), "orientation {orientation}");
            for side in [64, 32] {
                let fitted = fit(&file, &ImageRule { max_side: side, ..ROOMY }).unwrap();
                assert_eq!((fitted.width, fitted.height), (side, side / 2));
                let picture = decoded(&fitted);
                for (x, y) in [(4, 4), (side - 5, 4), (4, side / 2 - 5), (side - 5, side / 2 - 5)] {
                    let expected = seen.get_pixel(x * 64 / side, y * 64 / side);
                    let found = picture.get_pixel(x, y);
                    assert!(is_near(*found, *expected), "{orientation} at {x},{y}: {found:?}");
                }
                assert!(!contains(&fitted.bytes, b"GPS") && !contains(&fitted.bytes, b"II*\0"));
            }
        }
    }
}

#[test]
fn an_orientation_that_makes_no_sense_is_none() {
    for orientation in [0, 9, 255] {
        let file = with_metadata(&as_jpeg(&corners(64, 32)), orientation);
        let fitted = fit(&file, &ROOMY).unwrap();
        assert_eq!((fitted.width, fitted.height), (64, 32));
        assert!(!contains(&fitted.bytes, b"GPS"));
    }
}

#[test]
fn a_jpeg_that_fits_only_loses_its_metadata() {
    let plain = as_jpeg(&noise(300, 200));
    let fitted = fit(&plain, &ROOMY).unwrap();
    assert!(fitted.unchanged && fitted.bytes == plain);
    let fitted = fit(&with_metadata(&plain, 1), &ROOMY).unwrap();
    assert!(!fitted.unchanged && fitted.bytes == plain, "not encoded a second time");
}

#[test]
fn a_png_that_fits_only_loses_its_metadata() {
    let plain = as_png(noise(300, 200));
    assert!(fit(&plain, &ROOMY).unwrap().unchanged);
    let hidden = [
        chunk(b"tEXt", b"Comment\0GPS-in-a-text"),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0GPS-in-XMP"),
        chunk(b"eXIf", &exif(1)),
        chunk(b"prVt", b"GPS-in-private"),
    ]
    .concat();
    let file = [&png_with(&plain, &hidden)[..], b"GPS-after-the-end"].concat();
    let fitted = fit(&file, &ROOMY).unwrap();
    assert_eq!(fitted.bytes, plain);
    let smaller = fit(&file, &ImageRule { max_side: 100, ..ROOMY }).unwrap();
    assert!(!contains(&smaller.bytes, b"GPS"));
}

#[test]
fn every_kind_is_read_and_leaves_as_jpeg_or_png() {
    let picture: DynamicImage = corners(64, 32).into();
    let mut gif = Vec::new();
    GifEncoder::new(&mut gif).encode_frame(image::Frame::new(picture.to_rgba8())).unwrap();
    let mut webp = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut webp);
    encoder.set_exif_metadata(exif(1)).unwrap();
    picture.write_with_encoder(encoder).unwrap();
    for (file, mime) in [(gif, "image/gif"), (webp, "image/webp")] {
        let facts = verify(&file).unwrap();
        assert_eq!((facts.mime.as_str(), facts.bytes), (mime, file.len() as u64));
        let fitted = fit(&file, &ROOMY).unwrap();
        assert_eq!((fitted.mime, fitted.width, fitted.height), ("image/jpeg", 64, 32));
        assert!(is_near(*decoded(&fitted).get_pixel(60, 2), Rgb([0, 255, 0])));
        assert!(!contains(&fitted.bytes, b"GPS"));
    }
}

#[test]
fn a_gif_shows_its_first_picture() {
    let mut gif = Vec::new();
    let mut encoder = GifEncoder::new(&mut gif);
    for colour in [[255, 0, 0, 255], [0, 0, 255, 255]] {
        encoder
            .encode_frame(image::Frame::new(RgbaImage::from_pixel(40, 40, Rgba(colour))))
            .unwrap();
    }
    drop(encoder);
    let fitted = fit(&gif, &ROOMY).unwrap();
    assert!(is_near(*decoded(&fitted).get_pixel(20, 20), Rgb([255, 0, 0])));
}

#[test]
fn transparency_stays_while_it_fits_and_is_white_otherwise() {
    let mut picture: RgbaImage = DynamicImage::from(noise(400, 400)).into_rgba8();
    for (x, _, pixel) in picture.enumerate_pixels_mut() {
        pixel.0[3] = if x < 200 { 0 } else { 255 };
    }
    let file = as_png(picture);
    let fitted = fit(&file, &ImageRule { max_side: 200, ..ROOMY }).unwrap();
    assert_eq!(fitted.mime, "image/png");
    let seen = image::load_from_memory(&fitted.bytes).unwrap().into_rgba8();
    assert_eq!((seen.get_pixel(20, 50).0[3], seen.get_pixel(180, 50).0[3]), (0, 255));
    let fitted = fit(&file, &ImageRule { max_bytes: 30_000, max_side: 200 }).unwrap();
    assert_eq!(fitted.mime, "image/jpeg");
    assert!(is_near(*decoded(&fitted).get_pixel(20, 50), Rgb([255, 255, 255])));
}

#[test]
fn quality_goes_before_size() {
    let file = as_jpeg(&noise(500, 300));
    let opened = image::load_from_memory(&file).unwrap();
    let at_worst = jpeg(&opened, 60).unwrap().len() as u64;
    let widths = [at_worst, at_worst - 1, 20_000, 2_000].map(|max_bytes| {
        let fitted = fit(&file, &ImageRule { max_bytes, max_side: 500 }).unwrap();
        assert!(fitted.bytes.len() as u64 <= max_bytes);
        decoded(&fitted).width()
    });
    assert_eq!(widths[..2], [500, 400]);
    assert!(widths[2] < 400 && widths[3] < widths[2], "{widths:?}");
    for (max_bytes, max_side) in [(100, 500), (9000, 0)] {
        assert_eq!(fit(&file, &ImageRule { max_bytes, max_side }), Err(ImageTrouble::CannotFit));
    }
}

#[test]
fn the_same_input_makes_the_same_bytes() {
    let files = [with_metadata(&as_jpeg(&noise(700, 500)), 6), as_png(noise(500, 700))];
    for file in files {
        let rule = ImageRule { max_bytes: 60_000, max_side: 400 };
        let first = fit(&file, &rule).unwrap();
        for _ in 0..3 {
            assert_eq!(fit(&file, &rule).unwrap(), first);
        }
    }
}

#[test]
fn thin_pictures_keep_a_pixel() {
    for (width, height) in [(5000, 1), (1, 5000)] {
        let fitted =
            fit(&as_png(noise(width, height)), &ImageRule { max_side: 100, ..ROOMY }).unwrap();
        assert_eq!(fitted.width.max(fitted.height), 100);
        assert_eq!(fitted.width.min(fitted.height), 1);
    }
}

#[test]
fn bombs_are_refused_by_their_header() {
    let header = |width: u32, height: u32| {
        let numbers = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
        let chunks = [chunk(b"IHDR", &numbers), chunk(b"IDAT", &[0x78, 0x9c]), chunk(b"IEND", &[])];
        [&b"\x89PNG\r\n\x1a\n"[..], &chunks.concat()].concat()
    };
    let mut jpeg = as_jpeg(&corners(16, 16));
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    let gif = b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\0;".to_vec();
    let inner = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0;".to_vec();
    let files =
        [header(50_000, 50_000), header(100_000_001, 1), header(u32::MAX >> 1, 2), jpeg, gif];
    for file in files {
        assert_eq!(inspect(&file), Err(ImageTrouble::TooManyPixels));
        assert_eq!(fit(&file, &ROOMY), Err(ImageTrouble::TooManyPixels));
    }
    assert!(fit(&inner, &ROOMY).is_err(), "a small screen with a huge frame");
    assert_eq!(inspect(&header(10_000, 10_000)).unwrap().width, 10_000);
}

#[test]
fn other_files_are_named() {
    assert_eq!(inspect(b""), Err(ImageTrouble::NotAnImage));
    for svg in [
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "<?xml version='1.0'?>
<svg>",
    ] {
        let trouble = inspect(svg.as_bytes()).unwrap_err();
        assert_eq!(trouble.say(), Say::new("image-unsupported").with("kind", "SVG"));
    }
    assert_eq!(inspect(b"%PDF-1.7"), Err(ImageTrouble::NotAnImage));
    assert_eq!(inspect(b"\0\0\0\x18ftypmp42"), Err(ImageTrouble::NotAnImage));
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    assert_eq!(inspect(heic), Err(ImageTrouble::Unsupported("image/heif")));
    let tiff = b"II*\0\x08\0\0\0\0\0\0\0";
    assert_eq!(inspect(tiff), Err(ImageTrouble::Unsupported("image/tiff")));
    let says: Vec<_> = [
        ImageTrouble::NotAnImage,
        ImageTrouble::Unsupported("image/heif"),
        ImageTrouble::TooManyPixels,
        ImageTrouble::Damaged,
        ImageTrouble::CannotFit,
    ]
    .iter()
    .map(|trouble| trouble.say().key)
    .collect();
    let keys = ["not-an-image", "unsupported", "too-many-pixels", "damaged", "cannot-fit"];
    assert_eq!(says, keys.map(|key| format!("image-{key}")));
}

#[test]
fn a_file_that_breaks_off_is_damaged_wherever_it_does() {
    let picture = noise(40, 30);
    let mut webp = Vec::new();
    DynamicImage::from(picture.clone())
        .write_with_encoder(WebPEncoder::new_lossless(&mut webp))
        .unwrap();
    for file in [as_jpeg(&picture), as_png(picture), webp] {
        assert!(verify(&file).is_ok());
        for length in 16..file.len() {
            assert_eq!(
                verify(&file[..length]),
                Err(ImageTrouble::Damaged),
                "{length} of {}",
                file.len()
            );
            assert_eq!(fit(&file[..length], &ROOMY), Err(ImageTrouble::Damaged));
        }
    }
}

/// Four inks, one value each: the smallest JPEG of the kind that print shops
/// send. Written by Adobe's rule, so all inks are inverted.
fn four_inks() -> Vec<u8> {
    let lengths = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
    let table = [&[0][..], &lengths, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]].concat();
    let blocks = [&[0x10, 1][..], &[0; 15], &[0]].concat();
    // For each ink the difference 0 (code 00) and the end of the block (code 0).
    let scan = [0b0000_0000, 0b0000_1111];
    [
        &[0xff, 0xd8][..],
        &segment(0xee, b"Adobe\0\x64\0\0\0\0\0"),
        &segment(0xdb, &[&[0][..], &[1; 64]].concat()),
        &segment(0xc0, &[8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0]),
        &segment(0xc4, &table),
        &segment(0xc4, &blocks),
        &segment(0xda, &[4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]),
        &scan,
        &[0xff, 0xd9],
    ]
    .concat()
}

#[test]
fn four_inks_become_three_colours() {
    let file = four_inks();
    assert_eq!(verify(&file).unwrap().width, 8);
    let fitted = fit(&file, &ROOMY).unwrap();
    assert!(!fitted.unchanged, "networks do not take it as it is");
    // Half of each ink is a dark grey.
    assert!(is_near(*decoded(&fitted).get_pixel(4, 4), Rgb([64, 64, 64])));
    let components = fitted.bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap() + 9;
    assert_eq!(fitted.bytes[components], 3);
}

/// The file with an ICC profile.
fn with_profile(jpeg: &[u8], profile: &moxcms::ColorProfile) -> Vec<u8> {
    let profile = [&b"ICC_PROFILE\0\x01\x01"[..], &profile.encode().unwrap()].concat();
    [&jpeg[..2], &segment(0xe2, &profile), &jpeg[2..]].concat()
}

#[test]
fn wide_colours_become_srgb() {
    let orange = RgbImage::from_pixel(32, 32, Rgb([230, 120, 40]));
    let wide = with_profile(&as_jpeg(&orange), &moxcms::ColorProfile::new_display_p3());
    let fitted = fit(&wide, &ROOMY).unwrap();
    let seen = decoded(&fitted).get_pixel(16, 16).0;
    // Display P3 (230, 120, 40) is sRGB (247, 116, 0), out of its blue.
    assert!(seen[0] > 240 && seen[1] < 120 && seen[2] < 20, "{seen:?}");
    assert!(!contains(&fitted.bytes, b"ICC_PROFILE"));
}

#[test]
fn a_profile_that_changes_nothing_just_goes() {
    let plain = as_jpeg(&noise(64, 64));
    let tagged = with_profile(&plain, &moxcms::ColorProfile::new_srgb());
    assert_eq!(fit(&tagged, &ROOMY).unwrap().bytes, plain);
    let nonsense =
        [&plain[..2], &segment(0xe2, b"ICC_PROFILE\0\x01\x01nonsense"), &plain[2..]].concat();
    assert_eq!(fit(&nonsense, &ROOMY).unwrap().bytes, plain);
}

#[test]
fn deep_and_grey_pictures_are_read() {
    let deep = DynamicImage::from(noise(50, 50)).into_rgb16();
    let grey = DynamicImage::from(noise(50, 50)).into_luma8();
    let grey_alpha = DynamicImage::from(noise(50, 50)).into_luma_alpha8();
    for file in [as_png(deep), as_png(grey), as_png(grey_alpha)] {
        assert!(fit(&file, &ROOMY).unwrap().unchanged);
        assert_eq!(fit(&file, &ImageRule { max_side: 20, ..ROOMY }).unwrap().mime, "image/jpeg");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn random_bytes_are_an_error_and_nothing_worse(
        start in prop::sample::select(vec![
            &b"\xff\xd8\xff"[..], b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x40\0\0\0WEBPVP8L", b"",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let file = [start, &rest].concat();
        let _ = inspect(&file);
        let _ = verify(&file);
        let _ = fit(&file, &ROOMY);
    }

    #[test]
    fn a_picture_with_changed_bytes_is_fitted_or_an_error(
        kind in 0..4_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let picture: DynamicImage = noise(24, 18).into();
        let mut file = match kind {
            0 => with_metadata(&as_jpeg(&noise(24, 18)), 6),
            1 => png_with(&as_png(picture), &chunk(b"eXIf", &exif(3))),
            2 => {
                let mut gif = Vec::new();
                GifEncoder::new(&mut gif).encode_frame(image::Frame::new(picture.to_rgba8())).unwrap();
                gif
            }
            _ => {
                let mut webp = Vec::new();
                picture.write_with_encoder(WebPEncoder::new_lossless(&mut webp)).unwrap();
                webp
            }
        };
        for (place, byte) in &changes {
            let place = place.index(file.len());
            file[place] = *byte;
        }
        if changes.len() > 6 {
            file.truncate(cut.index(file.len()));
        }
        let rule = ImageRule { max_bytes: 4_000, max_side: 20 };
        if let Ok(fitted) = fit(&file, &rule) {
            prop_assert!(fitted.bytes.len() <= 4_000);
            prop_assert!(fitted.width <= 20 && fitted.height <= 20);
            prop_assert!(!contains(&fitted.bytes, b"GPS"));
            prop_assert!(image::load_from_memory(&fitted.bytes).is_ok());
        }
    }
}
