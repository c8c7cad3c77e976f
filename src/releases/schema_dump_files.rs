//! Reads and replaces the files of schema dumps.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::ReleasesError;
use crate::manifest::{DatabaseKind, SchemaDump};

/// Reads a schema dump; `file` is relative to `root`, or absolute.
///
/// # Errors
/// There is no such file, or it is not a valid dump.
pub fn read_dump(root: &Path, file: &Path) -> Result<SchemaDump, ReleasesError> {
    let path = || file.to_owned();
    let bytes = fs::read(root.join(file)).map_err(|source| match source.kind() {
        ErrorKind::NotFound => ReleasesError::NoDump { path: path() },
        _ => ReleasesError::Read { path: path(), source },
    })?;
    let text = String::from_utf8(bytes).map_err(|_| ReleasesError::NotUtf8 { path: path() })?;
    Ok(SchemaDump::parse(file, &text)?)
}

/// Reads the project's schema dumps. Returns those that could be read, and the errors of the others.
pub fn read_dumps(root: &Path) -> (Vec<SchemaDump>, Vec<ReleasesError>) {
    let (mut dumps, mut wrong) = (Vec::new(), Vec::new());
    for kind in DatabaseKind::ALL {
        match read_dump(root, Path::new(kind.dump_file())) {
            Ok(dump) => dumps.push(dump),
            Err(ReleasesError::NoDump { .. }) => {}
            Err(error) => wrong.push(error),
        }
    }
    (dumps, wrong)
}

/// Replaces the schema dump, whole or not at all. Returns true if its content has changed.
///
/// # Errors
/// The file cannot be written; the one before is still there.
pub fn write_dump(root: &Path, file: &Path, dump: &SchemaDump) -> Result<bool, ReleasesError> {
    let failed = |source| ReleasesError::Write { path: file.to_owned(), source };
    let (target, text) = (root.join(file), dump.to_string());
    if fs::read(&target).is_ok_and(|bytes| bytes == text.as_bytes()) {
        return Ok(false);
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".handover-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut new = builder.tempfile_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
    new.write_all(text.as_bytes()).and_then(|()| new.as_file().sync_all()).map_err(failed)?;
    new.persist(&target).map_err(|error| failed(error.error))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::DatabaseKind;

    #[test]
    fn a_dump_takes_the_place_of_the_one_before() {
        let root = tempfile::tempdir().unwrap();
        let file = Path::new("schema.sqlite.sql");
        let error = read_dump(root.path(), file).unwrap_err();
        assert_eq!(error.to_string(), "there is no schema dump `schema.sqlite.sql`");
        assert!(error.hint().is_some());
        let mut dump = SchemaDump {
            kind: DatabaseKind::Sqlite,
            release: None,
            sql: "CREATE TABLE a (b);".to_owned(),
            migrations: Vec::new(),
        };
        assert!(write_dump(root.path(), file, &dump).unwrap());
        assert!(!write_dump(root.path(), file, &dump).unwrap());
        dump.sql = "CREATE TABLE b (c);".to_owned();
        assert!(write_dump(root.path(), file, &dump).unwrap());
        assert_eq!(read_dump(root.path(), file).unwrap(), dump);
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
        fs::write(root.path().join(file), b"\xff").unwrap();
        let error = read_dump(root.path(), file).unwrap_err();
        assert!(matches!(error, ReleasesError::NotUtf8 { .. }), "{error}");
        let error = write_dump(root.path(), Path::new("no/x.sql"), &dump).unwrap_err();
        assert!(matches!(error, ReleasesError::Write { .. }), "{error}");
    }
}
