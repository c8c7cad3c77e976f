//! The name of a migration's file: `20261121093000_add_index.post.sql` and its parts.

use super::FileKind;
use crate::model::{ChangeName, Deploy, Stage};

/// The parts of a file name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileName {
    pub(super) id: u64,
    pub(super) slug: String,
    pub(super) kind: FileKind,
}

/// The names that a file in a folder of migrations may have.
pub(super) const EXPECTED: &str = "its name must be `<timestamp>_<name>` of at most 17 digits \
     and of `a-z`, `0-9` and `_`, and end in `.expand.yml`, `.backfill.yml`, `.contract.yml`, \
     `.sql`, `.post.sql` or `.slot.yml`";

impl FileName {
    /// Reads `<digits>_<slug>` with its ending; `None` if the name is not of that form.
    pub(super) fn parse(file_name: &str) -> Option<Self> {
        let (stem, ending) = file_name.split_once('.')?;
        let kind = match ending {
            "sql" => FileKind::Sql(Deploy::Pre),
            "slot.yml" => FileKind::Slot,
            "post.sql" => FileKind::Sql(Deploy::Post),
            stage => FileKind::Stage(Stage::from_word(stage.strip_suffix(".yml")?)?),
        };
        let (digits, slug) = stem.split_once('_')?;
        let fits = (1..=17).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if !fits || slug.parse::<ChangeName>().is_err() {
            return None;
        }
        Some(Self { id: digits.parse().ok()?, slug: slug.to_owned(), kind })
    }
}

/// The name of a migration's file.
#[must_use]
pub fn file_name(id: u64, slug: &str, kind: FileKind) -> String {
    match kind {
        FileKind::Stage(stage) => format!("{id}_{slug}.{stage}.yml"),
        FileKind::Slot => format!("{id}_{slug}.slot.yml"),
        FileKind::Sql(Deploy::Pre) => format!("{id}_{slug}.sql"),
        FileKind::Sql(Deploy::Post) => format!("{id}_{slug}.post.sql"),
        FileKind::Rust(Deploy::Pre) => format!("{id}_{slug}.rs"),
        FileKind::Rust(Deploy::Post) => format!("{id}_{slug}.post.rs"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for kind in Stage::ALL.map(FileKind::Stage).into_iter().chain([
            FileKind::Sql(Deploy::Pre),
            FileKind::Sql(Deploy::Post),
            FileKind::Slot,
        ]) {
            let text = file_name(20_261_121_093_000, "add_x", kind);
            let name = FileName { id: 20_261_121_093_000, slug: "add_x".to_owned(), kind };
            assert_eq!(FileName::parse(&text), Some(name), "{text}");
        }
    }

    #[test]
    fn other_names_are_not_migrations() {
        for text in [
            "",
            ".",
            "1",
            "1_",
            "_x.sql",
            "1_.sql",
            "1_x",
            "1_x.yml",
            "1_x.expand.yaml",
            "1_x.explode.yml",
            "1_x.pre.sql",
            "1_X.sql",
            "1_x y.sql",
            "1_x.expand.yml~",
            "123456789012345678_x.sql",
            "+1_x.sql",
            "１_x.sql",
            "1_x..sql",
            "1_é.sql",
        ] {
            assert_eq!(FileName::parse(text), None, "{text:?}");
        }
    }
}
