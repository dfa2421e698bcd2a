//! The classes of characters that X's rules speak of.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Weighs 1 instead of 2: the ranges of `config/v3.json`.
pub(super) fn is_light(c: char) -> bool {
    matches!(c, '\0'..='\u{10ff}' | '\u{2000}'..='\u{200d}' | '\u{2010}'..='\u{201f}' | '\u{2032}'..='\u{2037}')
}

/// Makes the whole text invalid. Directional marks no longer do since version 3.
pub(super) fn is_forbidden(c: char) -> bool {
    matches!(c, '\u{fffe}' | '\u{feff}' | '\u{ffff}')
}

/// Marks, embeddings, overrides and isolates of writing direction.
pub(super) fn is_directional(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// White space.
pub(super) fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{180e}' | '\u{2000}'..='\u{200a}'
            | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Latin letters with accents, and the accents themselves.
pub(super) fn is_accented_latin(c: char) -> bool {
    matches!(
        c,
        '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{24f}' | '\u{253}' | '\u{254}' | '\u{256}' | '\u{257}'
            | '\u{259}' | '\u{25b}' | '\u{263}' | '\u{268}' | '\u{26f}' | '\u{272}' | '\u{289}' | '\u{28b}' | '\u{2bb}'
            | '\u{300}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}'
    )
}

/// Punctuation of ASCII, without the double quote and the backtick.
pub(super) fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() && c != '"' && c != '`'
}

/// Can be in a host name, of any script.
pub(super) fn is_host(c: char) -> bool {
    !is_punctuation(c) && !is_space(c) && !is_forbidden(c) && !is_directional(c)
}

/// Can be in a path outside parentheses.
pub(super) fn is_path(c: char) -> bool {
    is_path_end(c) || "!*';:,.$%[]\u{2013}~@|&".contains(c)
}

/// Can end a path.
pub(super) fn is_path_end(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "+-=_#/".contains(c)
        || matches!(c, '\u{400}'..='\u{4ff}')
        || is_accented_latin(c)
}

/// Can be in a query.
pub(super) fn is_query(c: char) -> bool {
    is_query_end(c) || "!?*'@();:+$%[].,~|".contains(c)
}

/// Can end a query.
pub(super) fn is_query_end(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_&=#/".contains(c)
}

/// A letter or a mark that belongs to letters: a tag needs one.
pub(super) fn is_tag_letter(c: char) -> bool {
    matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
}

/// Can be in a tag.
pub(super) fn is_tag(c: char) -> bool {
    is_tag_letter(c)
        || c.general_category() == GeneralCategory::DecimalNumber
        || matches!(
            c,
            '_' | '\u{b7}'
                | '\u{5be}'
                | '\u{5f3}'
                | '\u{5f4}'
                | '\u{f0b}'
                | '\u{f0c}'
                | '\u{200c}'
                | '\u{200d}'
                | '\u{3003}'
                | '\u{301c}'
                | '\u{309b}'
                | '\u{309c}'
                | '\u{30a0}'
                | '\u{30fb}'
                | '\u{a67e}'
                | '\u{ff5e}'
        )
}
