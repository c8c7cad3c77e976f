//! Temporary folders in memory. Nothing in them has to outlive the tests, and on a disk each commit of
//! SQLite and each schema change of MariaDB would wait for it.

use std::path::{Path, PathBuf};

/// What the servers and projects of all tests need, with room to spare.
const ROOM: u64 = 2 << 30;

/// Where temporary folders are made: in memory, or where the system makes them if there is too little
/// of it, as in a container with a small `/dev/shm`.
pub fn folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let room = rustix::fs::statvfs(memory).map(|found| found.f_bavail * found.f_frsize);
    if room.is_ok_and(|room| room >= ROOM) { memory.to_owned() } else { std::env::temp_dir() }
}
