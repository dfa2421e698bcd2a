//! What a name and a time zone must be, and whose workspaces are whose.

use bellwether_base::jiff::tz::TimeZone;
use bellwether_base::{Say, WorkspaceId};

use crate::{Caller, Error, Permission, Result};

/// Characters of a workspace's or organization's name.
pub const LONGEST_NAME: usize = 100;

/// The name as it is kept: without white space around it.
pub fn name(text: &str) -> Result<String> {
    let name = text.trim();
    if name.is_empty() {
        return Err(Error::invalid("workspace-name-missing"));
    }
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        let say = Say::new("workspace-name-unfit").with("max", LONGEST_NAME);
        return Err(Error::Invalid(say));
    }
    Ok(name.to_owned())
}

/// The zone's own name in the IANA database, whatever case it was typed in.
pub fn time_zone(text: &str) -> Result<String> {
    let typed = text.trim();
    let known = TimeZone::get(typed).ok().filter(|zone| !zone.is_unknown());
    known.as_ref().and_then(TimeZone::iana_name).map(str::to_owned).ok_or_else(|| {
        let short: String = typed.chars().take(80).collect();
        Error::Invalid(Say::new("time-zone-unknown").with("zone", short))
    })
}

/// The workspaces that `caller` may read, in order; nothing if that is all of
/// them.
pub fn readable(caller: &Caller) -> Option<Vec<WorkspaceId>> {
    let (Caller::Person { grants, .. } | Caller::Token { grants, .. }) = caller else {
        return None;
    };
    let mut readable = Vec::new();
    for grant in grants.iter().filter(|grant| grant.permissions.contains(&Permission::Read)) {
        readable.push(grant.workspace?);
    }
    readable.sort_unstable();
    readable.dedup();
    Some(readable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_kept_by_its_own_name() {
        assert_eq!(time_zone(" europe/PARIS ").unwrap(), "Europe/Paris");
        assert_eq!(time_zone("Asia/Seoul").unwrap(), "Asia/Seoul");
        assert_eq!(time_zone("UTC").unwrap(), "UTC");
        for wrong in ["Europe/Atlantis", "", "+02:00", "Etc/Unknown", "CET-1CEST", "../etc/passwd"]
        {
            assert!(time_zone(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_name_has_something_to_read_in_it() {
        assert_eq!(name("  Café 東京 ").unwrap(), "Café 東京");
        assert!(name(" \t ").is_err());
        assert!(name("two\nlines").is_err());
        assert!(name(&"é".repeat(LONGEST_NAME)).is_ok());
        assert!(name(&"é".repeat(LONGEST_NAME + 1)).is_err());
    }
}
