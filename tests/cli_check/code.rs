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
