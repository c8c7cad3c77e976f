//! What to run now, and what not yet and why: pure decisions from files, history, fleet, version.

mod error;
mod fleet;
mod gate;
mod history;
mod pending;
mod refusal;
mod rollback;

pub use error::PlanError;
pub use fleet::{Fleet, Instance};
pub use history::{ChangeRecord, Entry, History, InvalidStatus, Status};
pub use pending::{Later, Phase, Plan, Planned, Reason, Request, plan};
pub use refusal::Refusal;
pub use rollback::{Undo, plan_rollback};
