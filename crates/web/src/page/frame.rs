//! What stands around the pages of somebody at work: rail, bar, dock.

use bellwether_app::workspaces::Workspace;
use bellwether_base::WorkspaceId;

use crate::publishing::{ClockStop, Pausing, Stopped};
use crate::{locale, urls};

/// The places of the rail. Only what exists is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nav {
    /// A brand's posts.
    Posts,
    /// A new post.
    Compose,
    /// A brand's channels.
    Channels,
    /// What is stopped there. It is not on the rail: the bar leads to it.
    Pauses,
    /// Who is on the team.
    People,
    /// What scripts hold.
    Tokens,
    /// All brands.
    Brands,
    /// None of them.
    Elsewhere,
}

/// A brand that the person may open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrandLink {
    /// Which.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// The city of its zone.
    pub city: String,
}

impl BrandLink {
    /// For a page.
    pub fn of(brand: &Workspace) -> Self {
        Self { id: brand.id, name: brand.name.clone(), city: locale::city(&brand.time_zone) }
    }

    /// The letter in its square.
    pub fn letter(&self) -> String {
        letter(&self.name)
    }

    /// One of six grounds for the square, always the same for the same brand.
    pub fn tone(&self) -> u8 {
        self.id.0.as_bytes().iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) % 6
    }

    /// Where it opens.
    pub fn address(&self) -> urls::Posts {
        urls::Posts::new(self.id)
    }
}

/// The first letter of a name, as it stands in a square or a circle.
pub fn letter(name: &str) -> String {
    name.chars()
        .find(|letter| letter.is_alphanumeric())
        .map_or_else(|| "·".to_owned(), |letter| letter.to_uppercase().collect())
}

/// Everything around a page at work.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Who works here.
    pub person: String,
    /// The brand on this page.
    pub brand: Option<BrandLink>,
    /// All brands that the person may open.
    pub brands: Vec<BrandLink>,
    /// The pauses that cover the brand.
    pub stopped: Vec<Stopped>,
    /// That the clock is not trusted, if so.
    pub clock: Option<ClockStop>,
    /// Where on the rail this page is.
    pub nav: Nav,
    /// Where the stream of events goes on after this page.
    pub after: String,
    /// Whether the person may write here.
    pub may_write: bool,
    /// What the person may stop here.
    pub pausing: Option<Pausing>,
    /// Whether the person may change who does what in the organization.
    pub may_administer: bool,
}

/// One place on rail or dock.
pub struct Place {
    /// Its address.
    pub href: String,
    /// Its icon.
    pub icon: &'static str,
    /// Message key of its name.
    pub name: &'static str,
    /// Whether this page is there.
    pub is_current: bool,
}

impl Desk {
    /// The rail of this page's brand.
    pub fn rail(&self) -> Vec<Place> {
        let Some(brand) = &self.brand else {
            return vec![self.place(&urls::Brands::new(), "globe", "brands-title", Nav::Brands)];
        };
        vec![
            self.place(&urls::Posts::new(brand.id), "send", "rail-posts", Nav::Posts),
            self.place(&urls::Channels::new(brand.id), "channels", "rail-channels", Nav::Channels),
        ]
    }

    /// What stands at the foot of the rail: what belongs to no brand.
    pub fn foot(&self) -> Vec<Place> {
        if !self.may_administer {
            return Vec::new();
        }
        vec![
            self.place(&urls::People::new(), "people", "rail-people", Nav::People),
            self.place(&urls::Tokens::new(), "key", "rail-tokens", Nav::Tokens),
        ]
    }

    /// The dock on a phone: the rail under the thumb, with writing in the middle.
    pub fn dock(&self) -> Vec<Place> {
        let mut places = self.rail();
        if self.brand.is_none() {
            places.extend(self.foot());
        }
        if let Some(brand) = self.brand.as_ref().filter(|_| self.may_write) {
            places.insert(
                1,
                self.place(&urls::Compose::new(brand.id), "pen", "rail-write", Nav::Compose),
            );
        }
        places
    }

    /// Whether this page belongs to `brand`.
    pub fn is_in(&self, brand: &BrandLink) -> bool {
        self.brand.as_ref().is_some_and(|own| own.id == brand.id)
    }

    /// Whether nothing that is planned goes out in this brand, on any channel.
    pub fn is_stopped(&self) -> bool {
        self.stopped.iter().any(|stopped| matches!(stopped.scope, "installation" | "workspace"))
    }

    /// The page about the pauses of this page's brand.
    pub fn pauses(&self) -> Option<urls::Pauses> {
        self.brand.as_ref().map(|brand| urls::Pauses::new(brand.id))
    }

    /// The person's letter.
    pub fn initial(&self) -> String {
        letter(&self.person)
    }

    fn place(
        &self,
        href: &dyn ToString,
        icon: &'static str,
        name: &'static str,
        nav: Nav,
    ) -> Place {
        Place { href: href.to_string(), icon, name, is_current: self.nav == nav }
    }
}
