//! From the contract on, code that still names the column by its former name is found.

use super::{check, example};
use crate::support::project::Project;

/// The worked example, with code that names `username` twice, once where it is allowed, once in a
/// comment, and once in a file that git ignores.
fn with_code(release: &str) -> Project {
    let project = example(release);
    project.write("src/users.rs", "// username\nfn f() {\n    g(\"username\");\n}\n");
    project.write("src/web/page.html", "<b>{{ user.username }}</b>\n");
    project.write("src/old.rs", "let x = Column::Username; // handover:allow\n");
    project.write(".gitignore", "generated.rs\n");
    project.write("src/generated.rs", "username");
    project
}

#[test]
fn the_former_name_is_a_warning_from_the_contract_on() {
    insta::assert_snapshot!(check(&with_code("9.0.1"), &[]), @r"
    3 migration files, no problem, 2 warnings
    --- stderr ---
    warning: src/users.rs:3:8: `username` is named, but the column `username` of `users` is `handle` since 9.0.1
    hint: use `handle`, or write `handover:allow` in a comment on the line
    warning: src/web/page.html:1:12: `username` is named, but the column `username` of `users` is `handle` since 9.0.1
    hint: use `handle`, or write `handover:allow` in a comment on the line
    [exit 0]
    ");
}

#[test]
fn before_the_contract_the_former_name_is_not_a_finding() {
    let output = check(&with_code("9.0.0"), &["--strict"]).expect_status(0);
    assert!(output.stdout.ends_with("no problem\n"), "{output}");
}

#[test]
fn on_the_way_to_the_contracts_release_the_former_name_is_a_warning() {
    let output = check(&with_code("9.0.0"), &["--target", "9.0.1"]).expect_status(0);
    assert!(output.stderr.contains("warning: src/users.rs:3:8: "), "{output}");
}

#[test]
fn the_settings_name_the_folders_of_the_code() {
    let project = with_code("9.0.1");
    project.write("handover.yml", "check: { code: [.] }");
    project.write("lib/a.rs", "Column::Username\n");
    let output = check(&project, &[]).expect_status(0);
    assert!(output.stdout.contains("3 warnings"), "{output}");
    for found in ["lib/a.rs:1:9: `Username`", "src/users.rs:3:8: ", "src/web/page.html:1:12: "] {
        assert!(output.stderr.contains(found), "{found} is missing:\n{output}");
    }
}

#[test]
fn a_folder_of_code_that_is_not_there_is_an_error() {
    let project = example("9.0.1");
    project.write("handover.yml", "check: { code: [source] }");
    insta::assert_snapshot!(check(&project, &[]), @r"
    --- stderr ---
    error: cannot read `source`
    caused by: IO error for operation on ./source: No such file or directory (os error 2)
    hint: make `source` readable
    [exit 2]
    ");
}

/// Nobody has to list the packages of a workspace; those that git ignores are not the project's own.
#[test]
fn the_packages_of_a_workspace_are_found() {
    let project = with_code("9.0.1");
    project.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n");
    for package in ["crates/entity", "crates/api", "vendor/other"] {
        project.write(&format!("{package}/Cargo.toml"), "[package]\n");
        project.write(&format!("{package}/src/lib.rs"), "users::Column::Username\n");
    }
    project.write(".gitignore", "generated.rs\nvendor\n");
    let output = check(&project, &[]).expect_status(0);
    assert!(output.stdout.contains("4 warnings"), "{output}");
    for found in ["crates/api/src/lib.rs:1:16: `Username`", "crates/entity/src/lib.rs:1:16: "] {
        assert!(output.stderr.contains(found), "{found} is missing:\n{output}");
    }
}

#[test]
fn a_common_name_is_told_where_it_is_certain_and_counted_elsewhere() {
    let project = with_code("9.0.1");
    let text = "a.username;\n".repeat(30) + "q(\"SELECT username FROM users\");\n";
    project.write("src/many.rs", &text);
    let output = check(&project, &[]).expect_status(0);
    assert!(output.stderr.contains("src/many.rs:31:11: `username` is named"), "{output}");
    let more = "`username` is named in 22 more places, which may or may not mean `users.username`";
    assert!(output.stderr.contains(more), "{output}");
    assert!(output.stdout.contains("12 warnings"), "{output}");
}
