//! The copy of one column into the other, in batches that the app hardly notices.

mod assignment;
mod batch;
mod batch_size;
mod cursor;
mod pages;
mod parts;
mod session;
mod throttle;
mod walk;
mod workers;

pub(in crate::migrator) use assignment::Assigned;
pub(in crate::migrator) use parts::walked;
pub(in crate::migrator) use workers::{convert, copy};
