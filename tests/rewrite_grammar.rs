//! The rewriter reads each dialect by the parser's rules and a few of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Rules that the rewriter has instead of the parser's.
const OWN: [(&str, &str); 2] = [("sqlite", "parse_infix"), ("mariadb", "parse_infix")];

/// A rule that the parser's dialect gives, and the rewriter's does not pass on, would be the
/// trait's: with a later parser statements would be read another way, and nobody would know.
#[test]
fn every_rule_of_the_parsers_dialects_is_passed_on() {
    let parser = folder_of("sqlparser");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/shim/rewrite/grammar");
    for (theirs, ours) in [("sqlite", "sqlite"), ("postgresql", "postgres"), ("mysql", "mariadb")] {
        let theirs = fs::read_to_string(parser.join(format!("src/dialect/{theirs}.rs"))).unwrap();
        let text = fs::read_to_string(own.join(format!("{ours}.rs"))).unwrap();
        let passed = text.split_once("delegate! {").unwrap().1;
        let passed = passed.split_once("\n    }\n").unwrap().0;
        let passed: BTreeSet<&str> =
            passed.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        let rules: Vec<&str> = theirs
            .lines()
            .filter_map(|line| line.strip_prefix("    fn ")?.split('(').next())
            .filter(|rule| !OWN.contains(&(ours, rule)))
            .collect();
        assert!(rules.len() > 10, "{ours}: {rules:?}");
        for rule in rules {
            assert!(passed.contains(rule), "{ours}: {rule}");
        }
    }
}

/// Where the source of a package is that this one is built with.
fn folder_of(package: &str) -> std::path::PathBuf {
    let rustc = said(Command::new("rustc").arg("-vV"));
    let here = rustc.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // Packages for other systems have not been downloaded.
    let told = said(
        Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked", "--offline"])
            .args(["--filter-platform", here]),
    );
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let packages = told["packages"].as_array().unwrap();
    let found = packages.iter().find(|found| found["name"] == package).unwrap();
    Path::new(found["manifest_path"].as_str().unwrap()).parent().unwrap().to_path_buf()
}

fn said(command: &mut Command) -> String {
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
