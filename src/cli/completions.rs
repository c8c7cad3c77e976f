//! `handover completions`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Cli;
use super::report::Report;

pub fn run(shell: Shell, report: &Report) {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "handover", &mut script);
    report.text(&String::from_utf8_lossy(&script));
}
