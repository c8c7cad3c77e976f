//! The files of a drop, from `gen` to `release cut`.

use super::generate;
use crate::support::project::{Db, Project};

fn files(project: &Project) -> Vec<String> {
    let listed = project.handover(&["check"]).expect_status(0);
    drop(listed);
    let mut found = Vec::new();
    for folder in ["release_migrations", "unreleased"] {
        let mut folders = vec![project.root().join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    let path = entry.path();
                    let path = path.strip_prefix(project.root()).unwrap().to_str().unwrap();
                    let (folder, name) = path.rsplit_once('/').unwrap();
                    if let Some((_, name)) = name.split_once('_') {
                        found.push(format!("{folder} {name}"));
                    }
                }
            }
        }
    }
    found.sort();
    found
}

#[test]
fn drop_files_go_into_their_releases() {
    let project = Project::new(Db::Sqlite);
    generate(&project);
    let releases = [
        "release_migrations/9.0.0 drop_users_nickname.expand.yml",
        "release_migrations/9.0.1 drop_users_nickname.contract.yml",
        "release_migrations/9.1.0 drop_users_nickname.purge.yml",
    ];
    assert_eq!(files(&project), releases);
    let project = Project::new(Db::Sqlite);
    let _ = project.handover(&["gen", "drop", "users.nickname"]).expect_status(0);
    assert_eq!(files(&project).len(), 3);
    let cut = ["release", "cut", "9.0.0", "--no-dump"];
    let _ = project.handover(&cut).expect_status(0);
    assert_eq!(files(&project), releases);
}

#[test]
fn drop_values_are_kept_until_the_release_that_is_asked_for() {
    let project = Project::new(Db::Sqlite);
    let drop = ["gen", "drop", "app.users.nickname", "--release", "9.0.0"];
    let until =
        |release| [&drop[..], &["--contract-release", "9.1.0", "--keep-until", release]].concat();
    let refused = project.handover(&until("9.1.0")).expect_status(2);
    assert!(refused.stderr.contains("it must be later than 9.1.0"), "{refused}");
    let _ = project.handover(&until("10.0.0")).expect_status(0);
    assert_eq!(
        files(&project),
        [
            "release_migrations/10.0.0 drop_app_users_nickname.purge.yml",
            "release_migrations/9.0.0 drop_app_users_nickname.expand.yml",
            "release_migrations/9.1.0 drop_app_users_nickname.contract.yml",
        ]
    );
    // Another change of the column would come in between.
    let rename = ["gen", "rename", "app.users.nickname", "handle", "--release", "9.0.1"];
    let refused = project.handover(&rename).expect_status(2);
    assert!(refused.stderr.contains("app.users.nickname, dropped"), "{refused}");
}

/// A command says what is wrong in its own words, with an example of its own.
#[test]
fn drop_that_cannot_be_generated() {
    let project = Project::new(Db::Sqlite);
    for (arguments, error, hint) in [
        (&["users"][..], "users", "handover gen drop users.nickname"),
        (
            &["users.nickname", "--release", "9.0.0", "--contract-release", "9.0.0"],
            "it must be later than 9.0.0, the release of its expand",
            "leave out `--contract-release`, which gives 9.0.1",
        ),
    ] {
        let refused = project.handover(&[&["gen", "drop"], arguments].concat()).expect_status(2);
        let text = refused.to_string();
        assert!(text.contains(error) && text.contains(hint), "{text}");
    }
    generate(&project);
    let folder = project.root().join("release_migrations");
    let file = std::fs::read_dir(folder.join("9.1.0")).unwrap().flatten().next().unwrap().path();
    std::fs::rename(&file, folder.join("9.0.1").join(file.file_name().unwrap())).unwrap();
    let found = project.handover(&["check"]).expect_status(2);
    let words = "it must be in a later release, up to which the values are kept";
    assert!(found.to_string().contains(words), "{found}");
    let refused = project.handover(&["gen", "retype", "age", "bigint"]).expect_status(2);
    assert!(refused.stderr.contains("handover gen retype users.age bigint"), "{refused}");
}

#[test]
fn drop_code_that_names_the_column_is_found() {
    let project = Project::new(Db::Sqlite);
    generate(&project);
    project.write("handover.yml", "check:\n  code: [src]\n");
    project.write("src/lib.rs", "pub struct User {\n    pub nickname: String,\n}\n");
    project.version("8.0.0");
    let before = project.handover(&["check"]).expect_status(0);
    assert!(!before.to_string().contains("lib.rs"), "{before}");
    project.version("9.0.0");
    let found = project.handover(&["check"]).expect_status(0);
    let words = "src/lib.rs:2:9: `nickname` is named, but the column `nickname` of `users` has been \
                 dropped since 9.0.0";
    assert!(found.to_string().contains(words), "{found}");
}
