//! The drop-in sea-orm connection that maps renamed columns.

mod builder;
mod cache;
mod cached_rewrite;
mod code;
mod compiled_change;
mod connection;
mod connection_inherent;
mod counters;
mod db_future;
mod dropped_uses;
mod error;
mod executor;
mod first_level_cache;
pub mod known_columns;
mod lease;
mod lease_records;
mod lookup;
mod lookups;
mod map_statement;
pub mod mapped_column;
mod mapped_statement;
pub mod mapped_table;
pub mod mapping;
mod name_resolution;
#[cfg(doctest)]
mod not_possible;
mod observed_mapping;
mod pool_executor;
mod refresh_columns;
mod refresh_loop;
mod registration;
mod resend_rule;
mod retry;
pub mod retyped;
mod retyped_column;
pub mod rewrite;
mod rewritten_statement;
#[cfg(feature = "schema-sync")]
mod schema_discovery;
#[cfg(feature = "schema-sync")]
mod schema_sync;
mod send;
mod shared_by_mappings;
mod shared_sessions;
mod shims_by_pool;
mod snapshot;
#[cfg(feature = "stream")]
mod stream;
#[cfg(feature = "stream")]
mod stream_trait;
pub mod table_set;
mod transaction;
mod transaction_executor;
mod transaction_inherent;

pub use builder::ShimBuilder;
pub use connection::Shim;
pub use error::ShimError;
pub use rewritten_statement::Rewritten;
#[cfg(feature = "schema-sync")]
pub use schema_sync::SchemaSync;
#[cfg(feature = "stream")]
pub use stream::ShimStream;
pub use transaction::ShimTransaction;
