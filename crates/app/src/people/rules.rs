//! What an e-mail address, a name and a password must be, and how long
//! somebody waits who keeps guessing. Pure.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;
use std::time::Duration;

use bellwether_base::{Instant, Say, Secret};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Characters of a person's name.
pub const LONGEST_NAME: usize = 100;
/// Characters of a password, at least.
pub const SHORTEST_PASSWORD: usize = 10;
/// Characters of a password, at most: hashing has to end.
pub const LONGEST_PASSWORD: usize = 200;

/// Failures are forgotten after 15 minutes.
pub const WINDOW: Duration = Duration::from_mins(15);
/// Failures of one e-mail address in the window.
pub const TRIES_PER_EMAIL: usize = 5;
/// Failures from one network address in the window.
pub const TRIES_PER_ADDRESS: usize = 30;
/// How long to wait after so many failures of one e-mail address: after the
/// first nothing, then 1, 3, 10 seconds.
const DELAYS: [Duration; TRIES_PER_EMAIL] = [
    Duration::ZERO,
    Duration::ZERO,
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(10),
];

/// A language in which the product speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    English,
    /// French.
    #[serde(rename = "fr")]
    French,
    /// Japanese.
    #[serde(rename = "ja")]
    Japanese,
    /// Korean.
    #[serde(rename = "ko")]
    Korean,
    /// Simplified Chinese.
    #[serde(rename = "zh-Hans")]
    Chinese,
}

impl Language {
    /// All of them, English first.
    pub const ALL: [Self; 5] =
        [Self::English, Self::French, Self::Japanese, Self::Korean, Self::Chinese];

    /// Its BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Japanese => "ja",
            Self::Korean => "ko",
            Self::Chinese => "zh-Hans",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Language {
    type Err = Error;

    fn from_str(tag: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.tag() == tag)
            .ok_or_else(|| Error::invalid("language-not-ours"))
    }
}

/// The address as it is kept and compared: without white space around it, in
/// lower case. Whether it exists is for a mail to find out, so only what can
/// never be one is refused.
pub fn email(text: &str) -> Result<String> {
    let email = text.trim().to_lowercase();
    let shaped = email.rsplit_once('@').is_some_and(|(local, domain)| {
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"@<>(),;:\"".contains(c);
        !local.is_empty()
            && local.chars().all(plain)
            && domain.chars().all(plain)
            && domain.split('.').all(|label| !label.is_empty())
    });
    // RFC 5321 §4.5.3.1.3: a path has 256 octets, two of which are its brackets.
    if shaped && email.len() <= 254 { Ok(email) } else { Err(Error::invalid("email-unfit")) }
}

/// The name as it is kept: without white space around it.
pub fn name(text: &str) -> Result<String> {
    let name = text.trim();
    if name.is_empty() {
        return Err(Error::invalid("name-missing"));
    }
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Error::Invalid(Say::new("name-unfit").with("max", LONGEST_NAME)));
    }
    Ok(name.to_owned())
}

/// Passes if `password` is fit for the person with this e-mail address and name.
pub fn password(password: &Secret, email: &str, name: &str) -> Result<()> {
    let text = password.expose();
    let length = text.chars().count();
    if length < SHORTEST_PASSWORD {
        return Err(Error::Invalid(Say::new("password-too-short").with("min", SHORTEST_PASSWORD)));
    }
    if length > LONGEST_PASSWORD {
        return Err(Error::Invalid(Say::new("password-too-long").with("max", LONGEST_PASSWORD)));
    }
    let bare = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let local = email.split('@').next().unwrap_or(email);
    let bare_text = bare(text);
    if !bare_text.is_empty() && [email, local, name].iter().any(|own| bare(own) == bare_text) {
        return Err(Error::invalid("password-is-yours"));
    }
    Ok(())
}

/// What is counted for a network address. Somebody who has one IPv6 address has
/// 2^64 of them, so its first 64 bits count.
pub fn address_key(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => format!("address:{v4}"),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("address:{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// How long until the next try is taken, after the `failures` (newest first) of
/// one e-mail address.
pub fn wait_for_email(failures: &[Instant], now: Instant) -> Duration {
    let growing = failures.first().map_or(Duration::ZERO, |last| {
        let delay = DELAYS.get(failures.len()).copied().unwrap_or_default();
        delay.saturating_sub(now.since(*last))
    });
    growing.max(wait_for_window(failures, TRIES_PER_EMAIL, now))
}

/// How long until the next try is taken, after the `failures` (newest first)
/// from one network address.
pub fn wait_for_address(failures: &[Instant], now: Instant) -> Duration {
    wait_for_window(failures, TRIES_PER_ADDRESS, now)
}

/// Until fewer than `limit` of `failures` are within the window.
fn wait_for_window(failures: &[Instant], limit: usize, now: Instant) -> Duration {
    let Some(one_too_many) = limit.checked_sub(1).and_then(|last| failures.get(last)) else {
        return Duration::ZERO;
    };
    WINDOW.saturating_sub(now.since(*one_too_many))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(error: &Error) -> &str {
        match error {
            Error::Invalid(say) => &say.key,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_address_is_one_in_any_case() {
        assert_eq!(email(" Ada@Example.ORG ").unwrap(), "ada@example.org");
        assert_eq!(email("k+o.fi@büro.example").unwrap(), "k+o.fi@büro.example");
        assert!(email("ada@localhost").is_ok());
        for wrong in ["", "ada", "@example.org", "ada@", "a da@example.org", "a@b@c", "ada@x..y"] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
        assert!(email(&format!("{}@example.org", "a".repeat(250))).is_err());
        assert!(email("ada@example.org\r\nbcc: x@example.org").is_err());
    }

    #[test]
    fn a_password_is_long_enough_and_not_the_person() {
        let check =
            |text: &str| password(&Secret::new(text), "ada.lovelace@example.org", "Ada King");
        assert!(check("correct horse").is_ok());
        assert!(check("パスワードは十文字です").is_ok(), "characters count, not bytes");
        assert_eq!(key(&check("nine char").unwrap_err()), "password-too-short");
        assert_eq!(key(&check(&"x".repeat(201)).unwrap_err()), "password-too-long");
        for own in ["ada.lovelace@example.org", "Ada.Lovelace", "adalovelace", "ADA LOVELACE"] {
            assert_eq!(key(&check(own).unwrap_err()), "password-is-yours", "{own}");
        }
        let long = password(&Secret::new("Grace Brewster"), "g@example.org", "grace brewster");
        assert_eq!(key(&long.unwrap_err()), "password-is-yours");
    }

    #[test]
    fn languages_read_back() {
        for language in Language::ALL {
            assert_eq!(language.tag().parse::<Language>().unwrap(), language);
            assert_eq!(serde_json::to_value(language).unwrap(), language.tag());
        }
        assert!("de".parse::<Language>().is_err());
    }

    #[test]
    fn whoever_guesses_waits_longer_each_time() {
        let at = |second: i64| Instant::from_millis(second * 1000);
        let newest_first = [at(30), at(20), at(10), at(5), at(0)];
        let wait = |count: usize| wait_for_email(&newest_first[..count], at(30)).as_secs();
        assert_eq!([wait(0), wait(1), wait(2), wait(3), wait(4)], [0, 0, 1, 3, 10]);
        let (five, window) = (&newest_first[..5], 15 * 60);
        assert_eq!(wait_for_email(five, at(30)).as_secs(), window - 30);
        assert_eq!(wait_for_email(five, at(900)), Duration::ZERO);
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_together() {
        let key = |text: &str| address_key(text.parse().unwrap());
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.7"), key("192.0.2.7"));
    }
}
