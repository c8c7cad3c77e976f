use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Gen {
    /// Write the migrations that rename a column: expand, backfill, contract
    #[command(after_help = GEN_RENAME)]
    Rename(GenRename),
}

const GEN_RENAME: &str = "\
Examples:
  handover gen rename users.username handle
  handover gen rename app.users.username handle --release 9.0.0
  handover gen rename '\"odd.table\".user name' handle

A part of the path that contains a dot goes in double quotes.";

#[derive(Debug, Args)]
pub struct GenRename {
    /// The column: table.column or schema.table.column
    #[arg(value_name = "TABLE.COLUMN")]
    pub column: String,
    /// What it shall be called
    #[arg(value_name = "NAME")]
    pub to: String,
    /// Put the files into this release (and the contract into the next patch) instead of
    /// unreleased/
    #[arg(long, value_name = "X.Y.Z")]
    pub release: Option<String>,
    /// Put the contract into this release
    #[arg(long, value_name = "X.Y.Z", requires = "release")]
    pub contract_release: Option<String>,
}
