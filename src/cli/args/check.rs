//! The arguments of `handover check`.

use clap::{Args, ValueEnum};

pub const CHECK: &str = "\
Examples:
  handover check
  handover check --target 9.0.0 --labels
  handover check --format sarif > handover.sarif

docs/reference/check.md has the rules.";

#[derive(Debug, Args)]
pub struct Check {
    /// The next release: nothing may begin in a later one, and migrations in its folder count as
    /// not yet released
    #[arg(long, value_name = "RELEASE")]
    pub target: Option<String>,
    /// The format of the findings
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
    /// Print the labels that apply to the unreleased migrations, one on each line
    #[arg(long)]
    pub labels: bool,
    /// Fail on warnings, too
    #[arg(long)]
    pub strict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}
