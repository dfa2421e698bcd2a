//! Who asks. Every use case takes one and checks permission itself.

use bellwether_base::{OrganizationId, PersonId, Say, TokenId, WorkspaceId};
use bellwether_db::events::Actor;

use crate::Denied;

/// What somebody may do in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See posts, channels and what became of them.
    Read,
    /// Write and change posts.
    Write,
    /// Schedule, publish, retry, take down.
    Publish,
    /// Connect, reconnect and remove channels.
    ManageChannels,
    /// Stop and start publishing.
    Pause,
    /// Let one named statement through a pause; trust the clock.
    Override,
    /// Tokens, people, workspaces.
    Administer,
}

impl Permission {
    /// All of them, least first.
    pub const ALL: [Self; 7] = [
        Self::Read,
        Self::Write,
        Self::Publish,
        Self::ManageChannels,
        Self::Pause,
        Self::Override,
        Self::Administer,
    ];

    /// Its name in a token's scopes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Publish => "publish",
            Self::ManageChannels => "channels",
            Self::Pause => "pause",
            Self::Override => "override",
            Self::Administer => "admin",
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Somebody who signed in.
    Person {
        /// Who.
        id: PersonId,
        /// Whose people they are.
        organization: OrganizationId,
        /// What they may do in which workspaces.
        grants: Vec<Grant>,
    },
    /// A script with a token.
    Token {
        /// Which.
        id: TokenId,
        /// Who made it.
        person: Option<PersonId>,
        /// Whose.
        organization: OrganizationId,
        /// What it may do in which workspaces.
        grants: Vec<Grant>,
    },
    /// Whoever has the machine: the command line over the socket in the data
    /// directory, or on the database itself.
    Operator,
    /// The engine.
    Worker,
}

/// What a caller may do in one workspace, or in all of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The workspace; every one of the organization when absent.
    pub workspace: Option<WorkspaceId>,
    /// What.
    pub permissions: Vec<Permission>,
}

impl Caller {
    /// Passes if the caller may do `permission` in `workspace` of `organization`.
    pub fn may(
        &self,
        permission: Permission,
        organization: OrganizationId,
        workspace: WorkspaceId,
    ) -> Result<(), Denied> {
        let allowed = match self {
            Self::Operator | Self::Worker => true,
            Self::Person { organization: own, grants, .. }
            | Self::Token { organization: own, grants, .. } => {
                *own == organization
                    && grants.iter().any(|grant| {
                        grant.workspace.is_none_or(|w| w == workspace)
                            && grant.permissions.contains(&permission)
                    })
            }
        };
        self.answer(allowed, permission)
    }

    /// Passes if the caller may do `permission` in the whole of `organization`.
    pub fn may_everywhere(
        &self,
        permission: Permission,
        organization: OrganizationId,
    ) -> Result<(), Denied> {
        let allowed = match self {
            Self::Operator | Self::Worker => true,
            Self::Person { organization: own, grants, .. }
            | Self::Token { organization: own, grants, .. } => {
                *own == organization
                    && grants.iter().any(|grant| {
                        grant.workspace.is_none() && grant.permissions.contains(&permission)
                    })
            }
        };
        self.answer(allowed, permission)
    }

    fn answer(&self, allowed: bool, permission: Permission) -> Result<(), Denied> {
        if allowed {
            return Ok(());
        }
        let key = match self {
            Self::Token { .. } => "denied-token",
            _ => "denied-person",
        };
        Err(Denied { say: Say::new(key).with("permission", permission.name()) })
    }

    /// The person behind it, if there is one.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person { id, .. } => Some(*id),
            Self::Token { person, .. } => *person,
            Self::Operator | Self::Worker => None,
        }
    }

    /// The organization whose caller this is; nothing for the machine's own.
    pub fn organization(&self) -> Option<OrganizationId> {
        match self {
            Self::Person { organization, .. } | Self::Token { organization, .. } => {
                Some(*organization)
            }
            Self::Operator | Self::Worker => None,
        }
    }

    /// As events name it: by reference only.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Person { id, .. } => Actor { kind: "person", id: Some(id.0) },
            Self::Token { id, .. } => Actor { kind: "token", id: Some(id.0) },
            Self::Operator => Actor { kind: "operator", id: None },
            Self::Worker => Actor { kind: "worker", id: None },
        }
    }
}
