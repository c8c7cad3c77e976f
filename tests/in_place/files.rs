//! The files of a rename in place: generated, replaced, cut and checked.

use crate::support::project::{Db, Project};

const RENAME: [&str; 4] = ["gen", "rename", "users.username", "handle"];
const IN_PLACE: [&str; 5] = ["gen", "rename", "users.username", "handle", "--in-place"];

/// The migration files without the time at which they were generated.
fn files(project: &Project) -> Vec<String> {
    let id = regex::Regex::new(r"\b20\d{12}_").unwrap();
    let mut files: Vec<String> = project
        .traces()
        .into_iter()
        .map(|(path, _)| id.replace_all(&path, "").into_owned())
        .filter(|path| path.contains("_to_handle"))
        .collect();
    files.sort();
    files
}

const UNRELEASED: [&str; 2] = [
    "unreleased/rename_users_username_to_handle.contract.yml",
    "unreleased/rename_users_username_to_handle.expand.yml",
];

#[test]
fn in_place_replaces_the_unreleased_copy_and_the_other_way_round() {
    let project = Project::bare(Db::Sqlite);
    let _ = project.handover(&RENAME).expect_status(0);
    assert_eq!(files(&project).len(), 3);
    let output = project.handover(&IN_PLACE).expect_status(0);
    assert_eq!(output.stdout.matches("removed unreleased/").count(), 3, "{output}");
    assert_eq!(files(&project), UNRELEASED);
    let _ = project.handover(&["check"]).expect_status(0);
    let _ = project.handover(&RENAME).expect_status(0);
    assert_eq!(files(&project).len(), 3);
}

#[test]
fn in_place_is_refused_beside_a_copy_in_the_same_release() {
    let project = Project::bare(Db::Sqlite);
    let _ = project.handover(&[&RENAME[..], &["--release", "9.0.0"]].concat()).expect_status(0);
    let before = files(&project);
    let same_release = [&IN_PLACE[..], &["--release", "9.0.0"]].concat();
    let output = project.handover(&same_release).expect_status(2);
    assert!(output.stderr.contains("use the same column of table `users`"), "{output}");
    assert_eq!(files(&project), before);
}

#[test]
fn in_place_both_stages_may_be_cut_into_one_release() {
    let project = Project::bare(Db::Sqlite);
    project.version("8.17.0");
    let cut = ["release", "cut", "9.0.0", "--contract-release", "9.0.0"];
    let _ = project.handover(&IN_PLACE).expect_status(0);
    let _ = project.handover(&cut).expect_status(0);
    let cut_files = [
        "release_migrations/9.0.0/rename_users_username_to_handle.contract.yml",
        "release_migrations/9.0.0/rename_users_username_to_handle.expand.yml",
    ];
    assert_eq!(files(&project), cut_files);
    let _ = project.handover(&["check"]).expect_status(0);
    // The contract has not slipped there: the same command again leaves it.
    let _ = project.handover(&["release", "cut", "9.0.0"]).expect_status(0);
    assert_eq!(files(&project), cut_files);
}

#[test]
fn in_place_alone_may_have_both_stages_in_one_release() {
    let project = Project::bare(Db::Sqlite);
    project.version("8.17.0");
    let _ = project.handover(&RENAME).expect_status(0);
    let cut = ["release", "cut", "9.0.0", "--contract-release", "9.0.0"];
    let _ = project.handover(&cut).expect_status(2);
    assert_eq!(files(&project).len(), 3);
}

#[test]
fn in_place_files_with_a_mistake_are_named() {
    for (file, text, words) in [
        (
            "7_one.backfill.yml",
            "rename_in_place: { table: t, from: a, to: b }",
            "has no stage `backfill`",
        ),
        (
            "7_one.expand.yml",
            "rename: { table: t, from: a, to: b }\nrename_in_place: { table: t, from: a, to: b }",
            "says both `rename` and `rename_in_place`",
        ),
        (
            "7_one.expand.yml",
            "rename_in_place: { table: t, from: a, to: b }",
            "has no stage `contract`",
        ),
        ("7_one.expand.yml", "rename_in_place: { table: t, from: a }", "missing field `to`"),
    ] {
        let project = Project::bare(Db::Sqlite);
        project.write(&format!("release_migrations/9.0.0/{file}"), text);
        let output = project.handover(&["check"]).expect_status(2);
        assert!(output.stderr.contains(words), "{words}\n{output}");
    }
}

/// The stages of one change say the same.
#[test]
fn in_place_stages_agree_on_the_kind() {
    let project = Project::bare(Db::Sqlite);
    let _ = project.handover(&[&IN_PLACE[..], &["--release", "9.0.0"]].concat()).expect_status(0);
    let contract = project
        .traces()
        .into_iter()
        .find(|(path, _)| path.ends_with(".contract.yml"))
        .map(|(path, text)| (path, String::from_utf8(text).unwrap()));
    let (path, text) = contract.unwrap();
    project.write(&path, &text.replace("rename_in_place:", "rename:"));
    let output = project.handover(&["check"]).expect_status(2);
    let words = "users.username -> handle, in place";
    assert!(output.stderr.contains("disagree") && output.stderr.contains(words), "{output}");
}
