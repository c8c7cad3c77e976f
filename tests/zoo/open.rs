//! What is known not to be right yet.

use std::collections::BTreeMap;

/// The cases that fail today, by `DATABASE/CASE`, with the reason.
pub struct Open(BTreeMap<String, String>);

impl Open {
    pub fn read() -> Self {
        let text =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/zoo/open.txt"));
        let text = text.unwrap();
        let lines = text.lines();
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let entry = |line: &str| {
            let (case, reason) = line.split_once(" — ").expect("a line `DATABASE/CASE — reason`");
            (case.to_owned(), reason.to_owned())
        };
        Self(lines.map(entry).collect())
    }

    /// The verdict on a case: nothing, or what is wrong with it.
    pub fn judge(&self, case: &str, result: &Result<(), String>) -> Option<String> {
        match (result, self.0.get(case)) {
            (Ok(()), None) | (Err(_), Some(_)) => None,
            (Ok(()), Some(_)) => {
                Some(format!("## {case}\nit is right now: remove it from tests/zoo/open.txt\n"))
            }
            (Err(said), None) => Some(format!("## {case}\n{said}\n")),
        }
    }

    /// The entries that begin so and are none of these cases.
    pub fn unknown(&self, prefix: &str, cases: &[String]) -> Vec<&str> {
        let own = self.0.keys().filter(|case| case.starts_with(prefix));
        own.filter(|case| !cases.contains(case)).map(String::as_str).collect()
    }
}
