//! `check`, and the forms in which it says what it found.

mod github;
mod json;
mod run;
mod sarif;

pub use run::{Found, run};
