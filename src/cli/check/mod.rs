//! `handover check`, and the formats of its findings.

mod found;
mod github;
mod json;
mod run;
mod sarif;

pub use found::Found;
pub use run::run;
