//! Benchmarks; docs/explanation/benchmarks.md says what each of them measures and what was found.
//!
//! They compare within one run: a ratio means the same on another machine and under another load,
//! a time does not. So they print, and assert nothing that a clock decides.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a benchmark prints what it found, and stops where it cannot go on"
)]

mod support;

mod announcement;
mod backfill_postgres;
mod first_apply;
mod first_seen;
mod instructions;
mod life_postgres;
mod noop;
mod shim_postgres;
mod shim_sqlite;

type Benchmark = (&'static str, fn());

const BENCHMARKS: [Benchmark; 11] = [
    ("shim_sqlite", shim_sqlite::run),
    ("shim_postgres", shim_postgres::run),
    ("first_seen", first_seen::run),
    ("instructions", instructions::run),
    ("backfill_postgres", backfill_postgres::run),
    ("backfill_retype", backfill_postgres::run_retype),
    ("life_postgres", life_postgres::run),
    ("life_in_place", life_postgres::run_in_place),
    ("announcement", announcement::run),
    ("noop", noop::run),
    ("first_apply", first_apply::run),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, rest @ ..] = arguments.as_slice()
        && first == instructions::STATEMENTS
    {
        return instructions::statements(rest);
    }
    // Cargo says `--bench` for `cargo bench`, and something else for `cargo test --all-targets`.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let names: Vec<&String> = arguments.iter().filter(|name| !name.starts_with("--")).collect();
    for (name, run) in BENCHMARKS {
        if names.is_empty() || names.iter().any(|wanted| *wanted == name) {
            println!("\n{name}");
            run();
        }
    }
}
