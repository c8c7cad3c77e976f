//! The names of a table's columns: all that the shim has to know of a table.

mod listed;
mod mariadb_name;
mod names;
mod resolve;

pub use listed::{listed, listed_each};
#[cfg(feature = "migrate")]
pub(super) use mariadb_name::{mariadb_values, of_parameters};
pub use names::Listed;
pub use resolve::{look_for, resolve};
