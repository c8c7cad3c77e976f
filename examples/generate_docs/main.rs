//! Writes the parts of `docs/` that follow from the code: the picture of the states of a rename, and
//! the page of commands. A test compares the files that are checked in with a fresh run.
//!
//! ```text
//! cargo run --example generate_docs              # into docs/
//! cargo run --example generate_docs -- FOLDER    # into another folder
//! ```

mod commands;
mod style;
mod timeline;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let docs = || Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let folder = env::args_os().nth(1).map_or_else(docs, PathBuf::from);
    write(&folder.join("pictures/timeline.svg"), &timeline::draw())?;
    write(&folder.join("reference/commands.md"), &commands::page())
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
