//! Code does not use the former name of a column.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::Finding;
use super::rule::COLUMN_STILL_NAMED;
use super::words_of_code::{Word, words};
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

    /// Finds these names in a file of code. In Rust, comments do not count.
    #[must_use]
    pub(in crate::releases) fn find(&self, path: &Path, text: &str) -> Vec<Named> {
        let is_rust = path.extension().is_some_and(|ending| ending == "rs");
        let (mut found, mut line, mut begin) = (Vec::new(), 1_u64, 0);
        for word in words(text, is_rust) {
            let Some(former) = self.former.get(word.text) else { continue };
            let at = word.at;
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
                "{}:{line}:{column}: `{}` is named, but the column `{from}` of `{table}` {now} since \
                 {release}",
                path.display(),
                word.text
            );
            let hint = format!("{instead}, or write `{ALLOW}` in a comment on the line");
            found.push(Named {
                finding: Finding {
                    line: Some(line),
                    column: Some(column),
                    ..Finding::new(COLUMN_STILL_NAMED, path, message, hint)
                },
                column: format!("{table}.{from}"),
                certain: is_use_of(table, word, text),
            });
        }
        found
    }
}

/// A place at which code has the former name of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::releases) struct Named {
    /// The warning.
    pub finding: Finding,
    /// The column, as `table.column`.
    pub column: String,
    /// True if it is the column of that table; otherwise it may be anything of the same name.
    pub certain: bool,
}

/// The number of places that may be anything of the same name, of which each is told.
const TOLD: usize = 10;

/// The warnings of all files: each use that is certain, and of the others the first ones and how many
/// more there are.
pub(in crate::releases) fn warnings(found: Vec<Named>) -> Vec<Finding> {
    let mut others: BTreeMap<String, (usize, PathBuf)> = BTreeMap::new();
    let mut findings = Vec::new();
    for Named { finding, column, certain } in found {
        if !certain {
            let (count, _) = others
                .entry(column)
                .or_insert_with(|| (0, finding.path.clone().unwrap_or_default()));
            *count += 1;
            if *count > TOLD {
                continue;
            }
        }
        findings.push(finding);
    }
    for (column, (count, path)) in others.into_iter().filter(|(_, (count, _))| *count > TOLD) {
        let (more, name) = (count - TOLD, column.rsplit('.').next().unwrap_or_default());
        let message = format!(
            "`{name}` is named in {more} more places, which may or may not mean `{column}`"
        );
        let hint = "rename the field of the entity: the compiler then finds its uses".to_owned();
        findings.push(Finding::new(COLUMN_STILL_NAMED, &path, message, hint));
    }
    findings
}

/// Returns true if a word is the column of this table: in the file of the table's entity, behind the
/// entity's `Column::`, or in a string that names the table too.
fn is_use_of(table: &str, word: Word<'_>, text: &str) -> bool {
    let table = table.rsplit('.').next().unwrap_or(table);
    if let Some(string) = word.string {
        return words(string, false).iter().any(|other| other.text.eq_ignore_ascii_case(table));
    }
    let before = text[..word.at].trim_end();
    let entity = before.strip_suffix("::Column::").map(|before| {
        let letters = |c: char| c.is_alphanumeric() || c == '_';
        before.rsplit(|c: char| !letters(c)).next().unwrap_or_default()
    });
    entity.is_some_and(|entity| is_entity_of(entity, table))
        || text.contains(&format!("table_name = \"{table}\""))
}

/// Returns true for the usual names of a table's entity: `users`, `user`, `Users` and `User` of `users`.
fn is_entity_of(name: &str, table: &str) -> bool {
    let bare = |text: &str| text.replace('_', "").to_lowercase();
    let (name, table) = (bare(name), bare(table));
    name == table
        || table.strip_suffix('s') == Some(&name)
        || table.strip_suffix("es") == Some(&name)
        || table.strip_suffix("ies").is_some_and(|stem| format!("{stem}y") == name)
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
            .map(|found| &found.finding)
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
        insta::assert_snapshot!(words.find(Path::new("a.rs"), "x.user_name")[0].finding.message, @"a.rs:1:3: `user_name` is named, but the column `user_name` of `users` is `handle` since 9.0.1");
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

    #[test]
    fn a_use_of_the_tables_own_column_is_certain() {
        let migrations = rename(10, "categories.name", "title", ["9.0.0", "9.0.0", "9.0.1"]);
        let words = Words::new(&migrations, Some(&Release::new(9, 0, 1)));
        for (text, certain) in [
            ("category::Column::Name", true),
            ("Categories::Column::Name", true),
            ("user::Column::Name", false),
            ("Column::Name", false),
            ("user.name", false),
            ("db.query(\"SELECT name FROM categories\")", true),
            ("db.query(r#\"SELECT name FROM users\"#)", false),
            (
                "#[sea_orm(table_name = \"categories\")]\npub struct Model { pub name: String }",
                true,
            ),
            ("#[sea_orm(table_name = \"users\")]\npub struct Model { pub name: String }", false),
        ] {
            let found = words.find(Path::new("a.rs"), text);
            let all: Vec<bool> = found.iter().map(|found| found.certain).collect();
            assert_eq!(all, [certain], "{text}");
        }
    }

    #[test]
    fn of_many_uncertain_places_the_first_are_told() {
        let migrations = rename(10, "users.name", "handle", ["9.0.0", "9.0.0", "9.0.1"]);
        let words = Words::new(&migrations, Some(&Release::new(9, 0, 1)));
        let text = "x.name\n".repeat(1096) + "\"UPDATE users SET name = 1\"";
        let warnings = warnings(words.find(Path::new("a.rs"), &text));
        assert_eq!(warnings.len(), TOLD + 2);
        let last = &warnings[TOLD + 1].message;
        assert_eq!(
            last,
            "`name` is named in 1086 more places, which may or may not mean `users.name`"
        );
        assert_eq!(warnings[TOLD].line, Some(1097));
    }
}
