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
