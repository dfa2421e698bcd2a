//! Messages in the language of whoever reads them.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use bellwether_app::networks::Problem;
use bellwether_base::Say;

use super::values::{Notice, ProblemNotice};

/// Renders messages for one reader.
#[derive(Debug, Clone)]
pub(crate) struct Words;

impl Words {
    /// For whoever sent these headers.
    pub fn of(_headers: &HeaderMap) -> Self {
        Self
    }

    /// The sentence.
    pub fn text(&self, say: &Say) -> String {
        let mut text = say.key.replace('-', " ");
        for (name, value) in &say.args {
            text.push_str(&format!(" ({name}: {value})"));
        }
        text
    }

    /// The sentence with what a program needs of it.
    pub fn notice(&self, say: &Say) -> Notice {
        Notice { code: say.key.clone(), args: say.args.clone(), text: self.text(say) }
    }

    /// The same of a problem.
    pub fn problem(&self, problem: &Problem) -> ProblemNotice {
        ProblemNotice {
            weight: problem.weight.into(),
            part: problem.part,
            notice: self.notice(&problem.say),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Words {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}
