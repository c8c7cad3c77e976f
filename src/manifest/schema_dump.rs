//! The format of a schema dump: its header, its SQL, and its trailer with the migrations.

use std::collections::HashSet;
use std::fmt;
use std::path::Path;

use super::{Checksum, Location};
use crate::model::Release;

/// A schema dump: the SQL that creates the schema in an empty database, and the migrations that
/// need not run there because the schema contains their effects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaDump {
    /// The kind of database whose SQL it is.
    pub kind: DatabaseKind,
    /// The release that the schema has reached; `None` if it has reached none.
    pub release: Option<Release>,
    /// The statements, without empty lines before and after.
    pub sql: String,
    /// The migrations that the schema contains, by release, then by id.
    pub migrations: Vec<DumpedMigration>,
}

/// A migration that a schema dump contains: one line of its trailer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DumpedMigration {
    /// Its id: the digits at the start of the file name.
    pub id: u64,
    /// Its release.
    pub release: Release,
    /// The checksum of its file.
    pub checksum: Checksum,
    /// The file's name after the id: `rename_users_username_to_handle.expand.yml`.
    pub file: String,
}

/// The kinds of database that have a schema dump of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DatabaseKind {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MariaDB.
    Mariadb,
}

/// The reason why a file is not a valid schema dump.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{location}: {reason}")]
pub struct DumpError {
    /// The position of the error.
    pub location: Location,
    /// The description of the error.
    pub reason: String,
}

const HEADER: &str = "-- handover schema dump, format ";
const FORMAT: &str = "1";
const NO_RELEASE: &str = "-- at no release";
const RELEASE: &str = "-- at release ";
const MIGRATION: &str = "-- migration ";

impl DatabaseKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mariadb];

    /// The word used in a dump and in its file's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mariadb => "mariadb",
        }
    }

    /// The name of the project's dump of this kind, in its root.
    #[must_use]
    pub const fn dump_file(self) -> &'static str {
        match self {
            Self::Sqlite => "schema.sqlite.sql",
            Self::Postgres => "schema.postgres.sql",
            Self::Mariadb => "schema.mariadb.sql",
        }
    }
}

impl fmt::Display for DatabaseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl DumpError {
    /// The next thing to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some("restore the file, or regenerate it: `handover db dump`".to_owned())
    }
}

impl SchemaDump {
    /// Reads a dump. Does not check its SQL.
    ///
    /// # Errors
    /// The header or trailer is not valid in this format; `file` names the dump in the message.
    pub fn parse(file: &Path, text: &str) -> Result<Self, DumpError> {
        let wrong = |line: usize, reason: String| DumpError {
            location: Location { file: file.to_owned(), position: Some((line as u64 + 1, 1)) },
            reason,
        };
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let line = |at: usize| lines.get(at).map_or("", |line| line.trim_end());
        let kind = header(line(0)).map_err(|reason| wrong(0, reason))?;
        let release = at_release(line(1)).map_err(|reason| wrong(1, reason))?;
        let is_migration = |line: &&&str| line.starts_with(MIGRATION);
        let listed = lines[2..].iter().rev().take_while(is_migration).count();
        let trailer = lines.len() - listed;
        let mut migrations: Vec<DumpedMigration> = Vec::with_capacity(listed);
        let mut ids = HashSet::with_capacity(listed);
        for at in trailer..lines.len() {
            let migration = migration(line(at)).map_err(|reason| wrong(at, reason))?;
            if !ids.insert(migration.id) {
                return Err(wrong(at, format!("migration {} is listed twice", migration.id)));
            }
            if migrations.last().is_some_and(|last| order(last) > order(&migration)) {
                let reason = "the migrations are not in the order of their releases and ids";
                return Err(wrong(at, reason.to_owned()));
            }
            migrations.push(migration);
        }
        let sql = lines[2..trailer].concat();
        let sql = sql.trim_matches(['\r', '\n']).to_owned();
        Ok(Self { kind, release, sql, migrations })
    }
}

/// Writes the dump as the text of its file.
impl fmt::Display for SchemaDump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}{FORMAT}, {}", self.kind)?;
        match &self.release {
            Some(release) => writeln!(f, "{RELEASE}{release}")?,
            None => writeln!(f, "{NO_RELEASE}")?,
        }
        if !self.sql.is_empty() {
            writeln!(f, "\n{}", self.sql.trim_matches(['\r', '\n']))?;
        }
        if !self.migrations.is_empty() {
            writeln!(f)?;
        }
        for DumpedMigration { id, release, checksum, file } in &self.migrations {
            writeln!(f, "{MIGRATION}{id} {release} sha256:{checksum} {file}")?;
        }
        Ok(())
    }
}

fn order(migration: &DumpedMigration) -> (&Release, u64) {
    (&migration.release, migration.id)
}

