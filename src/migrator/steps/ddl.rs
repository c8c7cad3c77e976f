//! Runs a schema change; and a column as MariaDB's `MODIFY COLUMN` wants it.

use std::fmt::Write as _;

use sea_orm::{ConnectionTrait, DbErr};

use crate::database::catalog::{Column, with_column};
use crate::database::{Dialect, execute};
use crate::model::Identifier;

/// Runs a schema change. MariaDB can prepare only some kinds of them.
pub(super) async fn change_schema<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    sql: &str,
) -> Result<(), DbErr> {
    if dialect == Dialect::MariaDb {
        connection.execute_unprepared(sql).await?;
    } else {
        execute(connection, sql, []).await?;
    }
    Ok(())
}

/// A column as in MariaDB's `ADD COLUMN` and `MODIFY COLUMN`, which lose everything left out.
pub(super) fn definition(
    name: &Identifier,
    like: &Column,
    not_null: bool,
    default: Option<&str>,
) -> String {
    let dialect = Dialect::MariaDb;
    let mut sql = format!("{} {}", dialect.quote(name), like.sql_type);
    if let Some(collation) = &like.collation {
        sql.push_str(" COLLATE ");
        sql.push_str(collation);
    }
    // Never left out: without it, a timestamp is NOT NULL on some servers.
    sql.push_str(if not_null || is_always_not_null(like) { " NOT NULL" } else { " NULL" });
    if like.invisible {
        sql.push_str(" INVISIBLE");
    }
    if let Some(default) = default {
        sql.push_str(" DEFAULT ");
        sql.push_str(default);
    }
    if let Some(comment) = &like.comment {
        sql.push_str(" COMMENT ");
        sql.push_str(&dialect.literal(comment));
    }
    // A check that cannot be read has been refused before.
    let check = like.check.as_deref();
    if let Some(Ok(check)) = check.map(|sql| with_column(dialect, sql, &like.name, name.as_str())) {
        let _ = write!(sql, " CHECK ({check})");
    }
    sql
}

/// Returns true for a TIMESTAMP that refuses NULL: MariaDB can neither set nor drop that while the
/// table is in use. The copy then refuses NULL from the beginning, with a default for inserts that
/// leave it out.
pub(super) fn is_always_not_null(like: &Column) -> bool {
    like.not_null && like.default.is_some() && like.sql_type.starts_with("timestamp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_of_a_column_is_said() {
        let like = Column {
            name: "a".to_owned(),
            sql_type: "varchar(9) CHARACTER SET latin1".to_owned(),
            collation: Some("latin1_bin".to_owned()),
            default_repeats: true,
            not_null: true,
            invisible: true,
            comment: Some("it's".to_owned()),
            check: Some("`a` <> 'a'".to_owned()),
            ..Column::default()
        };
        assert_eq!(
            definition(&Identifier::new("b").unwrap(), &like, true, Some("'x'")),
            "`b` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL INVISIBLE DEFAULT 'x' \
             COMMENT 'it''s' CHECK (`b` <> 'a')"
        );
    }
}
