//! `handover release cut`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::args::{self, Cli};
use crate::cli::error::{ARGUMENT, CliError};
use crate::cli::project::{app_release, given_url, release, releases};
use crate::cli::quantities::count;
use crate::cli::report::Report;
use crate::database::Dialect;
use crate::manifest::{DatabaseKind, SchemaDump, Settings};
use crate::migrator::{Course, dump_from_scratch};
use crate::model::Release;
use crate::releases::{
    Cut, CutError, CutRequest, Releases, ReleasesError, Repository, VersionError, read_dump,
    read_settings,
};

pub async fn run(cli: &Cli, args: &args::Cut, report: &Report) -> Result<(), CliError> {
    let contract = args.contract_release.as_deref();
    let keep_until = args.keep_until.as_deref();
    let request = CutRequest {
        release: release(cli, ARGUMENT, &args.release)?,
        contract_release: contract
            .map(|text| release(cli, "contract-release", text))
            .transpose()?,
        keep_until: keep_until.map(|text| release(cli, "keep-until", text)).transpose()?,
        version: match app_release(cli) {
            Ok(version) => Some(version),
            Err(CliError::Version(VersionError::Missing { .. })) => None,
            Err(error) => return Err(error),
        },
    };
    let settings = read_settings(&cli.root)?;
    let releases = releases(cli, &settings)?;
    let mut cut = releases.cut(&settings.folders, &request)?;
    if cut.changes.is_empty() {
        report.text(&format!("{} is cut already: nothing is left to do\n", request.release));
        report.next(format_args!("handover release notice {}", request.release));
        return Ok(());
    }
    let paths = paths(&settings);
    let repository = Repository::find(&cli.root);
    if let Some(repository) = &repository {
        repository.check_clean(&paths)?;
    } else if args.commit {
        return Err(CutError::NoRepository { root: cli.root.clone() }.into());
    }
    if !args.no_dump {
        cut.changes.replaces = dumps(cli, &settings, &cut.releases, &request.release).await?;
    }
    // Git keeps no empty folder, and `releases!` embeds this one.
    let keep = settings.folders.unreleased.join(".gitkeep");
    if !cli.root.join(&keep).exists() {
        cut.changes.creates.push((keep, String::new()));
    }
    let back = cut.changes.inverse(&cli.root)?;
    cut.changes.apply(&cli.root).map_err(CliError::Write)?;
    let message = message(&request.release, &cut);
    let paths = there(&cli.root, paths);
    if let Some(repository) = repository.filter(|_| args.commit) {
        let commit = match repository.commit(&paths, &message) {
            Ok(commit) => commit,
            Err(error) => {
                cut.changes.take_back(&cli.root, &back).map_err(CliError::Write)?;
                return Err(error.into());
            }
        };
        report.text(&words(&cut));
        report.text(&format!("committed as {commit}: {message}\n"));
        report.next(format_args!("handover release notice {}", request.release));
    } else {
        report.text(&words(&cut));
        let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
        let add = format!("git add --all {}", paths.join(" "));
        report.next(format_args!("{add} && git commit --message \"{message}\""));
    }
    Ok(())
}

/// The paths that a cut may change.
fn paths(settings: &Settings) -> Vec<PathBuf> {
    let dumps = DatabaseKind::ALL.map(|kind| PathBuf::from(kind.dump_file()));
    let folders = [&settings.folders.unreleased, &settings.folders.releases];
    folders.into_iter().cloned().chain(dumps).collect()
}

/// Keeps the paths that exist. A folder that the cut has emptied still exists for git.
fn there(root: &Path, paths: Vec<PathBuf>) -> Vec<PathBuf> {
    paths.into_iter().filter(|path| root.join(path).exists()).collect()
}

/// Makes each of the project's schema dumps again, from the migrations as they are after the cut.
async fn dumps(
    cli: &Cli,
    settings: &Settings,
    releases: &Releases,
    release: &Release,
) -> Result<Vec<(PathBuf, String)>, CliError> {
    let mut made = Vec::new();
    let given = given_url(cli);
    for kind in DatabaseKind::ALL {
        let file = Path::new(kind.dump_file());
        let before = match read_dump(&cli.root, file) {
            Err(ReleasesError::NoDump { .. }) => continue,
            dump => dump?,
        };
        let url =
            given.as_deref().filter(|url| Dialect::of_url(url).is_some_and(|at| at.kind() == kind));
        let beside = match (url, kind) {
            (Some(url), _) => url,
            (None, DatabaseKind::Sqlite) => "sqlite://scratch.sqlite3",
            (None, _) => return Err(CutError::NoServer { file: kind.dump_file() }.into()),
        };
        let course = Course {
            releases,
            settings,
            app: &cli.app,
            dump: Some(&before),
            prepare: None,
            version: release,
            interrupted: false,
        };
        let dump: SchemaDump = dump_from_scratch(&course, beside, release).await?;
        if dump != before {
            made.push((file.to_owned(), dump.to_string()));
        }
    }
    Ok(made)
}

fn message(release: &Release, cut: &Cut) -> String {
    format!("Cut {release}: {}", count(cut.changes.moves.len(), "migration file"))
}

/// Describes the moves.
fn words(cut: &Cut) -> String {
    let mut text = String::new();
    for (from, to) in &cut.changes.moves {
        let slipped = if cut.slipped.contains(from) {
            " (its expand has slipped into that release)"
        } else {
            ""
        };
        let _ = writeln!(text, "moved {}{slipped}\n   to {}", from.display(), to.display());
    }
    for (path, _) in &cut.changes.replaces {
        let _ = writeln!(text, "dumped {} again", path.display());
    }
    text
}
