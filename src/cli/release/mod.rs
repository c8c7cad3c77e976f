//! `handover release`, one file for each of its commands.

mod backport;
mod cut;
mod dispatch;
mod legs;
mod markdown;
mod notice;
mod notice_json;
mod path;
mod squash;

pub use dispatch::run;
