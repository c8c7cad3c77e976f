//! Streaming through the shim and through its transactions.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement, StreamTrait,
};

use super::connection::Shim;
use super::db_future::DbFuture;
use super::retry::Attempt;
use super::stream::ShimStream;
use super::transaction::ShimTransaction;

impl StreamTrait for Shim {
    type Stream<'a> = ShimStream<'a>;

    fn get_database_backend(&self) -> DbBackend {
        self.inner().get_database_backend()
    }

    fn stream_raw<'a>(&'a self, statement: Statement) -> DbFuture<'a, Self::Stream<'a>> {
        Box::pin(async move {
            let attempt = Attempt::new(&*self.lease, self.lease.mapping().await?);
            let begin = |inner: &'a DatabaseConnection, statement, _| -> DbFuture<'a, _> {
                Box::pin(async move { ShimStream::begin(inner.stream_raw(statement).await?).await })
            };
            let (rows, snapshot) = attempt.send(statement, begin).await?;
            Ok(rows.with_snapshot(snapshot))
        })
    }
}

impl StreamTrait for ShimTransaction {
    type Stream<'a> = ShimStream<'a>;

    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(&self.inner)
    }

    fn stream_raw<'a>(&'a self, statement: Statement) -> DbFuture<'a, Self::Stream<'a>> {
        let attempt = Attempt::new(self, self.snapshot());
        Box::pin(async move {
            let begin =
                |inner: &'a DatabaseTransaction, statement, in_savepoint| -> DbFuture<'a, _> {
                    Box::pin(async move {
                        // The savepoint cannot be released while rows are still to come.
                        if in_savepoint {
                            return inner.query_all_raw(statement).await.map(ShimStream::from_rows);
                        }
                        ShimStream::begin(inner.stream_raw(statement).await?).await
                    })
                };
            let (rows, _) = attempt.send(statement, begin).await?;
            Ok(rows)
        })
    }
}
