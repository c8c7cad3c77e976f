//! A refusal as one sentence.

use std::fmt;

use super::Refusal;
use crate::model::{AppName, Release, Stage, app_in_words};

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uninitialised { app, other_apps, .. } => {
                uninitialised(f, app.as_ref(), other_apps)
            }
            Self::TooOld { database, minimum } => {
                match database {
                    Some(database) => write!(f, "the database is at release {database}")?,
                    None => f.write_str("the database is at no release")?,
                }
                write!(f, ", and migrations up to {minimum} have been squashed")
            }
            Self::Jump { database, version, stops } => {
                write!(f, "the upgrade from {database} to {version} must not skip ")?;
                list(f, stops)
            }
            Self::Before { name, stage, release, open, open_release } => write!(
                f,
                "{} cannot run before `{open}` (release {open_release}), which runs after the \
                 deployment of its release",
                Subject { name, stage: *stage, release }
            ),
            Self::After { name, stage, release, open, unreleased } => write!(
                f,
                "{} comes after `{open}`, which is {}",
                Subject { name, stage: *stage, release },
                if *unreleased { "in no release" } else { "not done" }
            ),
            Self::Downgrade { database, version, .. } => write!(
                f,
                "the database has migrations of release {database}, but the app is at {version}"
            ),
            Self::Undoing { name, stage, release, .. } => write!(
                f,
                "the rollback of {} has not finished",
                Subject { name, stage: *stage, release }
            ),
            Self::Unreleased { path } => {
                write!(f, "`{}` was interrupted, and it is in no release", path.display())
            }
            Self::Live { instances } => {
                f.write_str("`--offline` was given, but these processes are running: ")?;
                list(f, instances)
            }
            Self::Order { change, stage, release, missing } => write!(
                f,
                "{} cannot run before stage `{missing}` has run",
                Subject { name: change.as_str(), stage: Some(*stage), release }
            ),
            Self::Chain { change, stage, release, open, last, until } => write!(
                f,
                "{} cannot run before change `{open}`, which uses the same column, has finished \
                 its {last} of release {until}",
                Subject { name: change.as_str(), stage: Some(*stage), release }
            ),
            Self::Fleet { name, stage, release, waiting } => {
                let subject = Subject { name, stage: *stage, release };
                write!(f, "{subject} waits for these processes to reach {release}: ")?;
                list(f, waiting)
            }
            Self::Sessions { change, stage, release, sessions } => {
                let subject = Subject { name: change.as_str(), stage: Some(*stage), release };
                write!(
                    f,
                    "{subject} waits for sessions that belong to no process with the shim: "
                )?;
                list(f, sessions.iter().take(NAMED))?;
                match sessions.len().saturating_sub(NAMED) {
                    0 => Ok(()),
                    more => write!(f, ", and {more} more"),
                }
            }
            Self::Held => f.write_str("another handover is migrating this database"),
            Self::Undone => f.write_str("somebody has undone migrations while this run waited"),
            Self::Outdated { .. } | Self::NotFollowed { .. } | Self::Acknowledge { .. } => {
                waits(f, self)
            }
            Self::Obstructed { change, stage, release, reason, .. } => {
                let subject = Subject { name: change.as_str(), stage: Some(*stage), release };
                write!(f, "{subject} cannot run: {reason}")
            }
            Self::RequiredStop { change, stage, release, stop } if stop == release => write!(
                f,
                "{} cannot run yet: no running process proves that the code of {stop} is in use",
                Subject { name: change.as_str(), stage: Some(*stage), release }
            ),
            Self::RequiredStop { change, stage, release, stop } => write!(
                f,
                "{} cannot run yet: the upgrade skipped {stop}, and no running process proves \
                 that its code is in use",
                Subject { name: change.as_str(), stage: Some(*stage), release }
            ),
        }
    }
}

/// How many sessions are named.
const NAMED: usize = 10;

/// The name of a migration in a sentence.
struct Subject<'a> {
    name: &'a str,
    stage: Option<Stage>,
    release: &'a Release,
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.stage {
            Some(stage) => write!(f, "stage `{stage}` of change `{}`", self.name)?,
            None => write!(f, "migration `{}`", self.name)?,
        }
        write!(f, " (release {})", self.release)
    }
}

/// A stage that waits for processes.
fn waits(f: &mut fmt::Formatter<'_>, refusal: &Refusal) -> fmt::Result {
    use Refusal as R;
    let (R::Outdated { change, stage, release, waiting }
    | R::NotFollowed { change, stage, release, waiting }
    | R::Acknowledge { change, stage, release, waiting, .. }) = refusal
    else {
        return Ok(());
    };
    let subject = Subject { name: change.as_str(), stage: Some(*stage), release };
    write!(f, "{subject} waits for ")?;
    match refusal {
        R::Outdated { .. } => f.write_str(
            "processes that were built with a version of handover that does not know this change",
        )?,
        R::Acknowledge { epoch, .. } => write!(f, "these processes to acknowledge epoch {epoch}")?,
        _ => f.write_str("processes of other apps that have not followed it")?,
    }
    f.write_str(": ")?;
    list(f, waiting)
}

fn uninitialised(
    f: &mut fmt::Formatter<'_>,
    app: Option<&AppName>,
    other_apps: &[Option<AppName>],
) -> fmt::Result {
    if other_apps.is_empty() {
        return f.write_str(
            "the database has tables but has not been initialised, so handover does not know \
             which migrations it needs",
        );
    }
    f.write_str("the database has the migrations of ")?;
    list(f, other_apps.iter().map(|other| app_in_words(other.as_ref())))?;
    write!(f, ", and none of {}", app_in_words(app))
}

fn list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    items: impl IntoIterator<Item = T>,
) -> fmt::Result {
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}
