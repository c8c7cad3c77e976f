//! From an intended change to its files, by way of the templates. Never touches a database.

mod advice;
mod error;
mod name;
mod rename;
mod render;
#[cfg(test)]
mod tests;

pub use advice::Advice;
pub use error::GeneratorError;
pub use rename::{Context, Generated, RenameRequest, generate_rename};
pub use render::Templates;
