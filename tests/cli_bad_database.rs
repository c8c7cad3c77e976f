//! A database that is not what the URL promises: a clear message, and never the password.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;

use insta::allow_duplicates;
use sea_orm::{ConnectionTrait, SqliteTransactionMode, TransactionOptions, TransactionTrait};

use crate::support::project::{Db, Project};

#[test]
fn a_url_that_leads_nowhere() {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    fs::create_dir(project.root().join("folder.sqlite3")).unwrap();
    project.write("text.sqlite3", &"this is no database ".repeat(100));
    let root = project.root().display().to_string();
    let before = project.traces();
    let mut text = String::new();
    for url in [
        "mysql://app:sekrit@localhost/app?socket=/nonexistent",
        "mariadb://app:sekrit@localhost/app?socket=/nonexistent",
        "mysql://app:sekrit@localhost:port/app",
        "oracle://app:sekrit@localhost/app",
        "app.sqlite3",
        "",
        "postgres://app:sekrit@127.0.0.1:1/app",
        "postgres://127.0.0.1:1/app?user=app&password=sekrit",
        "postgres://app:sekrit@localhost:port/app",
        "postgres://app:sekrit@localhost/app?host=/nonexistent",
        "postgres://app:sekrit@localhost/app?sslmode=sometimes",
        "sqlite://app.sqlite3?mode=sometimes",
        "sqlite://nonexistent/app.sqlite3?mode=rwc",
        "sqlite://nonexistent.sqlite3?mode=rw",
        "sqlite://folder.sqlite3",
        "sqlite://text.sqlite3",
    ] {
        let output = project.handover(&["db", "migrate", "--database-url", url]);
        writeln!(text, "## {}\n{output}", url.replace("sekrit", "[password]")).unwrap();
        for command in [&["db", "migrate"][..], &["db", "status"], &["db", "rollback"]] {
            let mut command = project.command(command);
            let output =
                command.env("DATABASE_URL", url).env("RUST_LOG", "trace").output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(!said.contains("sekrit"), "{said}");
        }
    }
    insta::assert_snapshot!(text.replace(&root, "[root]"), @r#"
    ## mysql://app:[password]@localhost/app?socket=/nonexistent
    --- stderr ---
    error: cannot connect to `mysql://app:***@localhost/app?socket=/nonexistent`: No such file or directory (os error 2)
    hint: check that the database runs and that DATABASE_URL is right, then run the same command again
    [exit 1]
    ## mariadb://app:[password]@localhost/app?socket=/nonexistent
    --- stderr ---
    error: cannot connect to `mariadb://app:***@localhost/app?socket=/nonexistent`: No such file or directory (os error 2)
    hint: check that the database runs and that DATABASE_URL is right, then run the same command again
    [exit 1]
    ## mysql://app:[password]@localhost:port/app
    --- stderr ---
    error: the database URL `mysql://app:***@localhost:port/app` cannot be read: invalid port number
    hint: check DATABASE_URL or --database-url
    [exit 2]
    ## oracle://app:[password]@localhost/app
    --- stderr ---
    error: `oracle://app:***@localhost/app` is not a database URL that handover supports
    hint: use `sqlite://FILE?mode=rwc`, `postgres://USER@HOST/DATABASE` or `mysql://USER@HOST/DATABASE`
    [exit 2]
    ## app.sqlite3
    --- stderr ---
    error: `app.sqlite3` is not a database URL that handover supports
    hint: use `sqlite://FILE?mode=rwc`, `postgres://USER@HOST/DATABASE` or `mysql://USER@HOST/DATABASE`
    [exit 2]
    ## 
    --- stderr ---
    error: `` is not a database URL that handover supports
    hint: use `sqlite://FILE?mode=rwc`, `postgres://USER@HOST/DATABASE` or `mysql://USER@HOST/DATABASE`
    [exit 2]
    ## postgres://app:[password]@127.0.0.1:1/app
    --- stderr ---
    error: cannot connect to `postgres://app:***@127.0.0.1:1/app`: Connection refused (os error 111)
    hint: check that the database runs and that DATABASE_URL is right, then run the same command again
    [exit 1]
    ## postgres://127.0.0.1:1/app?user=app&password=[password]
    --- stderr ---
    error: cannot connect to `postgres://127.0.0.1:1/app?user=app&password=***`: Connection refused (os error 111)
    hint: check that the database runs and that DATABASE_URL is right, then run the same command again
    [exit 1]
    ## postgres://app:[password]@localhost:port/app
    --- stderr ---
    error: the database URL `postgres://app:***@localhost:port/app` cannot be read: invalid port number
    hint: check DATABASE_URL or --database-url
    [exit 2]
    ## postgres://app:[password]@localhost/app?host=/nonexistent
    --- stderr ---
    error: cannot connect to `postgres://app:***@localhost/app?host=/nonexistent`: No such file or directory (os error 2)
    hint: check that the database runs and that DATABASE_URL is right, then run the same command again
    [exit 1]
    ## postgres://app:[password]@localhost/app?sslmode=sometimes
    --- stderr ---
    error: the database URL `postgres://app:***@localhost/app?sslmode=sometimes` cannot be read: unknown value "sometimes" for `ssl_mode`
    hint: check DATABASE_URL or --database-url
    [exit 2]
    ## sqlite://app.sqlite3?mode=sometimes
    --- stderr ---
    error: the database URL `sqlite://app.sqlite3?mode=sometimes` cannot be read: unknown value "sometimes" for `mode`
    hint: check DATABASE_URL or --database-url
    [exit 2]
    ## sqlite://nonexistent/app.sqlite3?mode=rwc
    --- stderr ---
    error: cannot connect to `sqlite://nonexistent/app.sqlite3?mode=rwc`: unable to open database file
    hint: check that DATABASE_URL names an SQLite file in a folder that exists, then run the same command again
    [exit 1]
    ## sqlite://nonexistent.sqlite3?mode=rw
    --- stderr ---
    error: cannot connect to `sqlite://nonexistent.sqlite3?mode=rw`: unable to open database file
    hint: check that DATABASE_URL names an SQLite file in a folder that exists, then run the same command again
    [exit 1]
    ## sqlite://folder.sqlite3
    --- stderr ---
    error: cannot connect to `sqlite://folder.sqlite3`: unable to open database file
    hint: check that DATABASE_URL names an SQLite file in a folder that exists, then run the same command again
    [exit 1]
    ## sqlite://text.sqlite3
    --- stderr ---
    error: cannot connect to `sqlite://text.sqlite3`: file is not a database
    hint: check that DATABASE_URL names an SQLite file in a folder that exists, then run the same command again
    [exit 1]
    "#);
    assert!(project.traces() == before);
}

/// The files are read while the database is looked at; which of the two answers first must not
/// decide what the user is told.
#[test]
fn a_bad_file_is_told_before_anything_about_the_database() {
    // It takes connections and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("postgres://app@{}/app", silent.local_addr().unwrap());
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    project.write("release_migrations/9.0.0/notes.txt", "not a migration");
    let before = project.traces();
    for url in [
        silent.as_str(),
        "postgres://app@127.0.0.1:1/app",
        "sqlite://nonexistent/app.sqlite3?mode=rwc",
        "sqlite://new.sqlite3?mode=rwc",
        &project.url,
    ] {
        for command in ["migrate", "status", "plan", "rollback", "init"] {
            let output = project.handover(&["db", command, "--database-url", url]);
            let output = output.expect_status(2).to_string();
            assert!(output.contains("9.0.0/notes.txt` is not a migration"), "{url}: {output}");
        }
    }
    assert!(project.traces() == before);
}

#[test]
fn a_password_that_is_right_is_not_shown_either() {
    let project = Project::worked_example(Db::Postgres, "9.0.0");
    let url = project.url.replace("postgres@", "postgres:sekrit@");
    assert_ne!(url, project.url);
    for url in [url, format!("{}&password=sekrit", project.url)] {
        for arguments in [&["db", "migrate", "--offline", "-v"][..], &["db", "rollback"]] {
            let mut command = project.command(arguments);
            let output =
                command.env("DATABASE_URL", &url).env("RUST_LOG", "trace").output().unwrap();
            assert_eq!(output.status.code(), Some(0));
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(said.contains("TRACE") || said.contains("DEBUG"), "{said}");
            assert!(!said.contains("sekrit"), "{said}");
        }
    }
}

#[test]
fn a_password_that_is_wrong_is_not_shown() {
    let project = Project::worked_example(Db::Postgres, "9.0.0");
    // The server asks this role for its password.
    project.sql(
        "DROP ROLE IF EXISTS locked_out; CREATE ROLE locked_out LOGIN PASSWORD 'other';
         GRANT SELECT ON ALL TABLES IN SCHEMA public TO locked_out",
    );
    let before = project.traces();
    let url = project.url.replace("postgres@", "locked_out:sekrit@");
    assert_ne!(url, project.url);
    let output = project.handover(&["db", "migrate", "--database-url", &url]).expect_status(1);
    let shown = output.to_string().replace(&url.replace("sekrit", "***"), "[database]");
    insta::assert_snapshot!(shown, @r#"
    --- stderr ---
    error: cannot connect to `[database]`: password authentication failed for user "locked_out"
    hint: check that the database runs and that DATABASE_URL is right, then run the same command again
    [exit 1]
    "#);
    for command in ["migrate", "status", "plan", "rollback", "init"] {
        let mut command = project.command(&["db", command]);
        let output = command.env("DATABASE_URL", &url).env("RUST_LOG", "trace").output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!said.contains("sekrit"), "{said}");
    }
    assert!(project.traces() == before);
    let right = url.replace("sekrit", "other");
    // Let in, the role is told that it may not change the table.
    let _ = project.handover(&["db", "plan", "--database-url", &right]).expect_status(3);
    project.sql("DROP OWNED BY locked_out; DROP ROLE locked_out");
}

/// A file that cannot grow is what a process sees of a full disk or of a quota that is used up.
#[cfg(unix)]
#[test]
fn a_disk_without_room() {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    project.sql(
        "WITH RECURSIVE n (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM n WHERE n < 9000)
         INSERT INTO users (id, username) SELECT n, 'a name of some length, number ' || n FROM n",
    );
    let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
    let users = project.query("SELECT id || ' ' || username FROM users ORDER BY id");
    let size = fs::metadata(project.root().join("app.sqlite3")).unwrap().len();
    // In blocks of 512 bytes: room for some batches, not for all.
    let limit = (size + size / 5) / 512;
    let migrate = ["db", "migrate", "--post", "--batch-size", "500"];
    let mut limited = std::process::Command::new("/bin/sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"", "sh"])
        .arg(limit.to_string())
        .arg(env!("CARGO_BIN_EXE_handover"))
        .args(migrate)
        .current_dir(project.root())
        .env("DATABASE_URL", &project.url);
    let output = limited.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("backfill of `rename_users_username_to_handle`"), "{said}");
    assert!(said.contains("caused by: ") && said.contains("hint: "), "{said}");
    let copied = project.query("SELECT CAST(rows_copied AS text) FROM handover_backfills");
    let copied: usize = copied[0].parse().unwrap();
    assert!(copied > 0 && copied < users.len(), "{copied} of {}: {said}", users.len());
    assert_eq!(project.query("SELECT state FROM handover_changes"), ["dual_write"]);
    assert_eq!(project.query("SELECT id || ' ' || username FROM users ORDER BY id"), users);
    // With room again, the same command goes on where it stopped.
    let _ = project.handover(&migrate).expect_status(0);
    assert_eq!(project.query("SELECT state FROM handover_changes"), ["read_to"]);
    assert_eq!(project.query("SELECT id || ' ' || handle FROM users ORDER BY id"), users);
}

#[test]
fn a_database_that_may_only_be_read() {
    for db in Db::ALL {
        let project = Project::worked_example(db, "9.0.0");
        let url = match db {
            Db::Mariadb => {
                project.sql(
                    "CREATE OR REPLACE USER reader@localhost; GRANT SELECT ON *.* TO reader@localhost",
                );
                project.url.replace("root@", "reader@")
            }
            Db::Sqlite => project.url.replace("mode=rwc", "mode=ro"),
            Db::Postgres => {
                project.sql(
                    "CREATE ROLE only_reader LOGIN; \
                     GRANT SELECT ON ALL TABLES IN SCHEMA public TO only_reader",
                );
                project.url.replace("postgres@", "only_reader@")
            }
        };
        let before = project.traces();
        // PostgreSQL tells whose the table is.
        let status = if db == Db::Postgres { 3 } else { 0 };
        let _ = project.handover(&["db", "plan", "--database-url", &url]).expect_status(status);
        assert!(project.traces() == before);
        let output = project.handover(&["db", "migrate", "--database-url", &url]).expect_status(1);
        match db {
            Db::Mariadb => insta::assert_snapshot!(output, @r"
            --- stderr ---
            expand of rename_users_username_to_handle (9.0.0)
            error: the database failed
            caused by: 1142 (42000): INSERT, UPDATE command denied to user 'reader'@'localhost' for table `[name]`.`handover_migrations`
            hint: check the database, then run the same command again
            [exit 1]
            "),
            Db::Sqlite => insta::assert_snapshot!(output, @r"
            --- stderr ---
            expand of rename_users_username_to_handle (9.0.0)
            error: the database failed
            caused by: attempt to write a readonly database
            hint: check the database, then run the same command again
            [exit 1]
            "),
            Db::Postgres => insta::assert_snapshot!(output, @r"
            --- stderr ---
            expand of rename_users_username_to_handle (9.0.0)
            error: the database failed
            caused by: permission denied for table handover_migrations
            hint: check the database, then run the same command again
            [exit 1]
            "),
        }
        // Not even the file that keeps other runners out is left beside it.
        assert!(project.traces() == before);
        if db == Db::Postgres {
            project.sql("DROP OWNED BY only_reader; DROP ROLE only_reader");
        }
    }
}

#[tokio::test]
async fn a_table_that_another_transaction_holds() {
    for db in Db::ALL {
        let project = Project::worked_example(db, "9.0.0");
        let users = project.dump("users");
        let other = project.connect().await;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = other.begin_with_options(options).await.unwrap();
        transaction.execute_unprepared("UPDATE users SET username = username").await.unwrap();
        let patience = ["db", "migrate", "--pre", "--lock-patience", "100ms"];
        let output = project.handover(&patience).expect_status(3);
        match db {
            Db::Postgres => insta::assert_snapshot!(output, @r"
            --- stderr ---
            expand of rename_users_username_to_handle (9.0.0)
              waiting for pid [pid] (idle in transaction, open for [duration])
            refused: stage `expand` of change `rename_users_username_to_handle` (release 9.0.0) cannot run: transactions that stay open hold table `users`: pid [pid] (idle in transaction, open for [duration])
            hint: a transaction holds the table for longer than lock.patience; end it, then run the same command again
            [exit 3]
            "),
            Db::Mariadb => insta::assert_snapshot!(output, @r"
            --- stderr ---
            expand of rename_users_username_to_handle (9.0.0)
              waiting for perhaps pid [pid] (root, idle in transaction, open for [duration])
            refused: stage `expand` of change `rename_users_username_to_handle` (release 9.0.0) cannot run: transactions that stay open hold table `users`: perhaps pid [pid] (root, idle in transaction, open for [duration])
            hint: a transaction holds the table for longer than lock.patience; end it, then run the same command again
            [exit 3]
            "),
            Db::Sqlite => insta::assert_snapshot!(output, @r"
            --- stderr ---
            expand of rename_users_username_to_handle (9.0.0)
            error: the database failed
            caused by: database is locked
            hint: another transaction holds the database; end it, then run the same command again
            [exit 3]
            "),
        }
        transaction.rollback().await.unwrap();
        assert_eq!(project.dump("users"), users);
        let _ = project.handover(&patience).expect_status(0);
    }
}

#[test]
fn tables_of_a_later_handover_are_left_alone() {
    for db in Db::ALL {
        let project = Project::worked_example(db, "9.0.0");
        project.sql("UPDATE handover_metadata SET format_version = 99");
        let before = project.traces();
        for command in ["migrate", "status", "plan", "rollback", "init"] {
            let output = project.handover(&["db", command]).expect_status(2);
            allow_duplicates!(insta::assert_snapshot!(output, @r"
            --- stderr ---
            error: the handover tables have format 99; this handover knows 4
            hint: upgrade handover
            [exit 2]
            "));
        }
        assert!(project.traces() == before);
    }
}
