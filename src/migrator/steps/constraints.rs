//! Adds, names and drops checks and foreign keys.

use sea_orm::{ConnectionTrait, DbErr};

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::index_sql::quoted;
use crate::database::catalog::{Constraint, ConstraintRule, Table};
use crate::database::{Dialect, execute};
use crate::model::TableName;

/// Adds a check or foreign key under this name, without keeping writers out while rows are checked.
/// On PostgreSQL it is added unvalidated and validated afterwards, unless the original is not valid
/// either. On MariaDB rows are not checked: those of the other column satisfy it, and both columns
/// are the same.
pub(in crate::migrator) async fn add_constraint(
    context: &Context<'_>,
    constraint: &Constraint,
    existing: Option<&Constraint>,
) -> Result<(), StageError> {
    let dialect = context.dialect();
    context.step(format!("{} `{}`", constraint.kind(), constraint.name)).await;
    if existing.is_none() {
        let sql = add(dialect, &context.columns().table, constraint)?;
        context
            .transaction(Lock::Everyone, async |transaction| {
                change(transaction, dialect, &sql).await
            })
            .await?;
        super::crash_point("constraint", "added");
    }
    if dialect == Dialect::Postgres {
        complete(context, constraint).await?;
    }
    super::crash_point("constraint", &constraint.name);
    Ok(())
}

async fn complete(context: &Context<'_>, constraint: &Constraint) -> Result<(), StageError> {
    let dialect = context.dialect();
    let table = dialect.quote_table(&context.columns().table);
    let name = quoted(dialect, &constraint.name)?;
    if constraint.valid {
        let sql = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}");
        context
            .transaction(Lock::Rows, async |transaction| {
                execute(transaction, &sql, []).await?;
                Ok(())
            })
            .await?;
    }
    if let Some(comment) = &constraint.comment {
        let (table, name) = (&context.columns().table, &constraint.name);
        context
            .transaction(Lock::Rows, async |transaction| {
                comment_on_constraint(transaction, dialect, table, name, comment).await
            })
            .await?;
    }
    Ok(())
}

/// Gives a constraint another name (PostgreSQL).
pub(in crate::migrator) async fn rename_constraint<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    table: &TableName,
    before: &str,
    after: &str,
) -> Result<(), StageError> {
    let (before, after) = (quoted(dialect, before)?, quoted(dialect, after)?);
    let table = dialect.quote_table(table);
    let sql = format!("ALTER TABLE {table} RENAME CONSTRAINT {before} TO {after}");
    execute(transaction, &sql, []).await?;
    Ok(())
}

/// Gives a constraint a comment (PostgreSQL).
pub(in crate::migrator) async fn comment_on_constraint<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    table: &TableName,
    name: &str,
    comment: &str,
) -> Result<(), StageError> {
    let (table, name) = (dialect.quote_table(table), quoted(dialect, name)?);
    let comment = dialect.literal(comment);
    execute(transaction, &format!("COMMENT ON CONSTRAINT {name} ON {table} IS {comment}"), [])
        .await?;
    Ok(())
}

/// The statement to add a constraint.
pub(in crate::migrator) fn add(
    dialect: Dialect,
    table: &TableName,
    constraint: &Constraint,
) -> Result<String, StageError> {
    let definition =
        constraint.definition(dialect).map_err(|error| DbErr::Custom(error.to_string()))?;
    let ending = match dialect {
        Dialect::MariaDb => ", ALGORITHM=INSTANT",
        _ if constraint.suffix.contains("NOT ENFORCED") => "",
        _ => " NOT VALID",
    };
    Ok(format!(
        "ALTER TABLE {} ADD CONSTRAINT {} {definition}{ending}",
        dialect.quote_table(table),
        quoted(dialect, &constraint.name)?
    ))
}

/// The statement to drop a constraint.
pub(in crate::migrator) fn drop(
    dialect: Dialect,
    table: &TableName,
    constraint: &Constraint,
) -> Result<String, StageError> {
    let name = quoted(dialect, &constraint.name)?;
    let table = dialect.quote_table(table);
    Ok(match (dialect, &constraint.rule) {
        (Dialect::MariaDb, ConstraintRule::ForeignKey { .. }) => {
            format!("ALTER TABLE {table} DROP FOREIGN KEY {name}, ALGORITHM=INSTANT")
        }
        _ => format!("ALTER TABLE {table} DROP CONSTRAINT {name}"),
    })
}

/// Runs a change of constraints. MariaDB adds a foreign key at once only if it is told not to check
/// the rows.
pub(in crate::migrator) async fn change<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    sql: &str,
) -> Result<(), StageError> {
    if dialect != Dialect::MariaDb {
        execute(transaction, sql, []).await?;
        return Ok(());
    }
    transaction.execute_unprepared("SET SESSION foreign_key_checks = 0").await?;
    let changed = transaction.execute_unprepared(sql).await;
    transaction.execute_unprepared("SET SESSION foreign_key_checks = 1").await?;
    changed?;
    Ok(())
}

/// Drops all checks and foreign keys that are about a column.
pub(in crate::migrator) async fn drop_constraints_of<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    name: &TableName,
    table: &Table,
    column: &str,
) -> Result<(), StageError> {
    for own in table.constraints_of(dialect, column)? {
        change(transaction, dialect, &drop(dialect, name, own)?).await?;
    }
    Ok(())
}
