//! What each role may do: the one table.

use std::fmt;
use std::str::FromStr;

use bellwether_base::WorkspaceId;
use serde::{Deserialize, Serialize};

use crate::caller::Grant;
use crate::{Error, Permission};

/// What a person is in a workspace, or in the whole organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything. Only owners make owners, and the last one stays.
    Owner,
    /// Everything but owners.
    Admin,
    /// Writes, publishes, and may stop publishing.
    Editor,
    /// Writes drafts.
    Writer,
    /// Reads, and says yes or no.
    Approver,
    /// Reads.
    Analyst,
}

impl Role {
    /// All of them, most first.
    pub const ALL: [Self; 6] =
        [Self::Owner, Self::Admin, Self::Editor, Self::Writer, Self::Approver, Self::Analyst];

    /// Its name in the database and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Editor => "editor",
            Self::Writer => "writer",
            Self::Approver => "approver",
            Self::Analyst => "analyst",
        }
    }

    /// What it may do.
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission::{Pause, Publish, Read, Write};
        match self {
            Self::Owner | Self::Admin => &Permission::ALL,
            Self::Editor => &[Read, Write, Publish, Pause],
            Self::Writer => &[Read, Write],
            Self::Approver | Self::Analyst => &[Read],
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|role| role.name() == name)
            .ok_or_else(|| Error::invalid("role-unknown"))
    }
}

/// The permission called `name` in a token's scopes.
pub fn permission(name: &str) -> Option<Permission> {
    Permission::ALL.into_iter().find(|permission| permission.name() == name)
}

/// What somebody may do who has `everywhere` in the whole organization and
/// `somewhere` in single workspaces.
pub fn grants(everywhere: Option<Role>, somewhere: &[(WorkspaceId, Role)]) -> Vec<Grant> {
    let grant = |workspace, role: Role| Grant { workspace, permissions: role.permissions().into() };
    let everywhere = everywhere.map(|role| grant(None, role));
    let somewhere = somewhere.iter().map(|(workspace, role)| grant(Some(*workspace), *role));
    everywhere.into_iter().chain(somewhere).collect()
}

/// What is left of `grants` for a token with `scopes`, good in `workspace` or,
/// when absent, wherever its maker may.
pub fn narrowed(
    grants: &[Grant],
    scopes: &[Permission],
    workspace: Option<WorkspaceId>,
) -> Vec<Grant> {
    let narrow = |grant: &Grant| {
        let workspace = match (grant.workspace, workspace) {
            (None, wanted) => wanted,
            (own, None) => own,
            (own, wanted) if own == wanted => own,
            _ => return None,
        };
        let permissions: Vec<_> =
            grant.permissions.iter().copied().filter(|one| scopes.contains(one)).collect();
        (!permissions.is_empty()).then_some(Grant { workspace, permissions })
    };
    grants.iter().filter_map(narrow).collect()
}

#[cfg(test)]
mod tests {
    use bellwether_base::uuid::Uuid;
    use bellwether_base::{OrganizationId, PersonId};

    use super::*;
    use crate::Caller;

    fn workspace(number: u128) -> WorkspaceId {
        WorkspaceId(Uuid::from_u128(number))
    }

    const OURS: OrganizationId = OrganizationId(Uuid::from_u128(100));

    fn person(grants: Vec<Grant>) -> Caller {
        Caller::Person { id: PersonId(Uuid::from_u128(1)), organization: OURS, grants }
    }

    /// The table, written out once more by hand.
    #[test]
    fn each_role_may_do_what_its_name_promises() {
        let shown: Vec<String> = Role::ALL
            .into_iter()
            .map(|role| {
                let may: Vec<_> = role.permissions().iter().map(|one| one.name()).collect();
                format!("{role}: {}", may.join(" "))
            })
            .collect();
        assert_eq!(
            shown,
            [
                "owner: read write publish channels pause override admin",
                "admin: read write publish channels pause override admin",
                "editor: read write publish pause",
                "writer: read write",
                "approver: read",
                "analyst: read",
            ]
        );
    }

    #[test]
    fn a_role_in_one_workspace_says_nothing_about_another() {
        let kofi = person(grants(Some(Role::Analyst), &[(workspace(1), Role::Writer)]));
        assert!(kofi.may(Permission::Write, OURS, workspace(1)).is_ok());
        assert!(kofi.may(Permission::Read, OURS, workspace(2)).is_ok());
        assert!(kofi.may(Permission::Write, OURS, workspace(2)).is_err());
        assert!(kofi.may_everywhere(Permission::Write, OURS).is_err());
        let elsewhere = OrganizationId(Uuid::from_u128(101));
        assert!(kofi.may(Permission::Read, elsewhere, workspace(1)).is_err());
    }

    /// For every role, scope and workspace: a token does nothing that its maker may not.
    #[test]
    fn a_token_never_reaches_further_than_its_maker() {
        let (here, there) = (workspace(1), workspace(2));
        for everywhere in [None, Some(Role::Analyst), Some(Role::Editor), Some(Role::Owner)] {
            for somewhere in [vec![], vec![(here, Role::Writer)], vec![(here, Role::Admin)]] {
                let own = grants(everywhere, &somewhere);
                for bound in [None, Some(here), Some(there)] {
                    for scope in Permission::ALL {
                        let token = person(narrowed(&own, &[Permission::Read, scope], bound));
                        for asked in Permission::ALL {
                            for place in [here, there] {
                                let expected = person(own.clone()).may(asked, OURS, place).is_ok()
                                    && [Permission::Read, scope].contains(&asked)
                                    && bound.is_none_or(|bound| bound == place);
                                let allowed = token.may(asked, OURS, place).is_ok();
                                assert_eq!(allowed, expected, "{everywhere:?} {bound:?} {asked:?}");
                            }
                        }
                    }
                }
            }
        }
    }
}
