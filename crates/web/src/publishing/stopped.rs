//! The band across every page of a brand that is paused.

use bellwether_app::Permission;
use bellwether_app::publishing::{Pause, PauseLevel, PauseScope};
use bellwether_base::{ChannelId, Instant};

use crate::session::InBrand;
use crate::urls;

/// A pause that covers the brand on this page.
#[derive(Debug, Clone)]
pub struct Stopped {
    /// `installation`, `network`, `workspace` or `channel`.
    pub scope: &'static str,
    /// The network, where that is the scope.
    pub network: Option<String>,
    /// The channel, where that is the scope.
    pub channel: Option<ChannelId>,
    /// Since when.
    pub since: Instant,
    /// Whether it is certain that nothing goes out any more.
    pub is_certain: bool,
    /// `planned`, `replies` or `everything`.
    pub level: &'static str,
    /// Why, if somebody has said so.
    pub reason: Option<String>,
    /// Where it is ended, by who may.
    pub resumption: Option<urls::Resumption>,
}

impl Stopped {
    /// For a page of `at`.
    pub fn of(at: &InBrand, pause: &Pause) -> Self {
        let own = at.may(Permission::Pause);
        let everywhere =
            at.caller.may_everywhere(Permission::Pause, at.brand.organization_id).is_ok();
        let (scope, network, channel, may_resume) = match &pause.scope {
            PauseScope::Installation => ("installation", None, None, everywhere),
            PauseScope::Network { network } => ("network", Some(network.clone()), None, everywhere),
            PauseScope::Workspace { .. } => ("workspace", None, None, own),
            PauseScope::Channel { channel, .. } => ("channel", None, Some(*channel), own),
        };
        Self {
            scope,
            network,
            channel,
            since: pause.paused_at,
            is_certain: pause.acknowledged_at.is_some(),
            level: match pause.level {
                PauseLevel::Planned => "planned",
                PauseLevel::Replies => "replies",
                PauseLevel::Everything => "everything",
            },
            reason: pause.reason.clone(),
            resumption: may_resume.then(|| urls::Resumption::new(at.brand.id)),
        }
    }
}
