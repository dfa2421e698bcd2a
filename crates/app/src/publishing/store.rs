//! All SQL about deliveries, acts, attempts and pauses, in rooms of its own.

mod acts;
mod attempts;
mod deliveries;
mod held;
mod pauses;
mod queues;
mod waking;

pub(super) use acts::*;
pub(super) use attempts::*;
pub(super) use deliveries::*;
pub(super) use held::*;
pub(super) use pauses::*;
pub(super) use queues::*;
pub(super) use waking::*;
