//! Messages in the language of whoever reads them.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use bellwether_app::networks::Problem;
use bellwether_base::Say;

use super::values::{Notice, ProblemNotice};
use crate::Web;
use crate::locale::Reader;
use crate::page::Visitor;

/// Renders messages for one reader.
#[derive(Debug, Clone)]
pub(crate) struct Words(Reader);

impl Words {
    /// For `reader`.
    pub fn for_reader(reader: Reader) -> Self {
        Self(reader)
    }

    /// For the same reader, with times in the zone called `name`.
    pub fn in_zone(&self, name: &str) -> Self {
        Self(self.0.clone().in_zone(name))
    }

    /// The sentence.
    pub fn text(&self, say: &Say) -> String {
        self.0.text(say)
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

impl FromRequestParts<Web> for Words {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        Ok(Self(Visitor::of(&parts.headers, &web.outside).reader))
    }
}
