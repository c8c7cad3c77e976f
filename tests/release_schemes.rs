//! Apps whose releases are dates or the numbers of builds: `release.scheme` in `handover.yml`.

use handover::manifest::Folders;
use handover::model::Scheme;
use handover::{Releases, Shim};
use insta::allow_duplicates;

use crate::support::app;
use crate::support::project::{Db, Project, each_database};

const RENAME: [&str; 4] = ["gen", "rename", "users.username", "handle"];

/// A project of this scheme, with the table `users` since `first`.
fn users(project: &Project, scheme: &str, first: &str) {
    project.write("handover.yml", &format!("release:\n  scheme: {scheme}\n"));
    project.write(&format!("release_migrations/{first}/1_users.sql"), app::users(project.db));
    project.version(first);
    let _ = project.handover(&["db", "migrate"]).expect_status(0);
}

/// The folders of the releases and the stages in them.
fn stages(project: &Project) -> Vec<String> {
    let mut stages = Vec::new();
    let folder = project.root().join("release_migrations");
    for release in std::fs::read_dir(folder).unwrap().flatten() {
        for file in std::fs::read_dir(release.path()).unwrap().flatten() {
            let name = file.file_name().into_string().unwrap();
            if let Some(stage) = name.strip_suffix(".yml") {
                let stage = stage.rsplit('.').next().unwrap();
                stages.push(format!("{} {stage}", release.file_name().to_str().unwrap()));
            }
        }
    }
    stages.sort();
    stages
}

/// The stages that have run.
fn ran(project: &Project) -> Vec<String> {
    project
        .query("SELECT stage FROM handover_migrations WHERE stage IS NOT NULL ORDER BY run_order")
}

async fn shim(project: &Project, release: &str) -> Shim {
    let releases = Releases::discover(project.root(), &Folders::default()).unwrap();
    let shim = Shim::builder(project.connect().await, releases).release_scheme(Scheme::Calver);
    shim.app_version(release).start().await.unwrap()
}

#[test]
fn a_rename_over_two_releases_of_each_scheme() {
    for (scheme, first, cut, between, next) in [
        ("calver", "2026.11.05", "2026.11.30", "2026.11.30.4", "2026.12.01"),
        ("calver", "v2026.9.30", "2026.9.30.1", "v2026.09.30.1", "2026.9.30.2"),
        ("calver", "25.12", "26.1", "26.01", "26.2"),
        ("sequence", "999", "1000", "1000", "1001"),
    ] {
        // What differs between the schemes is in the files; the servers take them in turn.
        let db = if next == "1001" { Db::Postgres } else { Db::Sqlite };
        let run = |project: &Project| {
            users(project, scheme, first);
            let _ = project.handover(&RENAME).expect_status(0);
            let _ = project.handover(&["release", "cut", cut, "--no-dump"]).expect_status(0);
            assert_eq!(
                stages(project),
                [format!("{cut} backfill"), format!("{cut} expand"), format!("{next} contract")]
            );
            let _ = project.handover(&["check"]).expect_status(0);
            let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
            assert_eq!(ran(project), [""; 0], "nothing runs at {first}");
            for version in [cut, between] {
                project.version(version);
                let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
                assert_eq!(ran(project), ["expand", "backfill"], "at {version}");
            }
            project.version(next);
            let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
            assert_eq!(ran(project), ["expand", "backfill", "contract"]);
        };
        run(&Project::new(db));
    }
}

