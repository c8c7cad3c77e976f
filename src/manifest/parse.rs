use std::path::Path;

use serde::Deserialize;
use serde_yaml::Spanned;

use super::after::names;
use super::{Location, ManifestError, yaml};
use crate::model::{Change, ChangeKind, ChangeName, Deploy, Identifier, Rename, Stage};

/// One stage file of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The migration's id; the time it was generated at, `YYYYMMDDHHMMSS`.
    pub id: u64,
    /// The change that it is a stage of.
    pub change: ChangeName,
    /// The stage.
    pub stage: Stage,
    /// The time at which the stage runs; the file and the stage agree on it.
    pub deploy: Deploy,
    /// What must be done before: the backfill of another change, or another migration.
    pub after: Vec<ChangeName>,
    /// The kind of change, with its tables and columns.
    pub kind: ChangeKind,
}

impl Manifest {
    /// Reads a stage file. Errors name it as `file`.
    ///
    /// # Errors
    /// The text is not exactly one stage file: see [`ManifestError`].
    pub fn parse(file: &Path, text: &str) -> Result<Self, ManifestError> {
        let raw: Raw = yaml::read(file, text)?;
        let at = |location| Location::at(file, location);
        let change = raw.change.value.parse().map_err(|source| ManifestError::Change {
            location: at(raw.change.referenced),
            source,
        })?;
        let stage = Stage::from_word(&raw.stage.value).ok_or_else(|| ManifestError::Stage {
            location: at(raw.stage.referenced),
            word: raw.stage.value.clone(),
        })?;
        let deploy = stage.deploy();
        if raw.deploy.value != deploy.as_str() {
            let location = at(raw.deploy.referenced);
            return Err(ManifestError::Deploy { location, stage, word: raw.deploy.value });
        }
        let Some(rename) = raw.rename else {
            let location = at(raw.change.referenced);
            return Err(ManifestError::Kind { location, change });
        };
        let kind = ChangeKind::Rename(rename.checked(file)?);
        let after = match raw.after {
            Some(after) => names(&after.value).map_err(|source| ManifestError::After {
                location: at(after.referenced),
                source,
            })?,
            None => Vec::new(),
        };
        Ok(Self { id: raw.id, change, stage, deploy, after, kind })
    }

    /// The change that this is a stage of.
    #[must_use]
    pub fn change(&self) -> Change {
        Change { name: self.change.clone(), kind: self.kind.clone() }
    }
}

/// A stage file before it is checked; the key for the kind of change may vary.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: u64,
    change: Spanned<String>,
    stage: Spanned<String>,
    deploy: Spanned<String>,
    after: Option<Spanned<String>>,
    rename: Option<RawRename>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRename {
    table: Spanned<String>,
    from: Spanned<String>,
    to: Spanned<String>,
}

