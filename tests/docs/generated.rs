//! The files that `examples/generate_docs` writes are checked in as it writes them.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::page::root;
use crate::support::example::example;

#[test]
fn the_generated_pages_are_those_of_this_code() {
    let folder = tempfile::tempdir().unwrap();
    let status = Command::new(example("generate_docs")).arg(folder.path()).status().unwrap();
    assert!(status.success());
    let mut compared = 0;
    for kind in fs::read_dir(folder.path()).unwrap().flatten() {
        for file in fs::read_dir(kind.path()).unwrap().flatten() {
            let fresh = fs::read_to_string(file.path()).unwrap();
            let name = file.path();
            let name = Path::new("docs").join(name.strip_prefix(folder.path()).unwrap());
            let checked_in = fs::read_to_string(root().join(&name)).unwrap_or_default();
            assert!(
                checked_in == fresh,
                "{} is out of date: `cargo run --example generate_docs`",
                name.display()
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 2);
}
