//! The stages of a rename by way of a copied column, and their ways back.

mod backfill;
mod contract;
mod expand;
mod stages;

pub(super) use stages::{run, undo};
