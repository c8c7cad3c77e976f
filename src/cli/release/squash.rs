//! `handover release squash`.

use std::fmt::Write as _;

use crate::cli::args::{self, Cli};
use crate::cli::error::CliError;
use crate::cli::project::{known_release, releases};
use crate::cli::quantities::count;
use crate::cli::report::Report;
use crate::model::Release;
use crate::releases::{Squash, read_settings};

pub fn run(cli: &Cli, args: &args::Squash, report: &Report) -> Result<(), CliError> {
    let root = cli.root.as_path();
    let to = known_release(cli, "to", &args.to)?.gating();
    let settings = read_settings(root)?;
    let releases = releases(cli, &settings)?;
    let squash = Squash::plan(root, &releases, &settings, &to)?;
    squash.apply(root)?;
    report.text(&words(&squash, &to));
    if !squash.changes.is_empty() {
        let folder = settings.folders.releases;
        report.next(format_args!(
            "git add --all handover.yml {}, then handover check",
            folder.display()
        ));
    }
    Ok(())
}

fn words(squash: &Squash, to: &Release) -> String {
    if squash.changes.is_empty() {
        return format!("nothing to do: migrations up to {to} have been squashed\n");
    }
    let mut text = format!("{} up to {to} squashed into", count(squash.folded, "migration"));
    for (number, dump) in squash.dumps.iter().enumerate() {
        let _ = write!(text, "{} {}", if number > 0 { "," } else { "" }, dump.display());
    }
    let _ = write!(
        text,
        "\nset `minimum_version: {to}` in handover.yml: an older database goes to {to} first, with \
         the files of {to}\n"
    );
    for function in &squash.functions {
        let _ = writeln!(text, "the app need not register `{function}` any more");
    }
    text
}
