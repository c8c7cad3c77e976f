//! The type that sea-orm's methods return.

use std::future::Future;
use std::pin::Pin;

use sea_orm::DbErr;

/// The return type of the methods of [`ConnectionTrait`](sea_orm::ConnectionTrait), with
/// `async_trait` written out. An `async fn` would put sea-orm's future into one with room for
/// everything that any statement can need, and nearly every statement needs none of it.
pub(super) type DbFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, DbErr>> + Send + 'a>>;
