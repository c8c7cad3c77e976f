//! What a gate refuses: status 3, who it waits for, and the way out.

use std::fs::File;

use insta::allow_duplicates;
use sea_orm::{ConnectionTrait, TransactionTrait};

use crate::support::project::{Db, Project, each_database};
use crate::support::traces::USERS;

impl Project {
    fn users_of_release(&self, version: &str) {
        self.sql(USERS);
        self.add_worked_example();
        self.version(version);
    }

    /// Registers a process as an application would; its lease ends in so many seconds.
    fn instance(&self, id: u32, release: &str, acknowledged: u32, seconds: i32) {
        let now = match self.db {
            Db::Sqlite => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
            Db::Postgres => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
            Db::Mariadb => "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)",
        };
        self.sql(&format!(
            "DELETE FROM handover_instances WHERE id = 'i{id}';
             INSERT INTO handover_instances
                 (id, host, pid, \"release\", acknowledged, registered_at, expires_at)
             VALUES ('i{id}', 'web{id}', {id}000, '{release}', {acknowledged}, {now} - 60000,
                 {now} + {seconds} * 1000)"
        ));
    }
}

#[test]
fn an_older_app_is_refused_until_the_database_has_gone_back() {
    allow_duplicates!(each_database(|project| {
        project.users_of_release("9.0.0");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        project.version("8.17.0");
        let before = project.traces();
        for command in ["migrate", "plan"] {
            let output = project.handover(&["db", command]).expect_status(3);
            assert!(output.stderr.contains("the app is at 8.17.0"), "{output}");
        }
        let output = project.handover(&["db", "migrate", "--offline"]).expect_status(3);
        insta::assert_snapshot!(output, @r"
        --- stderr ---
        refused: the database has migrations of release 9.0.0, but the app is at 8.17.0
        hint: deploy 9.0.0 or later, or go back first: `handover db rollback --step 2`
        [exit 3]
        ");
        assert!(project.traces() == before);
        let _ = project.handover(&["db", "rollback", "--step", "2"]).expect_status(0);
        let _ = project.handover(&["db", "migrate"]).expect_status(0);
    }));
}

#[test]
fn a_skipped_release_is_a_required_stop() {
    allow_duplicates!(each_database(|project| {
        project.users_of_release("9.0.1");
        let output = project.handover(&["db", "migrate"]).expect_status(3);
        insta::assert_snapshot!(output, @r"
        `users.handle` is there, and every process writes both columns.
          You may now roll out 9.0.0, whose code uses `handle`.
        `users.handle` has every value of `username`, and reads use it.
          You may now use `handle` in reports and other services, for reading. Until the contract, whoever writes `users` past the shim must set both columns.
        --- stderr ---
        expand of rename_users_username_to_handle (9.0.0)
        done: expand of rename_users_username_to_handle in [duration]
        backfill of rename_users_username_to_handle (9.0.0)
        done: backfill of rename_users_username_to_handle in [duration]
        refused: stage `contract` of change `rename_users_username_to_handle` (release 9.0.1) cannot run yet: the upgrade skipped 9.0.0, and no running process proves that its code is in use
        hint: start the app (release 9.0.0 or later, with its shim) and run `handover db migrate --post --wait 5m`, or stop it everywhere and run `handover db migrate --offline`
        [exit 3]
        ");
        let users = project.dump("users");
        for column in ["username", "handle"] {
            assert!(users.contains(&format!("{column} {}", project.db.text())), "{users}");
        }
        let output = project.handover(&["db", "migrate"]).expect_status(3);
        insta::assert_snapshot!(output, @r"
        --- stderr ---
        refused: stage `contract` of change `rename_users_username_to_handle` (release 9.0.1) cannot run yet: the upgrade skipped 9.0.0, and no running process proves that its code is in use
        hint: start the app (release 9.0.0 or later, with its shim) and run `handover db migrate --post --wait 5m`, or stop it everywhere and run `handover db migrate --offline`
        [exit 3]
        ");
        assert_eq!(project.dump("users"), users);
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert!(!project.dump("users").contains("username"));
    }));
}

#[test]
fn a_stage_after_the_roll_out_waits_for_every_process() {
    allow_duplicates!(each_database(|project| {
        project.users_of_release("9.0.0");
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let refused = |arguments: &[&str]| {
            let output = project.handover(arguments).expect_status(3);
            assert_eq!(project.query("SELECT state FROM handover_changes"), ["dual_write"]);
            output.to_string()
        };
        project.instance(1, "8.17.0", 1, 600);
        project.instance(2, "9.0.0", 1, 600);
        project.instance(3, "8.17.0", 0, -1);
        insta::assert_snapshot!(refused(&["db", "migrate", "--post"]), @r"
        --- stderr ---
        refused: stage `backfill` of change `rename_users_username_to_handle` (release 9.0.0) waits for these processes to reach 9.0.0: web1:1000 at 8.17.0
        hint: roll out 9.0.0 to these processes, or stop them, then run `handover db migrate --post --wait 5m`
        [exit 3]
        ");
        insta::assert_snapshot!(refused(&["db", "plan"]), @r"
        app release 9.0.0
        nothing to run now

        later
          release  migration                        stage     waits for
          9.0.1    rename_users_username_to_handle  contract  the app to reach its release
        --- stderr ---
        refused: stage `backfill` of change `rename_users_username_to_handle` (release 9.0.0) waits for these processes to reach 9.0.0: web1:1000 at 8.17.0
        hint: roll out 9.0.0 to these processes, or stop them, then run `handover db migrate --post --wait 5m`
        [exit 3]
        ");
        insta::assert_snapshot!(refused(&["db", "migrate", "--post", "--wait", "300ms"]), @r"
        --- stderr ---
          waiting for web1:1000 at 8.17.0
        refused: stage `backfill` of change `rename_users_username_to_handle` (release 9.0.0) waits for these processes to reach 9.0.0: web1:1000 at 8.17.0
        hint: roll out 9.0.0 to these processes, or stop them, then run `handover db migrate --post --wait 5m`
        [exit 3]
        ");
        insta::assert_snapshot!(refused(&["db", "migrate", "--offline"]), @r"
        --- stderr ---
        refused: `--offline` was given, but these processes are running: web1:1000 at 8.17.0, web2:2000 at 9.0.0
        hint: stop these processes and run `handover db migrate --offline --wait [duration]`, or leave out `--offline`
        [exit 3]
        ");
        let status = project.handover(&["db", "status"]).expect_status(0).to_string();
        let (_, processes) = status.split_once("processes\n").unwrap();
        insta::assert_snapshot!(processes, @r"
          process    release  acknowledged  lease
          web1:1000  8.17.0   1             valid
          web2:2000  9.0.0    1             valid
          web3:3000  8.17.0   0             run out
        next: handover db plan
        [exit 0]
        ");

        project.instance(1, "9.0.0", 0, 600);
        let patience = ["db", "migrate", "--post", "--acknowledgement-patience", "300ms"];
        insta::assert_snapshot!(refused(&patience), @r"
        --- stderr ---
        refused: stage `backfill` of change `rename_users_username_to_handle` (release 9.0.0) waits for these processes to acknowledge epoch 1: web1:1000 at 9.0.0
        hint: let their open transactions end: `handover db migrate --post --wait 5m`
        [exit 3]
        ");

        project.instance(1, "9.0.0", 1, 600);
        let output = project.handover(&["db", "migrate", "--post"]);
        // The backfill runs; nobody acknowledges its new state, so nothing more may.
        assert!(output.stderr.contains("done: backfill"), "{output}");
        assert_eq!(project.query("SELECT state FROM handover_changes"), ["read_to"]);

        // The way back waits for the same process, and names its own command.
        let back = ["db", "rollback", "--step", "2", "--acknowledgement-patience", "300ms"];
        let refused = project.handover(&back).expect_status(3).to_string();
        let hint =
            "hint: let their open transactions end: `handover db rollback --step 2 --wait 5m`";
        assert!(refused.contains(hint), "{refused}");
    }));
}

#[test]
fn running_processes_that_acknowledge_prove_a_skipped_release() {
    each_database(|project| {
        project.users_of_release("9.0.1");
        let _ = project.handover(&["db", "migrate", "--post"]).expect_status(3);
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let _ = project.handover(&["db", "migrate", "--post"]).expect_status(3);
        let epoch = project.query("SELECT CAST(epoch AS text) FROM handover_metadata");
        project.instance(1, "9.0.1", epoch[0].parse().unwrap(), 600);
        let plan = project.handover(&["db", "plan"]).expect_status(0);
        assert!(plan.stdout.contains("contract"), "{plan}");
        project.instance(1, "9.0.0", epoch[0].parse().unwrap(), 600);
        let plan = project.handover(&["db", "plan"]).expect_status(3);
        assert!(plan.stderr.contains("web1:1000 at 9.0.0"), "{plan}");
    });
}

#[test]
fn post_before_pre_is_refused() {
    allow_duplicates!(each_database(|project| {
        project.users_of_release("9.0.0");
        let before = project.traces();
        let output = project.handover(&["db", "migrate", "--post"]).expect_status(3);
        insta::assert_snapshot!(output, @r"
        --- stderr ---
        refused: stage `backfill` of change `rename_users_username_to_handle` (release 9.0.0) cannot run before stage `expand` has run
        hint: run `handover db migrate --pre`
        [exit 3]
        ");
        assert!(project.traces() == before);
    }));
}

#[test]
fn what_is_in_no_release_waits_while_the_rest_runs() {
    allow_duplicates!(each_database(|project| {
        project.sql(USERS);
        project.version("9.0.0");
        project.write("unreleased/7_index.sql", "CREATE INDEX users_by_name ON users (username)");
        project.write("release_migrations/9.0.0/6_other.sql", "CREATE TABLE other (id integer)");
        let output = project.handover(&["db", "migrate"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        note: 1 unreleased migration waits for a release: `handover release cut RELEASE`
        next: handover db status
        --- stderr ---
        other (9.0.0)
        done: other in [duration]
        [exit 0]
        ");
        assert!(!project.dump("users").contains("users_by_name"));
        let output = project.handover(&["db", "plan"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        app release 9.0.0
        nothing to run now

        later
          release     migration  stage  waits for
          unreleased  index      sql    a release: handover release cut RELEASE
        [exit 0]
        ");
        let output = project.handover(&["db", "migrate", "--with-unreleased"]).expect_status(0);
        insta::assert_snapshot!(output, @r"
        next: handover db status
        --- stderr ---
        index (9.0.0)
        done: index in [duration]
        [exit 0]
        ");
        assert!(project.dump("users").contains("users_by_name"));
    }));
}

#[tokio::test]
async fn one_runner_at_a_time() {
    for db in Db::ALL {
        let project = Project::worked_example(db, "9.0.0");
        let file = project.root().join("app.sqlite3.handover-lock");
        let other = project.connect().await;
        let transaction = other.begin().await.unwrap();
        let lock = match db {
            Db::Mariadb => {
                let sql = "DO get_lock(concat('handover.', left(sha2(database(), 256), 40)), 0)";
                transaction.execute_unprepared(sql).await.unwrap();
                None
            }
            Db::Sqlite => {
                let file = File::create(file).unwrap();
                file.lock().unwrap();
                Some(file)
            }
            Db::Postgres => {
                let sql = "SELECT pg_try_advisory_xact_lock(x'68616e646f766572'::bigint)";
                transaction.execute_unprepared(sql).await.unwrap();
                None
            }
        };
        let before = project.traces();
        for arguments in [&["db", "migrate"][..], &["db", "migrate", "--pre"]] {
            let output = project.handover(arguments).expect_status(3);
            allow_duplicates!(insta::assert_snapshot!(output, @r"
            --- stderr ---
            error: another handover is migrating this database
            hint: wait for the other run, then `handover db status`
            [exit 3]
            "));
            assert!(project.traces() == before);
        }
        let _ = project.handover(&["db", "plan"]).expect_status(0);
        drop(lock);
        if db == Db::Mariadb {
            transaction.execute_unprepared("DO release_all_locks()").await.unwrap();
        }
        transaction.rollback().await.unwrap();
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
    }
}
