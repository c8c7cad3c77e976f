//! An app that uses the shim alone does not pay for the command: docs/reference/features.md and
//! docs/explanation/benchmarks.md say what it compiles.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;

use super::page::root;

/// The crates that an app on PostgreSQL gets with the shim, sea-orm's included.
const SHIM: usize = 178;

/// Those that `migrate` adds.
const MIGRATE: usize = 7;

fn cargo(arguments: &[&str]) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo.args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The crates that the library is compiled with, with these features alone.
fn crates(features: &str) -> BTreeSet<String> {
    let tree = ["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"];
    let tree = cargo(&[&tree[..], &["--no-default-features", "--features", features]].concat());
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    names.filter(|name| !name.is_empty()).map(ToOwned::to_owned).collect()
}

/// The crates that a feature of Cargo.toml adds: `dep:clap` → `clap`.
fn added_by(feature: &str) -> Vec<String> {
    let metadata = cargo(&["metadata", "--locked", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let features = metadata["packages"][0]["features"][feature].as_array().unwrap();
    let added = features.iter().filter_map(|feature| feature.as_str()?.strip_prefix("dep:"));
    added.map(ToOwned::to_owned).collect()
}

#[test]
fn the_shim_alone_costs_no_crate_of_the_command() {
    let shim = crates("sqlx-postgres,runtime-tokio-rustls");
    let (command, migrator) = (added_by("cli"), added_by("migrate"));
    assert!(command.contains(&"clap".to_owned()) && migrator.contains(&"tempfile".to_owned()));
    // sqlx depends on `url`, and the reader of YAML on `anstyle`.
    let own = |name: &&String| !["anstyle", "url"].contains(&name.as_str()) && shim.contains(*name);
    assert_eq!(command.iter().chain(&migrator).find(own), None);
    for other in ["sqlx-sqlite", "sqlx-mysql", "libsqlite3-sys", "fail", "ouroboros"] {
        assert!(!shim.contains(other), "{other}");
    }
    assert!(shim.len() <= SHIM, "{} crates: {shim:#?}", shim.len());

    let migrate = crates("sqlx-postgres,runtime-tokio-rustls,migrate");
    let own = |name: &&String| *name != "anstyle" && migrate.contains(*name);
    assert_eq!(command.iter().find(own), None);
    let more: Vec<_> = migrate.difference(&shim).collect();
    assert!(more.len() <= MIGRATE, "{more:#?}");
}

/// The page of features has every feature of Cargo.toml, and nothing else.
#[test]
fn the_page_of_features_is_complete() {
    let metadata = cargo(&["metadata", "--locked", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let declared = metadata["packages"][0]["features"].as_object().unwrap().keys().cloned();
    // `_test` is for this repository alone.
    let declared: BTreeSet<String> =
        declared.filter(|name| name != "default" && !name.starts_with('_')).collect();
    let page = fs::read_to_string(root().join("docs/reference/features.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let described: BTreeSet<String> = rows.map(ToOwned::to_owned).collect();
    assert_eq!(described, declared);
}
