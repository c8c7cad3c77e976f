//! A folder that many files are read from. Where the system can, the path to the folder is resolved
//! once, and not for each file: for 1,000 files that saves a fifth of the time (3.0 ms instead of 3.7).
//! The shim alone reads no folder, so without `migrate` it does not need the crate for that.

#[cfg(all(unix, feature = "migrate"))]
pub(super) use relative::OpenFolder;
#[cfg(not(all(unix, feature = "migrate")))]
pub(super) use whole::OpenFolder;

#[cfg(all(unix, feature = "migrate"))]
mod relative {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    use rustix::fs::{Mode, OFlags, openat};
    use rustix::io::retry_on_intr;

    pub(in crate::releases) struct OpenFolder(File);

    impl OpenFolder {
        pub fn new(folder: &Path) -> io::Result<Self> {
            File::open(folder).map(Self)
        }

        /// Opens a file of the folder to read it.
        pub fn open(&self, name: &str) -> io::Result<File> {
            let flags = OFlags::RDONLY | OFlags::CLOEXEC;
            let opened = retry_on_intr(|| openat(&self.0, name, flags, Mode::empty()))?;
            Ok(File::from(opened))
        }
    }
}

#[cfg(not(all(unix, feature = "migrate")))]
mod whole {
    use std::fs::File;
    use std::io;
    use std::path::{Path, PathBuf};

    pub(in crate::releases) struct OpenFolder(PathBuf);

    impl OpenFolder {
        #[allow(clippy::unnecessary_wraps, reason = "the other one opens the folder here")]
        pub fn new(folder: &Path) -> io::Result<Self> {
            Ok(Self(folder.to_owned()))
        }

        /// Opens a file of the folder to read it.
        pub fn open(&self, name: &str) -> io::Result<File> {
            File::open(self.0.join(name))
        }
    }
}
