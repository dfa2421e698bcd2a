//! The states of acts and deliveries, and which may follow which: one table.

use serde::Serialize;

macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// As stored and as the API says it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|state| state.as_str() == text).ok_or(text)
            }
        }
    };
}

states!(
    /// Where one act is.
    ActState {
        /// The engine will begin it when it is due and its turn.
        Waiting = "waiting",
        /// An attempt is on disk; its end is not known.
        Working = "working",
        /// The network took it and is still busy with it.
        Processing = "processing",
        /// In doubt; the engine is looking.
        Checking = "checking",
        /// It took effect.
        Done = "done",
        /// The network said no.
        Refused = "refused",
        /// In doubt; a person must look.
        Unknown = "unknown",
        /// Stopped for a reason that a person lifts.
        Held = "held",
        /// Too late to be sent without asking.
        Missed = "missed",
        /// Given up by a person.
        Cancelled = "cancelled",
    }
);

states!(
    /// Where one delivery is.
    DeliveryState {
        /// It will go out at its time.
        Scheduled = "scheduled",
        /// Going out now.
        Sending = "sending",
        /// The network is still busy with it.
        Processing = "processing",
        /// It is out.
        Live = "live",
        /// Some parts of a thread are out.
        PartlyLive = "partly_live",
        /// The network said no.
        Refused = "refused",
        /// In doubt; the engine is looking.
        Checking = "checking",
        /// In doubt; a person must look.
        Unknown = "unknown",
        /// Stopped for a reason that a person lifts.
        Held = "held",
        /// Too late to be sent without asking.
        Missed = "missed",
        /// To be posted by hand.
        WaitingForPerson = "waiting_for_person",
        /// Given up before anything was out.
        Cancelled = "cancelled",
        /// Taken down.
        Deleted = "deleted",
    }
);

states!(
    /// Why something is held.
    HeldReason {
        /// Publishing is paused.
        Paused = "paused",
        /// The channel lost its login.
        Login = "login",
        /// Resumed, but a person wants to look first.
        LookFirst = "look_first",
    }
);

states!(
    /// What an act asks for.
    ActKind {
        /// Put a post, or one part of a thread, out.
        Publish = "publish",
        /// Take one post down.
        Delete = "delete",
        /// Renew a channel's credential.
        Refresh = "refresh",
    }
);

impl ActState {
    /// Whether nothing more happens by itself or by need.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }

    /// Whether a person must have been told.
    pub const fn needs_person(self) -> bool {
        matches!(self, Self::Refused | Self::Unknown | Self::Held | Self::Missed)
    }

    /// Whether `next` may follow. The one table of transitions.
    pub const fn may_become(self, next: Self) -> bool {
        use ActState::{
            Cancelled, Checking, Done, Held, Missed, Processing, Refused, Unknown, Waiting, Working,
        };
        match self {
            // Refused: found unfit right before freezing.
            Waiting => matches!(next, Waiting | Working | Held | Missed | Refused | Cancelled),
            // Waiting: certainly not sent, or only a harmless step.
            Working => matches!(next, Waiting | Done | Processing | Checking | Refused | Held),
            Processing => matches!(next, Processing | Done | Refused | Checking | Unknown | Held),
            // Waiting: proven absent, or a person said "send again". Cancelled: a person dropped it.
            Checking => matches!(next, Checking | Done | Waiting | Unknown | Refused | Cancelled),
            // Done: a person attached it, or a late answer proved it.
            Unknown => matches!(next, Done | Waiting | Cancelled),
            Refused | Held | Missed => matches!(next, Waiting | Cancelled | Missed | Held),
            Done | Cancelled => false,
        }
    }
}

