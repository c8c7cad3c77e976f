//! The effects of an `ALTER TABLE`.

use sqlparser::ast::{
    AlterColumnOperation, AlterTable, AlterTableOperation, ColumnDef, ColumnOption, Expr,
    UnaryOperator,
};

use super::speaker::Speaker;
use super::{Effect, Extent, Traffic};
use crate::database::Dialect;

/// Describes an `ALTER TABLE`.
pub(super) fn effects(speaker: &Speaker, alter: &AlterTable) -> Vec<Effect> {
    let says = |operation| {
        let (what, traffic, extent) = effect(speaker, operation);
        let what = what.replace("{table}", &format!("`{}`", alter.name));
        speaker.effect(what, traffic, extent, &alter.name)
    };
    alter.operations.iter().map(says).collect()
}

/// Describes one operation; `{table}` in the result stands for the table's name.
fn effect(speaker: &Speaker, operation: &AlterTableOperation) -> (String, Traffic, Extent) {
    match operation {
        AlterTableOperation::AddColumn { column_def, .. } => add_column(column_def),
        AlterTableOperation::DropColumn { column_names, .. } => {
            let names: Vec<String> =
                column_names.iter().map(|name| format!("`{}`", name.value)).collect();
            let extent = if speaker.dialect == Some(Dialect::Postgres) {
                Extent::Moment
            } else {
                Extent::Scan
            };
            let (who, traffic) = speaker.without();
            // If the table is rewritten, statements of the app wait for it.
            let traffic =
                if extent == Extent::Scan { traffic.max(Traffic::Waits) } else { traffic };
            (format!("drops {} of {{table}}{who}", names.join(", ")), traffic, extent)
        }
        AlterTableOperation::RenameColumn { .. } => (
            "renames a column of {table} at once; code that uses the old name fails \
             (`handover gen rename` spares that)"
                .to_owned(),
            Traffic::Breaks,
            Extent::Moment,
        ),
        AlterTableOperation::RenameTable { .. } => (
            "renames {table}; code that uses the old name fails".to_owned(),
            Traffic::Breaks,
            Extent::Moment,
        ),
        AlterTableOperation::AddConstraint { not_valid: true, .. } => (
            "adds a constraint to {table} without checking its rows".to_owned(),
            Traffic::Runs,
            Extent::Moment,
        ),
        AlterTableOperation::AddConstraint { .. } => (
            "adds a constraint to {table}; writes to it wait while its rows are checked".to_owned(),
            Traffic::Waits,
            Extent::Scan,
        ),
        AlterTableOperation::DropConstraint { .. } | AlterTableOperation::DropIndex { .. } => (
            "drops a constraint or an index of {table}, which is locked for a moment".to_owned(),
            Traffic::Runs,
            Extent::Moment,
        ),
        AlterTableOperation::AlterColumn { column_name, op } => {
            alter_column(&column_name.value, op)
        }
        _ => ("changes {table}".to_owned(), Traffic::Unknown, Extent::Unknown),
    }
}

fn alter_column(name: &str, operation: &AlterColumnOperation) -> (String, Traffic, Extent) {
    match operation {
        AlterColumnOperation::DropNotNull
        | AlterColumnOperation::SetDefault { .. }
        | AlterColumnOperation::DropDefault => (
            format!("changes `{name}` of {{table}}, which is locked for a moment"),
            Traffic::Runs,
            Extent::Moment,
        ),
        AlterColumnOperation::SetNotNull => (
            format!(
                "makes `{name}` of {{table}} refuse NULL; everybody who uses the table waits while \
                 its rows are checked"
            ),
            Traffic::Waits,
            Extent::Scan,
        ),
        AlterColumnOperation::SetDataType { .. } => (
            format!(
                "changes the type of `{name}`; everybody who uses {{table}} waits while it is \
                 rewritten"
            ),
            Traffic::Waits,
            Extent::Copy,
        ),
        AlterColumnOperation::AddGenerated { .. } => {
            (format!("changes `{name}` of {{table}}"), Traffic::Unknown, Extent::Unknown)
        }
    }
}

fn add_column(column: &ColumnDef) -> (String, Traffic, Extent) {
    let name = &column.name.value;
    let options = || column.options.iter().map(|option| &option.option);
    let default = options().find_map(|option| match option {
        ColumnOption::Default(value) => Some(value),
        _ => None,
    });
    if default.is_none() && options().any(|option| matches!(option, ColumnOption::NotNull)) {
        let what = format!(
            "adds `{name}` to {{table}}, NOT NULL and without a default: inserts of running code \
             fail"
        );
        return (what, Traffic::Breaks, Extent::Moment);
    }
    let plain = options().all(|option| match option {
        ColumnOption::Null | ColumnOption::NotNull | ColumnOption::Comment(_) => true,
        ColumnOption::Default(value) => is_constant(value),
        _ => false,
    });
    if plain {
        let what = format!("adds `{name}` to {{table}}, which is locked for a moment");
        return (what, Traffic::Runs, Extent::Moment);
    }
    let what = format!(
        "adds `{name}` to {{table}}; everybody who uses the table may wait while its rows are \
         written or checked"
    );
    (what, Traffic::Waits, Extent::Copy)
}

/// Returns true if a default is the same for every row, so that the rows need not be written.
fn is_constant(value: &Expr) -> bool {
    match value {
        Expr::Value(_) | Expr::TypedString { .. } => true,
        Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr }
        | Expr::Nested(expr)
        | Expr::Cast { expr, .. } => is_constant(expr),
        _ => false,
    }
}
