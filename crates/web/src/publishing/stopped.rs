//! The band across every page of a brand that is paused.

use bellwether_app::publishing::{self, PauseLevel, PauseScope, Stop};
use bellwether_app::{Permission, channels, posts};
use bellwether_base::{ChannelId, DeliveryId, Instant, Say};

use crate::channels::face::Face;
use crate::errors::Trouble;
use crate::session::InBrand;
use crate::urls;

/// A pause that covers the brand on this page.
#[derive(Debug, Clone)]
pub struct Stopped {
    /// `installation`, `network`, `workspace` or `channel`.
    pub scope: &'static str,
    /// The network, where that is the scope, as its users write it.
    pub network: Option<String>,
    /// The channel, where that is the scope.
    pub channel: Option<ChannelId>,
    /// Its handle.
    pub handle: Option<String>,
    /// Since when.
    pub since: Instant,
    /// Who stopped it, if it was a person.
    pub by: Option<String>,
    /// Whether it is certain that nothing goes out any more.
    pub is_certain: bool,
    /// What was on its way when it began.
    pub on_the_way: Vec<OnTheWay>,
    /// How many that were, with those that are not named.
    pub on_the_way_count: usize,
    /// How many deliveries it has held so far.
    pub held: i64,
    /// `planned`, `replies` or `everything`.
    pub level: &'static str,
    /// Why, if somebody has said so.
    pub reason: Option<String>,
    /// Where it is ended, by who may.
    pub resumption: Option<ResumeForm>,
}

/// A post that a pause could not call back.
#[derive(Debug, Clone)]
pub struct OnTheWay {
    /// Its first words.
    pub title: Option<String>,
    /// Its page.
    pub post: urls::Post,
}

/// The form that ends a pause.
#[derive(Debug, Clone)]
pub struct ResumeForm {
    /// Where it goes.
    pub action: urls::Resumption,
    /// The network's own name, where that is the scope.
    pub network: Option<String>,
    /// What was typed before it was refused.
    pub typed: String,
    /// Why it was refused.
    pub trouble: Option<Say>,
}

/// An end of a pause that was refused: the band comes back with it.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Of which pause.
    pub scope: PauseScope,
    /// The reason as typed.
    pub typed: String,
    /// Why not.
    pub say: Say,
}

/// Posts on their way that are named; the others are counted.
const NAMED: usize = 3;

impl Stopped {
    /// For a page of `at`.
    pub async fn of(at: &InBrand, stop: &Stop) -> Result<Self, Trouble> {
        let pause = &stop.pause;
        let own = at.may(Permission::Pause);
        let everywhere = at.may_everywhere(Permission::Pause);
        let (scope, network, channel, may_resume) = match &pause.scope {
            PauseScope::Installation => ("installation", None, None, everywhere),
            PauseScope::Network { network } => ("network", Some(network.clone()), None, everywhere),
            PauseScope::Workspace { .. } => ("workspace", None, None, own),
            PauseScope::Channel { channel, .. } => ("channel", None, Some(*channel), own),
        };
        let mut on_the_way = Vec::with_capacity(stop.on_the_way.len());
        for delivery in stop.on_the_way.iter().take(NAMED) {
            on_the_way.push(OnTheWay::of(at, *delivery).await?);
        }
        let handle = match channel {
            Some(id) => {
                let channel = channels::get(&at.app, &at.caller, at.brand.id, id).await?;
                Some(Face::of(&at.app, &channel).handle)
            }
            None => None,
        };
        let refused = at.refused.as_ref().filter(|refused| refused.scope == pause.scope);
        let title = |name: &String| {
            let network = at.app.registry.network(name);
            network.map_or_else(|| name.clone(), |network| network.spec().title.to_owned())
        };
        Ok(Self {
            scope,
            channel,
            handle,
            since: pause.paused_at,
            by: stop.by.clone(),
            is_certain: pause.acknowledged_at.is_some(),
            on_the_way,
            on_the_way_count: stop.on_the_way.len(),
            held: stop.held,
            level: match pause.level {
                PauseLevel::Planned => "planned",
                PauseLevel::Replies => "replies",
                PauseLevel::Everything => "everything",
            },
            reason: pause.reason.clone(),
            resumption: may_resume.then(|| ResumeForm {
                action: urls::Resumption::new(at.brand.id),
                network: network.clone(),
                typed: refused.map(|refused| refused.typed.clone()).unwrap_or_default(),
                trouble: refused.map(|refused| refused.say.clone()),
            }),
            network: network.as_ref().map(title),
        })
    }

    /// What is stopped.
    pub fn place(&self) -> Say {
        Say::new(format!("stopped-scope-{}", self.scope))
            .with("network", self.network.as_deref().unwrap_or_default())
            .with("handle", self.handle.as_deref().unwrap_or_default())
    }

    /// How much of it.
    pub fn how_much(&self) -> Say {
        Say::new(format!("stopped-level-{}", self.level))
    }

    /// Whether its end was just refused.
    pub fn is_refused(&self) -> bool {
        self.resumption.as_ref().is_some_and(|form| form.trouble.is_some())
    }
}

impl OnTheWay {
    async fn of(at: &InBrand, delivery: DeliveryId) -> Result<Self, Trouble> {
        let (app, caller, brand) = (&at.app, &at.caller, at.brand.id);
        let post = publishing::delivery(app, caller, brand, delivery).await?.delivery.post_id;
        let content = posts::get(app, caller, brand, post).await?.content;
        Ok(Self { title: crate::posts::title(&content), post: urls::Post::new(brand, post) })
    }
}