impl DeliveryState {
    /// Whether nothing more happens by itself or by need.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Live | Self::Cancelled | Self::Deleted)
    }

    /// Whether a person must have been told.
    pub const fn needs_person(self) -> bool {
        matches!(
            self,
            Self::PartlyLive
                | Self::Refused
                | Self::Unknown
                | Self::Held
                | Self::Missed
                | Self::WaitingForPerson
        )
    }

    /// The event that says so.
    pub const fn event(self) -> &'static str {
        match self {
            Self::Scheduled => "delivery.scheduled",
            Self::Sending => "delivery.sending",
            Self::Processing => "delivery.processing",
            Self::Live => "delivery.live",
            Self::PartlyLive => "delivery.partly_live",
            Self::Refused => "delivery.refused",
            Self::Checking => "delivery.checking",
            Self::Unknown => "delivery.unknown",
            Self::Held => "delivery.held",
            Self::Missed => "delivery.missed",
            Self::WaitingForPerson => "delivery.waiting_for_person",
            Self::Cancelled => "delivery.cancelled",
            Self::Deleted => "delivery.deleted",
        }
    }

    /// What a delivery's acts, in order, make of it. `publishes` are the
    /// states of the acts that put its parts out, `deletes` of those that
    /// take them down.
    pub fn of(publishes: &[ActState], deletes: &[ActState]) -> Self {
        let is_out = publishes.contains(&ActState::Done);
        let is_down = !deletes.is_empty() && deletes.iter().all(|state| *state == ActState::Done);
        if is_out && is_down {
            return Self::Deleted;
        }
        let Some(next) = publishes.iter().find(|state| **state != ActState::Done) else {
            return Self::Live;
        };
        match next {
            ActState::Waiting if is_out => Self::Sending,
            ActState::Waiting => Self::Scheduled,
            ActState::Working => Self::Sending,
            ActState::Processing => Self::Processing,
            ActState::Checking => Self::Checking,
            ActState::Unknown => Self::Unknown,
            // "Leave it": what is out stays out.
            ActState::Cancelled if is_out => Self::Live,
            ActState::Cancelled => Self::Cancelled,
            _ if is_out => Self::PartlyLive,
            ActState::Held => Self::Held,
            ActState::Missed => Self::Missed,
            ActState::Refused | ActState::Done => Self::Refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn final_states_lead_nowhere() {
        for state in ActState::ALL.iter().filter(|state| state.is_final()) {
            assert!(ActState::ALL.iter().all(|next| !state.may_become(*next)), "{state:?}");
        }
    }

    #[test]
    fn every_state_can_reach_an_end() {
        for start in ActState::ALL {
            let mut reached = vec![*start];
            let mut at = 0;
            while at < reached.len() {
                for next in ActState::ALL {
                    if reached[at].may_become(*next) && !reached.contains(next) {
                        reached.push(*next);
                    }
                }
                at += 1;
            }
            assert!(reached.contains(&ActState::Done) || start.is_final(), "{start:?}");
        }
    }

    #[test]
    fn what_was_sent_is_never_sent_again_without_looking() {
        // Only a certain failure leads from Working straight back to Waiting;
        // a doubt goes through Checking, and from there to a person.
        assert!(ActState::Working.may_become(ActState::Checking));
        assert!(!ActState::Done.may_become(ActState::Waiting));
        assert!(!ActState::Processing.may_become(ActState::Waiting));
        assert!(!ActState::Processing.may_become(ActState::Working));
        assert!(!ActState::Checking.may_become(ActState::Working));
        assert!(!ActState::Unknown.may_become(ActState::Working));
    }

    #[test]
    fn a_delivery_says_what_its_acts_say() {
        use ActState::{Cancelled, Done, Held, Refused, Unknown, Waiting, Working};
        assert_eq!(DeliveryState::of(&[Waiting], &[]), DeliveryState::Scheduled);
        assert_eq!(DeliveryState::of(&[Done, Waiting], &[]), DeliveryState::Sending);
        assert_eq!(DeliveryState::of(&[Done, Refused], &[]), DeliveryState::PartlyLive);
        assert_eq!(DeliveryState::of(&[Done, Held], &[]), DeliveryState::PartlyLive);
        assert_eq!(DeliveryState::of(&[Done, Unknown], &[]), DeliveryState::Unknown);
        assert_eq!(DeliveryState::of(&[Done, Cancelled], &[]), DeliveryState::Live);
        assert_eq!(DeliveryState::of(&[Working, Waiting], &[]), DeliveryState::Sending);
        assert_eq!(DeliveryState::of(&[Done], &[Done]), DeliveryState::Deleted);
        assert_eq!(DeliveryState::of(&[Done, Done], &[Done, Waiting]), DeliveryState::Live);
    }
}
