//! In every state of a rename, code of either release does all that it does otherwise.

use handover::{Releases, Shim, ShimError};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, Statement};

use crate::support::app;
use crate::support::everything::{Seen, after, before};
use crate::support::project::{Db, Project, each_database, query};
use crate::support::reads;
use crate::support::rename::state;

/// A running application of each release, and a look at the physical columns.
struct Fleet<'a> {
    project: &'a Project,
    plain: DatabaseConnection,
    before: Shim,
    after: Shim,
    /// The physical columns that hold the name.
    columns: Vec<&'static str>,
    /// Whether code of the earlier release can know of the rename.
    known: bool,
}

impl Seen for Fleet<'_> {
    async fn names(&self, expect: &[&str]) {
        for column in &self.columns {
            let sql = format!("SELECT {column} FROM users ORDER BY {column}");
            assert_eq!(query(&self.plain, &sql).await, expect, "physically in {column}");
        }
        assert_eq!(reads::before::names(&self.before).await.unwrap(), expect, "as username");
        assert_eq!(reads::after::names(&self.after).await.unwrap(), expect, "as handle");
        assert_eq!(
            reads::before::names(&self.after).await.unwrap(),
            expect,
            "as username in 9.0.0"
        );
        if self.known {
            assert_eq!(
                reads::after::names(&self.before).await.unwrap(),
                expect,
                "as handle in 8.17.0"
            );
        }
    }
}

impl<'a> Fleet<'a> {
    async fn start(project: &'a Project, columns: &[&'static str], known: bool) -> Self {
        let before = Shim::builder(project.connect().await, Releases::default());
        let after =
            Shim::builder(project.connect().await, handover::releases!("release_migrations"));
        Self {
            project,
            plain: project.connect().await,
            before: before.app_version("8.17.0").start().await.unwrap(),
            after: after.app_version("9.0.0").start().await.unwrap(),
            columns: columns.to_vec(),
            known,
        }
    }

    async fn everything(self) {
        eprintln!("in {:?}", self.columns);
        before::everything(&self.before, &self).await.unwrap();
        after::everything(&self.after, &self).await.unwrap();
        before::everything(&self.after, &self).await.unwrap();
        reads::before::star(&self.before).await.unwrap();
        reads::after::star(&self.after).await.unwrap();
        if self.known {
            after::everything(&self.before, &self).await.unwrap();
            self.refuses(&self.before).await;
        }
        self.refuses(&self.after).await;
        self.before.shutdown().await.unwrap();
        self.after.shutdown().await.unwrap();
    }

    /// What cannot be mapped with certainty is an error, not sent as it is.
    async fn refuses(&self, shim: &Shim) {
        self.plain.execute_unprepared("INSERT INTO posts VALUES (1, 1, 'x')").await.unwrap();
        for sql in [
            "SELECT username FROM users WHERE this is no SQL",
            "INSERT INTO users (id, username, handle) VALUES (1, 'a', 'b')",
            "UPDATE users SET username = 'a', handle = 'b'",
            "ALTER TABLE users DROP COLUMN handle",
            "EXECUTE PROCEDURE users",
            "SELECT 1; DELETE FROM posts; SELECT handle FROM users WHERE (",
        ]
        .into_iter()
        // While the table has one of both columns, a view is mapped.
        .chain((self.columns.len() > 1).then_some("CREATE VIEW names AS SELECT handle FROM users"))
        {
            refused(shim.execute_unprepared(sql).await, sql);
            let statement = Statement::from_string(shim.get_database_backend(), sql);
            refused(shim.query_all_raw(statement.clone()).await, sql);
            refused(shim.execute_raw(statement).await, sql);
        }
        assert_eq!(query(&self.plain, "SELECT title FROM posts").await, ["x"]);
        self.plain.execute_unprepared("DELETE FROM posts").await.unwrap();
        assert_eq!(self.project.query("SELECT email FROM users"), [""; 0]);
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, DbErr>, sql: &str) {
    let error = result.expect_err(sql);
    assert!(ShimError::is_refused(&error), "{sql}: {error:?}");
    // What an app logs with `{error}` says what was refused, and why.
    let text = error.to_string();
    let why = text.strip_prefix("Execution Error: handover: the statement was not sent: ");
    assert!(why.is_some_and(|why| why.contains('`')), "{sql}: {text}");
}

/// A project of the worked example.
fn project(db: Db) -> Project {
    let project = Project::bare(db);
    project.sql(app::users(db));
    project.sql(&app::tables(db));
    project.copy_worked_example();
    project
}

fn run(fleet: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(fleet);
}

/// All that code of both releases does, on columns that are there already.
pub fn in_state(project: &Project, columns: &[&'static str], known: bool) {
    run(async { Fleet::start(project, columns, known).await.everything().await });
}

#[test]
fn life_shim_in_every_state() {
    each_database(|given| {
        let project = project(given.db);
        let migrate = |version: &str, phase: &str, after: &str| {
            project.version(version);
            let _ = project.handover(&["db", "migrate", "--offline", phase]).expect_status(0);
            assert_eq!(state(&project), after);
        };
        in_state(&project, &["username"], false);
        let _ = project.handover(&["db", "init", "--baseline", "8.17.0"]).expect_status(0);
        in_state(&project, &["username"], false);
        migrate("9.0.0", "--pre", "dual_write");
        in_state(&project, &["username", "handle"], true);
        migrate("9.0.0", "--post", "read_to");
        in_state(&project, &["username", "handle"], true);
        #[cfg(feature = "failpoints")]
        if given.db != Db::Sqlite {
            project.version("9.0.1");
            let mut halfway = project.command(&["db", "migrate", "--offline"]);
            halfway.env("FAILPOINTS", "migrator::entered::write_to=return");
            assert!(!halfway.output().unwrap().status.success());
            assert_eq!(state(&project), "write_to");
            in_state(&project, &["handle"], true);
        }
        migrate("9.0.1", "--post", "contracted");
        in_state(&project, &["handle"], true);
        let _ = project.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
        assert_eq!(state(&project), "pending");
        in_state(&project, &["username"], true);
    });
}
