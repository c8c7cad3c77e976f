//! A text of several statements is never sent again: the first ones may have had their effect.
//! Whichever way it goes in, nothing is done twice.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use handover::{Releases, Shim, ShimError};
use sea_orm::{ConnectionTrait, DbErr, Statement, StreamTrait, TransactionTrait as _};

use crate::support::app;
use crate::support::project::{Db, Project, each_database};

/// What a migration does that did not wait for this process.
const MOVE_ON: &str = "
    ALTER TABLE users DROP COLUMN handle;
    UPDATE handover_metadata SET epoch = epoch + 1;
    UPDATE handover_changes SET state = 'pending', epoch = (SELECT epoch FROM handover_metadata)";

/// The ways to send a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Execute,
    Unprepared,
    One,
    All,
    Stream,
}

impl Way {
    const ALL: [Self; 5] = [Self::Execute, Self::Unprepared, Self::One, Self::All, Self::Stream];

    async fn send(self, db: &(impl ConnectionTrait + StreamTrait), sql: &str) -> Result<(), DbErr> {
        let statement = Statement::from_string(ConnectionTrait::get_database_backend(db), sql);
        match self {
            Self::Execute => db.execute_raw(statement).await.map(drop),
            Self::Unprepared => db.execute_unprepared(sql).await.map(drop),
            Self::One => db.query_one_raw(statement).await.map(drop),
            Self::All => db.query_all_raw(statement).await.map(drop),
            Self::Stream => db.stream_raw(statement).await?.try_collect::<Vec<_>>().await.map(drop),
        }
    }

    /// Whether the driver takes a text of several statements this way.
    fn takes_several(self, db: Db) -> bool {
        db == Db::Sqlite || self == Self::Unprepared
    }
}

/// Where a text is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Outside,
    Transaction,
    Nested,
}

/// Sends a text on a connection that went by `dual_write`, once the project is as `change` makes it.
/// A transaction is committed whatever became of the text.
async fn sent(
    project: &Project,
    place: Place,
    way: Way,
    change: &str,
    sql: &str,
) -> Result<(), DbErr> {
    let shim = Shim::builder(project.connect().await, Releases::default());
    let shim = shim.app_version("9.0.0").lease(Duration::from_mins(5)).start().await.unwrap();
    // Begun before the columns move on, so that each way goes by the mapping from before that.
    let transaction =
        if place == Place::Outside { None } else { Some(shim.begin().await.unwrap()) };
    let nested = match &transaction {
        Some(transaction) if place == Place::Nested => Some(transaction.begin().await.unwrap()),
        _ => None,
    };
    project.sql(change);
    let result = match (&nested, &transaction) {
        (Some(nested), _) => way.send(nested, sql).await,
        (None, Some(transaction)) => way.send(transaction, sql).await,
        (None, None) => way.send(&shim, sql).await,
    };
    if let Some(nested) = nested {
        // PostgreSQL takes no more of it.
        let _ = nested.commit().await;
    }
    if let Some(transaction) = transaction {
        let _ = transaction.commit().await;
    }
    shim.shutdown().await.unwrap();
    result
}

/// Runs a case of its own for each way and place, on a fresh project in `dual_write`.
fn each_way(db: Db, test: impl AsyncFn(&Project, Place, Way)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for place in [Place::Outside, Place::Transaction, Place::Nested] {
        for way in Way::ALL {
            eprintln!("{place:?} {way:?}");
            runtime.block_on(test(&dual_write(db), place, way));
        }
    }
}

fn dual_write(db: Db) -> Project {
    let project = Project::new(db);
    project.sql(app::users(db));
    project.sql("CREATE TABLE handover_log (id integer)");
    project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
    project.copy_worked_example();
    project.version("9.0.0");
    let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
    project
}

fn logged(project: &Project) -> usize {
    project.query("SELECT 'one' FROM handover_log").len()
}

#[test]
fn shim_resend_several_are_not_sent_again_when_the_columns_moved_on() {
    const TWO: &str = "INSERT INTO handover_log VALUES (1); \
                       UPDATE users SET handle = 'eve' WHERE id = 1";
    for db in Db::ALL {
        eprintln!("on {db:?}");
        each_way(db, async |project, place, way| {
            let error = sent(project, place, way, MOVE_ON, TWO).await.unwrap_err();
            // PostgreSQL makes one transaction of them, and drops it.
            let first = usize::from(way.takes_several(db) && db != Db::Postgres);
            assert_eq!(logged(project), first, "{error}");
            assert_eq!(project.query("SELECT username FROM users"), ["ada"], "{error}");
            if place != Place::Outside && way.takes_several(db) {
                assert!(ShimError::is_run_again(&error), "{error}");
            }
        });
    }
}

