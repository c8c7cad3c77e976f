//! The copy of one column into the other, in batches that the app hardly notices.

mod batch;
mod hold;
mod pace;
mod parts;
mod run;
mod walk;

pub(in crate::migrator) use parts::walked;
pub(in crate::migrator) use run::copy;
