//! What concerns releases as a whole.

mod dispatch;
mod legs;
mod path;

pub use dispatch::run;
