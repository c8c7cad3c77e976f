//! `handover check`.

use super::{Found, github, json, sarif};
use crate::cli::args::{Check, Cli, Format};
use crate::cli::error::CliError;
use crate::cli::project::{app_release, release, timestamp};
use crate::cli::report::Report;
use crate::manifest::Settings;
use crate::model::Release;
use crate::releases::{
    Checks, Finding, Releases, ReleasesError, Severity, VersionError, read_dumps, read_settings,
    search_code,
};

pub fn run(cli: &Cli, args: &Check, report: &Report) -> Result<(), CliError> {
    let found = match read_settings(&cli.root) {
        Ok(settings) => {
            let (version, target) = versions(cli, args)?;
            look(cli, &settings, version.as_ref(), target.as_ref())
        }
        Err(error) => Err(error),
    };
    let found = match found {
        Ok(found) => found,
        // A program that reads the findings wants this error among them.
        Err(error) if args.format != Format::Human => {
            Found { findings: vec![Finding::of_error(&error)], ..Found::default() }
        }
        Err(error) => return Err(error.into()),
    };
    match args.format {
        Format::Human => report.checked(&found, args.labels),
        Format::Json => report.text(&json::text(&found)),
        Format::Sarif => report.text(&sarif::text(&found)),
        Format::Github => report.text(&github::text(&found)),
    }
    if args.labels && args.format != Format::Json {
        for label in &found.labels {
            report.text(&format!("{}\n", label.name));
        }
    }
    let counts = |finding: &&Finding| args.strict || finding.rule.severity == Severity::Error;
    match found.findings.iter().filter(counts).count() {
        0 => Ok(()),
        count => Err(CliError::Problems { count }),
    }
}

/// The app's release, and the one that the merge request is for.
fn versions(cli: &Cli, args: &Check) -> Result<(Option<Release>, Option<Release>), CliError> {
    let version = match app_release(cli) {
        Ok(version) => Some(version),
        Err(CliError::Version(VersionError::Missing { .. })) => None,
        Err(error) => return Err(error),
    };
    let target = args.target.as_deref().map(|text| release(cli, "target", text)).transpose()?;
    if let (Some(version), Some(target)) = (&version, &target)
        && !target.has_reached(version)
    {
        return Err(CliError::Target { target: target.clone(), version: version.clone() });
    }
    Ok((version, target))
}

fn look(
    cli: &Cli,
    settings: &Settings,
    version: Option<&Release>,
    target: Option<&Release>,
) -> Result<Found, ReleasesError> {
    let releases = Releases::discover(&cli.root, &settings.folders)?;
    let mut releases = releases.in_scheme(settings.scheme)?;
    let files = releases.files().len();
    cli.app.functions.declare(&mut releases);
    let (dumps, wrong) = read_dumps(&cli.root);
    let checked =
        releases.check(&Checks { now: timestamp(), settings, version, target, dumps: &dumps });
    let mut findings = checked.findings;
    findings.extend(wrong.iter().map(Finding::of_error));
    findings.extend(search_code(&cli.root, settings, &checked.words)?);
    Ok(Found { files, findings, labels: checked.labels })
}
