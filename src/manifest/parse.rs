//! Reads a stage file.

use std::path::Path;

use serde::Deserialize;
use serde_yaml::Spanned;

use super::after::names;
use super::retype::RawRetype;
use super::{Location, ManifestError, yaml};
use crate::model::{ChangeKind, ChangeName, ColumnPair, Identifier, Stage};

/// One stage file of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The names of what must be done before: the backfill of another change, or another migration.
    pub after: Vec<ChangeName>,
    /// The kind of change, with its tables and columns.
    pub kind: ChangeKind,
}

/// The name of a stage file, `ID_CHANGE.STAGE.yml`. When the stage runs follows from the stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageName {
    /// The migration's id; the time it was generated at, `YYYYMMDDHHMMSS`.
    pub id: u64,
    /// The change that it is a stage of.
    pub change: ChangeName,
    /// The stage.
    pub stage: Stage,
}

impl Manifest {
    /// Reads a stage file. Errors name it as `file`.
    ///
    /// A text that repeats parts of the file's name, as `stage: expand`, has to agree with it:
    /// generated files did so at first.
    ///
    /// # Errors
    /// The text is not exactly one stage file: see [`ManifestError`].
    pub fn parse(file: &Path, name: &StageName, text: &str) -> Result<Self, ManifestError> {
        let raw: Raw = yaml::read(file, text)?;
        let at = |location| Location::at(file, location);
        let StageName { id, change, stage } = name;
        for (key, repeated, named) in [
            ("id", &raw.id, id.to_string()),
            ("change", &raw.change, change.to_string()),
            ("stage", &raw.stage, stage.to_string()),
            ("deploy", &raw.deploy, stage.deploy().as_str().to_owned()),
        ] {
            if let Some(repeated) = repeated.as_ref().filter(|repeated| repeated.value != named) {
                let location = at(repeated.referenced);
                let found = repeated.value.clone();
                return Err(ManifestError::Differs { location, key, found, named });
            }
        }
        let kind = kind(file, raw.rename, raw.rename_in_place, raw.drop, raw.retype)?;
        if kind.course().end_of(*stage).is_none() {
            let location = Location::file(file);
            return Err(ManifestError::Stage { location, kind: kind.key(), stage: *stage });
        }
        let after = match raw.after {
            Some(after) => names(&after.value).map_err(|source| ManifestError::After {
                location: at(after.referenced),
                source,
            })?,
            None => Vec::new(),
        };
        Ok(Self { after, kind })
    }
}

/// A stage file before it is checked; the key for the kind of change may vary.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Option<Spanned<String>>,
    change: Option<Spanned<String>>,
    stage: Option<Spanned<String>>,
    deploy: Option<Spanned<String>>,
    after: Option<Spanned<String>>,
    rename: Option<RawRename>,
    rename_in_place: Option<RawRename>,
    drop: Option<RawDrop>,
    retype: Option<RawRetype>,
}

