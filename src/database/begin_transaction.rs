//! Begins the transactions of handover's own work: what they may do, and what they see.

use sea_orm::{
    AccessMode, DatabaseTransaction, DbErr, IsolationLevel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};

use super::Dialect;
use super::pool::Database;

impl Database {
    /// Begins a transaction that writes. On SQLite it takes the write lock at once, so that it
    /// never has to upgrade a read transaction, which fails under a concurrent writer.
    ///
    /// # Errors
    /// The connection fails, or the write lock is not free.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.begin_as(Some(SqliteTransactionMode::Immediate)).await
    }

    /// Begins a transaction that only reads.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn begin_reading(&self) -> Result<DatabaseTransaction, DbErr> {
        self.begin_as(None).await
    }

    async fn begin_as(
        &self,
        sqlite: Option<SqliteTransactionMode>,
    ) -> Result<DatabaseTransaction, DbErr> {
        let isolation_level = Some(match self.dialect {
            // A lower level would copy past a row that an open transaction has written, and lose
            // that write (docs/explanation/protocol.md, section 4). The first read without a lock determines
            // the snapshot, so locks are taken first.
            Dialect::MariaDb => IsolationLevel::RepeatableRead,
            // Each statement after a lock has to see what was committed before the lock was taken,
            // even if the role or database is set to another isolation level.
            Dialect::Sqlite | Dialect::Postgres => IsolationLevel::ReadCommitted,
        });
        let options = match self.dialect {
            Dialect::Sqlite => TransactionOptions {
                sqlite_transaction_mode: sqlite,
                ..TransactionOptions::default()
            },
            Dialect::Postgres | Dialect::MariaDb => {
                // A role may be read-only by default.
                let access_mode = sqlite.map(|_| AccessMode::ReadWrite);
                TransactionOptions { isolation_level, access_mode, ..TransactionOptions::default() }
            }
        };
        self.connection.begin_with_options(options).await
    }
}
