//! The pure vocabulary of a change: names, releases, stages, changes, states, and the records that
//! a database keeps of them. No I/O.

mod change;
mod default;
mod ident;
mod record;
mod release;
mod session;
mod stage;
mod state;

pub use change::{
    Change, ChangeKind, ChangeName, ColumnPair, Conversion, Course, Expressions, InvalidChangeName,
    InvalidSql, Retype, Specification, Template, Transition, check_type,
};
pub use default::{ComputedDefault, Numbering};
pub use ident::{ColumnPath, Identifier, InvalidName, TableName};
pub use record::{ChangeRecord, Instance, MigrationRecord, MigrationStatus};
pub use release::{InvalidRelease, Release, Scheme};
pub use session::{Client, InvalidClient, Session};
pub use stage::{Deploy, Stage};
pub use state::{Columns, InvalidState, Side, State};
