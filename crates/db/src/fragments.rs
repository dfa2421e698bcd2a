//! The few words in which the engines differ.
//!
//! Put into a statement with `format!` and [`Tx::sql_owned`](crate::Tx::sql_owned).
//! Where a difference is larger than a word, write two statements and choose by
//! [`Tx::engine`](crate::Tx::engine).

use std::fmt::Write as _;

use crate::Engine;

/// After a `select` that claims work: take the rows, leave those that another
/// worker is taking. SQLite has one writer, so nobody else is.
pub fn skip_locked(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "",
        Engine::Postgres => " for update skip locked",
    }
}

/// After a `select` of rows that are about to change: wait for whoever is
/// changing them.
pub fn update_lock(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "",
        Engine::Postgres => " for update",
    }
}

/// After a `select` of rows that must not change until this transaction ends,
/// such as the pause that was read before an attempt.
pub fn share_lock(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "",
        Engine::Postgres => " for share",
    }
}

/// After an expression to order or compare by: the bytes of the text, whatever
/// the database's own language is. Without it the engines order text differently.
pub fn by_bytes(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => " collate binary",
        Engine::Postgres => " collate \"C\"",
    }
}

/// The function for the greater of two values. SQLite's is null if either is
/// null, PostgreSQL's ignores nulls: `coalesce` before it.
pub fn greatest(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "max",
        Engine::Postgres => "greatest",
    }
}

/// The function for the lesser of two values, with the same care as [`greatest`].
pub fn least(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "min",
        Engine::Postgres => "least",
    }
}

/// `$3, $4, $5` for `placeholders(3, 3)`: the inside of `in (..)`.
///
/// Each count is a statement of its own to the caches; round up to a few sizes
/// (repeating the last value) where counts vary a lot.
pub fn placeholders(first: usize, count: usize) -> String {
    let mut text = String::new();
    for number in first..first + count {
        if number > first {
            text.push_str(", ");
        }
        let _ = write!(text, "${number}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn placeholders_count_from_the_first() {
        assert_eq!(placeholders(3, 3), "$3, $4, $5");
        assert_eq!(placeholders(1, 1), "$1");
    }
}