/// The kind of change, of which a file says exactly one.
fn kind(
    file: &Path,
    by_copy: Option<RawRename>,
    in_place: Option<RawRename>,
    drop: Option<RawDrop>,
    retype: Option<RawRetype>,
) -> Result<ChangeKind, ManifestError> {
    let location = Location::file(file);
    let keys = ChangeKind::KEYS.into_iter();
    let given = [by_copy.is_some(), in_place.is_some(), drop.is_some(), retype.is_some()];
    let given = keys.zip(given);
    let given: Vec<&str> = given.filter(|(_, is_given)| *is_given).map(|(key, _)| key).collect();
    if let [first, second, ..] = given[..] {
        return Err(ManifestError::Kinds { location, first, second });
    }
    if let Some(rename) = by_copy {
        return Ok(ChangeKind::Rename(rename.checked(file)?));
    }
    if let Some(rename) = in_place {
        return Ok(ChangeKind::RenameInPlace(rename.checked(file)?));
    }
    if let Some(retype) = retype {
        return Ok(ChangeKind::Retype(retype.checked(file)?));
    }
    match drop {
        Some(drop) => Ok(ChangeKind::Drop(drop.checked(file)?)),
        None => Err(ManifestError::Kind { location }),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRename {
    table: Spanned<String>,
    from: Spanned<String>,
    to: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDrop {
    table: Spanned<String>,
    column: Spanned<String>,
    aside: Spanned<String>,
}

impl RawRename {
    fn checked(self, file: &Path) -> Result<ColumnPair, ManifestError> {
        columns(file, &self.table, ("from", self.from), ("to", self.to))
    }
}

impl RawDrop {
    fn checked(self, file: &Path) -> Result<ColumnPair, ManifestError> {
        columns(file, &self.table, ("column", self.column), ("aside", self.aside))
    }
}

/// Checks a table and two of its columns, each given with its key.
fn columns(
    file: &Path,
    table: &Spanned<String>,
    (first, from): (&'static str, Spanned<String>),
    (second, to): (&'static str, Spanned<String>),
) -> Result<ColumnPair, ManifestError> {
    let wrong = |key, location| {
        move |source| ManifestError::Name { location: Location::at(file, location), key, source }
    };
    let location = Location::at(file, to.referenced);
    let table = table.value.parse().map_err(wrong("table", table.referenced))?;
    let from = Identifier::new(from.value).map_err(wrong(first, from.referenced))?;
    let to = Identifier::new(to.value).map_err(wrong(second, to.referenced))?;
    if from == to {
        return Err(ManifestError::SameName { location, first, second, name: to });
    }
    Ok(ColumnPair { table, from, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "# Expand.\nrename: { table: users, from: username, to: handle }\n";

    /// As files were generated at first.
    const REPEATS: &str = "# Stage 1 of 3: expand.\nid: 20261121093000\n\
        change: rename_users_username_to_handle\nstage: expand\ndeploy: pre\n\
        rename: { table: users, from: username, to: handle }\n";

    fn parse(text: &str) -> Result<Manifest, ManifestError> {
        let name = StageName {
            id: 20_261_121_093_000,
            change: "rename_users_username_to_handle".parse().unwrap(),
            stage: Stage::Expand,
        };
        Manifest::parse(Path::new("a.yml"), &name, text)
    }

    fn rename(text: &str) -> ColumnPair {
        parse(text).unwrap().kind.columns().clone()
    }

    fn error(text: &str) -> String {
        let error = parse(text).unwrap_err();
        assert!(error.hint().is_some());
        let source = std::error::Error::source(&error).map(ToString::to_string);
        [Some(error.to_string()), source].into_iter().flatten().collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn a_stage_file_is_read() {
        for text in [GOOD, REPEATS] {
            for text in [text.to_owned(), text.replace('\n', "\r\n")] {
                assert_eq!(rename(&text).to_string(), "users.username -> handle");
            }
        }
    }

    #[test]
    fn what_comes_before_is_a_list_of_names() {
        let after = parse(&format!("{GOOD}after: fill_slugs, rename_a\n")).unwrap().after;
        let after: Vec<_> = after.iter().map(ChangeName::as_str).collect();
        assert_eq!(after, ["fill_slugs", "rename_a"]);
        for list in ["Fill slugs", "a,"] {
            let error = error(&format!("{GOOD}after: {list}\n"));
            assert!(error.starts_with("a.yml:3:8: `after` names"), "{error}");
        }
    }

    #[test]
    fn names_are_taken_literally() {
        let text = GOOD
            .replace("table: users", "table: 'app.\"my.users\"'")
            .replace("username, to", "\"a.b\", to")
            .replace("handle }", "123 }");
        let rename = rename(&text);
        assert_eq!(rename.table.name.as_str(), "my.users");
        assert_eq!(rename.from.as_str(), "a.b");
        assert_eq!(rename.to.as_str(), "123");
    }

    #[test]
    fn what_disagrees_with_the_name_of_the_file_is_an_error() {
        let with = |line: &str, instead: &str| error(&REPEATS.replace(line, instead));
        let lines = [
            with("id: 2026", "id: 2027"),
            with("change: rename_users", "change: rename_user"),
            with("stage: expand\nd", "stage: backfill\nd"),
            with("deploy: pre", "deploy: post"),
        ];
        insta::assert_snapshot!(lines.join("\n"), @r"
        a.yml:2:5: `id` is `20271121093000`, but the name of the file says `20261121093000`
        a.yml:3:9: `change` is `rename_user_username_to_handle`, but the name of the file says `rename_users_username_to_handle`
        a.yml:4:8: `stage` is `backfill`, but the name of the file says `expand`
        a.yml:5:9: `deploy` is `post`, but the name of the file says `pre`
        ");
    }

    #[test]
    fn an_error_names_the_position_in_the_file() {
        let with = |line: &str, instead: &str| GOOD.replace(line, instead);
        let lines: Vec<String> = [
            String::new(),
            format!("{GOOD}after: x\nafter: x\n"),
            format!("colour: red\n{GOOD}"),
            with("rename: {", "rename: {{"),
            with("rename: { table: users, from: username, to: handle }\n", "after: x\n"),
            with("to: handle", "to: username"),
            with("to: handle", "to: \"\""),
            with("to: handle", "to: \"a\\0\""),
            with("table: users", "table: a.b.c"),
            with("to: handle", "to: [handle]"),
            with("to: handle", "to: handle, as: x"),
            with("to: handle", "to: ~"),
            with("from: u", "from: &x u"),
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
        a.yml: the file does not say what to change; it has none of `rename`, `rename_in_place`, `drop`, `retype`
        a.yml:4:1: key `after` is given twice
        a.yml:1:1: unknown field `colour`, expected one of id, change, stage, deploy, after, rename, rename_in_place, drop, retype
        a.yml:2:9: unclosed bracket '{'
        a.yml: the file does not say what to change; it has none of `rename`, `rename_in_place`, `drop`, `retype`
        a.yml:2:45: `from` and `to` are both `username`
        a.yml:2:45: the value of `to` is not a valid name | a name is empty in ``
        a.yml:2:45: the value of `to` is not a valid name | `a\u{0}` contains a NUL character
        a.yml:2:18: the value of `table` is not a valid name | `a.b.c` is not of the form `table.column` or `schema.table.column`
        a.yml:2:45: expected string scalar
        a.yml:2:53: unknown field `as`, expected one of table, from, to
        a.yml:2:45: null is not allowed here
        a.yml:2:34: anchors and aliases are not allowed
        a.yml:2:11: merge key not allowed here
        a.yml:3:1: the file has more than one document
        a.yml:1:1: expected mapping start
        a.yml:1:1: unexpected character: `\u{1}'
        a.yml:1:9: recursion limit exceeded
        a.yml: the file has 100000 bytes; at most 65536 are read
        "#);
        assert!(lines.iter().all(|line| !line.contains('\n')));
    }
}
