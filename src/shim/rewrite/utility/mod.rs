//! Utility statements, as PostgreSQL calls what is neither a query nor a write: `COPY`, cursors,
//! DDL.
//!
//! May use `read` and below; stands beside `write`.

mod copy;
mod create_table_as;
mod cursor;
mod maintenance;
mod named_columns;
mod pass_through;
mod schema_change;
mod statement_kinds;