#[test]
fn a_release_of_another_scheme_is_refused_by_name() {
    let project = Project::new(Db::Sqlite);
    users(&project, "calver", "2026.11.05");
    project.version("9.0.0");
    insta::assert_snapshot!(project.handover(&["db", "plan"]).expect_status(2), @r"
    --- stderr ---
    error: `VERSION` does not hold a release such as `2026.11.29`
    caused by: `9.0.0` is not a version of the form `2026.11.29` or `2026.11.29.2`
    hint: set `VERSION` to a release such as `2026.11.29`, or set `release: { scheme: semver }` in `handover.yml` if releases are numbered that way
    [exit 2]
    ");
    project.version("1234");
    insta::assert_snapshot!(project.handover(&["check"]).expect_status(2), @r"
    --- stderr ---
    error: `VERSION` does not hold a release such as `2026.11.29`
    caused by: `1234` is not a version of the form `2026.11.29` or `2026.11.29.2`
    hint: set `VERSION` to a release such as `2026.11.29`, or set `release: { scheme: sequence }` in `handover.yml` if releases are numbered that way
    [exit 2]
    ");
    project.version("2026.13.01");
    let _ = project.handover(&["db", "status"]).expect_status(2);
    project.version("2026.11.06");
    insta::assert_snapshot!(
        project.handover(&["gen", "sql", "x", "--release", "2026-11-30"]).expect_status(2), @r"
    --- stderr ---
    error: `--release` is not a valid release
    caused by: `2026-11-30` is not a version of the form `2026.11.29` or `2026.11.29.2`
    hint: give a release such as `--release 2026.11.29`
    [exit 2]
    "
    );
    project.write("release_migrations/2027/2_x.sql", "SELECT 1");
    insta::assert_snapshot!(project.handover(&["check"]).expect_status(2), @r"
    --- stderr ---
    error: the folder `release_migrations/2027` is not named after a release such as `2026.11.29`
    caused by: `2027` is not a version of the form `2026.11.29` or `2026.11.29.2`
    hint: rename or move `release_migrations/2027`, then run `handover check`, or set `release: { scheme: sequence }` in `handover.yml` if releases are numbered that way
    [exit 2]
    ");
}

/// The folder of a release is found by its numbers, however it is spelled.
#[test]
fn what_is_generated_goes_into_the_folder_that_is_there() {
    for (scheme, there, asked) in [
        ("calver", "2026.01.05", "2026.1.5"),
        ("semver", "v9.0.0", "9.0.0"),
        ("sequence", "0042", "42"),
    ] {
        let project = Project::new(Db::Sqlite);
        users(&project, scheme, there);
        let _ = project.handover(&["gen", "sql", "x", "--release", asked]).expect_status(0);
        let _ = project.handover(&["gen", "sql", "y", "--release", asked]).expect_status(0);
        let folders = std::fs::read_dir(project.root().join("release_migrations")).unwrap();
        let folders: Vec<_> = folders.flatten().map(|folder| folder.file_name()).collect();
        assert_eq!(folders, [there]);
        let _ = project.handover(&["db", "status"]).expect_status(0);
    }
}

#[test]
fn a_scheme_that_does_not_exist() {
    let project = Project::new(Db::Sqlite);
    project.write("handover.yml", "release: { scheme: zerover }\n");
    insta::assert_snapshot!(project.handover(&["db", "plan"]).expect_status(2), @r"
    --- stderr ---
    error: handover.yml:1:20: the value `zerover` of `release.scheme` is not one of `semver`, `calver`, `sequence`
    hint: correct the settings, then run `handover check`
    [exit 2]
    ");
}

#[test]
fn two_folders_of_one_release() {
    let project = Project::new(Db::Sqlite);
    users(&project, "calver", "2026.11.05");
    project.write("release_migrations/2026.11.5/2_more.sql", "SELECT 1");
    insta::assert_snapshot!(project.handover(&["check"]).expect_status(2), @r"
    --- stderr ---
    error: `release_migrations/2026.11.05` and `release_migrations/2026.11.5` are both named after release 2026.11.05
    hint: move what is in `release_migrations/2026.11.5` to `release_migrations/2026.11.05`
    [exit 2]
    ");
}

/// 9.4.0 was numbered semantically; from 2026 on the same app is numbered by date.
#[test]
fn an_app_comes_from_semantic_versions_to_dates_or_builds() {
    for (scheme, next) in [("calver", "2026.11.30"), ("sequence", "1200")] {
        let project = Project::new(Db::Sqlite);
        users(&project, "semver", "9.4.0");
        project.write("handover.yml", &format!("release: {{ scheme: {scheme} }}\n"));
        project.write(
            &format!("release_migrations/{next}/2_more.sql"),
            "CREATE TABLE more (id integer)",
        );
        project.version(next);
        let output = project.handover(&["db", "migrate"]).expect_status(0);
        assert!(output.to_string().contains("done: more"), "{output}");
        let _ = project.handover(&["check"]).expect_status(0);
    }
}

/// What names an earlier release may name one of before.
#[test]
fn releases_of_the_scheme_of_before_can_be_named() {
    let project = Project::new(Db::Sqlite);
    users(&project, "semver", "9.4.0");
    let settings = "release: { scheme: calver }\nminimum_version: 9.4.0\nrequired_stops: [9.4.0]\n";
    project.write("handover.yml", settings);
    project.version("2026.11.30");
    let _ = project.handover(&["db", "plan"]).expect_status(0);
    let path = ["release", "path", "--from", "9.4.0", "--to", "2026.11.30"];
    let _ = project.handover(&path).expect_status(0);
    let _ = project.handover(&["gen", "sql", "x", "--release", "9.5.0"]).expect_status(2);
}

/// A build job that is run again cuts the same release again.
#[test]
fn a_second_cut_leaves_a_joined_contract_where_it_is() {
    let project = Project::new(Db::Sqlite);
    users(&project, "sequence", "1234");
    let _ = project.handover(&RENAME).expect_status(0);
    let cut = ["release", "cut", "1235", "--contract-release", "1235", "--no-dump"];
    let _ = project.handover(&cut).expect_status(0);
    let joined = ["1235 backfill", "1235 contract", "1235 expand"];
    assert_eq!(stages(&project), joined);
    let _ = project.handover(&cut).expect_status(0);
    let _ = project.handover(&["release", "cut", "1235", "--no-dump"]).expect_status(0);
    assert_eq!(stages(&project), joined);
}

/// The shim takes no release of another scheme: as the number of a build, a version would come before all
/// dates.
#[test]
fn the_shim_knows_the_scheme() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let project = Project::new(Db::Sqlite);
    runtime.block_on(async {
        for (scheme, version, starts) in [
            (Scheme::Semver, "9.0.0", true),
            (Scheme::Semver, "1234", false),
            (Scheme::Calver, "24.11.29", true),
            (Scheme::Calver, "9.0.0", false),
            (Scheme::Sequence, "1234", true),
            (Scheme::Sequence, "2026.11.29", false),
        ] {
            let shim = Shim::builder(project.connect().await, Releases::default());
            let shim = shim.release_scheme(scheme).app_version(version).start().await;
            assert_eq!(shim.is_ok(), starts, "{scheme:?} {version}");
        }
    });
}

/// Several deploys a day with one date: the contract waits for the processes, not for another date.
#[test]
fn a_copy_may_be_contracted_in_its_own_release() {
    allow_duplicates!(each_database(|project| {
        users(project, "calver", "2026.11.29");
        let _ = project.handover(&RENAME).expect_status(0);
        let cut = ["release", "cut", "2026.11.30", "--contract-release", "2026.11.30", "--no-dump"];
        let _ = project.handover(&cut).expect_status(0);
        let _ = project.handover(&["check"]).expect_status(0);
        project.version("2026.11.30");
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let old = shim(project, "2026.11.29").await;
            let waits = project.handover(&["db", "migrate", "--post"]).expect_status(3);
            assert!(waits.to_string().contains("2026.11.29"), "{waits}");
            old.shutdown().await.unwrap();
            let new = shim(project, "2026.11.30").await;
            let post = ["db", "migrate", "--post", "--wait", "30s"];
            let _ = project.handover(&post).expect_status(0);
            new.shutdown().await.unwrap();
        });
        assert_eq!(ran(project), ["expand", "backfill", "contract"]);
    }));
}
