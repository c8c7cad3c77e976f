//! The examples at the heads of the files: each is what the rewriter really does.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::model::{ComputedDefault, Numbering};
use crate::shim::known_columns::{KnownColumns, TableColumns};
use crate::shim::rewrite::analyze;

/// One `Given … becomes …` at the head of a file.
struct Example {
    file: String,
    /// The line that says which state and database it is about.
    given: String,
    sql: String,
    expect: String,
}

/// The rooms whose files all begin with an example.
const ROOMS_WITH_EXAMPLES: [&str; 3] = ["read/", "write/", "utility/"];

/// Files of these rooms that say only how something is kept.
const WITHOUT_EXAMPLE: [&str; 2] = ["write/compute_once/value.rs", "resolve/dropped_column.rs"];

fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/shim/rewrite");
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.retain(|(name, _)| !name.starts_with("tests/"));
    files.sort();
    files
}

fn examples(file: &str, text: &str) -> Vec<Example> {
    let doc: Vec<&str> =
        text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
    let doc = doc.join("\n");
    let found = doc.split("\n\nGiven ").skip(1).map(|part| {
        let (given, rest) = part.split_once(":\n\n```sql\n").unwrap();
        let (block, _) = rest.split_once("\n```").unwrap();
        let (sql, expect) = block.split_once("\n-- becomes\n").unwrap();
        let file = file.to_owned();
        Example { file, given: one_line(given), sql: one_line(sql), expect: one_line(expect) }
    });
    found.collect()
}

impl Example {
    /// The text that the rewriter makes of the example, or its error.
    fn found(&self) -> String {
        let word = |among: &[&str]| {
            let found = among.iter().position(|word| self.given.contains(word));
            found.unwrap_or_else(|| panic!("{}: {}", self.file, self.given))
        };
        let states = ["`dual_write`", "`write_to`", "`pending`"];
        let state = [DUAL_WRITE, WRITE_TO, State::Pending][word(&states)];
        let dialect = [Dialect::Sqlite, Dialect::Postgres, Dialect::MariaDb]
            [word(&["SQLite", "PostgreSQL", "MariaDB"])];
        let mut mapping = if self.given.contains("`bigint`") {
            super::retyped::mapping(state, dialect, Side::To)
        } else {
            mapping(state, dialect, Side::To)
        };
        if self.given.contains("`new_id()`") {
            let numbering = self.given.contains("identity").then_some(Numbering::Always);
            let not_null = self.given.contains("NOT NULL");
            let default = ComputedDefault { sql: "new_id()".to_owned(), not_null, numbering };
            mapping.add_default(&rename(), default);
        }
        // As the shim does it, which asks the database.
        let rewritten = match rewrite(&self.sql, dialect, &mapping) {
            Err(error) if !error.undecided_tables().is_empty() => {
                let mut known = KnownColumns::default();
                let names = ["pid", "author", "title"].map(str::to_owned).to_vec();
                let posts = TableColumns { names, unlisted: Vec::new() };
                known.insert("posts".parse().unwrap(), posts);
                analyze(&self.sql, dialect, &mapping, &known).map(|analysis| analysis.rewrite)
            }
            rewritten => rewritten,
        };
        match rewritten {
            Ok(Rewrite::Untouched) => self.sql.clone(),
            Ok(Rewrite::Edited { sql, .. }) => one_line(&sql),
            Err(error) => {
                let error = error.to_string();
                format!("an error: {}", error.split(", in `").next().unwrap())
            }
        }
    }
}

#[test]
fn each_file_does_what_the_example_at_its_head_says() {
    let examples: Vec<Example> =
        files().iter().flat_map(|(name, text)| examples(name, text)).collect();
    assert!(examples.len() > 50, "{}", examples.len());
    let wrong: Vec<String> = examples
        .iter()
        .filter(|example| example.found() != example.expect)
        .map(|example| format!("{}\n  {}\n  {}", example.file, example.sql, example.found()))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_file_that_rewrites_begins_with_an_example() {
    for (name, text) in files() {
        assert!(text.starts_with("//! "), "{name} does not say what it is for");
        let rewrites = ROOMS_WITH_EXAMPLES.iter().any(|room| name.starts_with(room));
        if rewrites && !name.ends_with("mod.rs") && !WITHOUT_EXAMPLE.contains(&name.as_str()) {
            assert!(!examples(&name, &text).is_empty(), "{name} has no example");
        }
    }
}
