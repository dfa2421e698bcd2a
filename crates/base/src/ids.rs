//! One identifier type per thing, so that a post's id can never be passed
//! where a channel's is meant. All are UUIDv7: sortable by creation, which
//! keeps indexes dense.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Clock, Rng};

/// The text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: {0:?}")]
pub struct ParseIdError(pub String);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier, whose order is the order of creation to the millisecond.
            pub fn new(clock: &dyn Clock, rng: &dyn Rng) -> Self {
                let mut random = [0u8; 10];
                rng.fill(&mut random);
                let millis = u64::try_from(clock.now().millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// Before every identifier made at `at` or later, after every earlier one.
            pub fn first_at(at: crate::Instant) -> Self {
                let millis = u64::try_from(at.millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text)
                    .map(Self)
                    .map_err(|_| ParseIdError(text.chars().take(80).collect()))
            }
        }
    };
}

id!(
    /// The company or agency that runs this installation.
    OrganizationId
);
id!(
    /// One brand or client with its channels and content.
    WorkspaceId
);
id!(
    /// A human being who signs in.
    PersonId
);
id!(
    /// One browser in which a person is signed in.
    SessionId
);
id!(
    /// An API token.
    TokenId
);
id!(
    /// One connected profile on one network.
    ChannelId
);
id!(
    /// What the team writes: one idea, with a version per channel where it differs.
    PostId
);
id!(
    /// One post on one channel at one time.
    DeliveryId
);
id!(
    /// One change asked of a network.
    ActId
);
id!(
    /// One try at an act.
    AttemptId
);
id!(
    /// One call made to a network.
    CallId
);
