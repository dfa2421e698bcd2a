//! Which addresses may be called.
//!
//! What people type, what networks answer and what pages link to all end up
//! here. None of it may reach the operator's own network, the machine itself,
//! or the service of a cloud that hands out its keys.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use url::{Host, Url};

use super::{HttpError, Trouble};

/// What an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Somewhere on the internet.
    Public,
    /// In a range that the operator opened.
    Opened,
    /// Anywhere else.
    Refused,
}

/// Not the internet: IANA's special-purpose registry, multicast and reserved
/// space, and the one public address behind which Azure answers about the machine.
const REFUSED_V4: &[([u8; 4], u8)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([168, 63, 129, 16], 32),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// The only IPv6 space in use on the internet.
const GLOBAL_V6: ([u16; 8], u8) = ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// Inside it, but not the internet: protocol assignments with Teredo,
/// benchmarking and ORCHID; documentation, twice.
const REFUSED_V6: &[([u16; 8], u8)] = &[
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

/// Decides where the client may go.
#[derive(Debug, Clone, Default)]
pub(super) struct Guard {
    opened: Vec<IpNet>,
}

impl Guard {
    pub(super) fn new(opened: Vec<IpNet>) -> Self {
        Self { opened }
    }

    /// What `address` is, whichever way it is written.
    pub(super) fn place(&self, address: IpAddr) -> Place {
        if self.opened.iter().any(|net| net.contains(&address)) {
            return Place::Opened;
        }
        match address {
            IpAddr::V4(v4) => place_v4(v4),
            IpAddr::V6(v6) => match embedded(v6) {
                Some(v4) => self.place(IpAddr::V4(v4)),
                None => place_v6(v6),
            },
        }
    }

    /// Whether `url` is one that we call, as far as its text tells. Names are
    /// decided by what they resolve to. `has_credentials` says that the
    /// request carries some: they do not cross a public network in the clear.
    pub(super) fn check(&self, url: &Url, has_credentials: bool) -> Result<(), HttpError> {
        let bad = |why| Err(HttpError::unsent(Trouble::BadAddress, why));
        if !matches!(url.scheme(), "http" | "https") {
            return bad("only http and https are called");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return bad("the address holds credentials");
        }
        let address = match url.host() {
            None | Some(Host::Domain("")) => return bad("the address has no host"),
            Some(Host::Domain(_)) => return Ok(()),
            Some(Host::Ipv4(v4)) => IpAddr::V4(v4),
            Some(Host::Ipv6(v6)) => IpAddr::V6(v6),
        };
        match self.place(address) {
            Place::Refused => Err(HttpError::unsent(Trouble::Private, "the address is private")),
            Place::Public if has_credentials && url.scheme() == "http" => bad(IN_THE_CLEAR),
            Place::Public | Place::Opened => Ok(()),
        }
    }
}

/// Why credentials do not go to a public `http:` address.
pub(super) const IN_THE_CLEAR: &str = "credentials would cross a public network in the clear";

fn place_v4(address: Ipv4Addr) -> Place {
    let refused = REFUSED_V4.iter().any(|(base, length)| {
        Ipv4Net::new(Ipv4Addr::from(*base), *length).is_ok_and(|net| net.contains(&address))
    });
    if refused { Place::Refused } else { Place::Public }
}

fn place_v6(address: Ipv6Addr) -> Place {
    let within = |(base, length): &([u16; 8], u8)| {
        Ipv6Net::new(Ipv6Addr::from(*base), *length).is_ok_and(|net| net.contains(&address))
    };
    if within(&GLOBAL_V6) && !REFUSED_V6.iter().any(within) {
        Place::Public
    } else {
        Place::Refused
    }
}

/// The IPv4 address that this one leads to: IPv4-mapped, IPv4-compatible,
/// IPv4-translated, NAT64 by its well-known prefix, 6to4.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let last = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // The unspecified address and loopback are no IPv4 addresses.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => last(high, low),
        _ => None,
    }
}
