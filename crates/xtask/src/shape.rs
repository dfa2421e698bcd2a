//! Files that fit in the head, and exceptions that give their reason.

use crate::sources::Source;

/// Lines of a file, tests apart. A file that outgrows this is two ideas.
const LONGEST: usize = 450;

pub fn check(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let lines = source.code().last().map_or(0, |(number, _)| number);
        if lines > LONGEST && !source.is_test() {
            found.push(format!("{}: {lines} lines; {LONGEST} at most", source.path));
        }
        for (number, line) in source.code() {
            if line.trim_start().starts_with("#[allow(")
                || line.trim_start().starts_with("#![allow(")
            {
                found.push(format!(
                    "{}:{number}: #[allow]: use #[expect(.., reason = \"..\")]",
                    source.path
                ));
            }
        }
        let opens = source.lines.first().is_some_and(|line| line.starts_with("//!"));
        if !opens && !source.is_test() {
            found.push(format!("{}: a module opens with why it exists (//!)", source.path));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_reason_is_found() {
        let source = Source { path: "crates/db/src/x.rs".into(), lines: vec!["fn x() {}".into()] };
        assert_eq!(check(&[source]).len(), 1);
    }

    #[test]
    fn a_long_file_is_found() {
        let mut lines = vec!["//! Long.".to_owned()];
        lines.resize(LONGEST + 1, "x".into());
        let source = Source { path: "crates/db/src/x.rs".into(), lines };
        assert_eq!(check(&[source]).len(), 1);
    }
}
