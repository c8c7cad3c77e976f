//! Reads the indexes of a table, and picks its key.

use sea_orm::{ConnectionTrait, DbErr};

use super::name::{of, values};
use crate::database::catalog::column::Column;
use crate::database::catalog::index::{Index, IndexColumn};
use crate::database::catalog::key::{Key, KeyColumn};
use crate::database::rows;
use crate::model::TableName;

pub(super) async fn read_indexes<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<Vec<Index>, DbErr> {
    let sql = format!(
        "SELECT index_name AS name, non_unique = 0 AS is_unique, column_name AS part, \
         CAST(sub_part AS signed) AS prefix, collation AS direction, index_type AS method, \
         ignored = 'YES' AS ignored, index_comment AS comment \
         FROM information_schema.statistics WHERE {} ORDER BY index_name, seq_in_index",
        of("table_schema", "table_name")
    );
    let mut indexes: Vec<Index> = Vec::new();
    for row in rows(connection, &sql, values(name)).await? {
        let index: String = row.try_get("", "name")?;
        if indexes.last().is_none_or(|last| last.name != index) {
            let method: String = row.try_get("", "method")?;
            let comment: String = row.try_get("", "comment")?;
            indexes.push(Index {
                unique: row.try_get("", "is_unique")?,
                // In MariaDB a unique constraint is just its index.
                constraint: false,
                primary: index == "PRIMARY",
                plain: method == "BTREE",
                method,
                valid: true,
                ignored: row.try_get("", "ignored")?,
                comment: (!comment.is_empty()).then_some(comment),
                name: index,
                ..Index::default()
            });
        }
        let prefix: Option<i64> = row.try_get("", "prefix")?;
        let direction: Option<String> = row.try_get("", "direction")?;
        let prefix = prefix.map(|length| format!("({length})")).unwrap_or_default();
        let order = if direction.as_deref() == Some("D") { " DESC" } else { "" };
        let part = IndexColumn {
            name: row.try_get("", "part")?,
            suffix: prefix + order,
            ..IndexColumn::default()
        };
        if let Some(last) = indexes.last_mut() {
            last.columns.push(part);
        }
    }
    Ok(indexes)
}

/// The primary key, otherwise a unique key without nullable columns; its values must have literals
/// that compare in the same order. Otherwise no key.
pub(super) fn key(columns: &[Column], indexes: &[Index]) -> Key {
    let column = |part: &IndexColumn| columns.iter().find(|column| column.name == part.name);
    let fits = |part: &IndexColumn| {
        let whole = !part.suffix.starts_with('(');
        whole && column(part).is_some_and(|column| column.not_null && ordered(&column.sql_type))
    };
    let usable = |index: &&Index| index.unique && index.plain && index.columns.iter().all(fits);
    let Some(index) = indexes.iter().filter(usable).max_by_key(|index| index.primary) else {
        return Key::None;
    };
    Key::Columns(
        index
            .columns
            .iter()
            .filter_map(column)
            .map(|column| KeyColumn {
                name: column.name.clone(),
                sql_type: column.sql_type.clone(),
            })
            .collect(),
    )
}

/// Returns true if the values of a type have the same order as their literals. Those of an enum
/// have not, those of a float are not exact, and during one hour a year two timestamps have the
/// same text.
fn ordered(sql_type: &str) -> bool {
    let end = sql_type.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(sql_type.len());
    matches!(
        &sql_type[..end],
        "tinyint"
            | "smallint"
            | "mediumint"
            | "int"
            | "bigint"
            | "decimal"
            | "char"
            | "varchar"
            | "binary"
            | "varbinary"
            | "date"
            | "datetime"
            | "uuid"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_types_with_exact_literals_make_a_key() {
        for sql_type in ["int(11) unsigned", "varchar(9) CHARACTER SET latin1", "date", "uuid"] {
            assert!(ordered(sql_type), "{sql_type}");
        }
        for sql_type in ["enum('a','b') CHARACTER SET utf8mb4", "float", "timestamp", "text"] {
            assert!(!ordered(sql_type), "{sql_type}");
        }
    }
}