impl RawRename {
    fn checked(self, file: &Path) -> Result<Rename, ManifestError> {
        let wrong = |key, location| {
            move |source| ManifestError::Name {
                location: Location::at(file, location),
                key,
                source,
            }
        };
        let table = self.table.value.parse().map_err(wrong("table", self.table.referenced))?;
        let from = Identifier::new(self.from.value).map_err(wrong("from", self.from.referenced))?;
        let to = Identifier::new(self.to.value).map_err(wrong("to", self.to.referenced))?;
        if from == to {
            let location = Location::at(file, self.to.referenced);
            return Err(ManifestError::SameName { location, name: to });
        }
        Ok(Rename { table, from, to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_before_is_a_list_of_names() {
        let file = Path::new("a.yml");
        let text = format!("{GOOD}after: fill_slugs, rename_a\n");
        let after = Manifest::parse(file, &text).unwrap().after;
        assert_eq!(
            after.iter().map(ChangeName::as_str).collect::<Vec<_>>(),
            ["fill_slugs", "rename_a"]
        );
        assert!(
            error(&format!("{GOOD}after: Fill slugs\n")).starts_with("a.yml:7:8: `after` names")
        );
        assert!(error(&format!("{GOOD}after: a,\n")).starts_with("a.yml:7:8: `after` names"));
    }

    const GOOD: &str = "# Stage 1 of 3: expand.\nid: 20261121093000\nchange: rename_users_username_to_handle\nstage: expand\ndeploy: pre\nrename: { table: users, from: username, to: handle }\n";

    fn error(text: &str) -> String {
        let error = Manifest::parse(Path::new("a.yml"), text).unwrap_err();
        assert!(error.hint().is_some());
        let source = std::error::Error::source(&error).map(ToString::to_string);
        [Some(error.to_string()), source].into_iter().flatten().collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn a_stage_file_is_read() {
        for text in [GOOD.to_owned(), GOOD.replace('\n', "\r\n")] {
            let manifest = Manifest::parse(Path::new("a.yml"), &text).unwrap();
            assert_eq!(manifest.id, 20_261_121_093_000);
            assert_eq!(manifest.stage, Stage::Expand);
            assert_eq!(manifest.deploy, Deploy::Pre);
            assert_eq!(manifest.change().rename().to_string(), "users.username -> handle");
        }
    }

    #[test]
    fn names_are_taken_literally() {
        let text = GOOD
            .replace("users,", "app.\"my users\" ,")
            .replace("table: app.\"my users\"", "table: 'app.\"my.users\"'")
            .replace("username, to", "\"a.b\", to")
            .replace("handle }", "123 }");
        let manifest = Manifest::parse(Path::new("a.yml"), &text).unwrap();
        let change = manifest.change();
        let rename = change.rename();
        assert_eq!(rename.table.name.as_str(), "my.users");
        assert_eq!(rename.from.as_str(), "a.b");
        assert_eq!(rename.to.as_str(), "123");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let with = |line: &str, instead: &str| GOOD.replace(line, instead);
        let lines: Vec<String> = [
            String::new(),
            with("stage: expand\n", "stage: expand\nstage: expand\n"),
            with("stage: expand\n", "stage: expand\ncolour: red\n"),
            with("id: 2026", "id: x2026"),
            with("id: 20261121093000\n", ""),
            with("id: 20261121093000", "id: -1"),
            with("deploy: pre", "deploy: post"),
            with("deploy: pre", "deploy: later"),
            with("stage: expand\nd", "stage: explode\nd"),
            with("rename_users", "Rename-users"),
            with("rename: {", "rename: {{"),
            with("rename: { table: users, from: username, to: handle }\n", ""),
            with("to: handle", "to: username"),
            with("to: handle", "to: \"\""),
            with("to: handle", "to: \"a\\0\""),
            with("table: users", "table: a.b.c"),
            with("to: handle", "to: [handle]"),
            with("to: handle", "to: handle, as: x"),
            with("to: handle", "to: ~"),
            with("change: r", "change: &x r"),
            with("rename: {", "rename: { <<: {from: x},"),
            format!("{GOOD}---\n{GOOD}"),
            "- 1\n".to_owned(),
            "\u{1}\u{2}".to_owned(),
            "[".repeat(1000),
            "#".repeat(100_000),
        ]
        .iter()
        .map(|text| error(text))
        .collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        a.yml:1:1: unexpected end of file
        a.yml:5:1: key `stage` is given twice
        a.yml:5:1: unknown field `colour`, expected one of id, change, stage, deploy, after, rename
        a.yml:2:5: this must be a whole number, not negative
        a.yml:5:1: missing field `id`
        a.yml:2:5: this must be a whole number, not negative
        a.yml:5:9: `deploy: post` does not fit stage `expand`, which has `deploy: pre`
        a.yml:5:9: `deploy: later` does not fit stage `expand`, which has `deploy: pre`
        a.yml:4:8: `explode` is not a stage; use `expand`, `backfill` or `contract`
        a.yml:3:9: the value of `change` is not a valid change id | `Rename-users_username_to_handle` is not a valid change id; use 1 to 120 lower-case letters, digits or `_`
        a.yml:6:9: unclosed bracket '{'
        a.yml:3:9: change `rename_users_username_to_handle` does not say what it does; it has no `rename`
        a.yml:6:45: `from` and `to` are both `username`
        a.yml:6:45: the value of `to` is not a valid name | a name is empty in ``
        a.yml:6:45: the value of `to` is not a valid name | `a\u{0}` contains a NUL character
        a.yml:6:18: the value of `table` is not a valid name | `a.b.c` is not of the form `table.column` or `schema.table.column`
        a.yml:6:45: expected string scalar
        a.yml:6:53: unknown field `as`, expected one of table, from, to
        a.yml:6:45: null is not allowed here
        a.yml:3:12: anchors and aliases are not allowed
        a.yml:6:11: merge key not allowed here
        a.yml:7:1: the file has more than one document
        a.yml:1:1: expected mapping start
        a.yml:1:1: unexpected character: `\u{1}'
        a.yml:1:9: recursion limit exceeded
        a.yml: the file has 100000 bytes; at most 65536 are read
        "#);
        assert!(lines.iter().all(|line| !line.contains('\n')));
    }
}
