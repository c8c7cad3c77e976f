//! The copy of one column into the other, in batches that the app hardly notices.

mod assignment;
mod batch;
mod cursor;
mod hold;
mod pace;
mod pages;
mod parts;
mod run;
mod session;
mod walk;

pub(in crate::migrator) use assignment::Assigned;
pub(in crate::migrator) use parts::walked;
pub(in crate::migrator) use run::{convert, copy};
