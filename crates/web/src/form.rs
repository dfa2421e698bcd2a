//! Fields of a form as they were typed: a name may come more than once, and
//! one that is not there is empty. A form never fails to read because
//! somebody's browser left something out.

use axum::extract::{FromRequest, RawForm, Request};
use bellwether_base::Secret;
use url::form_urlencoded;

use crate::errors::Trouble;

/// What was typed, in order.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, Secret)>);

impl Fields {
    /// From `a=1&b=2`.
    pub fn parse(body: &[u8]) -> Self {
        let pair = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
            (name.into_owned(), value.into_owned())
        };
        Self::of(form_urlencoded::parse(body).map(pair).collect())
    }

    /// From names and values. The zero character, which no browser sends and no
    /// database keeps, is left out.
    pub fn of(pairs: Vec<(String, String)>) -> Self {
        let kept = |(name, value): (String, String)| (name, Secret::new(value.replace('\0', "")));
        Self(pairs.into_iter().map(kept).collect())
    }

    /// The first field called `name`; empty if there is none.
    pub fn text<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap_or_default()
    }

    /// Every field called `name`.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.expose())
    }

    /// Every field with its name.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let RawForm(body) = RawForm::from_request(request, state)
            .await
            .map_err(|rejection| Trouble::of_status(rejection.status()))?;
        Ok(Self::parse(&body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_empty_and_what_is_there_twice_is_kept_twice() {
        let fields = Fields::parse(b"channel=1&channel=2&text=a+b%26c&broken=%ff&zero=a%00b");
        assert_eq!(fields.text("zero"), "ab");
        assert_eq!(fields.all("channel").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(fields.text("text"), "a b&c");
        assert_eq!(fields.text("gone"), "");
    }
}
