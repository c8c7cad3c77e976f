//! The command `handover`; see [`handover::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    handover::cli::main()
}
