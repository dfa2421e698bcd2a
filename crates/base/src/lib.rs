//! What every floor of the house stands on: identifiers, time, randomness,
//! secrets, messages for people, and pages of lists.
//!
//! Nothing here does I/O, and nothing here knows what a post is. Time and
//! randomness are values that are handed in ([`Clock`], [`Rng`]), so that a
//! test can freeze the one and seed the other.

mod clock;
mod ids;
mod instant;
mod page;
mod planned;
mod rng;
mod say;
mod seal;
mod secret;

pub use clock::{Clock, Mono, SystemClock};
pub use ids::{
    ActId, AttemptId, CallId, ChannelId, DeliveryId, OrganizationId, ParseIdError, PersonId,
    PostId, SessionId, TokenId, WorkspaceId,
};
pub use instant::Instant;
pub use page::{Cursor, Page, PageRequest};
pub use planned::{PlannedError, PlannedTime, Resolved, Shift};
pub use rng::{Rng, SystemRng};
pub use say::Say;
pub use seal::{Keyring, SealError, SealKey, Sealed};
pub use secret::Secret;

/// Re-exported so that floors above agree on one version.
pub use jiff;
pub use uuid;
