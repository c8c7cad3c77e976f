//! `check`, and the forms in which it says what it found.

mod found;
mod github;
mod json;
mod run;
mod sarif;

pub use found::Found;
pub use run::run;
