//! A change: its name, its kind, and the course that each kind takes.

mod column_pair;
mod course;
mod drop_column;
mod intended_change;
mod kind;
mod name;
mod rename;
mod rename_in_place;
mod retype;
mod template;

pub use column_pair::ColumnPair;
pub use course::{Course, Transition};
pub use intended_change::Change;
pub use kind::ChangeKind;
pub use name::{ChangeName, InvalidChangeName};
pub use retype::{Conversion, Expressions, Retype, Specification};
pub use template::{InvalidSql, Template, check_type};
