//! The sentences about a change, which depend on its kind.

use crate::database::Dialect;
use crate::migrator::Done;
use crate::model::{Change, ChangeKind, ColumnPair, Release, Retype, Stage};
use crate::plan::Plan;

/// The advice after a stage: the changes that the code may now make.
pub fn after_stage(done: &Done) -> String {
    let (Some(change), Some(stage)) = (&done.change, done.stage) else {
        return String::new();
    };
    match &change.kind {
        ChangeKind::Rename(columns) => after_rename(columns, stage, &done.release),
        ChangeKind::RenameInPlace(columns) => after_rename_in_place(columns, stage, &done.release),
        ChangeKind::Drop(columns) => after_drop(columns, stage, &done.release),
        ChangeKind::Retype(retype) => after_retype(retype, stage, &done.release),
    }
}

fn after_rename(columns: &ColumnPair, stage: Stage, release: &Release) -> String {
    let ColumnPair { table, from, to } = columns;
    match stage {
        Stage::Expand => format!(
            "`{table}.{to}` is there, and every process writes both columns.\n  \
             You may now roll out {release}, whose code uses `{to}`.\n"
        ),
        Stage::Backfill => format!(
            "`{table}.{to}` has every value of `{from}`, and reads use it.\n  \
             You may now use `{to}` in reports and other services, for reading. Until the \
             contract, whoever writes `{table}` past the shim must set both columns.\n"
        ),
        Stage::Contract | Stage::Purge => format!(
            "`{table}.{from}` is gone.\n  \
             You may now use `{to}` wherever `{from}` is left in raw SQL; the shim still maps it.\n"
        ),
    }
}

fn after_rename_in_place(columns: &ColumnPair, stage: Stage, release: &Release) -> String {
    let ColumnPair { table, from, to } = columns;
    match stage {
        Stage::Expand | Stage::Backfill => format!(
            "Every process accepts `{from}` and `{to}` for `{table}.{from}`.\n  \
             You may now roll out {release}, whose code uses `{to}`.\n"
        ),
        Stage::Contract | Stage::Purge => format!(
            "`{table}.{from}` is now `{table}.{to}`.\n  \
             You may now use `{to}` wherever `{from}` is left in raw SQL; the shim still maps it.\n"
        ),
    }
}

fn after_drop(columns: &ColumnPair, stage: Stage, release: &Release) -> String {
    let ColumnPair { table, from, to } = columns;
    match stage {
        Stage::Expand | Stage::Backfill => format!(
            "Inserts may leave out `{table}.{from}`.\n  \
             You may now roll out {release}, whose code does without `{from}`.\n"
        ),
        Stage::Contract => format!(
            "`{table}.{from}` is now `{table}.{to}`, with its values, and the shim hides it.\n  \
             `handover db rollback` gives it back until the purge has run.\n"
        ),
        Stage::Purge => format!("`{table}.{to}` is gone, with the values of `{from}`.\n"),
    }
}

fn after_retype(retype: &Retype, stage: Stage, release: &Release) -> String {
    let Retype { columns: ColumnPair { table, from, .. }, sql_type, .. } = retype;
    match stage {
        Stage::Expand => format!(
            "Code works with `{table}.{from}` as `{sql_type}`, too.\n  \
             You may now roll out {release}, whose code has the new type.\n"
        ),
        Stage::Backfill => format!(
            "Every value of `{table}.{from}` is there as `{sql_type}` and converts back.\n  \
             Nothing has to change in the code. Until the contract, whoever writes `{table}` past \
             the shim must set both columns.\n"
        ),
        Stage::Contract | Stage::Purge => format!(
            "`{table}.{from}` has the type `{sql_type}`.\n  \
             You may now use it in reports and other services, and write it past the shim.\n"
        ),
    }
}

/// Notes on the columns whose position in the table will change. On SQLite none do, because the
/// column itself stays.
pub fn positions(plan: &Plan, dialect: Dialect) -> Vec<String> {
    if dialect == Dialect::Sqlite {
        return Vec::new();
    }
    let begins = plan.run.iter().filter(|at| at.migration.stage() == Some(Stage::Expand));
    let note = |change: &Change| match &change.kind {
        ChangeKind::Rename(ColumnPair { table, from, to }) => {
            Some(format!("`{to}` will be the last column of `{table}`, wherever `{from}` is"))
        }
        ChangeKind::Retype(Retype { columns: ColumnPair { table, from, .. }, .. }) => {
            Some(format!(
                "`{from}` will be the last column of `{table}`, unless the database changes its type at \
             once"
            ))
        }
        ChangeKind::RenameInPlace(_) | ChangeKind::Drop(_) => None,
    };
    begins.filter_map(|at| note(at.migration.change()?)).collect()
}

/// Notes on the stages that cannot be undone.
pub fn irreversible(plan: &Plan) -> Vec<String> {
    let final_ones = plan
        .run
        .iter()
        .filter(|at| at.migration.stage().is_some_and(|stage| !stage.can_be_undone()));
    let note = |change: &Change| {
        let ColumnPair { table, from, .. } = change.columns();
        format!("the values of `{table}.{from}` are deleted, which cannot be undone")
    };
    final_ones.filter_map(|at| Some(note(at.migration.change()?))).collect()
}

/// The title of a change in a notice: the column, and what becomes of it.
pub fn title(change: &Change) -> String {
    let ColumnPair { table, from, to } = change.columns();
    match &change.kind {
        ChangeKind::Rename(_) | ChangeKind::RenameInPlace(_) => {
            format!("`{table}.{from}` becomes `{to}`")
        }
        ChangeKind::Drop(_) => format!("`{table}.{from}` is dropped"),
        ChangeKind::Retype(Retype { sql_type, .. }) => {
            format!("`{table}.{from}` gets the type `{sql_type}`")
        }
    }
}
