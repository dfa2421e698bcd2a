//! All networks that this build knows.

use std::borrow::Cow;
use std::sync::Arc;

use crate::text::MeasureText;
use crate::{Content, Limits, Network, Spec, bluesky, mastodon, x};

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
            Registered {
                name: "mastodon",
                text: mastodon::text::measure,
                limits: mastodon::limits,
                network: Some(Arc::new(mastodon::Mastodon)),
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

    /// `content` as one network reads it: without the choices that are another
    /// network's, because one content may be meant for several. A choice that
    /// no network has stays: it is a mistake.
    pub fn content_for<'c>(&self, spec: &Spec, content: &'c Content) -> Cow<'c, Content> {
        let has = |spec: &Spec, name: &str| spec.options.iter().any(|own| own.name == name);
        let is_anothers = |name: &str| {
            !has(spec, name) && self.connectable().any(|other| has(other.spec(), name))
        };
        if !content.options.keys().any(|name| is_anothers(name)) {
            return Cow::Borrowed(content);
        }
        let mut content = content.clone();
        content.options.retain(|name, _| !is_anothers(name));
        Cow::Owned(content)
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;
    use crate::Part;

    #[test]
    fn a_choice_means_one_thing_on_one_network() {
        let mut names = BTreeSet::new();
        for network in Registry::shipped().connectable() {
            for option in network.spec().options {
                assert!(names.insert(option.name), "{} is there twice", option.name);
            }
        }
    }

    #[test]
    fn a_choice_of_another_network_is_no_mistake() {
        let registry = Registry::shipped();
        let parts = vec![Part { text: "Hello".to_owned(), ..Part::default() }];
        let options = json!({"labels": ["nudity"], "visibility": "unlisted", "colour": "red"});
        let options = serde_json::from_value(options).unwrap();
        let content = Content { parts, options, ..Content::default() };
        for (name, kept) in [("bluesky", "labels"), ("mastodon", "visibility")] {
            let network = registry.network(name).unwrap();
            let own = registry.content_for(network.spec(), &content);
            assert_eq!(own.options.keys().collect::<Vec<_>>(), ["colour", kept]);
            let problems = network.problems(&own, &(network.spec().limits)());
            let keys: Vec<_> = problems.iter().map(|problem| &*problem.say.key).collect();
            assert_eq!(keys, ["option-unknown"], "what nobody has");
        }
    }
}
