//! Generates the files of an intended change from templates. Never touches a database.

mod advice;
mod error;
mod id;
mod name;
mod rename;
mod render;
mod reserve;
mod sql;
mod template;
#[cfg(test)]
mod tests;

pub use advice::Advice;
pub use error::GeneratorError;
pub use id::Context;
pub use rename::{Generated, RenameRequest, generate_rename};
pub use render::Templates;
pub use reserve::{ReserveRequest, reserve};
pub use sql::{SqlRequest, generate_sql};
