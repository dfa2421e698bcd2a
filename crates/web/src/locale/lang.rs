//! The languages of the product and how one is chosen.

use std::fmt;
use std::str::FromStr;

/// A language that every message exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
    /// Japanese.
    Ja,
    /// Korean.
    Ko,
    /// Simplified Chinese.
    ZhHans,
}

impl Lang {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::En, Self::Fr, Self::Ja, Self::Ko, Self::ZhHans];

    /// Its BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Ja => "ja",
            Self::Ko => "ko",
            Self::ZhHans => "zh-Hans",
        }
    }

    /// What its own speakers call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Fr => "Français",
            Self::Ja => "日本語",
            Self::Ko => "한국어",
            Self::ZhHans => "简体中文",
        }
    }

    /// The best of ours for what a browser accepts; English when it names none.
    ///
    /// Source: RFC 9110, section 12.5.4. A reader of any Chinese gets ours.
    pub fn negotiate(accept: &str) -> Self {
        let mut wishes: Vec<(Self, f32)> = accept
            .split(',')
            .take(20)
            .filter_map(|wish| {
                let mut parts = wish.split(';');
                let lang = Self::of_tag(parts.next()?.trim())?;
                let weight = parts
                    .find_map(|part| part.trim().strip_prefix("q=")?.trim().parse::<f32>().ok())
                    .unwrap_or(1.0);
                (weight > 0.0).then_some((lang, weight))
            })
            .collect();
        wishes.sort_by(|a, b| b.1.total_cmp(&a.1));
        wishes.first().map_or(Self::En, |(lang, _)| *lang)
    }

    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|lang| {
            lang.tag().split('-').next().is_some_and(|own| own.eq_ignore_ascii_case(primary))
        })
    }
}

/// The text names none of our languages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not one of our languages")]
pub struct UnknownLang;

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|lang| lang.tag().eq_ignore_ascii_case(text)).ok_or(UnknownLang)
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_wish_that_we_can_meet_wins() {
        assert_eq!(Lang::negotiate("de-DE,de;q=0.9,fr;q=0.8,en;q=0.7"), Lang::Fr);
        assert_eq!(Lang::negotiate("en;q=0.3, ko-KR;q=0.9"), Lang::Ko);
        assert_eq!(Lang::negotiate("zh-TW, en;q=0.1"), Lang::ZhHans);
        assert_eq!(Lang::negotiate("ja_JP"), Lang::Ja);
    }

    #[test]
    fn nothing_that_we_speak_is_english() {
        for accept in ["", "*", "de", ";;;,,q=", "fr;q=0", "fr;q=nan"] {
            assert_eq!(Lang::negotiate(accept), Lang::En, "{accept}");
        }
    }
}
