//! A kind of change is named where it is listed, and nowhere else.

use std::fs;
use std::path::{Path, PathBuf};

/// The files that name a kind of change, each with the number of lines that do. A new line here is a
/// place that has to be found when a kind is added: let the kind offer what is needed instead.
const LISTS: [(&str, usize); 11] = [
    ("cli/messages/change.rs", 10),
    ("generator/advice.rs", 4),
    ("generator/drop_column.rs", 1),
    ("generator/embedded_templates.rs", 11),
    ("generator/rename.rs", 3),
    ("generator/retype.rs", 1),
    ("manifest/parse.rs", 4),
    ("migrator/compare_ways.rs", 11),
    ("migrator/kinds.rs", 12),
    ("model/change/kind.rs", 28),
    ("plan/impact/change.rs", 4),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Returns true if a line names a kind: a variant, or the key of one in a string.
fn names_a_kind(line: &str) -> bool {
    let line = line.trim_start();
    // A key of JSON output is none.
    !line.starts_with("//")
        && !line.contains("\"rename\": ")
        && [
            "ChangeKind::Rename",
            "Self::Rename(",
            "ChangeKind::Drop",
            "Self::RenameInPlace(",
            "Self::Drop(",
            "\"rename\"",
            "\"rename_in_place\"",
            "\"drop\"",
            "ChangeKind::Retype",
            "Self::Retype(",
            "\"retype\"",
        ]
        .iter()
        .any(|name| line.contains(name))
}

#[test]
fn layout_kinds_are_named_in_their_lists_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let name = file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        if name.contains("/tests") || name.ends_with("sample.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let lines = product.lines().filter(|line| names_a_kind(line)).count();
        if lines > 0 {
            found.push((name, lines));
        }
    }
    let found: Vec<(&str, usize)> =
        found.iter().map(|(name, lines)| (name.as_str(), *lines)).collect();
    assert_eq!(found, LISTS);
}
