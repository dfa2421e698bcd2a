//! What the composer stands on: the brand's channels, and where the post is already.

use bellwether_app::channels::{self, Channel, ChannelState};
use bellwether_app::networks::OptionField;
use bellwether_app::publishing::{self, Delivery, DeliveryState};
use bellwether_base::{ChannelId, PostId};

use super::NetworkOptions;
use crate::channels::face::Face;
use crate::errors::Trouble;
use crate::form::Fields;
use crate::posts::draft::Draft;
use crate::session::InBrand;

/// A channel that can be chosen.
pub(super) struct Place {
    pub(super) face: Face,
    /// The post is there already: what is said of that.
    pub(super) there: Option<&'static str>,
}

/// What the composer stands on.
pub(super) struct Desk {
    pub(super) channels: Vec<Channel>,
    /// Where the post is out, or may yet come out.
    there: Vec<Delivery>,
}

impl Desk {
    pub(super) async fn of(at: &InBrand, post: Option<PostId>) -> Result<Self, Trouble> {
        let (app, caller, brand) = (&at.app, &at.caller, at.brand.id);
        let mut channels = channels::list(app, caller, brand).await?;
        channels.retain(|channel| channel.state != ChannelState::Removed);
        let mut there = match post {
            Some(post) => publishing::deliveries_of_page(app, caller, brand, &[post]).await?,
            None => Vec::new(),
        };
        there.retain(Delivery::is_there);
        Ok(Self { channels, there })
    }

    pub(super) fn ids(&self) -> Vec<ChannelId> {
        self.channels.iter().map(|channel| channel.id).collect()
    }

    /// Where it goes out as it is edited.
    pub(super) fn planned(&self) -> Vec<ChannelId> {
        let planned = self.there.iter().filter(|there| there.state != DeliveryState::Live);
        planned.map(|there| there.channel_id).collect()
    }

    /// Whether there is a channel on which it can be planned.
    pub(super) fn has_room(&self) -> bool {
        self.channels.iter().any(|channel| self.is_there(channel.id).is_none())
    }

    /// What is said of a channel on which the post is.
    fn is_there(&self, channel: ChannelId) -> Option<&'static str> {
        let there = self.there.iter().find(|there| there.channel_id == channel)?;
        let is_live = there.state == DeliveryState::Live;
        Some(if is_live { "compose-there-live" } else { "compose-there-planned" })
    }

    pub(super) fn places(&self, at: &InBrand) -> Vec<Place> {
        let place = |channel: &Channel| Place {
            face: Face::of(&at.app, channel),
            there: self.is_there(channel.id),
        };
        self.channels.iter().map(place).collect()
    }

    /// The choices of the networks that this brand is on.
    pub(super) fn options(&self, at: &InBrand) -> Vec<NetworkOptions> {
        let is_used = |name: &str| self.channels.iter().any(|channel| channel.network == name);
        at.app
            .registry
            .connectable()
            .map(|network| network.spec())
            .filter(|spec| is_used(spec.name) && !spec.options.is_empty())
            .map(|spec| NetworkOptions { network: spec.title, fields: spec.options })
            .collect()
    }

    pub(super) fn typed(&self, at: &InBrand, fields: &Fields) -> Draft {
        let options = self.options(at);
        let options: Vec<&OptionField> =
            options.iter().flat_map(|network| network.fields).collect();
        Draft::typed(fields, &options)
    }
}
