//! The methods that sea-orm's `DatabaseTransaction` has besides those of its traits.

use std::fmt::{Debug, Display};

use sea_orm::{AccessMode, DbErr, IsolationLevel, TransactionError, TransactionTrait as _};

use super::transaction::ShimTransaction;

impl ShimTransaction {
    /// Commits the transaction.
    ///
    /// # Errors
    /// The database refuses the commit or cannot be reached.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.end_with_commit().await
    }

    /// Rolls the transaction back. A transaction that is dropped is rolled back, too.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
    }

    /// Runs the callback in a nested transaction, and commits it, or rolls it back if the callback
    /// fails.
    ///
    /// # Errors
    /// The callback fails, or the database reports an error at the beginning or the end.
    pub async fn transaction_async<F, T, E>(&self, callback: F) -> Result<T, TransactionError<E>>
    where
        F: for<'c> AsyncFnOnce(&'c Self) -> Result<T, E> + Send,
        T: Send,
        E: Display + Debug + Send,
    {
        self.begin().await.map_err(TransactionError::Connection)?.run_async(callback).await
    }

    /// Does the same as [`Self::transaction_async`], with an isolation level and an access mode.
    ///
    /// # Errors
    /// The callback fails, or the database reports an error at the beginning or the end.
    pub async fn transaction_with_config_async<F, T, E>(
        &self,
        callback: F,
        isolation_level: Option<IsolationLevel>,
        access_mode: Option<AccessMode>,
    ) -> Result<T, TransactionError<E>>
    where
        F: for<'c> AsyncFnOnce(&'c Self) -> Result<T, E> + Send,
        T: Send,
        E: Display + Debug + Send,
    {
        let begun = self.begin_with_config(isolation_level, access_mode).await;
        begun.map_err(TransactionError::Connection)?.run_async(callback).await
    }

    pub(super) async fn run_async<F, T, E>(self, callback: F) -> Result<T, TransactionError<E>>
    where
        F: for<'c> AsyncFnOnce(&'c Self) -> Result<T, E> + Send,
        T: Send,
        E: Display + Debug + Send,
    {
        let result = callback(&self).await;
        self.end(result).await
    }

    /// Commits the transaction after a callback that succeeded, and rolls it back after another one.
    pub(super) async fn end<T, E>(self, result: Result<T, E>) -> Result<T, TransactionError<E>>
    where
        E: Display + Debug,
    {
        let ended = match result {
            Ok(_) => self.commit().await,
            Err(_) => self.rollback().await,
        };
        ended.map_err(TransactionError::Connection)?;
        result.map_err(TransactionError::Transaction)
    }
}
