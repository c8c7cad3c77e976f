//! The command `handover`; see [`handover::cli`].
// The futures of the stages are nested deeply, and compiling with optimisation looks into all of them.
#![recursion_limit = "256"]

use std::process::ExitCode;

fn main() -> ExitCode {
    handover::cli::main()
}
