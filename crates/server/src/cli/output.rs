//! What a command prints: plain and aligned for people, JSON for programs.

use std::io::Write as _;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::exit::Failure;

/// Where answers go: results to standard output, everything else to standard error.
pub(super) struct Output {
    is_json: bool,
}

impl Output {
    pub const fn new(is_json: bool) -> Self {
        Self { is_json }
    }

    /// Prints what the API answered, or what `show` makes of it.
    pub fn show(&self, answer: &Value, show: impl FnOnce(&Value) -> String) {
        if self.is_json {
            self.json(answer);
        } else {
            self.raw(&show(answer));
        }
    }

    /// Prints one of many as it comes: as JSON in one line, or what `show` makes of it.
    pub fn line(&self, value: &Value, show: impl FnOnce(&Value) -> String) {
        if self.is_json {
            self.raw(&format!("{value}\n"));
        } else {
            self.raw(&show(value));
        }
    }

    /// Prints `value` as JSON.
    pub fn json(&self, value: &Value) {
        self.raw(&format!("{value:#}\n"));
    }

    /// Says what was done, where there is no answer to show.
    pub fn done(&self, text: &str) {
        if !self.is_json {
            self.raw(&format!("{text}\n"));
        }
    }

    /// Prints `text` as it is. Whoever reads us may have gone away: that is no
    /// trouble of ours.
    #[expect(clippy::unused_self, reason = "whoever prints has the output at hand")]
    pub fn raw(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Says something beside the result.
    #[expect(clippy::unused_self, reason = "whoever prints has the output at hand")]
    pub fn note(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Says why it did not work.
    pub fn fail(&self, failure: &Failure) -> ExitCode {
        if failure.lines().is_empty() {
            return failure.exit_code();
        }
        if self.is_json {
            let problem = match failure {
                Failure::Problem(problem) => problem.clone(),
                other => json!({ "detail": other.lines().join("\n"), "exit": other.code() }),
            };
            self.note(&format!("{problem:#}"));
        } else {
            self.note(&failure.lines().join("\n"));
        }
        failure.exit_code()
    }
}

/// Lines with aligned columns; the last column is as long as it likes.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = head.iter().map(|title| title.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    let head = head.iter().map(|title| (*title).to_owned()).collect();
    for row in std::iter::once(&head).chain(rows) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width + 2 - cell.chars().count().min(*width)));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Names with their values, one a line; those without a value are left out.
pub(super) fn facts(facts: &[(&str, String)]) -> String {
    let there = || facts.iter().filter(|(_, value)| !value.is_empty());
    let width = there().map(|(name, _)| name.len()).max().unwrap_or(0);
    there().map(|(name, value)| format!("{name:width$}  {value}\n")).collect()
}

/// The text of a value: of a string what it says, of nothing nothing.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The items of a list.
pub(super) fn items(answer: &Value) -> &[Value] {
    answer["items"].as_array().map_or(&[], Vec::as_slice)
}

/// The first line of a text, cut short.
pub(super) fn short(text: &str, most: usize) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > most || text.lines().count() > 1 {
        let cut: String = line.chars().take(most.saturating_sub(1)).collect();
        return format!("{cut}…");
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_lines_have_no_tail() {
        let rows = vec![vec!["a".into(), "x".into()], vec!["long".into(), String::new()]];
        assert_eq!(table(&["id", "name"], &rows), "id    name\na     x\nlong\n");
    }

    #[test]
    fn a_text_is_cut_to_one_line() {
        assert_eq!(short("hello", 10), "hello");
        assert_eq!(short("hello\nworld", 10), "hello…");
        assert_eq!(short("hello world", 6), "hello…");
    }
}
