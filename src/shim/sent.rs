use std::future::Future;
use std::pin::Pin;

use sea_orm::DbErr;

/// What the methods of [`ConnectionTrait`](sea_orm::ConnectionTrait) give, `async_trait` written out. An `async fn` would put
/// sea-orm's future into one that has room for all that a statement can need, and nearly every
/// statement needs none of it.
pub(super) type Sent<'a, T> = Pin<Box<dyn Future<Output = Result<T, DbErr>> + Send + 'a>>;
