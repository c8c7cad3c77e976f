//! Takes the numbering of rows from a column, or moves it to another one (PostgreSQL).

use sea_orm::ConnectionTrait;

use super::super::stage_error::StageError;
use crate::database::catalog::Identity;
use crate::database::{Dialect, execute, row};
use crate::model::{Identifier, TableName};

/// Makes a column stop numbering the rows, and drops its sequence.
pub(in crate::migrator) async fn drop_identity<C: ConnectionTrait>(
    transaction: &C,
    table: &TableName,
    column: &Identifier,
) -> Result<(), StageError> {
    let dialect = Dialect::Postgres;
    let (table, column) = (dialect.quote_table(table), dialect.quote(column));
    let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} DROP IDENTITY");
    execute(transaction, &sql, []).await?;
    Ok(())
}

/// Makes `target` number the rows instead of `source`, from the next number on. PostgreSQL cannot give
/// a sequence to another column, so it is made again under its name, with its rights and comment.
/// `target` has to be NOT NULL.
pub(in crate::migrator) async fn move_identity<C: ConnectionTrait>(
    transaction: &C,
    table: &TableName,
    (source, target): (&Identifier, &Identifier),
    identity: &Identity,
) -> Result<(), StageError> {
    let dialect = Dialect::Postgres;
    let Identity { sequence, cache, .. } = identity;
    // Sessions that have taken a number have ended before the last value is read; none takes another.
    execute(transaction, &format!("ALTER SEQUENCE {sequence} CACHE {cache}"), []).await?;
    let at = format!("SELECT last_value, is_called FROM {sequence}");
    let at = row(transaction, &at, []).await?;
    drop_identity(transaction, table, source).await?;
    let (name, column) = (dialect.quote_table(table), dialect.quote(target));
    let add = format!("ALTER TABLE {name} ALTER COLUMN {column} ADD {}", identity.clause());
    execute(transaction, &add, []).await?;
    if let Some(at) = at {
        let (last, called): (i64, bool) =
            (at.try_get("", "last_value")?, at.try_get("", "is_called")?);
        let sql = format!("SELECT setval({}::regclass, $1, $2)", dialect.literal(sequence));
        row(transaction, &sql, [last.into(), called.into()]).await?;
    }
    if let Some(comment) = &identity.comment {
        let comment = dialect.literal(comment);
        execute(transaction, &format!("COMMENT ON SEQUENCE {sequence} IS {comment}"), []).await?;
    }
    for grant in &identity.grants {
        execute(transaction, grant, []).await?;
    }
    Ok(())
}
