//! The pure vocabulary of a change: names, releases, stages, changes, states, and the records that
//! a database keeps of them. No I/O.

mod app_name;
mod change;
mod client;
mod default;
mod deploy;
mod identifier;
mod qualified_name;
mod record;
mod release;
mod session;
mod stage;
mod state;

pub use app_name::{AppName, InvalidAppName, app_in_words};
pub use change::{
    Change, ChangeKind, ChangeName, ColumnPair, Conversion, Course, Expressions, InvalidChangeName,
    InvalidSql, Retype, Specification, Template, Transition, check_type,
};
pub use client::{Client, InvalidClient};
pub use default::{ComputedDefault, Numbering};
pub use deploy::Deploy;
pub use identifier::{Identifier, InvalidName};
pub use qualified_name::{ColumnPath, TableName};
pub use record::{ChangeRecord, Instance, MigrationRecord, MigrationStatus};
pub use release::{InvalidRelease, Release, Scheme};
pub use session::Session;
pub use stage::Stage;
pub use state::{Columns, InvalidState, Side, State};
