//! The laws that the tests hold a list of statements to, for any text: see `tests/any_text`.
//!
//! The rewriter is taken in with what it stands on, and nothing else of `handover`: it is pure, so
//! that is little to compile, and little to instrument.
#![allow(dead_code, unused_imports, reason = "not all of the floors below is used here")]

extern crate self as handover;

#[path = "../../src/model/mod.rs"]
pub mod model;

pub mod database;
pub mod shim;

pub use database::Dialect;

#[path = "../../tests/any_text/choices.rs"]
pub mod choices;
#[path = "../../tests/any_text/law.rs"]
pub mod law;
#[path = "../../tests/any_text/mutation.rs"]
pub mod mutation;
#[path = "../../tests/any_text/seeds.rs"]
pub mod seeds;
#[path = "../../tests/any_text/setup.rs"]
pub mod setup;
