//! A replica of MariaDB, or a restored backup, plays the binary log: it has the same tables afterwards, also where
//! the log holds the statements themselves.

use std::fs;
use std::process::Stdio;

use handover::{Releases, Shim};
use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};

use crate::support::mariadb::MariaDb;
use crate::support::project::{Db, Project, query};

const TABLE: &str = "CREATE TABLE users (id integer AUTO_INCREMENT PRIMARY KEY, \
    username varchar(40) NOT NULL UNIQUE, email varchar(40) NOT NULL DEFAULT 'none', \
    age integer NOT NULL DEFAULT 0, note varchar(40) NOT NULL DEFAULT 'first')";

/// A change of each kind, all of them in one release.
const CHANGES: [&[&str]; 4] = [
    &["rename", "users.username", "handle"],
    &["rename", "users.email", "mail", "--in-place"],
    &["retype", "users.age", "bigint"],
    &["drop", "users.note"],
];

/// The releases forth, each with what is run there.
const FORTH: [(&str, &[&str]); 4] = [
    ("9.0.0", &["db", "migrate", "--pre", "--offline"]),
    ("9.0.0", &["db", "migrate", "--post", "--offline"]),
    ("9.0.1", &["db", "migrate", "--offline"]),
    ("9.1.0", &["db", "migrate", "--offline"]),
];

/// What the app does in each state, by the names of before, in a transaction and outside of one.
async fn work(project: &Project, number: &mut u32) {
    let shim = Shim::builder(project.connect().await, Releases::default());
    let shim = shim.app_version("9.0.0").start().await.unwrap();
    *number += 10;
    let (first, second) = (*number, *number + 1);
    let insert = |id| format!("INSERT INTO users (id, username, age) VALUES ({id}, 'u{id}', {id})");
    let transaction = shim.begin().await.unwrap();
    for sql in [
        insert(first),
        insert(second),
        format!(
            "UPDATE users SET username = concat(username, '-', age), age = age + 1 WHERE id = {first}"
        ),
    ] {
        let sql = Statement::from_string(transaction.get_database_backend(), sql);
        transaction.execute_raw(sql).await.unwrap();
    }
    transaction.commit().await.unwrap();
    for sql in [
        format!("{} ON DUPLICATE KEY UPDATE email = concat('of ', username)", insert(second)),
        format!(
            "UPDATE users SET age = age + 1, email = concat(email, id) WHERE username < 'u{first}'"
        ),
        format!("DELETE FROM users WHERE id = {}", first - 9),
    ] {
        let sql = Statement::from_string(shim.get_database_backend(), sql);
        shim.execute_raw(sql).await.unwrap();
    }
    shim.shutdown().await.unwrap();
}

/// The definition of each table and its rows as one number.
fn tables(project: &Project) -> Vec<String> {
    project.block_on(async |db| {
        let mut found = Vec::new();
        for table in query(db, "SHOW TABLES").await {
            let create = db.query_one_raw(Statement::from_string(
                db.get_database_backend(),
                format!("SHOW CREATE TABLE `{table}`"),
            ));
            let create: String = create.await.unwrap().unwrap().try_get_by_index(1).unwrap();
            let sum = db.query_one_raw(Statement::from_string(
                db.get_database_backend(),
                format!("CHECKSUM TABLE `{table}`"),
            ));
            let sum: i64 = sum.await.unwrap().unwrap().try_get_by_index(1).unwrap();
            found.push(format!("{create}: {sum}"));
        }
        let triggers = "SELECT concat(trigger_name, ': ', action_statement) \
                        FROM information_schema.triggers WHERE trigger_schema = database()";
        found.extend(query(db, triggers).await);
        found
    })
}

/// Plays the whole log in an empty database.
fn replay(server: &MariaDb) {
    server.run("FLUSH BINARY LOGS; SET sql_log_bin = 0; DROP DATABASE app");
    let files = fs::read_dir(server.folder().join("data")).unwrap();
    let mut logs = files
        .map(|file| file.unwrap().path())
        .filter(|file| file.file_name().unwrap().to_string_lossy().starts_with("bin.0"))
        .collect::<Vec<_>>();
    logs.sort();
    let mut log = std::process::Command::new("mariadb-binlog");
    let mut log = log
        .args(["--no-defaults", "--disable-log-bin"])
        .args(logs)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let played =
        server.client(&["--binary-mode"]).stdin(log.stdout.take().unwrap()).output().unwrap();
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    assert!(log.wait().unwrap().success());
}

#[test]
fn binary_log_of_each_format_gives_a_replica_the_same_tables() {
    for format in ["STATEMENT", "ROW"] {
        eprintln!("{format}");
        let server =
            MariaDb::start(&format!("--log-bin=bin --server-id=1 --binlog-format={format}"));
        server.run("CREATE DATABASE app");
        let project = Project::at(Db::Mariadb, server.url("app"));
        project.sql(TABLE);
        for change in CHANGES {
            let arguments = [&["gen"], change, &["--release", "9.0.0"]].concat();
            let _ = project.handover(&arguments).expect_status(0);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let mut number = 0;
        let mut at = |release: &str, arguments: &[&str]| {
            project.version(release);
            let _ = project.handover(arguments).expect_status(0);
            runtime.block_on(work(&project, &mut number));
        };
        // There, back before the values are deleted for good, and there again.
        for (release, arguments) in &FORTH[..3] {
            at(release, arguments);
        }
        while project.query("SELECT DISTINCT state FROM handover_changes") != ["pending"] {
            at("9.0.1", &["db", "rollback"]);
        }
        for (release, arguments) in FORTH {
            at(release, arguments);
        }
        let states = project.query("SELECT state FROM handover_changes ORDER BY state");
        assert_eq!(states, ["contracted", "contracted", "contracted", "purged"]);
        let before = tables(&project);
        replay(&server);
        assert_eq!(tables(&project), before);
    }
}
