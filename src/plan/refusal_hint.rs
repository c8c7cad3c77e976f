//! The next command to type after a refusal.

use super::Refusal;
use super::allow_words::{APPS, SESSIONS};
use crate::model::{AppName, Stage};

impl Refusal {
    /// The next thing to do, with the command to type.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Uninitialised { app, other_apps, .. } if !other_apps.is_empty() => {
                beside_others(app.as_ref(), other_apps)
            }
            Self::Uninitialised { .. } => {
                "tell handover which release the schema is at: `handover db init --baseline RELEASE`"
                    .to_owned()
            }
            Self::TooOld { database: None, .. } => {
                "load the schema dump: `handover db load`".to_owned()
            }
            Self::TooOld { minimum, .. } => format!(
                "deploy {minimum} first, from a copy of the project that still has its migrations"
            ),
            Self::Jump { database, version, .. } => format!(
                "see the stops on the way with `handover release path --from {database} --to {version}`, or stop \
                 the app everywhere and run `handover db migrate --offline`"
            ),
            Self::Before { open_release, .. } => format!(
                "deploy {open_release} first and run `handover db migrate`, or stop the app \
                 everywhere and run `handover db migrate --offline`"
            ),
            Self::After { unreleased: true, .. } => {
                "put it into a release with `handover release cut RELEASE`, or run it now while \
                 developing: `handover db migrate --with-unreleased`"
                    .to_owned()
            }
            Self::After { .. } => "run `handover db migrate --post` until it is done".to_owned(),
            // The release was given when the database was initialised: there is nothing to undo.
            Self::Downgrade { database, steps: 0, .. } => format!("deploy {database} or later"),
            Self::Downgrade { database, steps, .. } => format!(
                "deploy {database} or later, or go back first: `handover db rollback --step {steps}`"
            ),
            Self::Undoing { left, .. } => {
                format!("finish it with `handover db rollback --step {left}`, then migrate again")
            }
            Self::Unreleased { .. } => {
                "resume it with `handover db migrate --with-unreleased`, or put it into a release \
                 first: `handover release cut RELEASE`"
                    .to_owned()
            }
            Self::Live { .. } => {
                "stop these processes and run `handover db migrate --offline --wait 30s`, or \
                 leave out `--offline`"
                    .to_owned()
            }
            Self::Order { missing, .. } => match missing {
                Stage::Expand => "run `handover db migrate --pre`".to_owned(),
                _ => "run `handover db migrate`".to_owned(),
            },
            Self::Chain { until, .. } => {
                format!("run `handover db migrate --post` with the app at {until} first")
            }
            Self::Fleet { release, .. } => format!(
                "roll out {release} to these processes, or stop them, then run \
                 `handover db migrate --post --wait 5m`"
            ),
            Self::Sessions { release, .. } => format!(
                "roll out {release}, which has the shim, to the processes that hold these sessions, or stop \
                 them, then run `handover db migrate --post --wait 5m`; if they never use the table, or belong to a process with \
                 the shim, add `--allow {SESSIONS}`"
            ),
            Self::Acknowledge { steps_back, .. } => {
                let command = steps_back.map_or("db migrate --post".to_owned(), rollback_command);
                format!("let their open transactions end: `handover {command} --wait 5m`")
            }
            Self::Outdated { .. } => "first roll out a release that is built with this version of handover, \
                                      then run `handover db migrate` again"
                .to_owned(),
            Self::Held => "wait for the other run, then `handover db status`".to_owned(),
            Self::Undone => "see what is there: `handover db status`".to_owned(),
            Self::NotFollowed { change, .. } => format!(
                "deploy these apps with `ShimBuilder::follow(\"{change}\")` once their code has followed the \
                 change, or, if they do not use the column, add `--allow {APPS}`"
            ),
            Self::Obstructed { hint, .. } => hint.clone(),
            Self::RequiredStop { stop, .. } => format!(
                "start the app (release {stop} or later, with its shim) and run \
                 `handover db migrate --post --wait 5m`, or stop it everywhere and run \
                 `handover db migrate --offline`"
            ),
        })
    }
}

/// The hint for an app that the database does not know, where it knows others.
fn beside_others(app: Option<&AppName>, others: &[Option<AppName>]) -> String {
    let first = "say what the database has of this app: `handover db init --baseline none` if none of its \
                 migrations has run, or `handover db init --baseline RELEASE`";
    match (app, others) {
        (Some(_), [None]) => format!(
            "{first}; if this is the app that has been there before, remove `app` from handover.yml"
        ),
        (None, _) => format!(
            "if this is one of these apps, set `app` in handover.yml; otherwise give it a name of its own there, \
             then {first}"
        ),
        (Some(_), _) => first.to_owned(),
    }
}

/// The command that undoes so many steps.
pub(crate) fn rollback_command(steps: usize) -> String {
    match steps {
        0 | 1 => "db rollback".to_owned(),
        steps => format!("db rollback --step {steps}"),
    }
}
