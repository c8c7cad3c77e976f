//! SQL that nobody here wrote, in every middle state of a rename: docs/explanation/proof.md says how to run it.
//!
//! Each statement of a corpus is run on a plain database, and then, with one column of its main
//! table in the middle of a rename, as the rewriter gives it. Both must show the same rows and
//! leave the same tables.

mod catalog;
mod compare;
mod extract;
mod report;
mod split;
mod world;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use handover::Dialect;

use extract::Item;
use report::Report;
use world::World;

/// Runs the corpus that `HANDOVER_CORPUS` (a folder) and `HANDOVER_CORPUS_DIALECT` name. A file
/// `setup.sql` there comes before each other file.
#[tokio::test]
#[ignore = "needs a corpus in HANDOVER_CORPUS"]
async fn corpus() {
    let folder = PathBuf::from(env::var("HANDOVER_CORPUS").expect("HANDOVER_CORPUS is a folder"));
    let dialect = match env::var("HANDOVER_CORPUS_DIALECT").as_deref() {
        Ok("sqlite") => Dialect::Sqlite,
        Ok("postgres") => Dialect::Postgres,
        Ok("mysql") => Dialect::MariaDb,
        other => panic!("HANDOVER_CORPUS_DIALECT is sqlite, postgres or mysql, not {other:?}"),
    };
    let read = |path: &Path| extract::items(path, dialect);
    let setup_file = folder.join("setup.sql");
    let setup = if setup_file.exists() { read(&setup_file) } else { Vec::new() };
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file() && *path != setup_file);
    files.sort();
    let mut report = Report::default();
    for path in files {
        eprintln!("{}", path.display());
        replay(dialect, &setup, read(&path), &mut report).await;
    }
    eprintln!("{report}");
}

/// The program itself: it counts what is equal, and finds what is not.
#[tokio::test]
async fn a_corpus_is_compared_in_the_middle_states() {
    let items = [
        "CREATE TABLE t (a integer PRIMARY KEY, b text DEFAULT 'x', c text UNIQUE)",
        "INSERT INTO t VALUES (1, 'one', 'uno'), (2, NULL, 'due')",
        "SELECT b FROM t WHERE b IS NOT NULL ORDER BY b",
        "SELECT * FROM t",
        "SELECT nope, b FROM t",
        "UPDATE t SET b = coalesce(b, c)",
        "INSERT INTO t (a, c) VALUES (3, 'tre')",
        "DELETE FROM t WHERE c = 'due'",
        "SELECT b FROM t WHERE b MATCH b(",
    ]
    .map(|sql| Item::Statement(sql.to_owned()));
    for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MariaDb] {
        let mut report = Report::default();
        replay(dialect, &[], items.to_vec(), &mut report).await;
        let said = report.to_string();
        assert!(report.equal >= 10 && report.different() == 0, "{dialect}: {said}");
        assert_eq!(report.failing.count(), 2, "{dialect}: {said}");
    }
}

async fn replay(dialect: Dialect, setup: &[Item], items: Vec<Item>, report: &mut Report) {
    let mut world = World::new(dialect).await;
    report.files += 1;
    for item in setup {
        if let Item::Statement(sql) = item {
            world.advance(sql).await;
        }
    }
    for item in items {
        match item {
            Item::Reset => world = World::new(dialect).await,
            Item::Statement(sql) => {
                report.statements += 1;
                if world.is_lost() {
                    world = World::new(dialect).await;
                }
                if world::is_data(&sql) {
                    compare::compare(&mut world, &sql, report).await;
                }
                world.advance(&sql).await;
            }
        }
    }
}
