//! How long each table keeps what is in it.
//!
//! A table that is not listed here fails a test, so that nobody adds one without
//! having thought of the day on which its rows must go.

/// How long rows are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// As long as the installation.
    Forever,
    /// As long as the organization or workspace that it belongs to.
    Account,
    /// As long as the person that it is about; erased on request.
    Person,
    /// Until the team deletes it, and with its workspace.
    Content,
    /// Until it runs out.
    Session,
    /// For a number of days.
    Log { days: u16 },
}

/// Tables whose rows are kept for so many days and no longer. Each is one of
/// the streams' and has a column `at`, with an index, by which it is counted.
pub fn logs() -> impl Iterator<Item = (&'static str, u16)> {
    TABLES.iter().filter_map(|(table, class)| match class {
        Class::Log { days } => Some((*table, *days)),
        _ => None,
    })
}

/// Every table of both sets of migrations, each once.
pub static TABLES: &[(&str, Class)] = &[
    ("acts", Class::Content),
    ("attempt_results", Class::Content),
    ("attempts", Class::Content),
    ("channels", Class::Account),
    ("deliveries", Class::Content),
    ("event_sequences", Class::Account),
    ("events", Class::Account),
    ("idempotency_keys", Class::Session),
    ("installation", Class::Forever),
    ("media", Class::Content),
    ("media_holds", Class::Content),
    ("members", Class::Person),
    ("migrations_main", Class::Forever),
    ("migrations_streams", Class::Forever),
    ("network_calls", Class::Log { days: 30 }),
    ("organizations", Class::Account),
    ("pause_scopes", Class::Account),
    ("people", Class::Person),
    ("post_versions", Class::Content),
    ("posts", Class::Content),
    ("quotas", Class::Session),
    ("sessions", Class::Session),
    ("setup_links", Class::Forever),
    ("sign_in_tries", Class::Session),
    ("tokens", Class::Account),
    ("workers", Class::Session),
    ("workspaces", Class::Account),
];
