use sea_orm::{ConnectionTrait, DbErr};

use crate::database::catalog::Column;
use crate::database::{Dialect, execute};
use crate::model::Identifier;

/// Runs a schema change. MariaDB prepares only some kinds of them.
pub(super) async fn change_schema<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    sql: &str,
) -> Result<(), DbErr> {
    if dialect == Dialect::Mysql {
        connection.execute_unprepared(sql).await?;
    } else {
        execute(connection, sql, []).await?;
    }
    Ok(())
}

/// A column as MariaDB's `ADD COLUMN` and `MODIFY COLUMN` take it: what is not said is lost.
pub(super) fn definition(
    name: &Identifier,
    like: &Column,
    not_null: bool,
    default: Option<&str>,
) -> String {
    let dialect = Dialect::Mysql;
    let mut sql = format!("{} {}", dialect.quote(name), like.sql_type);
    if let Some(collation) = &like.collation {
        sql.push_str(" COLLATE ");
        sql.push_str(collation);
    }
    // Not left out: a bare timestamp is NOT NULL on some servers.
    sql.push_str(if not_null { " NOT NULL" } else { " NULL" });
    if let Some(default) = default {
        sql.push_str(" DEFAULT ");
        sql.push_str(default);
    }
    if let Some(comment) = &like.comment {
        sql.push_str(" COMMENT ");
        sql.push_str(&dialect.literal(comment));
    }
    sql
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
            default: None,
            default_repeats: true,
            not_null: true,
            computed: false,
            comment: Some("it's".to_owned()),
        };
        assert_eq!(
            definition(&Identifier::new("b").unwrap(), &like, true, Some("'x'")),
            "`b` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'x' \
             COMMENT 'it''s'"
        );
    }
}
