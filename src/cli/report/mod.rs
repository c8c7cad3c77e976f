//! The only folder that prints.

mod print;
mod progress;
mod style;

pub use print::Report;
