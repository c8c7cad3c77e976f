//! Generates the files of an intended change from templates. Never touches a database.

mod advice;
mod change_name;
mod drop_column;
mod embedded_templates;
mod error;
mod id;
mod rename;
mod reserve;
mod retype;
mod second_column_name;
mod sql;
mod stage_files;
mod template;
mod template_set;
#[cfg(test)]
mod tests;

pub use advice::Advice;
pub use drop_column::{DropRequest, generate_drop};
pub use error::GeneratorError;
pub use id::Context;
pub use rename::{RenameRequest, generate_rename};
pub use reserve::{ReserveRequest, reserve};
pub use retype::{RetypeRequest, generate_retype};
pub use sql::{SqlRequest, generate_sql};
pub use stage_files::Generated;
pub use template_set::Templates;