fn header(line: &str) -> Result<DatabaseKind, String> {
    let (format, kind) = line
        .strip_prefix(HEADER)
        .and_then(|rest| rest.split_once(", "))
        .ok_or_else(|| format!("a schema dump begins with `{HEADER}{FORMAT}, sqlite`"))?;
    if format != FORMAT {
        return Err(format!(
            "the dump has format {}; this handover reads format {FORMAT}",
            format.escape_debug()
        ));
    }
    DatabaseKind::ALL
        .into_iter()
        .find(|known| known.as_str() == kind)
        .ok_or_else(|| format!("`{}` is not a known kind of database", kind.escape_debug()))
}

fn at_release(line: &str) -> Result<Option<Release>, String> {
    if line == NO_RELEASE {
        return Ok(None);
    }
    let text = line.strip_prefix(RELEASE).ok_or_else(|| {
        format!("the second line of a schema dump is `{RELEASE}RELEASE` or `{NO_RELEASE}`")
    })?;
    text.parse().map(Some).map_err(|error| format!("{error}"))
}

fn migration(line: &str) -> Result<DumpedMigration, String> {
    let expected =
        || format!("the line is not of the form `{MIGRATION}ID RELEASE sha256:DIGITS FILE`");
    let mut words = line.strip_prefix(MIGRATION).unwrap_or_default().split(' ');
    let (Some(id), Some(release), Some(checksum), Some(file), None) =
        (words.next(), words.next(), words.next(), words.next(), words.next())
    else {
        return Err(expected());
    };
    let digits = id.bytes().all(|b| b.is_ascii_digit());
    let checksum = checksum.strip_prefix("sha256:").and_then(Checksum::from_digits);
    match (id.parse(), checksum) {
        (Ok(id), Some(checksum)) if digits && !file.is_empty() => Ok(DumpedMigration {
            id,
            release: release.parse().map_err(|error| format!("{error}"))?,
            checksum,
            file: file.to_owned(),
        }),
        _ => Err(expected()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> SchemaDump {
        let migration = |id, release: &str, file: &str| DumpedMigration {
            id,
            release: release.parse().unwrap(),
            checksum: Checksum::of(file.as_bytes()),
            file: file.to_owned(),
        };
        SchemaDump {
            kind: DatabaseKind::Sqlite,
            release: Some(Release::new(10, 0, 0)),
            sql: "CREATE TABLE a (b text DEFAULT '\n-- migration of mine\n');\n\n-- migration 7"
                .to_owned()
                + "\nCREATE TABLE c (d);",
            migrations: vec![
                migration(20, "9.0.0", "rename_a_b_to_c.expand.yml"),
                migration(3, "10.0.0", "add.post.sql"),
            ],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let empty =
            SchemaDump { release: None, sql: String::new(), migrations: vec![], ..sample() };
        for dump in [
            sample(),
            SchemaDump { release: None, ..sample() },
            SchemaDump { sql: String::new(), ..sample() },
            SchemaDump { migrations: Vec::new(), kind: DatabaseKind::Postgres, ..sample() },
            SchemaDump { kind: DatabaseKind::Mariadb, ..empty },
        ] {
            let text = dump.to_string();
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{text}");
            assert_eq!(SchemaDump::parse(Path::new("x"), &text).unwrap(), dump, "{text}");
        }
        let windows = sample().to_string().replace('\n', "\r\n");
        let windows = SchemaDump::parse(Path::new("x"), &windows).unwrap();
        assert_eq!(windows.migrations, sample().migrations);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let text = sample().to_string();
        for (what, instead, expect) in [
            (text.as_str(), "", "x:1:1: a schema dump begins with `-- handover schema dump"),
            ("format 1, sqlite", "format 2, sqlite", "x:1:1: the dump has format 2; this"),
            ("1, sqlite", "1, oracle", "x:1:1: `oracle` is not a known kind of database"),
            ("-- at release 10.0.0\n", "", "x:2:1: the second line of a schema dump is"),
            ("-- at release 10.0.0", "-- at release ten", "x:2:1: `ten` is not a version"),
            ("-- migration 20 ", "-- migration +20 ", "x:11:1: the line is not of the form"),
            ("sha256:", "md5:", "x:11:1: the line is not of the form"),
            (" add.post.sql", "", "x:12:1: the line is not of the form"),
            ("add.post.sql", "add post.sql", "x:12:1: the line is not of the form"),
            (" 9.0.0 ", " 9.x ", "x:11:1: `9.x` is not a version"),
            (" 9.0.0 ", " 11.0.0 ", "x:12:1: the migrations are not in the order"),
            ("-- migration 3 ", "-- migration 20 ", "x:12:1: migration 20 is listed twice"),
        ] {
            assert!(text.contains(what), "{what}");
            let error = SchemaDump::parse(Path::new("x"), &text.replace(what, instead));
            let error = error.unwrap_err();
            assert!(error.hint().is_some());
            assert!(error.to_string().starts_with(expect), "{error}");
        }
        let error = SchemaDump::parse(Path::new("x"), "-- handover schema dump, format 1, sqlite");
        assert!(error.unwrap_err().to_string().starts_with("x:2:1: "));
    }
}
