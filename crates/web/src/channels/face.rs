//! A channel as it is recognised: a letter, the network's mark, the handle.

use bellwether_app::App;
use bellwether_app::channels::Channel;
use bellwether_base::ChannelId;

use crate::page::letter;

/// A channel on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// Which.
    pub id: ChannelId,
    /// What people call it, with `@` unless it has one.
    pub handle: String,
    /// The name shown.
    pub name: String,
    /// The network, as its users write it.
    pub network: String,
    /// The network's two letters.
    pub mark: String,
    /// The letter in its circle.
    pub letter: String,
    /// The ground of its circle.
    pub tone: u8,
}

impl Face {
    /// For a page.
    pub fn of(app: &App, channel: &Channel) -> Self {
        let spec = app.registry.network(&channel.network).map(|network| network.spec());
        let name =
            if channel.display_name.is_empty() { &channel.handle } else { &channel.display_name };
        Self {
            id: channel.id,
            handle: format!("@{}", channel.handle.trim_start_matches('@')),
            name: name.clone(),
            network: spec.map_or_else(|| channel.network.clone(), |spec| spec.title.to_owned()),
            mark: spec.map_or_else(|| letter(&channel.network), |spec| spec.mark.to_owned()),
            letter: letter(name),
            tone: channel.id.0.as_bytes().iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) % 6,
        }
    }
}
