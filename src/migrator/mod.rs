//! Runs what the plan says: the stages of each kind of change, made of idempotent steps.

mod ahead;
mod error;
mod estimate;
mod event;
mod functions;
mod history;
mod init;
mod one;
mod outcome;
mod rename;
mod rollback;
mod runner;
mod schema;
mod session;
mod stage;
mod stage_error;
mod steps;
mod table_lock;
mod trial;
mod verify;

pub use error::MigrateError;
pub use estimate::{overruns, sizes};
pub use event::{Event, Observer, Silent};
pub use functions::{Function, FunctionError, FunctionResult, Functions, FunctionsError};
pub use history::{Status, load};
pub use init::{Baseline, init};
pub use outcome::{Done, Options, Outcome};
pub use rollback::rollback;
pub use runner::Migrator;
pub use schema::{SchemaError, check_dump, dump_from_scratch, dump_schema, load_schema};
pub use stage_error::StageError;
pub use trial::{Course, Halt, Moment, TrialError};
pub use verify::{Finding, Twice, run_twice, verify};
