//! Statements on one row, as text.

use std::cell::Cell;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Statement, Value};

/// Sends `sql`, whose two values are a fresh name and the key of one of `rows`, `times` times.
pub async fn update(
    db: &impl ConnectionTrait,
    sql: &str,
    next: &Cell<i64>,
    times: i64,
    rows: i64,
) -> Duration {
    let first = next.get();
    next.set(first + times);
    let started = Instant::now();
    for n in first..next.get() {
        let values = [Value::from(format!("name{n}")), Value::from(1 + n % rows)];
        let sent = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        assert_eq!(db.execute_raw(sent).await.unwrap().rows_affected(), 1);
    }
    started.elapsed()
}

/// Inserts rows with `sql`, whose values are a fresh key and a name, `times` times.
pub async fn insert(
    db: &impl ConnectionTrait,
    sql: &str,
    next: &Cell<i64>,
    times: i64,
) -> Duration {
    let first = next.get();
    next.set(first + times);
    let started = Instant::now();
    for n in first..next.get() {
        let values = [Value::from(n), Value::from(format!("new{n}"))];
        let sent = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        db.execute_raw(sent).await.unwrap();
    }
    started.elapsed()
}

/// Reads one row by its key, `times` times.
pub async fn select(db: &impl ConnectionTrait, sql: &str, times: i64, rows: i64) -> Duration {
    let started = Instant::now();
    for n in 0..times {
        let values = [Value::from(1 + n * 7 % rows)];
        let sent = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        assert!(db.query_one_raw(sent).await.unwrap().is_some());
    }
    started.elapsed()
}
