//! The objects of the database that use the column by name, and the triggers that would see the copy.

use sea_orm::DatabaseTransaction;

use super::super::allowed_objects;
use super::super::context::Context;
use super::super::stage_error::StageError;
use super::super::steps;
use crate::database::Dialect;
use crate::database::catalog::replication::{Effect, replication};
use crate::database::catalog::uses::{self, AppTrigger, Object, Problem};
use crate::model::{Identifier, Stage};
use crate::plan::Obstacle;

/// The objects that use `source` by name, and those that would fire for the copy into `target`,
/// except those that the user has declared to be no obstacle. If the stage `doubles` the column, also the
/// publications and subscriptions that the second one would stop.
pub(super) async fn named_obstacles(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    (source, target): (&Identifier, &Identifier),
    (declared, doubles): (&[String], bool),
) -> Result<Vec<Obstacle>, StageError> {
    let (mut found, mut obstacles) = (Vec::new(), Vec::new());
    let table = &context.columns().table;
    // On the way back both names have been in use, and the obstacles were reported on the way forth.
    if source == &context.columns().from {
        let uses = uses::uses(transaction, context.dialect(), table, source, target).await?;
        obstacles.extend(allowed_objects::broken(&uses));
        for one in uses {
            // Such a trigger keeps the row as it is, with one more column while there are two.
            if !matches!(one.problem, Problem::UsesWholeRow { .. } | Problem::Broken { .. }) {
                let words = one.to_string();
                found.push((one.object, words));
            }
        }
        if doubles {
            let effect = Effect::Doubles { first: source, second: target };
            found.extend(replication(transaction, context.dialect(), table, effect).await?);
        }
    }
    if context.stage != Stage::Contract || source != &context.columns().from {
        found.extend(fired(context, transaction, target).await?);
    }
    obstacles.extend(allowed_objects::obstacles(context, &found, declared));
    Ok(obstacles)
}

/// Describes in words what the table's triggers and rules do while every row is copied.
pub(in crate::migrator) async fn triggers(
    context: &Context<'_>,
) -> Result<Vec<String>, StageError> {
    if context.stage == Stage::Contract {
        return Ok(Vec::new());
    }
    let (dialect, target) = (context.dialect(), context.columns().to.as_str());
    context
        .reading(async |transaction| {
            let silent = steps::may_silence(transaction, dialect).await?;
            let table = &context.columns().table;
            let triggers = uses::triggers(transaction, dialect, table).await?;
            let runs = |as_replica| {
                let runs = |own: &&AppTrigger| own.runs_on_update_of(dialect, target, as_replica);
                triggers.iter().filter(runs).map(|own| &own.object).collect::<Vec<_>>()
            };
            let copied = match dialect {
                // They are dropped for the time of a batch.
                Dialect::Sqlite => Vec::new(),
                _ => runs(silent),
            };
            let mut all = runs(false);
            all.extend(copied.iter().filter(|own| !runs(false).contains(own)));
            let words = |object: &Object| {
                if copied.contains(&object) {
                    format!("{object} runs for each row that is copied, as you have allowed")
                } else {
                    format!("{object} does not run for the rows that are copied")
                }
            };
            Ok(all.into_iter().map(words).collect())
        })
        .await
}

/// The triggers and rules that would run for an update of every row, and that cannot be silenced.
async fn fired(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    target: &Identifier,
) -> Result<Vec<(Object, String)>, StageError> {
    let dialect = context.dialect();
    if dialect == Dialect::Sqlite {
        return Ok(Vec::new());
    }
    let silent = steps::may_silence(transaction, dialect).await?;
    let triggers = uses::triggers(transaction, dialect, &context.columns().table).await?;
    let fires = triggers
        .into_iter()
        .filter(|trigger| trigger.runs_on_update_of(dialect, target.as_str(), silent));
    let words = |object: &Object| match dialect {
        Dialect::Postgres if !silent => format!(
            "{object} would run for each row that is copied (let the migration's role keep it from \
             that: `GRANT SET ON PARAMETER session_replication_role TO …`)"
        ),
        _ => format!("{object} would run for each row that is copied"),
    };
    Ok(fires.map(|trigger| (trigger.object.clone(), words(&trigger.object))).collect())
}
