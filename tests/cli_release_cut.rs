//! `release cut`: from a merge request to a release.

use std::process::Command;

use crate::support::project::{Db, Project, each_database};
use crate::support::traces::USERS;

const RENAME: [&str; 4] = ["gen", "rename", "users.username", "handle"];

/// Runs git in the project, which it makes a repository of.
fn git(project: &Project, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]).args(arguments);
    let output = git.current_dir(project.root()).env("HOME", project.root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn repository(db: Db) -> Project {
    let project = Project::new(db);
    git(&project, &["init", "--quiet", "--initial-branch", "main"]);
    project.write(".git/info/exclude", "*.sqlite3*\n");
    git(&project, &["config", "user.name", "Ada"]);
    git(&project, &["config", "user.email", "ada@example.org"]);
    project
}

fn commit(project: &Project) {
    git(project, &["add", "--all"]);
    git(project, &["commit", "--quiet", "--message", "work"]);
}

fn files(project: &Project) -> Vec<String> {
    let all = git(project, &["ls-files", "--cached", "--others", "--exclude-standard"]);
    let mut files: Vec<String> = all.lines().map(str::to_owned).collect();
    files.retain(|file| project.root().join(file).exists());
    files.sort();
    files
}

/// All but what git notes for itself; with what it says.
fn traces(project: &Project) -> (Vec<(String, Vec<u8>)>, String) {
    let mut traces = project.traces();
    traces.retain(|(path, _)| !path.starts_with(".git/"));
    (traces, git(project, &["status", "--porcelain"]) + &git(project, &["log", "--oneline"]))
}

/// The names of generated files without the time at which they were.
fn shown(text: &str) -> String {
    regex::Regex::new(r"\b20\d{12}").unwrap().replace_all(text, "[id]").into_owned()
}

#[test]
fn what_is_unreleased_goes_into_a_release() {
    let project = repository(Db::Sqlite);
    project.version("8.17.0");
    project.write("release_migrations/8.17.0/1_users.sql", USERS);
    let _ = project.handover(&["db", "dump", "--scratch"]).expect_status(0);
    let _ = project.handover(&RENAME).expect_status(0);
    let _ = project.handover(&["gen", "sql", "add_note"]).expect_status(0);
    let note = git(&project, &["ls-files", "--others", "unreleased/*add_note.sql"]);
    project.write(note.trim(), "ALTER TABLE users ADD note text");
    commit(&project);
    let output = project.handover(&["release", "cut", "9.0.0", "--commit"]).expect_status(0);
    let text = regex::Regex::new(r"as [0-9a-f]{7,}")
        .unwrap()
        .replace_all(&shown(&output.to_string()), "as [commit]")
        .into_owned();
    insta::assert_snapshot!(text, @r"
    moved unreleased/[id]_rename_users_username_to_handle.expand.yml
       to release_migrations/9.0.0/[id]_rename_users_username_to_handle.expand.yml
    moved unreleased/[id]_rename_users_username_to_handle.backfill.yml
       to release_migrations/9.0.0/[id]_rename_users_username_to_handle.backfill.yml
    moved unreleased/[id]_rename_users_username_to_handle.contract.yml
       to release_migrations/9.0.1/[id]_rename_users_username_to_handle.contract.yml
    moved unreleased/[id]_add_note.sql
       to release_migrations/9.0.0/[id]_add_note.sql
    dumped schema.sqlite.sql again
    committed as [commit]: Cut 9.0.0: 4 migration files
    next: handover release notice 9.0.0
    [exit 0]
    ");
    assert_eq!(git(&project, &["status", "--porcelain"]), "");
    let dump = std::fs::read_to_string(project.root().join("schema.sqlite.sql")).unwrap();
    insta::assert_snapshot!(shown(&dump), @r"
    -- handover schema dump, format 1, sqlite
    -- at release 8.17.0

    CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL UNIQUE, note text);

    -- migration 1 8.17.0 sha256:d065b153c58689beeba37c84e344c1d1db2d610827dc6d53b81f7cd393268de8 users.sql
    -- migration [id] 9.0.0 sha256:b361320521371efdbec9768d5b85312daa17594f7c42d4724cbc608e97335e07 add_note.sql
    ");
    // Again it is harmless, and everything holds.
    let before = project.traces();
    let again = project.handover(&["release", "cut", "9.0.0", "--commit"]).expect_status(0);
    insta::assert_snapshot!(again, @r"
    9.0.0 is cut already: nothing is left to do
    next: handover release notice 9.0.0
    [exit 0]
    ");
    assert!(project.traces() == before);
    let _ = project.handover(&["check"]).expect_status(0);
    // A database that is made of the dump and one that has grown have the same to do, and end alike.
    let fresh = Project::bare(Db::Sqlite);
    for file in files(&project) {
        let text = std::fs::read_to_string(project.root().join(&file)).unwrap();
        fresh.write(&file, &text);
    }
    let _ = fresh.handover(&["db", "load"]).expect_status(0);
    for release in ["9.0.0", "9.0.1"] {
        for at in [&project, &fresh] {
            at.version(release);
            let _ = at.handover(&["db", "migrate", "--offline"]).expect_status(0);
        }
    }
    let schema = "SELECT sql FROM sqlite_schema WHERE tbl_name = 'users' ORDER BY 1";
    assert_eq!(fresh.query(schema), project.query(schema));
}

#[test]
fn each_kind_of_dump_is_made_anew() {
    each_database(|project| {
        project.version("1.0.0");
        project.write("release_migrations/1.0.0/1_users.sql", USERS);
        let _ = project.handover(&["db", "dump", "--scratch"]).expect_status(0);
        project.write("unreleased/2_more.sql", "CREATE TABLE more (id integer PRIMARY KEY)");
        let kind = match project.db {
            Db::Sqlite => "sqlite",
            Db::Postgres => "postgres",
            Db::Mariadb => "mariadb",
        };
        let file = project.root().join(format!("schema.{kind}.sql"));
        let before = std::fs::read_to_string(&file).unwrap();
        let output = project.handover(&["release", "cut", "1.1.0"]).expect_status(0);
        assert!(output.stdout.contains(&format!("dumped schema.{kind}.sql again")), "{output}");
        let after = std::fs::read_to_string(&file).unwrap();
        assert!(!before.contains("more") && after.contains("more"), "{after}");
        assert!(after.contains("-- at release 1.1.0\n"), "{after}");
        // Nothing was run on the database itself.
        let status = project.handover(&["db", "status", "--json"]).expect_status(0).stdout;
        assert!(status.contains("\"status\": null"), "{status}");
    });
}

/// Its name, what comes before, the arguments, the status.
type Case<'a> = (&'a str, &'a dyn Fn(&Project), &'a [&'a str], i32);

#[test]
fn what_cannot_be_cut_changes_nothing() {
    let refused = |prepare: &dyn Fn(&Project), arguments: &[&str], status: i32| {
        let project = repository(Db::Sqlite);
        project.version("8.17.0");
        project.write("release_migrations/8.17.0/1_users.sql", USERS);
        let _ = project.handover(&RENAME).expect_status(0);
        commit(&project);
        prepare(&project);
        let before = traces(&project);
        let arguments = [&["release", "cut"], arguments].concat();
        let output = project.handover(&arguments).expect_status(status);
        assert!(traces(&project) == before, "{output}");
        shown(&output.to_string())
    };
    let nothing = |_: &Project| {};
    let emptied = |project: &Project| {
        git(project, &["rm", "--quiet", "-r", "unreleased"]);
        git(project, &["commit", "--quiet", "--message", "none"]);
    };
    let server = |project: &Project| {
        project.write(
            "schema.postgres.sql",
            "-- handover schema dump, format 1, postgres\n-- at no release\n\n",
        );
        commit(project);
    };
    let hook = |project: &Project| {
        project.write(".git/hooks/pre-commit", "#!/bin/sh\necho ask Grace >&2\nexit 1\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let hook = project.root().join(".git/hooks/pre-commit");
            std::fs::set_permissions(hook, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
    };
    let dirty = |project: &Project| project.write("unreleased/5_late.sql", "SELECT 1");
    let broken = |project: &Project| {
        project.write(
            "schema.sqlite.sql",
            "-- handover schema dump, format 1, sqlite\n-- at no release\n\n",
        );
        project.write("unreleased/5_broken.sql", "CREATE TABLE users (id integer)");
        commit(project);
    };
    let cases: [Case; 10] = [
        ("lower", &nothing, &["8.16.0"], 3),
        ("existing", &nothing, &["8.17.0"], 3),
        ("build metadata", &nothing, &["9.0.0+linux"], 2),
        ("contract too early", &nothing, &["9.0.0", "--contract-release", "9.0.0"], 2),
        ("nothing unreleased", &emptied, &["9.0.0"], 2),
        ("dirty", &dirty, &["9.0.0"], 3),
        ("no server for a dump", &server, &["9.0.0"], 3),
        ("a migration fails", &broken, &["9.0.0"], 1),
        ("a hook says no", &hook, &["9.0.0", "--commit"], 1),
        ("no release", &nothing, &["nine"], 2),
    ];
    let said: Vec<String> = cases
        .iter()
        .map(|(name, prepare, arguments, status)| {
            format!("## {name}\n{}", refused(prepare, arguments, *status))
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    ## lower
    --- stderr ---
    error: 8.16.0 cannot be cut: 8.17.0 is cut, or out, already
    hint: cut a later release: `handover release cut 8.17.1`
    [exit 3]
    ## existing
    --- stderr ---
    error: 8.17.0 is cut already, and these came after it: `unreleased/[id]_rename_users_username_to_handle.expand.yml`, `unreleased/[id]_rename_users_username_to_handle.backfill.yml`, `unreleased/[id]_rename_users_username_to_handle.contract.yml`
    hint: cut the next: `handover release cut 8.17.1`
    [exit 3]
    ## build metadata
    --- stderr ---
    error: the argument is not a valid release
    caused by: `9.0.0+linux` has build metadata, which does not order releases
    hint: give a release such as `9.0.0`
    [exit 2]
    ## contract too early
    --- stderr ---
    error: the contracts cannot be in 9.0.0: it must be later than 9.0.0
    hint: leave out `--contract-release`, which gives 9.0.1
    [exit 2]
    ## nothing unreleased
    --- stderr ---
    error: there is nothing to cut for 9.0.0: no migration is unreleased
    hint: a release without migrations needs no cut; write one with `handover gen`
    [exit 2]
    ## dirty
    --- stderr ---
    error: these are not committed: `unreleased/5_late.sql`
    hint: commit them, or put them aside: `git stash -u`
    [exit 3]
    ## no server for a dump
    --- stderr ---
    error: `schema.postgres.sql` cannot be dumped again: that needs a server for a scratch database
    hint: give `--database-url` of such a server, or dump `schema.postgres.sql` again afterwards: `handover release cut --no-dump`
    [exit 3]
    ## a migration fails
    --- stderr ---
    error: the migrations do not run on a scratch database
    caused by: migration `broken` of release 9.0.0 failed
    caused by: table users already exists
    hint: if they need tables that no migration makes: commit a schema dump that has them (`handover db dump`), or name SQL that makes them as `rehearse.prepare` in handover.yml
    [exit 1]
    ## a hook says no
    --- stderr ---
    error: `git commit` failed: ask Grace
    hint: fix what git reports, then run the same command again
    [exit 1]
    ## no release
    --- stderr ---
    error: the argument is not a valid release
    caused by: `nine` is not a version of the form `9.0.0`
    hint: give a release such as `9.0.0`
    [exit 2]
    ");
    let project = Project::new(Db::Sqlite);
    project.write("unreleased/1_a.sql", "SELECT 1");
    let output = project.handover(&["release", "cut", "9.0.0", "--commit"]).expect_status(2);
    assert!(output.stderr.contains("is not in a git repository"), "{output}");
}

/// Written for 9.0.0, merged after it: expand and contract would run in one release.
#[test]
fn what_slipped_is_refused_until_it_is_cut_anew() {
    let project = Project::new(Db::Sqlite);
    project.sql(USERS);
    project.version("9.0.1");
    let generated = [&RENAME[..], &["--release", "9.0.0"]].concat();
    let _ = project.handover(&generated).expect_status(0);
    let releases = project.root().join("release_migrations");
    for file in std::fs::read_dir(releases.join("9.0.0")).unwrap().flatten() {
        std::fs::rename(file.path(), releases.join("9.0.1").join(file.file_name())).unwrap();
    }
    let mut said = String::new();
    for arguments in [&["check"][..], &["db", "migrate"]] {
        said += &shown(&project.handover(arguments).expect_status(2).to_string());
    }
    insta::assert_snapshot!(said, @r"
    --- stderr ---
    problem: stage `contract` of change `rename_users_username_to_handle` is in release 9.0.1 (`release_migrations/9.0.1/[id]_rename_users_username_to_handle.contract.yml`), but its `backfill` is in 9.0.1 (`release_migrations/9.0.1/[id]_rename_users_username_to_handle.backfill.yml`): it must be in a later release, since processes from before 9.0.1 still use what it takes away while 9.0.1 is rolled out
    hint: correct the files, then run `handover check`
    error: 1 problem in the migration files
    hint: fix the files, then run `handover check` again
    [exit 2]--- stderr ---
    error: stage `contract` of change `rename_users_username_to_handle` is in release 9.0.1 (`release_migrations/9.0.1/[id]_rename_users_username_to_handle.contract.yml`), but its `backfill` is in 9.0.1 (`release_migrations/9.0.1/[id]_rename_users_username_to_handle.backfill.yml`): it must be in a later release, since processes from before 9.0.1 still use what it takes away while 9.0.1 is rolled out
    hint: correct the files, then run `handover check`
    [exit 2]
    ");
    let output = project.handover(&["release", "cut", "9.0.1"]).expect_status(0);
    insta::assert_snapshot!(shown(&output.to_string()), @r#"
    moved release_migrations/9.0.1/[id]_rename_users_username_to_handle.contract.yml (its expand has slipped into that release)
       to release_migrations/9.0.2/[id]_rename_users_username_to_handle.contract.yml
    next: git add --all unreleased release_migrations && git commit --message "Cut 9.0.1: 1 migration file"
    [exit 0]
    "#);
    let _ = project.handover(&["check"]).expect_status(0);
    let _ = project.handover(&["db", "migrate"]).expect_status(0);
    project.version("9.0.2");
    let _ = project.handover(&["db", "migrate"]).expect_status(0);
}
