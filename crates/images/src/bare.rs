//! The same picture without its metadata, and without encoding it again.
//!
//! Only what a decoder needs is copied, from a list; whatever is unknown or
//! follows the end is left behind. Many cameras append a second picture with
//! a place of its own.

use super::read::Kind;

/// What is left of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bare {
    /// The picture without metadata.
    File(Vec<u8>),
    /// A file that better be encoded anew: of a kind or a make that some
    /// network may not take.
    Unusual,
    /// It ends before the picture does.
    BreaksOff,
}

/// Takes the metadata out of `bytes`.
pub(super) fn without_metadata(kind: Kind, bytes: &[u8]) -> Bare {
    match kind {
        Kind::Jpeg => jpeg(bytes).unwrap_or(Bare::BreaksOff),
        Kind::Png => png(bytes).unwrap_or(Bare::BreaksOff),
        Kind::Gif | Kind::WebP => Bare::Unusual,
    }
}

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

/// A JPEG is a row of marked segments, with coded data after some. Nothing
/// when it breaks off.
fn jpeg(bytes: &[u8]) -> Option<Bare> {
    let mut bare = vec![0xff, START];
    let Some(mut rest) = bytes.strip_prefix(&[0xff, START]) else { return Some(Bare::Unusual) };
    let mut is_common = false;
    loop {
        let marker;
        (marker, rest) = next_marker(rest)?;
        if marker == END {
            bare.extend([0xff, END]);
            return Some(if is_common { Bare::File(bare) } else { Bare::Unusual });
        }
        if matches!(marker, 0..0xc0 | 0xd0..=START) {
            return Some(Bare::Unusual);
        }
        let length = usize::from(u16::from_be_bytes(rest.get(..2)?.try_into().ok()?));
        let segment;
        (segment, rest) = rest.split_at_checked(length)?;
        let Some(payload) = segment.get(2..) else { return Some(Bare::Unusual) };
        let is_needed = match marker {
            // Frames. Baseline, extended and progressive with one or three
            // components of eight bits are what everybody reads.
            0xc0..=0xc2 => {
                is_common = payload.first() == Some(&8) && matches!(payload.get(5), Some(1 | 3));
                true
            }
            // Other frames, and tables for coding, quantization, restarts and the like.
            0xc3..=0xcf | SCAN..=0xdf => true,
            // JFIF without a thumbnail; Adobe's note on how colours are stored.
            0xe0 => payload.starts_with(b"JFIF\0") && length == 16,
            0xee => payload.starts_with(b"Adobe") && length == 14,
            _ => false,
        };
        if is_needed {
            bare.extend([0xff, marker]);
            bare.extend(segment);
        }
        if marker == SCAN {
            let data;
            (data, rest) = rest.split_at_checked(scan_length(rest)?)?;
            bare.extend(data);
        }
    }
}

/// The marker at the start of `bytes` and what follows it; 0 where no marker
/// is, nothing at the end of the file.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let fill = bytes.iter().take_while(|byte| **byte == 0xff).count();
    let (marker, rest) = bytes.get(fill..)?.split_first()?;
    Some((if fill == 0 { 0 } else { *marker }, rest))
}

/// How long the coded data at the start of `bytes` are: up to a marker that
/// neither restarts nor is a stuffed byte.
fn scan_length(bytes: &[u8]) -> Option<usize> {
    bytes.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff))
}

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Chunks of a PNG that a picture consists of, and three numbers on its colours.
const KEPT: [&[u8]; 8] = [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB"];

/// Nothing when it breaks off.
fn png(bytes: &[u8]) -> Option<Bare> {
    let mut bare = SIGNATURE.to_vec();
    let Some(mut rest) = bytes.strip_prefix(SIGNATURE) else { return Some(Bare::Unusual) };
    loop {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
        let name = rest.get(4..8)?;
        // Length, name and checksum are four bytes each.
        let whole = usize::try_from(length).ok()?.checked_add(12)?;
        let chunk;
        (chunk, rest) = rest.split_at_checked(whole)?;
        if KEPT.contains(&name) {
            bare.extend(chunk);
        }
        if name == b"IEND" {
            return Some(Bare::File(bare));
        }
    }
}
