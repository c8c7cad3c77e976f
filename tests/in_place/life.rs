//! There and back, with what the command says.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use super::{generate, project};
use crate::life_shim::in_state;
use crate::support::project::{Db, Project, each_database};
use crate::support::rename::state;

#[test]
fn in_place_there_and_back() {
    each_database(|given| {
        let project = project(given.db);
        let dump = || project.dump("users");
        // As it would be with the other name: the dump sorts the columns by their names.
        let renamed = |dump: &str| {
            let mut lines: Vec<_> =
                dump.lines().map(|line| line.replace("username", "handle")).collect();
            lines.sort();
            lines
        };
        let before = dump();
        let run = |arguments: &[&str], after: &str| {
            let output = project.handover(arguments).expect_status(0);
            assert_eq!(state(&project), after, "{output}");
        };
        for _ in 0..2 {
            run(&["db", "migrate", "--offline", "--pre"], "announced");
            assert_eq!(dump(), before);
            let _ = project.handover(&["db", "verify"]).expect_status(0);
            run(&["db", "migrate", "--offline"], "contracted");
            assert_eq!(renamed(&dump()), renamed(&before));
            let _ = project.handover(&["db", "verify"]).expect_status(0);
            run(&["db", "rollback"], "announced");
            assert_eq!(dump(), before);
            run(&["db", "rollback"], "pending");
            assert_eq!(dump(), before);
        }
    });
}

#[test]
fn in_place_code_of_both_releases_in_every_state() {
    each_database(|given| {
        let project = project(given.db);
        in_state(&project, &["username"], false);
        let _ = project.handover(&["db", "migrate", "--offline", "--pre"]).expect_status(0);
        assert_eq!(state(&project), "announced");
        in_state(&project, &["username"], true);
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        in_state(&project, &["handle"], true);
        let _ = project.handover(&["db", "rollback", "--step", "2"]).expect_status(0);
        in_state(&project, &["username"], true);
    });
}

/// Everything that hangs on the column stays, under its name.
#[test]
fn in_place_keeps_what_hangs_on_a_key_column() {
    for (db, tables) in [
        (
            Db::Postgres,
            "CREATE TABLE users (tenant integer, username text, n integer GENERATED ALWAYS AS \
                 (length(username)) STORED, PRIMARY KEY (tenant, username), \
                 EXCLUDE USING btree (username WITH =));
             CREATE TABLE posts (tenant integer, who text, \
                 CONSTRAINT who FOREIGN KEY (tenant, who) REFERENCES users ON UPDATE CASCADE);
             CREATE VIEW names AS SELECT username FROM users;
             ALTER TABLE users REPLICA IDENTITY FULL;
             CREATE POLICY own ON users USING (username = current_user);
             INSERT INTO users (tenant, username) VALUES (1, 'ada'), (1, 'grace');
             INSERT INTO posts VALUES (1, 'ada')",
        ),
        (
            Db::Mariadb,
            "CREATE TABLE users (username varchar(40) PRIMARY KEY, tenant integer,
                 n integer AS (length(username)) STORED, CHECK (username <> ''));
             CREATE TABLE posts (who varchar(40), \
                 CONSTRAINT who FOREIGN KEY (who) REFERENCES users (username) ON UPDATE CASCADE);
             INSERT INTO users (username) VALUES ('ada'), ('grace');
             INSERT INTO posts VALUES ('ada')",
        ),
        (
            Db::Sqlite,
            "CREATE TABLE users (tenant integer, username text, PRIMARY KEY (tenant, username),
                 CHECK (username <> '')) WITHOUT ROWID;
             CREATE TABLE posts (tenant integer, who text, \
                 FOREIGN KEY (tenant, who) REFERENCES users (tenant, username) ON UPDATE CASCADE);
             CREATE TRIGGER lower_case AFTER INSERT ON users BEGIN \
                 UPDATE users SET username = lower(new.username) WHERE username = new.username; END;
             INSERT INTO users VALUES (1, 'ada'), (1, 'grace');
             INSERT INTO posts VALUES (1, 'ada')",
        ),
    ] {
        let project = Project::new(db);
        project.sql(tables);
        generate(&project);
        let dumps = || [project.dump("users"), project.dump("posts")];
        let before = dumps();
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert_eq!(state(&project), "contracted");
        assert_eq!(project.query("SELECT handle FROM users ORDER BY 1"), ["ada", "grace"]);
        if db == Db::Postgres {
            assert_eq!(project.query("SELECT username FROM names ORDER BY 1"), ["ada", "grace"]);
        }
        let _ = project.handover(&["db", "rollback", "--step", "2"]).expect_status(0);
        assert_eq!(dumps(), before, "{db:?}");
    }
}

/// A process that was built with an earlier version of handover does not know the state `announced`,
/// and could not read the state of any change.
#[test]
fn in_place_waits_for_processes_of_an_earlier_version() {
    each_database(|given| {
        let project = project(given.db);
        // As that version made its tables, with one of its processes.
        project.sql("ALTER TABLE handover_instances DROP COLUMN reads_format");
        project.sql(
            "INSERT INTO handover_instances
                 (id, host, pid, \"release\", acknowledged, registered_at, expires_at)
             VALUES ('old', 'here', 7, '8.17.0', 0, 0, 9000000000000)",
        );
        project.write("handover.yml", "acknowledgement_patience: 1s\n");
        let output = project.handover(&["db", "migrate", "--pre"]).expect_status(3);
        let named = "does not know this change: here:7 at 8.17.0";
        assert!(output.stderr.contains(named), "{output}");
        let format = "SELECT CAST(format_version AS char(1)) FROM handover_metadata";
        assert_eq!(project.query(format), ["1"]);
        assert_eq!(project.query("SELECT state FROM handover_changes"), [""; 0]);
        // `--wait` waits for it for longer than the stage does at a time.
        let mut waiting = project.command(&["db", "migrate", "--pre", "--wait", "5m"]);
        let mut waiting = waiting.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(waiting.stderr.take().unwrap()).lines();
        for _ in 0..2 {
            assert!(lines.any(|line| line.unwrap().starts_with("expand of")), "it has ended");
        }
        project.sql("UPDATE handover_instances SET reads_format = 2");
        let left: Vec<_> = lines.map_while(Result::ok).collect();
        assert!(waiting.wait().unwrap().success(), "{left:#?}");
        assert_eq!(
            (state(&project).as_str(), project.query(format)),
            ("announced", vec!["2".to_owned()])
        );
    });
}

/// A process of this version that registered in tables of the earlier one says later what it knows.
#[test]
fn in_place_a_process_tells_what_it_understands() {
    each_database(|given| {
        let project = project(given.db);
        project.sql("ALTER TABLE handover_instances DROP COLUMN reads_format");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let shim = runtime.block_on(async {
            let shim =
                handover::Shim::builder(project.connect().await, handover::Releases::default());
            let lease = std::time::Duration::from_secs(3);
            shim.app_version("9.0.0").lease(lease).start().await.unwrap()
        });
        let _ = project.handover(&["db", "migrate", "--pre", "--wait", "1m"]).expect_status(0);
        assert_eq!(state(&project), "announced");
        runtime.block_on(shim.shutdown()).unwrap();
    });
}
