//! A whole life in which each command is killed at each of its steps, and run again.

use super::killed;
use crate::support::project::{Db, Project};

/// A command of a life.
pub struct Command {
    /// The app's release at the time.
    pub release: &'static str,
    pub arguments: &'static [&'static str],
    /// The fail points that it comes by, in their order, with the databases on which it does.
    pub steps: &'static [(&'static str, &'static [Db])],
}

/// Lives the life once without a kill and once with all of them, and fails if a command leaves something
/// else behind. `left` shows what it leaves.
pub fn killed_at_each_step(
    life: &[Command],
    project: impl Fn(Db) -> Project,
    left: impl Fn(&Project) -> String,
) {
    for db in Db::ALL {
        eprintln!("on {db:?}");
        let undisturbed = project(db);
        let expect: Vec<String> = life
            .iter()
            .map(|command| {
                undisturbed.version(command.release);
                let _ = undisturbed.handover(command.arguments).expect_status(0);
                left(&undisturbed)
            })
            .collect();
        let project = project(db);
        for (command, expect) in life.iter().zip(&expect) {
            project.version(command.release);
            live(&project, command, |project| left(project) == *expect);
            assert_eq!(left(&project), *expect, "{:?}", command.arguments);
        }
    }
}

fn live(project: &Project, command: &Command, is_done: impl Fn(&Project) -> bool) {
    for (step, databases) in command.steps {
        if databases.contains(&project.db) {
            let point = format!("migrator::{step}=return");
            assert!(
                killed(project, command.arguments, &point),
                "{step} of {:?}",
                command.arguments
            );
        }
    }
    // A rollback that was killed when it had finished would go further back.
    if !is_done(project) {
        let _ = project.handover(command.arguments).expect_status(0);
    }
}

/// The history, as a run leaves it.
pub fn history(project: &Project) -> Vec<String> {
    project.query(
        "SELECT stage || ' ' || status || ' ' || run_order FROM handover_migrations ORDER BY run_order",
    )
}
