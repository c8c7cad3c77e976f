//! Counts the statements of an instance, and times them.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use sea_orm::DbErr;

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
        let took = sent.elapsed();
        self.update(|report| {
            report.statements += 1;
            report.slowest = report.slowest.max(took);
            if let Err(error) = &answer {
                report.failed += 1;
                trouble(report, format!("failed: {error}"));
            }
        });
        answer
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

fn trouble(report: &mut Report, what: String) {
    if report.troubles.len() < Report::TROUBLES {
        report.troubles.push(what);
    }
}
