//! The app's release, and where it is stated.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::model::{InvalidRelease, Release, Scheme};

/// The release of the app, and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppVersion {
    /// The release.
    pub release: Release,
    /// Its source.
    pub source: VersionSource,
}

/// The source of the app's release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionSource {
    /// The flag `--app-version`.
    Flag,
    /// The environment variable `VERSION`.
    Environment,
    /// A file.
    File(PathBuf),
}

/// Why the app's release cannot be determined.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// There is no flag, no environment variable and no file.
    #[error("the app's release is not known: there is no `{}`", path.display())]
    Missing {
        /// The file that was looked for.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("cannot read the app's release from `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The file is not text.
    #[error("`{}` is not UTF-8 text", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
    },
    /// The file is longer than any release is.
    #[error("`{}` holds more than a release such as `9.0.0`", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// The file has more than the one line.
    #[error("`{}` has more than one line", path.display())]
    Lines {
        /// The file.
        path: PathBuf,
    },
    /// The text is not a valid release.
    #[error("{found_in} does not hold a release such as {}", source.scheme().sample())]
    Release {
        /// The source of the text.
        found_in: VersionSource,
        /// The cause.
        #[source]
        source: InvalidRelease,
    },
}

impl std::fmt::Display for VersionSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag => f.write_str("the flag `--app-version`"),
            Self::Environment => f.write_str("the environment variable `VERSION`"),
            Self::File(path) => write!(f, "`{}`", path.display()),
        }
    }
}

impl VersionError {
    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Missing { path } => {
                format!("write the app's release, such as `9.0.0`, to `{}`", path.display())
            }
            Self::Read { path, .. } => format!("make `{}` readable", path.display()),
            Self::NotUtf8 { path } | Self::Lines { path } | Self::TooLong { path } => {
                format!("let `{}` hold one line such as `9.0.0`", path.display())
            }
            Self::Release { found_in, source } => {
                let (sample, advice) = (source.scheme().sample(), source.advice());
                format!("set {found_in} to a release such as {sample}{advice}")
            }
        })
    }
}

impl AppVersion {
    /// Determines the app's release: from the flag, else the environment variable `VERSION`, else the
    /// file `VERSION` below `root`, which has one line and nothing else. It has to be of this scheme.
    ///
    /// # Errors
    /// None of them is there, or the first one that is there does not hold a release.
    pub fn resolve(
        flag: Option<&str>,
        env: Option<&str>,
        root: &Path,
        scheme: Scheme,
    ) -> Result<Self, VersionError> {
        let given = flag
            .map(|text| (VersionSource::Flag, text))
            .or_else(|| env.map(|text| (VersionSource::Environment, text)));
        if let Some((source, text)) = given {
            return Self::parse(text, source, scheme);
        }
        let path = PathBuf::from("VERSION");
        let text = read(root, &path)?;
        let line = text.strip_suffix('\n').unwrap_or(&text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.contains('\n') {
            return Err(VersionError::Lines { path });
        }
        Self::parse(line, VersionSource::File(path), scheme)
    }

    fn parse(text: &str, source: VersionSource, scheme: Scheme) -> Result<Self, VersionError> {
        match scheme.parse(text) {
            Ok(release) => Ok(Self { release, source }),
            Err(error) => Err(VersionError::Release { found_in: source, source: error }),
        }
    }
}

/// The maximum length of a release, in bytes.
const LIMIT: u64 = 256;

fn read(root: &Path, path: &Path) -> Result<String, VersionError> {
    let failed = |source| VersionError::Read { path: path.to_owned(), source };
    let file = match File::open(root.join(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(VersionError::Missing { path: path.to_owned() });
        }
        file => file.map_err(failed)?,
    };
    let mut bytes = Vec::new();
    file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(failed)?;
    let long = bytes.len() as u64 > LIMIT;
    match String::from_utf8(bytes) {
        Err(_) => Err(VersionError::NotUtf8 { path: path.to_owned() }),
        Ok(_) if long => Err(VersionError::TooLong { path: path.to_owned() }),
        Ok(text) => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    fn resolve(
        flag: Option<&str>,
        env: Option<&str>,
        file: Option<&[u8]>,
    ) -> Result<(String, VersionSource), String> {
        let root = tempfile::tempdir().unwrap();
        if let Some(bytes) = file {
            std::fs::write(root.path().join("VERSION"), bytes).unwrap();
        }
        match AppVersion::resolve(flag, env, root.path(), Scheme::Semver) {
            Ok(found) => Ok((found.release.to_string(), found.source)),
            Err(error) => {
                assert!(error.hint().is_some());
                let source = error.source().map(|source| format!(": {source}"));
                Err(error.to_string() + &source.unwrap_or_default())
            }
        }
    }

    #[test]
    fn the_flag_wins_over_the_environment_and_that_over_the_file() {
        let file = Some(b"9.0.0\n".as_slice());
        let from_file = VersionSource::File("VERSION".into());
        for (flag, env, expect, source) in [
            (Some("9.0.2"), Some("9.0.1"), "9.0.2", VersionSource::Flag),
            (None, Some("9.0.1"), "9.0.1", VersionSource::Environment),
            (None, None, "9.0.0", from_file),
        ] {
            assert_eq!(resolve(flag, env, file), Ok((expect.to_owned(), source)));
        }
    }

    #[test]
    fn a_line_end_is_allowed() {
        for text in ["9.0.0-rc.1", "9.0.0-rc.1\n", "9.0.0-rc.1\r\n", "v9.0.0-rc.1\n"] {
            assert_eq!(resolve(None, None, Some(text.as_bytes())).unwrap().0, "9.0.0-rc.1");
        }
    }

    #[test]
    fn anything_else_is_an_error_that_names_the_source() {
        let file = |bytes: &[u8]| resolve(None, None, Some(bytes)).unwrap_err();
        let no_release = "`VERSION` does not hold a release such as `9.0.0`";
        for (found, expect) in [
            (resolve(None, None, None).unwrap_err(), "there is no `VERSION`"),
            (file(b""), &format!("{no_release}: the version is empty")),
            (file(b"\n"), &format!("{no_release}: the version is empty")),
            (file(b"v9"), &format!("{no_release}: `v9` is not a version")),
            (file(b"9.0\n"), &format!("{no_release}: `9.0` is not a version")),
            (file(b" 9.0.0"), &format!("{no_release}: ` 9.0.0` is not")),
            (file(b"9.0.0\n\n"), "`VERSION` has more than one line"),
            (file(b"9.0.0\n9.0.1\n"), "`VERSION` has more than one line"),
            (file(b"\0\x01"), "`\\0\\u{1}` is not a version"),
            (file(b"\xff\xfe9"), "`VERSION` is not UTF-8 text"),
            (file(&[b'9'; 5000]), "`VERSION` holds more than a release"),
            (
                resolve(None, Some(""), Some(b"9.0.0")).unwrap_err(),
                "the environment variable `VERSION` does not hold",
            ),
            (resolve(Some("v9"), None, None).unwrap_err(), "the flag `--app-version` does not"),
        ] {
            assert!(found.contains(expect), "{found} / {expect}");
        }
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("VERSION")).unwrap();
        let error = AppVersion::resolve(None, None, root.path(), Scheme::Semver).unwrap_err();
        assert!(matches!(error, VersionError::Read { .. }));
    }
}
