//! Builds and drops indexes.

use sea_orm::ConnectionTrait;

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::ddl::change_schema;
use super::index_sql::{create, qualified, quoted};
use crate::database::catalog::{Index, Table};
use crate::database::{Dialect, execute};
use crate::model::TableName;

/// Builds an index of this name, with its constraint, comments and marks. The app can keep writing
/// where the database allows it (PostgreSQL, MariaDB). An index that an interrupted run has left is
/// used or replaced.
pub(in crate::migrator) async fn build_index(
    context: &Context<'_>,
    index: &Index,
    existing: Option<&Index>,
) -> Result<(), StageError> {
    let dialect = context.dialect();
    let table = &context.columns().table;
    context.step(format!("index `{}`", index.name)).await;
    match dialect {
        Dialect::Sqlite => {
            let build = async |transaction: &_| build_index_in(transaction, table, index).await;
            context.transaction(Lock::Rows, build).await?;
        }
        Dialect::MariaDb => {
            context.alter_online(&create(dialect, table, index, "")?).await?;
            super::crash_point("index", "built");
        }
        Dialect::Postgres => {
            if existing.is_some_and(|other| !other.valid) {
                let name = qualified(dialect, table, &index.name)?;
                context.alone(&format!("DROP INDEX CONCURRENTLY {name}")).await?;
            }
            if existing.is_none_or(|other| !other.valid) {
                let sql = create(dialect, table, index, " CONCURRENTLY")?;
                context.alone(&sql).await?;
                super::crash_point("index", "built");
            }
            complete(context, index, existing.is_some_and(|other| other.constraint)).await?;
        }
    }
    super::crash_point("index", &index.name);
    Ok(())
}

/// Makes a unique index that of a UNIQUE constraint, and comments on both.
async fn complete(context: &Context<'_>, index: &Index, attached: bool) -> Result<(), StageError> {
    let dialect = context.dialect();
    let (table, name) = (&context.columns().table, quoted(dialect, &index.name)?);
    let quoted_table = dialect.quote_table(table);
    let mut statements = Vec::new();
    if index.constraint && !attached {
        let deferrable = index.deferrable.as_deref().unwrap_or_default();
        statements.push(format!(
            "ALTER TABLE {quoted_table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name} {deferrable}"
        ));
    }
    for (number, target) in (1..).zip(index.columns.iter().map(|part| part.statistics)) {
        if let Some(target) = target {
            let own = qualified(dialect, table, &index.name)?;
            statements
                .push(format!("ALTER INDEX {own} ALTER COLUMN {number} SET STATISTICS {target}"));
        }
    }
    if let Some(comment) = &index.comment {
        let own = qualified(dialect, table, &index.name)?;
        statements.push(format!("COMMENT ON INDEX {own} IS {}", dialect.literal(comment)));
    }
    if let Some(comment) = &index.constraint_comment {
        let comment = dialect.literal(comment);
        statements.push(format!("COMMENT ON CONSTRAINT {name} ON {quoted_table} IS {comment}"));
    }
    if statements.is_empty() {
        return Ok(());
    }
    context
        .transaction(Lock::Everyone, async |transaction| {
            for sql in &statements {
                execute(transaction, sql, []).await?;
            }
            Ok(())
        })
        .await
}

/// Builds one index inside a transaction (SQLite).
pub(in crate::migrator) async fn build_index_in<C: ConnectionTrait>(
    transaction: &C,
    table: &TableName,
    index: &Index,
) -> Result<(), StageError> {
    execute(transaction, &create(Dialect::Sqlite, table, index, "")?, []).await?;
    Ok(())
}

/// Drops all indexes that contain a column, and the constraints that need them. The caller has made
/// sure that each has a counterpart on the other column.
pub(in crate::migrator) async fn drop_indexes_of<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    name: &TableName,
    table: &Table,
    column: &str,
) -> Result<(), StageError> {
    for own in table.indexes_of(dialect, column)? {
        // SQLite's own indexes belong to the table's definition.
        if own.name.starts_with("sqlite_autoindex_") {
            continue;
        }
        let sql = if dialect == Dialect::MariaDb {
            format!(
                "ALTER TABLE {} DROP INDEX {}, ALGORITHM=INPLACE",
                dialect.quote_table(name),
                quoted(dialect, &own.name)?
            )
        } else if own.constraint && dialect != Dialect::Sqlite {
            format!(
                "ALTER TABLE {} DROP CONSTRAINT {}",
                dialect.quote_table(name),
                quoted(dialect, &own.name)?
            )
        } else {
            format!("DROP INDEX {}", qualified(dialect, name, &own.name)?)
        };
        change_schema(transaction, dialect, &sql).await?;
    }
    Ok(())
}
