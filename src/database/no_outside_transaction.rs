//! Stands for `outside_transaction` in a program without PostgreSQL.

use sea_orm::DbErr;

use super::{Database, NotCompiled};

/// Runs a statement that cannot run in a transaction. Only PostgreSQL has such statements, and this
/// program was compiled without it.
///
/// # Errors
/// Always.
pub fn run_alone(database: &Database, _: &str) -> impl Future<Output = Result<(), DbErr>> {
    std::future::ready(Err(NotCompiled(database.dialect()).into()))
}
