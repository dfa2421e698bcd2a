//! What went out on one channel, or is on its way there, where the post says
//! something else by now.

use bellwether_app::publishing::{DeliveryLog, DeliveryState as State, SentPart};
use bellwether_app::{Error, media};

use crate::errors::Trouble;
use crate::media::shot::Shot;
use crate::session::InBrand;

/// As its page shows it.
pub struct SentThere {
    /// Whether it is out, and not only on its way.
    pub is_out: bool,
    /// The parts in order.
    pub parts: Vec<Part>,
}

/// One part of it.
pub struct Part {
    pub text: String,
    /// Pictures that are still stored.
    pub shots: Vec<Shot>,
    /// How many are not.
    pub gone: usize,
}

impl SentThere {
    /// Nothing where the post says the same as what was sent.
    pub async fn of(at: &InBrand, log: &DeliveryLog) -> Result<Option<Self>, Trouble> {
        if !log.sent.differs {
            return Ok(None);
        }
        let mut parts = Vec::with_capacity(log.sent.parts.len());
        for part in &log.sent.parts {
            parts.push(Part::of(at, part).await?);
        }
        let is_out = matches!(log.delivery.state, State::Live | State::PartlyLive | State::Deleted);
        Ok(Some(Self { is_out, parts }))
    }
}

#[cfg(test)]
impl SentThere {
    /// With everything that can be in it.
    pub fn sample(is_out: bool) -> Self {
        let shots = crate::views::shots();
        let full = Part { text: "Ce <b>soir</b>".into(), shots, gone: 1 };
        Self { is_out, parts: vec![full, Part { text: String::new(), shots: Vec::new(), gone: 0 }] }
    }
}

impl Part {
    async fn of(at: &InBrand, part: &SentPart) -> Result<Self, Trouble> {
        let brand = at.brand.id;
        let mut shots = Vec::with_capacity(part.media.len());
        for medium in &part.media {
            match media::get(&at.app, &at.caller, brand, &medium.hash).await {
                Ok(_) => shots.push(Shot::of(brand, medium)),
                Err(Error::NotFound(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Self { text: part.text.clone(), gone: part.media.len() - shots.len(), shots })
    }
}

/// On how many channels a post was sent, and is not taken down again.
pub fn count(logs: &[DeliveryLog]) -> usize {
    let is_sent =
        |log: &&DeliveryLog| !log.sent.parts.is_empty() && log.delivery.state != State::Deleted;
    logs.iter().filter(is_sent).count()
}
