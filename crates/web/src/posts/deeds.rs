//! What can be done about a post on one channel, as its page offers it.

use bellwether_app::Permission;
use bellwether_app::channels::{self, Channel};
use bellwether_app::publishing::{self, DeliveryLog, DeliveryState as State, HeldReason, Offer};
use bellwether_base::{DeliveryId, Say};

use crate::session::InBrand;
use crate::urls;

/// What can be done about it: each with its address, if it is possible now
/// and the person may.
#[derive(Default)]
pub struct Deeds {
    /// Message key of what sending again is called here.
    pub retry: Option<(&'static str, urls::Retry)>,
    /// Where the network shows whether it is out, if nobody else can tell.
    pub look: Option<String>,
    pub attach: Option<urls::Attachment>,
    pub dismiss: Option<(&'static str, urls::Dismissal)>,
    pub cancel: Option<urls::Cancellation>,
    pub release: Option<urls::Release>,
    pub pass: Option<urls::Passage>,
    pub take_down: Option<urls::Takedown>,
    pub plan: Option<(String, urls::Plan)>,
    pub reconnect: Option<urls::Connect>,
    pub mend: Option<urls::EditPost>,
    /// What was typed for one of them, and why it cannot be.
    pub refused: Option<RefusedDeed>,
    /// The first of them is the one thing to do next on this page.
    pub is_next: bool,
}

impl Deeds {
    /// What stands in the field for the link.
    pub fn url(&self) -> &str {
        self.refused.as_ref().map_or("", |refused| &refused.typed)
    }

    /// Why what was typed for `deed` cannot be.
    fn trouble(&self, is_offered: bool) -> Option<&Say> {
        self.refused.as_ref().filter(|_| is_offered).map(|refused| &refused.say)
    }

    /// Why the link cannot be one.
    pub fn url_trouble(&self) -> Option<&Say> {
        self.trouble(self.attach.is_some())
    }

    /// Why the time cannot be one.
    pub fn time_trouble(&self) -> Option<&Say> {
        self.trouble(self.attach.is_none() && self.plan.is_some())
    }

    /// Whether there is anything to do.
    pub fn has_any(&self) -> bool {
        self.retry.is_some()
            || self.look.is_some()
            || self.attach.is_some()
            || self.dismiss.is_some()
            || self.cancel.is_some()
            || self.release.is_some()
            || self.pass.is_some()
            || self.take_down.is_some()
            || self.plan.is_some()
            || self.reconnect.is_some()
            || self.mend.is_some()
    }

    /// Whether somebody must act, and not only may.
    pub fn is_urgent(&self) -> bool {
        self.retry.is_some() || self.release.is_some() || self.reconnect.is_some()
    }

    /// Of a delivery, for who looks at it. Use cases check again: between page
    /// and click things move on.
    pub fn of(at: &InBrand, log: &DeliveryLog, channel: &Channel) -> Self {
        let delivery = &log.delivery;
        let (brand, id) = (delivery.workspace_id, delivery.id);
        let spec = at.app.registry.network(&channel.network).map(|network| network.spec());
        let offered = publishing::offers(log, spec.is_some_and(|spec| spec.features.delete));
        let offers = |offer, permission| offered.contains(&offer) && at.may(permission);
        let publisher = |offer| offers(offer, Permission::Publish);
        let (retry, dismiss) = words(delivery.state);
        let local = || delivery.planned.local.strftime("%Y-%m-%dT%H:%M").to_string();
        let needs_login = delivery.held_reason == Some(HeldReason::Login);
        let is_refused = delivery.state == State::Refused && at.may(Permission::Write);
        Self {
            retry: publisher(Offer::Retry).then(|| (retry, urls::Retry::new(brand, id))),
            look: offered
                .contains(&Offer::Attach)
                .then(|| channels::profile(&at.app, channel))
                .flatten()
                .map(String::from),
            attach: publisher(Offer::Attach).then(|| urls::Attachment::new(brand, id)),
            dismiss: publisher(Offer::Drop).then(|| (dismiss, urls::Dismissal::new(brand, id))),
            cancel: publisher(Offer::Cancel).then(|| urls::Cancellation::new(brand, id)),
            release: publisher(Offer::Release).then(|| urls::Release::new(brand, id)),
            pass: offers(Offer::LetThrough, Permission::Override)
                .then(|| urls::Passage::new(brand, id)),
            take_down: publisher(Offer::TakeDown).then(|| urls::Takedown::new(brand, id)),
            plan: publisher(Offer::Reschedule).then(|| (local(), urls::Plan::new(brand, id))),
            reconnect: (needs_login && at.may(Permission::ManageChannels))
                .then(|| urls::Connect::new(brand, channel.network.clone())),
            mend: is_refused.then(|| urls::EditPost::new(brand, delivery.post_id)),
            refused: None,
            is_next: false,
        }
    }
}

/// A deed that was refused for what was typed: it comes back with that.
#[derive(Debug, Clone)]
pub struct RefusedDeed {
    /// Of which delivery.
    pub delivery: DeliveryId,
    /// As typed.
    pub typed: String,
    /// Why not.
    pub say: Say,
}

/// What sending again and giving up are called in a state.
const fn words(state: State) -> (&'static str, &'static str) {
    match state {
        State::Unknown | State::Checking => ("deed-send-again", "deed-leave"),
        State::PartlyLive => ("deed-go-on", "deed-leave"),
        State::Missed => ("deed-send-now", "deed-give-up"),
        _ => ("deed-try-again", "deed-give-up"),
    }
}
