//! PostgreSQL behind `PgBouncer`. In transaction mode, which has the session of a server for each
//! transaction only, whatever one client leaves in a session meets the statements of another one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use handover::Shim;
use handover::database::run_alone;
use sea_orm::sqlx::{self, Row as _};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, DbErr,
    Statement, TransactionTrait as _,
};

use crate::support::app;
use crate::support::pgbouncer::PgBouncer;
use crate::support::project::{Db, Project, query};
use crate::support::rename::{USERS, state};
use crate::support::wait::until_async;

fn project() -> Project {
    let project = Project::new(Db::Postgres);
    project.sql(app::users(project.db));
    project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
    project.version("9.0.0");
    project
}

fn with_one_session(project: &Project) -> PgBouncer {
    PgBouncer::with_one_session(project.postgres().unwrap())
}

/// One connection: this `PgBouncer` does not know the prepared statements of a second one.
async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

/// Statements of the app, one after the other, until it is told to stop; the number of them.
async fn work(shim: Shim, stop: Arc<AtomicBool>, done: Arc<AtomicU64>) -> Result<(), DbErr> {
    while !stop.load(Ordering::Relaxed) {
        let number = done.fetch_add(1, Ordering::Relaxed);
        let update = format!("UPDATE users SET handle = 'user{number}' WHERE id = 1");
        shim.execute_raw(Statement::from_string(DbBackend::Postgres, update)).await?;
        let transaction = shim.begin().await?;
        let sql = "SELECT handle FROM users WHERE id = 1";
        let found = query_one(&transaction, sql).await?;
        assert_eq!(found, format!("user{number}"));
        transaction.commit().await?;
    }
    Ok(())
}

async fn query_one(on: &impl sea_orm::ConnectionTrait, sql: &str) -> Result<String, DbErr> {
    let row = on.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    row.unwrap().try_get_by_index(0)
}

/// A process that listened for new states in a shared session had the announcements sent to whoever used
/// the session next, and that statement failed: "unexpected message: `NotificationResponse`".
#[test]
fn pgbouncer_passes_no_announcement_to_a_statement() {
    for in_place in [false, true] {
        let project = project();
        if in_place {
            USERS.write_in_place(&project);
        } else {
            USERS.write(&project);
        }
        let database = project.postgres().unwrap();
        // One refuses a client that asks for options, the other one takes it and does not pass them on.
        let pooler = if in_place {
            PgBouncer::with_one_session_and_no_options(database)
        } else {
            PgBouncer::with_one_session(database)
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let builder =
                Shim::builder(connect(&pooler.url()).await, handover::Releases::default());
            let shim = builder.app_version("9.0.1").start().await.unwrap();
            let migrate = |version, phase| {
                project.version(version);
                let arguments = ["db", "migrate", phase, "--wait", "60s"];
                let _ = project.handover(&arguments).expect_status(0);
            };
            migrate("9.0.0", "--pre");
            until_async("the process maps the column", async || {
                shim.rewrite("SELECT handle FROM users").await.unwrap().sql().contains("username")
            })
            .await;
            let (stop, done) = (Arc::default(), Arc::default());
            let work = tokio::spawn(work(shim.clone(), Arc::clone(&stop), Arc::clone(&done)));
            until_async("the app works", async || done.load(Ordering::Relaxed) > 10).await;
            tokio::task::block_in_place(|| {
                migrate("9.0.0", "--post");
                migrate("9.0.1", "--post");
            });
            stop.store(true, Ordering::Relaxed);
            work.await.unwrap().unwrap();
            shim.shutdown().await.unwrap();
        });
        assert_eq!(state(&project), "contracted");
    }
}

/// The settings of a statement that runs outside of a transaction stayed in the shared session: with
/// `row_security = off`, the app's statements on a table with policies failed from then on.
#[test]
fn pgbouncer_keeps_no_settings_of_a_migration() {
    let project = project();
    let pooler = with_one_session(&project);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let database = handover::database::Database::from_connection(connect(&pooler.url()).await);
        let build = "CREATE INDEX CONCURRENTLY users_by_email ON users (email)";
        run_alone(&database.unwrap(), build).await.unwrap();
    });
    let built = "SELECT indexname::text FROM pg_indexes WHERE indexname = 'users_by_email'";
    assert_eq!(project.query(built), ["users_by_email"]);
    runtime.block_on(async {
        let plain = connect(&pooler.url()).await;
        assert_eq!(query(&plain, "SHOW row_security").await, ["on"]);
        plain.close().await.unwrap();
    });
}

#[test]
fn pgbouncer_without_prepared_statements_is_named_in_the_hint() {
    let project = project();
    let pooler = with_one_session(&project);
    let through = |arguments: &[&str]| {
        let mut command = project.command(arguments);
        command.env("DATABASE_URL", pooler.url());
        project.run(command)
    };
    let _ = through(&["db", "status"]);
    let failed = through(&["db", "status"]).expect_status(1).to_string();
    assert!(failed.contains("prepared statement"), "{failed}");
    assert!(failed.contains("hint: let DATABASE_URL go to the server itself"), "{failed}");
}

/// In session mode, the whole life of a rename goes through it.
#[test]
fn pgbouncer_in_session_mode_is_as_good_as_the_server() {
    let project = project();
    USERS.write(&project);
    let pooler = PgBouncer::with_a_session_each(project.postgres().unwrap());
    for (version, phase) in [("9.0.0", "--pre"), ("9.0.0", "--post"), ("9.0.1", "--post")] {
        project.version(version);
        let mut command = project.command(&["db", "migrate", phase, "--offline"]);
        command.env("DATABASE_URL", pooler.url());
        let _ = project.run(command).expect_status(0);
    }
    assert_eq!(project.query("SELECT handle FROM users"), ["ada"]);
}

/// `PgBouncer` keeps prepared statements by their text, for processes of all releases. After a change of
/// columns, one of the epoch before failed for good: "cached plan must not change result type".
#[test]
fn pgbouncer_gets_another_text_in_each_epoch() {
    let project = project();
    USERS.write(&project);
    project.sql("CREATE TABLE notes AS SELECT 'b' AS text");
    let pooler = with_one_session(&project);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let builder = Shim::builder(connect(&pooler.url()).await, handover::Releases::default());
        let shim = builder.app_version("9.0.0").start().await.unwrap();
        for phase in ["--pre", "--post"] {
            for table in ["users", "notes"] {
                query_one(&shim, &format!("SELECT 'any' AS any, * FROM {table}")).await.unwrap();
            }
            let _ = project.handover(&["db", "migrate", phase, "--wait", "60s"]).expect_status(0);
        }
        let sql =
            "SELECT statement FROM pg_prepared_statements WHERE statement LIKE 'SELECT ''any%'";
        let pool = shim.get_postgres_connection_pool();
        let prepared = sqlx::raw_sql(sql).fetch_all(pool).await.unwrap();
        let texts = prepared.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>();
        for epoch in [0, 1] {
            let comment = format!("\n/* handover: epoch {epoch} */");
            let found = texts.iter().filter(|text| text.ends_with(&comment)).count();
            assert_eq!(found, 2, "{texts:?}");
        }
        assert_eq!(texts.len(), 4, "{texts:?}");
        shim.shutdown().await.unwrap();
    });
}
