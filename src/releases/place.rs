//! A folder that many files are read from. Where the system can, the way to the folder is gone once,
//! and not for each of a thousand files at every deploy.

#[cfg(unix)]
pub(super) use relative::Place;
#[cfg(not(unix))]
pub(super) use whole::Place;

#[cfg(unix)]
mod relative {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    use rustix::fs::{Mode, OFlags, openat};
    use rustix::io::retry_on_intr;

    pub(in crate::releases) struct Place(File);

    impl Place {
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

#[cfg(not(unix))]
mod whole {
    use std::fs::File;
    use std::io;
    use std::path::{Path, PathBuf};

    pub(in crate::releases) struct Place(PathBuf);

    impl Place {
        pub fn new(folder: &Path) -> io::Result<Self> {
            Ok(Self(folder.to_owned()))
        }

        /// Opens a file of the folder to read it.
        pub fn open(&self, name: &str) -> io::Result<File> {
            File::open(self.0.join(name))
        }
    }
}
