//! All networks that this build knows.

use std::sync::Arc;

use crate::text::MeasureText;
use crate::{Limits, Network, bluesky, x};

/// A network, as far as it is known: text rules come before connecting.
#[derive(Clone)]
pub struct Registered {
    /// Its name.
    pub name: &'static str,
    /// Its text rules.
    pub text: MeasureText,
    /// What holds where nothing else is known.
    pub limits: fn() -> Limits,
    /// The network, if it can be connected.
    pub network: Option<Arc<dyn Network>>,
}

/// The networks of an installation, handed to whoever needs them.
#[derive(Clone)]
pub struct Registry(Vec<Registered>);

impl Registry {
    /// Every network that ships. **The one line to add for a new network.**
    pub fn shipped() -> Self {
        Self(vec![
            Registered {
                name: "bluesky",
                text: bluesky::text::measure,
                limits: bluesky::limits,
                network: Some(Arc::new(bluesky::Bluesky)),
            },
            Registered { name: "x", text: x::text::measure, limits: x::limits, network: None },
        ])
    }

    /// With one more network.
    #[must_use]
    pub fn with(mut self, registered: Registered) -> Self {
        self.0.push(registered);
        self
    }

    /// What is known of the network called `name`.
    pub fn find(&self, name: &str) -> Option<&Registered> {
        self.0.iter().find(|registered| registered.name == name)
    }

    /// The network called `name`, if it can be connected.
    pub fn network(&self, name: &str) -> Option<Arc<dyn Network>> {
        self.find(name)?.network.clone()
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Registered> {
        self.0.iter()
    }

    /// Those that can be connected.
    pub fn connectable(&self) -> impl Iterator<Item = &Arc<dyn Network>> {
        self.0.iter().filter_map(|registered| registered.network.as_ref())
    }
}
