//! The arguments of `handover gen`.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Gen {
    /// Write the migrations that rename a column: expand, backfill, contract
    #[command(after_help = GEN_RENAME)]
    Rename(GenRename),
    /// Write the migrations that drop a column: expand, contract, purge
    #[command(after_help = GEN_DROP)]
    Drop(GenDrop),
    /// Write the migrations that give a column another type: expand, backfill, contract
    #[command(after_help = GEN_RETYPE)]
    Retype(GenRetype),
    /// Write an empty migration for plain SQL
    #[command(after_help = GEN_SQL)]
    Sql(GenSql),
    /// Reserve slots at the start of a release, for migrations that an older line may need
    #[command(after_help = GEN_RESERVE)]
    Reserve(GenReserve),
}

const GEN_RENAME: &str = "\
Examples:
  handover gen rename users.username handle
  handover gen rename app.users.username handle --release 9.0.0
  handover gen rename users.username handle --in-place
  handover gen rename '\"odd.table\".user name' handle

A part of the path that contains a dot goes in double quotes.

By default, the column is copied: old and new name both exist for a while, and programs
that do not use the shim can read either. With `--in-place`, the column itself is renamed:
it takes a moment for a table of any size, and everything that hangs on the column stays.";

const GEN_DROP: &str = "\
Examples:
  handover gen drop users.nickname
  handover gen drop users.nickname --release 9.0.0
  handover gen drop users.nickname --release 9.0.0 --keep-until 10.0.0

The code of the release does without the column: inserts leave it out, and `*` does not
show it. The contract, in the next release, puts the column aside under another name, so
that `handover db rollback` gives it back with its values. The purge deletes them.";

const GEN_RETYPE: &str = "\
Examples:
  handover gen retype users.age bigint
  handover gen retype orders.price 'numeric(12, 2)' --using 'price / 100.0' --back 'price * 100'
  handover gen retype events.at timestamptz --release 9.0.0

In both expressions the name of the column stands for the value. Without them, the value is
cast. What the database can do at once, such as a longer varchar, it does at once.";

const GEN_SQL: &str = "\
Examples:
  handover gen sql add_posts
  handover gen sql drop_drafts --post --release 9.0.1

Plain SQL cannot be undone, and running code is not protected from its changes:
to rename or drop a column, use `handover gen rename` or `handover gen drop`.";

const GEN_RESERVE: &str = "\
Example:
  handover gen reserve --release 9.0.0 --count 10

A slot runs nothing. `handover release backport` takes one for each migration that it
moves to an older line.";

#[derive(Debug, Args)]
pub struct GenRename {
    /// The column: table.column or schema.table.column
    #[arg(value_name = "TABLE.COLUMN")]
    pub column: String,
    /// The name that the column gets
    #[arg(value_name = "NAME")]
    pub to: String,
    /// Put the files into this release (and the contract into the next one) instead of
    /// unreleased/
    #[arg(long, value_name = "RELEASE")]
    pub release: Option<String>,
    /// Put the contract into this release
    #[arg(long, value_name = "RELEASE", requires = "release")]
    pub contract_release: Option<String>,
    /// Rename the column itself, without a copy: for apps of which every process uses the shim
    #[arg(long)]
    pub in_place: bool,
}

#[derive(Debug, Args)]
pub struct GenDrop {
    /// The column: table.column or schema.table.column
    #[arg(value_name = "TABLE.COLUMN")]
    pub column: String,
    /// Put the files into this release (and the contract into the next one) instead of
    /// unreleased/
    #[arg(long, value_name = "RELEASE")]
    pub release: Option<String>,
    /// Put the contract into this release
    #[arg(long, value_name = "RELEASE", requires = "release")]
    pub contract_release: Option<String>,
    /// Keep the values until this release, which deletes them, instead of the one that is chosen (in semver, the next minor)
    #[arg(long, value_name = "RELEASE", requires = "release")]
    pub keep_until: Option<String>,
}

#[derive(Debug, Args)]
pub struct GenRetype {
    /// The column: table.column or schema.table.column
    #[arg(value_name = "TABLE.COLUMN")]
    pub column: String,
    /// The type that the column gets, as SQL
    #[arg(value_name = "TYPE")]
    pub sql_type: String,
    /// The expression for a value of the new type; the column's name stands for the earlier value
    #[arg(long, value_name = "EXPR", requires = "back")]
    pub using: Option<String>,
    /// The expression for a value of the earlier type; the column's name stands for the new value
    #[arg(long, value_name = "EXPR", requires = "using")]
    pub back: Option<String>,
    /// The name of the second column, which exists until the contract
    #[arg(long, value_name = "NAME")]
    pub copy: Option<String>,
    /// Put the files into this release (and the contract into the next one) instead of
    /// unreleased/
    #[arg(long, value_name = "RELEASE")]
    pub release: Option<String>,
    /// Put the contract into this release
    #[arg(long, value_name = "RELEASE", requires = "release")]
    pub contract_release: Option<String>,
}

#[derive(Debug, Args)]
pub struct GenSql {
    /// The name of the migration, in lower-case letters, digits and `_`
    pub name: String,
    /// Run it once every process runs the release, not before the release is rolled out
    #[arg(long)]
    pub post: bool,
    /// Put the file into this release instead of unreleased/
    #[arg(long, value_name = "RELEASE")]
    pub release: Option<String>,
}

#[derive(Debug, Args)]
pub struct GenReserve {
    /// The release
    #[arg(long, value_name = "RELEASE")]
    pub release: String,
    /// The number of slots, 1 to 1000
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub count: u16,
}
