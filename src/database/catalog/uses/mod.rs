//! Objects of the database that use a column by name or position in a text that the database does
//! not update, and objects that write the column where handover cannot see it.

mod by_dialect;
mod foreign_key;
mod named_object;
mod object;
mod problem;
mod sqlite_views;
mod stored_code;
mod subject;
mod trigger;

pub use by_dialect::{foreign_keys, triggers, uses};
pub use foreign_key::{Action, Cascade, ForeignKey};
pub use named_object::{NoSuchObject, find};
pub use object::{Kind, Object};
pub use problem::{Problem, Use};
pub(super) use stored_code::text_names_column;
pub use trigger::{AppTrigger, Enabled, Event, Timing};
