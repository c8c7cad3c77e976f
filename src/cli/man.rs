//! `handover man`.

use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;

use super::args::Cli;
use super::error::CliError;
use super::report::Report;

/// Prints the main page, or writes all pages to a folder.
pub fn run(folder: Option<&Path>, report: &Report) -> Result<(), CliError> {
    // With a fixed width, so that the pages are the same wherever they are made.
    let command = Cli::command().term_width(80);
    let Some(folder) = folder else {
        let mut page = Vec::new();
        Man::new(command.disable_help_subcommand(true))
            .render(&mut page)
            .map_err(|source| CliError::Man { folder: "-".into(), source })?;
        report.text(&String::from_utf8_lossy(&page));
        return Ok(());
    };
    clap_mangen::generate_to(command, folder)
        .map_err(|source| CliError::Man { folder: folder.to_owned(), source })
}
