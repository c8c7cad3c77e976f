//! The rows of a streamed query.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt};
use sea_orm::{DbErr, QueryResult};

use super::snapshot::Snapshot;

type Rows<'a> = Pin<Box<dyn Stream<Item = Result<QueryResult, DbErr>> + Send + 'a>>;

/// The rows of a streamed query. Its mapping counts as in use until the stream is dropped.
pub struct ShimStream<'a> {
    first: Option<Result<QueryResult, DbErr>>,
    rows: Rows<'a>,
    snapshot: Option<Arc<Snapshot>>,
}

impl std::fmt::Debug for ShimStream<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShimStream").field("snapshot", &self.snapshot).finish_non_exhaustive()
    }
}

impl<'a> ShimStream<'a> {
    /// Fetches the first row. A statement that the database refuses therefore fails before the app
    /// gets any row, and can be sent again.
    pub(super) async fn begin(
        rows: impl Stream<Item = Result<QueryResult, DbErr>> + Send + 'a,
    ) -> Result<Self, DbErr> {
        let mut rows: Rows<'a> = Box::pin(rows);
        let first = rows.next().await.transpose()?.map(Ok);
        Ok(Self { first, rows, snapshot: None })
    }

    /// Streams rows that have been fetched already.
    pub(super) fn from_rows(rows: Vec<QueryResult>) -> Self {
        let rows = futures_util::stream::iter(rows.into_iter().map(Ok));
        Self { first: None, rows: Box::pin(rows), snapshot: None }
    }

    /// Keeps the mapping in use until the stream is dropped.
    pub(super) fn with_snapshot(mut self, snapshot: Arc<Snapshot>) -> Self {
        self.snapshot = Some(snapshot);
        self
    }
}

impl Stream for ShimStream<'_> {
    type Item = Result<QueryResult, DbErr>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(first));
        }
        self.rows.poll_next_unpin(context)
    }
}
