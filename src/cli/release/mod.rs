//! `handover release`, one file for each of its commands.

mod backport;
mod cut;
mod dispatch;
mod markdown;
mod notice;
mod notice_json;
mod path;
mod squash;
mod upgrade_steps;

pub use dispatch::run;
