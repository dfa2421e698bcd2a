//! What can be told of a picture from its first bytes.

/// Its measures, where they could be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sight {
    pub(super) width: u32,
    pub(super) height: u32,
}

/// None for bytes that are no picture of a known kind.
pub(super) fn look(bytes: &[u8]) -> Option<Sight> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(Sight { width: big(bytes, 16, 4), height: big(bytes, 20, 4) });
    }
    if bytes.starts_with(b"GIF8") {
        return Some(Sight { width: little(bytes, 6), height: little(bytes, 8) });
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some(jpeg(bytes).unwrap_or_default());
    }
    let is_riff = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let is_heif = bytes.get(4..8) == Some(b"ftyp");
    (is_riff || is_heif).then(Sight::default)
}

fn big(bytes: &[u8], at: usize, length: usize) -> u32 {
    let bytes = bytes.get(at..at + length).unwrap_or_default();
    bytes.iter().fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

fn little(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes.get(at..at + 2).unwrap_or_default();
    bytes.iter().rev().fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

/// From the first frame header.
fn jpeg(bytes: &[u8]) -> Option<Sight> {
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        if (0xc0..=0xcf).contains(&marker) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return Some(Sight { height: big(bytes, at + 5, 2), width: big(bytes, at + 7, 2) });
        }
        at += 2 + usize::try_from(big(bytes, at + 2, 2)).ok()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_read_from_the_first_bytes() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\0\x02";
        assert_eq!(look(png), Some(Sight { width: 256, height: 2 }));
        assert_eq!(look(b"GIF89a\x03\0\x04\x01"), Some(Sight { width: 3, height: 260 }));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\0\x05\0\x06";
        assert_eq!(look(jpeg), Some(Sight { width: 6, height: 5 }));
        assert_eq!(look(b"hello"), None);
    }
}