/// The unique index of the twin refuses the row each time.
#[test]
fn shim_resend_several_with_an_upsert_are_not_sent_again() {
    const TWO: &str = "INSERT INTO handover_log VALUES (1); \
                       INSERT INTO users (id, handle) VALUES (1, 'eve') \
                       ON CONFLICT (handle) DO NOTHING";
    each_way(Db::Sqlite, async |project, place, way| {
        let _ = sent(project, place, way, "SELECT 1", TWO).await.unwrap_err();
        assert_eq!(logged(project), 1);
    });
}

/// SQLite keeps the rows that `OR FAIL` got through before the one that was refused.
#[test]
fn shim_resend_several_rows_of_which_the_first_were_kept_are_not_sent_again() {
    const ROWS: &str = "INSERT OR FAIL INTO users (id, handle, email) \
                        VALUES (2, 'joan', 'once'), (1, 'eve', 'once') \
                        ON CONFLICT (handle) DO UPDATE SET email = 'twice'";
    let project = dual_write(Db::Sqlite);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        project.sql("CREATE UNIQUE INDEX handover_handle ON users (handle)");
        let way = Way::Execute;
        let _ = sent(&project, Place::Outside, way, "SELECT 1", ROWS).await.unwrap_err();
    });
    assert_eq!(project.query("SELECT email FROM users WHERE id = 2"), ["once"]);
}

/// A semicolon that ends no statement, or the last one.
#[test]
fn shim_resend_several_are_told_from_one_with_semicolons() {
    const ONE: &str = "/* one; not two */ UPDATE users SET handle = 'a;b' WHERE id = 1; -- done;";
    each_database(|given| {
        let db = given.db;
        each_way(db, async |project, place, way| {
            // A transaction of theirs is over, or does not see the change.
            if place != Place::Outside && db != Db::Sqlite {
                return;
            }
            sent(project, place, way, MOVE_ON, ONE).await.unwrap();
            assert_eq!(project.query("SELECT username FROM users"), ["a;b"]);
        });
    });
}

/// An upsert whose rows are streamed goes in a savepoint as well: PostgreSQL would give up the
/// whole transaction with the twin of its arbiter. If it fails for good, the transaction ends as the
/// database would have ended it: otherwise its first half could be committed.
#[test]
fn shim_resend_several_times_keeps_the_transaction_of_a_streamed_upsert() {
    const UPSERT: &str = "INSERT INTO users (id, handle) VALUES (1, 'eve') \
                          ON CONFLICT (handle) DO NOTHING RETURNING handle";
    for db in [Db::Postgres, Db::Sqlite] {
        eprintln!("on {db:?}");
        let project = dual_write(db);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let shim = Shim::builder(project.connect().await, Releases::default());
            let shim = shim.app_version("9.0.0").start().await.unwrap();
            let mut transaction = shim.begin().await.unwrap();
            let half = "UPDATE users SET handle = 'half' WHERE id = 1";
            let update = "UPDATE users SET handle = 'grace' WHERE id = 1";
            if db == Db::Postgres {
                Way::Execute.send(&transaction, half).await.unwrap();
                Way::Stream.send(&transaction, UPSERT).await.unwrap_err();
                Way::Execute.send(&transaction, update).await.unwrap_err();
                transaction.commit().await.unwrap();
                assert_eq!(project.query("SELECT username FROM users"), ["ada"]);
                transaction = shim.begin().await.unwrap();
            } else {
                Way::Stream.send(&transaction, UPSERT).await.unwrap_err();
            }
            Way::Execute.send(&transaction, update).await.unwrap();
            let rows = UPSERT.replace("(1, ", "(2, ");
            let rows = Statement::from_string(ConnectionTrait::get_database_backend(&shim), rows);
            let rows: Vec<_> =
                transaction.stream_raw(rows).await.unwrap().try_collect().await.unwrap();
            assert_eq!(rows[0].try_get::<String>("", "handle").unwrap(), "eve");
            transaction.commit().await.unwrap();
            shim.shutdown().await.unwrap();
        });
        assert_eq!(project.query("SELECT handle FROM users ORDER BY id"), ["grace", "eve"]);
    }
}
