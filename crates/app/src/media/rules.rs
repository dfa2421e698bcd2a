//! What a hash and a file's name look like. Pure.

use std::fmt;

/// Characters of a file's name that are kept.
const LONGEST_NAME: usize = 200;

/// The SHA-256 of a medium's bytes in lower-case hexadecimal, known to be one:
/// the only text that may become part of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash(String);

impl Hash {
    /// Nothing if `text` is no hash.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hash =
            text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_hash.then(|| Self(text.to_owned()))
    }

    /// Of a digest.
    pub fn of(digest: &[u8]) -> Self {
        Self(hex::encode(digest))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A file's name as it is kept: without the folders before it and without what
/// cannot be read.
pub fn name(text: &str) -> String {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    // Marks that change the direction of writing can make `gpj.exe` of `exe.jpg`.
    let readable = |c: &char| {
        !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    last.chars().filter(readable).take(LONGEST_NAME).collect::<String>().trim().to_owned()
}

/// `bytes` as people read it, rounded down: `50 MB`.
pub fn megabytes(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} kB", bytes / 1024),
        _ => format!("{} MB", bytes / 1_048_576),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_hash_is_a_hash() {
        let good = "0123456789abcdef".repeat(4);
        assert_eq!(Hash::parse(&good).unwrap().as_str(), good);
        let upper = good.to_uppercase();
        let climbing = format!("../{}", &good[3..]);
        for wrong in ["", &good[1..], &format!("{good}0"), &upper, &climbing, &"é".repeat(32)] {
            assert_eq!(Hash::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_name_is_one_line_without_folders() {
        assert_eq!(name("C:\\Users\\Kofi\\tea.jpg"), "tea.jpg");
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name(" 茶\r\n.png "), "茶.png");
        assert_eq!(name("\u{202e}gpj.exe"), "gpj.exe");
        assert_eq!(name("a/"), "");
        assert_eq!(name(&"é".repeat(300)).chars().count(), 200);
    }

    #[test]
    fn sizes_read_as_people_say_them() {
        assert_eq!(megabytes(50 * 1024 * 1024), "50 MB");
        assert_eq!(megabytes(2048), "2 kB");
    }
}
