//! Lists come in pages that are found by key, never by counting rows.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// Where the next page begins. Opaque to whoever holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// A cursor that carries `key`.
    pub fn encode<T: Serialize>(key: &T) -> Self {
        Self(URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default()))
    }

    /// The key in it, or nothing if it is not one of ours.
    pub fn decode<T: for<'de> Deserialize<'de>>(&self) -> Option<T> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// From a request's text.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// For a response.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which page is wanted.
#[derive(Debug, Clone, Default)]
pub struct PageRequest {
    /// Where to begin; the start when absent.
    pub after: Option<Cursor>,
    /// How many items at most; 50 when absent, never more than 200.
    pub limit: Option<u16>,
}

impl PageRequest {
    /// The number of rows to ask for.
    pub fn rows(&self) -> i64 {
        i64::from(self.limit.unwrap_or(50).clamp(1, 200))
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; nothing on the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Cuts `rows`, asked for with one more than `wanted`, into a page.
    pub fn cut<K: Serialize>(mut rows: Vec<T>, wanted: i64, key: impl Fn(&T) -> K) -> Self {
        let wanted = usize::try_from(wanted).unwrap_or(0);
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        let next = rows.last().filter(|_| more).map(|last| Cursor::encode(&key(last)));
        Self { items: rows, next }
    }

    /// The same page of other things.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_has_no_next() {
        let page = Page::cut(vec![1, 2, 3], 2, |n| *n);
        assert_eq!(page.items, [1, 2]);
        assert_eq!(page.next.unwrap().decode::<i32>(), Some(2));
        assert!(Page::cut(vec![1, 2], 2, |n| *n).next.is_none());
    }

    #[test]
    fn a_foreign_cursor_is_nothing() {
        assert_eq!(Cursor::from_text("%%%").decode::<i32>(), None);
    }
}
