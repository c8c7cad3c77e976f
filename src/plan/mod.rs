//! Pure decisions from files, history, fleet and version: the migrations to run now, and the
//! reasons why others do not run yet.

mod admission;
mod allow_words;
mod error;
mod fleet;
mod gate;
mod history;
mod impact;
mod notice;
mod obstacle;
mod orm;
mod planned;
mod planner;
mod process_gates;
mod refusal;
mod refusal_hint;
mod refusal_sentence;
mod request;
mod rollback;
#[cfg(test)]
pub(crate) mod sample;
mod state;
#[cfg(test)]
mod tests;
mod unaccounted_sessions;
mod upgrade;

pub use allow_words::{APPS, PURGE, SESSIONS};
pub use error::PlanError;
pub use fleet::Fleet;
pub use history::History;
pub use impact::{COPIED_ROWS, Effect, Extent, Impact, Overrun, SCANNED_ROWS, Sizes, Traffic};
pub use notice::{Notice, NoticeEntry};
pub use obstacle::{Obstacle, hint as obstacle_hint};
pub use planned::{Later, Plan, Planned, Reason};
pub use planner::plan;
pub use refusal::Refusal;
pub(crate) use refusal_hint::rollback_command;
pub use request::{Phase, Request};
pub use rollback::{Undo, plan_rollback};
pub use unaccounted_sessions::unaccounted_sessions;
pub use upgrade::{Action, Leg, upgrade};
