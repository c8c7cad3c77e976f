//! The forms that docs/how-to/connection.md lists as not possible. Each compiles with sea-orm's type, and
//! not with the shim; if one of them compiles some day, its line there is no longer true.

/// A parameter of the concrete type.
/// ```
/// fn library(_: &sea_orm::DatabaseConnection) {}
/// fn app(db: &sea_orm::DatabaseConnection) { library(db) }
/// ```
/// ```compile_fail
/// fn library(_: &sea_orm::DatabaseConnection) {}
/// fn app(db: &handover::Shim) { library(db) }
/// ```
struct ConcreteType;

/// `IntoDatabaseExecutor`, which sea-orm-migration asks for as `IntoSchemaManagerConnection`.
/// ```
/// fn library<'c>(_: impl sea_orm::IntoDatabaseExecutor<'c>) {}
/// fn app(db: &sea_orm::DatabaseConnection) { library(db) }
/// fn other(db: &handover::Shim) { library(db.bare_connection()) }
/// ```
/// ```compile_fail
/// fn library<'c>(_: impl sea_orm::IntoDatabaseExecutor<'c>) {}
/// fn app(db: &handover::Shim) { library(db) }
/// ```
struct Executor;

/// `debug_query!` takes a connection only of sea-orm's type; `get_database_backend` works for both.
/// ```
/// fn app(db: &sea_orm::DatabaseConnection, query: &impl sea_orm::QueryTrait) -> String {
///     sea_orm::DebugQuery { query, value: db }.build().to_string()
/// }
/// fn other(db: &handover::Shim, query: &impl sea_orm::QueryTrait) -> String {
///     sea_orm::DebugQuery { query, value: db.get_database_backend() }.build().to_string()
/// }
/// ```
/// ```compile_fail
/// fn app(db: &handover::Shim, query: &impl sea_orm::QueryTrait) -> String {
///     sea_orm::DebugQuery { query, value: db }.build().to_string()
/// }
/// ```
struct DebugQuery;

/// The callback for metrics.
/// ```
/// fn app(db: &mut sea_orm::DatabaseConnection) { db.set_metric_callback(|_| ()) }
/// ```
/// ```compile_fail
/// fn app(db: &mut handover::Shim) { db.set_metric_callback(|_| ()) }
/// ```
struct MetricCallback;

/// The driver's connection.
/// ```
/// fn app(db: &sea_orm::DatabaseConnection) -> &sea_orm::DatabaseConnectionType { &db.inner }
/// ```
/// ```compile_fail
/// fn app(db: &handover::Shim) -> &sea_orm::DatabaseConnectionType { &db.inner }
/// ```
struct Inner;

/// A connection to nothing.
/// ```
/// let db = sea_orm::DatabaseConnection::default();
/// ```
/// ```compile_fail
/// let db = handover::Shim::default();
/// ```
struct Disconnected;
