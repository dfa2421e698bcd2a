//! The SQL of this slice, a file for each group of tables.

pub mod links;
pub mod members;
pub mod people;
pub mod sessions;
pub mod tokens;
pub mod tries;

use bellwether_base::uuid::Uuid;

use crate::Error;

/// Before every other id.
const FIRST: Uuid = Uuid::nil();

/// A stored text that this program cannot have written.
fn damaged(what: &str, text: &str) -> Error {
    Error::Internal(format!("stored data does not read: {what} {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{apps, plan};

    /// Each of these runs with every request or every guess.
    #[tokio::test]
    async fn what_every_request_asks_is_found_by_index() {
        for app in apps().await {
            for (sql, by) in [
                (sessions::FIND_BY_TOKEN, "(token_hash=?)"),
                (tokens::FIND_BY_SECRET, "(secret_hash=?)"),
                (members::ROLES_OF, "(person_id=?)"),
                (people::FIND_BY_EMAIL, "(email=?)"),
                (tries::OTHERS, "(key=?)"),
            ] {
                let Some(plan) = plan(&app, sql).await else { continue };
                assert!(plan.contains(by), "{sql}\n{plan}");
            }
        }
    }
}
