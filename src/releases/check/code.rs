use std::collections::HashMap;
use std::path::Path;

use super::Finding;
use super::rule::COLUMN_STILL_NAMED;
use super::scan::words;
use crate::model::{Change, Release, Stage};
use crate::releases::Migration;

/// The marker of a line that is skipped.
const ALLOW: &str = "handover:allow";

/// The names that the code should no longer use: those of columns whose contract has been reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    former: HashMap<String, Former>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Former {
    table: String,
    from: String,
    /// The name to use instead; `None` if the column was dropped.
    to: Option<String>,
    release: Release,
}

impl Words {
    /// Collects the former names of columns in code of a release; none if the release is not known.
    pub(super) fn new(migrations: &[Migration], reached: Option<&Release>) -> Self {
        let mut former = HashMap::new();
        let Some(reached) = reached else { return Self { former } };
        let key = |table: &str, column: &str| (table.to_lowercase(), column.to_lowercase());
        // In the order of the releases, so that the last word on a name counts.
        let mut gone: HashMap<(String, String), (&Change, &Release)> = HashMap::new();
        for migration in migrations {
            let (Some(change), Some(release)) = (migration.change(), &migration.release) else {
                continue;
            };
            let rename = change.columns();
            let table = rename.table.name.as_str();
            match migration.stage() {
                // Code does without it from then on.
                Some(Stage::Expand) if change.course().drops && reached.has_reached(release) => {
                    gone.insert(key(table, rename.from.as_str()), (change, release));
                }
                _ if change.course().drops => {}
                Some(Stage::Expand) => {
                    gone.remove(&key(table, rename.to.as_str()));
                }
                Some(Stage::Contract)
                    if reached.has_reached(release) && !change.course().keeps_name =>
                {
                    gone.insert(key(table, rename.from.as_str()), (change, release));
                }
                _ => {}
            }
        }
        for (change, release) in gone.into_values() {
            let rename = change.columns();
            let from = rename.from.as_str();
            if !from.chars().all(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let told = Former {
                table: rename.table.to_string(),
                from: from.to_owned(),
                to: (!change.course().drops).then(|| rename.to.to_string()),
                release: release.clone(),
            };
            // The name that sea-orm gives the column: `Column::UserName`.
            former.insert(in_camels(from), told.clone());
            former.insert(from.to_owned(), told);
        }
        Self { former }
    }

    /// Returns true if there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.former.is_empty()
    }

    /// Finds the uses of these names in a file of code. In Rust, comments do not count.
    #[must_use]
    pub fn find(&self, path: &Path, text: &str) -> Vec<Finding> {
        let is_rust = path.extension().is_some_and(|ending| ending == "rs");
        let (mut findings, mut line, mut begin) = (Vec::new(), 1_u64, 0);
        for (at, word) in words(text, is_rust) {
            let Some(former) = self.former.get(word) else { continue };
            let between = &text[begin..at];
            line += between.matches('\n').count() as u64;
            begin = between.rfind('\n').map_or(begin, |newline| begin + newline + 1);
            if text[begin..].lines().next().is_some_and(|line| line.contains(ALLOW)) {
                continue;
            }
            let column = text[begin..at].chars().count() as u64 + 1;
            let Former { table, from, to, release } = former;
            let (now, instead) = match to {
                Some(to) => (format!("is `{to}`"), format!("use `{to}`")),
                None => ("has been dropped".to_owned(), "do without it".to_owned()),
            };
            let message = format!(
                "{}:{line}:{column}: `{word}` is named, but the column `{from}` of `{table}` {now} \
                 since {release}",
                path.display()
            );
            let hint = format!("{instead}, or write `{ALLOW}` in a comment on the line");
            findings.push(Finding {
                line: Some(line),
                column: Some(column),
                ..Finding::new(COLUMN_STILL_NAMED, path, message, hint)
            });
        }
        findings
    }
}

/// Converts `user_name` to `UserName`.
fn in_camels(name: &str) -> String {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    name.split('_').map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::releases::sample::rename;

    fn found(migrations: &[Migration], reached: &str, path: &str, text: &str) -> Vec<String> {
        let words = Words::new(migrations, reached.parse().ok().as_ref());
        let findings = words.find(Path::new(path), text);
        findings
            .iter()
            .map(|found| format!("{}:{}", found.line.unwrap(), found.column.unwrap()))
            .collect()
    }

    #[test]
    fn the_former_name_is_found_from_the_contract_on() {
        let migrations = rename(10, "users.user_name", "handle", ["9.0.0", "9.0.0", "9.0.1"]);
        let text = "// user_name\nlet a = \"é user_name\";\nColumn::UserName; // x\n\
                    user_names; user_name2; a.user_name // handover:allow\n\"\n\nuser_name\"";
        assert_eq!(found(&migrations, "9.0.1", "a.rs", text), ["2:12", "3:9", "7:1"]);
        assert_eq!(found(&migrations, "9.0.1-rc.1", "a.txt", "user_name"), ["1:1"]);
        assert_eq!(found(&migrations, "9.0.0", "a.rs", text), Vec::<String>::new());
        assert_eq!(found(&migrations, "", "a.rs", text), Vec::<String>::new());
        let words = Words::new(&migrations, Some(&Release::new(9, 0, 1)));
        insta::assert_snapshot!(words.find(Path::new("a.rs"), "x.user_name")[0].message, @"a.rs:1:3: `user_name` is named, but the column `user_name` of `users` is `handle` since 9.0.1");
    }

    #[test]
    fn a_name_that_a_column_has_again_is_not_former() {
        let mut migrations = rename(10, "users.a", "b", ["9.0.0", "9.0.0", "9.0.1"]);
        migrations.extend(rename(20, "users.b", "a", ["9.1.0", "9.1.0", "9.1.1"]));
        assert_eq!(found(&migrations, "9.0.1", "a.rs", "a b"), Vec::<String>::new());
        let (first, _) = migrations.split_at(3);
        assert_eq!(found(first, "9.0.1", "a.rs", "a b"), ["1:1"]);
        assert_eq!(found(&migrations, "9.1.1", "a.rs", "a b"), ["1:3"]);
    }
}
