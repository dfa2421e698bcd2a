//! The connector for Mastodon as it ships, but for the time that it gives a
//! server: a minute before each look would make a harness wait most of all.
//!
//! It is registered once for servers that know keys and once for those that
//! ignore them, because what may become of a doubt is not the same there.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bellwether_networks::mastodon::{self, Mastodon};
use bellwether_networks::{
    Account, Connect, Content, Endpoints, Limits, Network, Problem, Publish, Registered, Registry,
    Spec,
};
use url::Url;

use crate::standin::mastodon::Flavour;

/// As of the plain networks. The stand-in answers in less.
const TIMEOUT: Duration = Duration::from_secs(3);
const SETTLE: Duration = Duration::from_secs(1);

/// Where keys are known.
pub const KEYS: &str = "mastodon_keys";
/// Where keys are ignored, so that only a person sends again.
pub const NO_KEYS: &str = "mastodon_no_keys";

/// The name under which servers of this software are connected.
pub const fn name(flavour: Flavour) -> &'static str {
    match flavour {
        Flavour::Mastodon46 | Flavour::Mastodon42 => KEYS,
        _ => NO_KEYS,
    }
}

fn spec(name: &'static str) -> Spec {
    let shipped = Mastodon.spec();
    Spec {
        name,
        title: shipped.title,
        mark: shipped.mark,
        limits: shipped.limits,
        thread: shipped.thread,
        find_by: shipped.find_by,
        settle: SETTLE,
        timeout: TIMEOUT,
        features: shipped.features,
        options: shipped.options,
        quotas: shipped.quotas,
        endpoints: shipped.endpoints,
    }
}

static KEYS_SPEC: LazyLock<Spec> = LazyLock::new(|| spec(KEYS));
static NO_KEYS_SPEC: LazyLock<Spec> = LazyLock::new(|| spec(NO_KEYS));

struct QuickMastodon(&'static LazyLock<Spec>);

impl Network for QuickMastodon {
    fn spec(&self) -> &'static Spec {
        self.0
    }

    fn connect(&self) -> &dyn Connect {
        &Mastodon
    }

    fn publish(&self) -> &dyn Publish {
        &Mastodon
    }

    fn profile(&self, account: &Account, endpoints: &Endpoints) -> Option<Url> {
        Mastodon.profile(account, endpoints)
    }

    fn problems(&self, content: &Content, limits: &Limits) -> Vec<Problem> {
        Mastodon.problems(content, limits)
    }
}

/// `registry` with both.
pub fn with(registry: Registry) -> Registry {
    [&KEYS_SPEC, &NO_KEYS_SPEC].into_iter().fold(registry, |registry, spec| {
        registry.with(Registered {
            name: spec.name,
            text: mastodon::text::measure,
            limits: spec.limits,
            network: Some(Arc::new(QuickMastodon(spec))),
        })
    })
}
