//! The oldest Rust that the package states is enough for everything that it depends on.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::page::root;

/// `1.94` and `1.94.0` -> (1, 94, 0).
fn version(text: &str) -> (u32, u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap());
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next())
}

#[test]
fn no_dependency_needs_a_newer_rust_than_is_stated() {
    let stated = env!("CARGO_PKG_RUST_VERSION");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--locked", "--format-version", "1"]).current_dir(root());
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "only {} packages were found", packages.len());
    let needs = |package: &Value| package["rust_version"].as_str().map(version);
    for package in packages {
        assert!(
            needs(package) <= Some(version(stated)),
            "{} {} needs Rust {}, and Cargo.toml states {stated}",
            package["name"],
            package["version"],
            package["rust_version"]
        );
    }
    // Nor is more stated than they need.
    let others = packages.iter().filter(|package| package["name"] != "handover");
    assert_eq!(others.filter_map(needs).max(), Some(version(stated)));
}

#[test]
fn the_readme_states_the_same_rust() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let stated = format!("needs Rust {} or later", env!("CARGO_PKG_RUST_VERSION"));
    assert!(readme.contains(&stated), "README.md does not say: {stated}");
}
