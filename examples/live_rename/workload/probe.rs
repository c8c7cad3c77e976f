//! Counts the statements of an instance, and times them.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use sea_orm::sqlx::mysql::MySqlDatabaseError;
use sea_orm::{DbErr, RuntimeErr};

use crate::tally::Report;

#[derive(Default)]
pub struct Probe {
    report: Mutex<Report>,
}

impl Probe {
    /// Sends one statement.
    pub async fn measure<T>(
        &self,
        statement: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        let sent = Instant::now();
        let answer = statement.await;
        self.answered(sent, answer.as_ref().err());
        answer
    }

    /// Sends one statement of a transaction. MariaDB may end one at any time, as a deadlock, with or
    /// without a migration: whoever begins one there has to run it again.
    pub async fn measure_in_transaction<T>(
        &self,
        statement: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        let sent = Instant::now();
        let answer = statement.await;
        let error = answer.as_ref().err();
        if error.is_some_and(is_deadlock) {
            self.answered(sent, None);
            self.update(|report| report.deadlocks += 1);
        } else {
            self.answered(sent, error);
        }
        answer
    }

    fn answered(&self, sent: Instant, error: Option<&DbErr>) {
        let took = sent.elapsed();
        self.update(|report| {
            report.statements += 1;
            report.slowest = report.slowest.max(took);
            if let Some(error) = error {
                report.failed += 1;
                trouble(report, format!("failed: {error}"));
            }
        });
    }

    pub fn acknowledged(&self, writes: usize) {
        self.update(|report| report.acknowledged += writes as u64);
    }

    /// A read that does not show what its own worker has written.
    pub fn stale(&self, what: &str) {
        self.update(|report| {
            report.stale += 1;
            trouble(report, format!("stale: {what}"));
        });
    }

    pub fn report(&self) -> Report {
        let mut report = Report::default();
        self.update(|current| report = current.clone());
        report
    }

    fn update(&self, change: impl FnOnce(&mut Report)) {
        change(&mut self.report.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn is_deadlock(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) =
        error
    else {
        return false;
    };
    let error = error.as_database_error();
    let error = error.and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>());
    error.is_some_and(|error| error.number() == 1213)
}

fn trouble(report: &mut Report, what: String) {
    if report.troubles.len() < Report::TROUBLES {
        report.troubles.push(what);
    }
}
