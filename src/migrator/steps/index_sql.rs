//! Renders an index as SQL.

use std::fmt::Write as _;

use super::super::stage_error::StageError;
use crate::database::Dialect;
use crate::database::catalog::{Index, IndexColumn};
use crate::model::{Identifier, TableName};

/// The statement to build the index; `how` follows `INDEX` (` CONCURRENTLY`).
pub(super) fn create(
    dialect: Dialect,
    table: &TableName,
    index: &Index,
    how: &str,
) -> Result<String, StageError> {
    let columns = index.columns.iter().map(|part| column(dialect, part));
    let columns = columns.collect::<Result<Vec<_>, _>>()?.join(", ");
    let unique = if index.unique { "UNIQUE " } else { "" };
    let mut sql = match dialect {
        // SQLite takes the schema before the index's name, and none before the table's.
        Dialect::Sqlite => format!(
            "CREATE {unique}INDEX {} ON {} ({columns})",
            qualified(dialect, table, &index.name)?,
            dialect.quote(&table.name)
        ),
        Dialect::MariaDb => {
            let name = quoted(dialect, &index.name)?;
            let mut sql = format!(
                "ALTER TABLE {} ADD {unique}INDEX {name} ({columns})",
                dialect.quote_table(table)
            );
            if let Some(comment) = &index.comment {
                sql.push_str(" COMMENT ");
                sql.push_str(&dialect.literal(comment));
            }
            if index.ignored {
                sql.push_str(" IGNORED");
            }
            sql.push_str(", ALGORITHM=INPLACE, LOCK=NONE");
            return Ok(sql);
        }
        Dialect::Postgres => format!(
            "CREATE {unique}INDEX{how} {} ON {} USING {} ({columns})",
            quoted(dialect, &index.name)?,
            dialect.quote_table(table),
            index.method
        ),
    };
    if !index.include.is_empty() {
        let include = index.include.iter().map(|name| quoted(dialect, name));
        let include = include.collect::<Result<Vec<_>, _>>()?.join(", ");
        let _ = write!(sql, " INCLUDE ({include})");
    }
    if index.nulls_not_distinct {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    if !index.options.is_empty() {
        let _ = write!(sql, " WITH ({})", index.options.join(", "));
    }
    if let Some(tablespace) = &index.tablespace {
        let _ = write!(sql, " TABLESPACE {tablespace}");
    }
    if let Some(predicate) = &index.predicate {
        let _ = write!(sql, " WHERE {predicate}");
    }
    Ok(sql)
}

fn column(dialect: Dialect, part: &IndexColumn) -> Result<String, StageError> {
    Ok(match &part.expression {
        Some(expression) => format!("({expression}){}", part.suffix),
        None => format!("{}{}", quoted(dialect, &part.name)?, part.suffix),
    })
}

/// The name in quotes.
pub(in crate::migrator) fn quoted(dialect: Dialect, name: &str) -> Result<String, StageError> {
    Identifier::new(name)
        .map(|name| dialect.quote(&name))
        .map_err(|error| sea_orm::DbErr::Custom(error.to_string()).into())
}

/// The name of an object beside the table, with the schema of the table, if that has one.
pub(in crate::migrator) fn qualified(
    dialect: Dialect,
    table: &TableName,
    name: &str,
) -> Result<String, StageError> {
    let name = quoted(dialect, name)?;
    Ok(match &table.schema {
        Some(schema) => format!("{}.{name}", dialect.quote(schema)),
        None => name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_an_index_is_said() {
        let part = |name: &str, suffix: &str, expression: Option<&str>| IndexColumn {
            name: name.to_owned(),
            suffix: suffix.to_owned(),
            expression: expression.map(str::to_owned),
            statistics: None,
        };
        let index = Index {
            name: "i".to_owned(),
            unique: true,
            method: "btree".to_owned(),
            columns: vec![part("a", " DESC", None), part("", "", Some("lower(b)"))],
            include: vec!["c".to_owned()],
            predicate: Some("a > 1".to_owned()),
            nulls_not_distinct: true,
            options: vec!["fillfactor = '70'".to_owned()],
            ..Index::default()
        };
        let table: TableName = "s.t".parse().unwrap();
        assert_eq!(
            create(Dialect::Postgres, &table, &index, " CONCURRENTLY").unwrap(),
            "CREATE UNIQUE INDEX CONCURRENTLY \"i\" ON \"s\".\"t\" USING btree \
             (\"a\" DESC, (lower(b))) INCLUDE (\"c\") NULLS NOT DISTINCT \
             WITH (fillfactor = '70') WHERE a > 1"
        );
        let index = Index { comment: Some("it's".to_owned()), ignored: true, ..index };
        let index = Index { columns: vec![part("a", "(10)", None)], unique: false, ..index };
        assert_eq!(
            create(Dialect::MariaDb, &table, &index, "").unwrap(),
            "ALTER TABLE `s`.`t` ADD INDEX `i` (`a`(10)) COMMENT 'it''s' IGNORED, \
             ALGORITHM=INPLACE, LOCK=NONE"
        );
    }
}
