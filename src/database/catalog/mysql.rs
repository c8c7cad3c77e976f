use sea_orm::{ConnectionTrait, DbErr, Value};
use sqlparser::dialect::MySqlDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::Listed;
use super::column::{Column, Key, KeyColumn, Table};
use super::index::{Index, IndexColumn};
use super::mysql_constraints::{
    read_column_checks, read_foreign_keys, read_key_names, read_privileges,
};
use super::mysql_dependents::read_dependents;
use crate::database::{row, rows};
use crate::model::{Identifier, TableName};

/// The condition for the rows of one table: its schema and its name, `$1` and `$2`. The catalog
/// ignores case also where the names of tables do not.
pub(super) fn of(schema: &str, table: &str) -> String {
    format!(
        "{schema} = coalesce($1, database()) AND {table} = $2 \
         AND (@@lower_case_table_names <> 0 OR BINARY {table} = $2)"
    )
}

/// The values of [`of`].
pub(super) fn values(name: &TableName) -> [Value; 2] {
    let schema = name.schema.as_ref().map(|schema| schema.as_str().to_owned());
    [schema.into(), name.name.as_str().into()]
}

pub(super) async fn listed<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<Option<Listed>, DbErr> {
    let sql = format!(
        "SELECT table_schema AS of_schema, column_name AS name, lower(extra) AS extra \
         FROM information_schema.columns WHERE {} ORDER BY ordinal_position",
        of("table_schema", "table_name")
    );
    let found = rows(connection, &sql, values(name)).await?;
    let Some(first) = found.first() else {
        return Ok(None);
    };
    let mut listed = Listed { schema: first.try_get("", "of_schema")?, ..Listed::default() };
    for row in &found {
        let name: String = row.try_get("", "name")?;
        if row.try_get::<String>("", "extra")?.contains("invisible") {
            listed.invisible.push(name.clone());
        }
        listed.columns.push(name);
    }
    Ok(Some(listed))
}

pub(super) async fn table<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<Option<Table>, DbErr> {
    let sql = format!(
        "SELECT table_schema AS of_schema, table_type AS kind, coalesce(engine, '') AS engine, \
         lower(coalesce(row_format, '')) AS row_format, \
         lower(coalesce(create_options, '')) AS options \
         FROM information_schema.tables WHERE {}",
        of("table_schema", "table_name")
    );
    let Some(found) = row(connection, &sql, values(name)).await? else {
        return Ok(None);
    };
    let text = |column: &str| found.try_get::<String>("", column);
    let (kind, engine) = (text("kind")?, text("engine")?);
    let columns = read_columns(connection, name).await?;
    let indexes = read_indexes(connection, name).await?;
    let mut unfit = Vec::new();
    match kind.as_str() {
        "BASE TABLE" => {
            let compressed = text("row_format")? == "compressed";
            for (found, reason) in [
                (
                    !engine.eq_ignore_ascii_case("innodb"),
                    format!("its engine is {engine}, not InnoDB"),
                ),
                (text("options")?.contains("partitioned"), "it is partitioned".to_owned()),
                (
                    compressed,
                    "its rows are compressed, and no column is added to such a table at once"
                        .to_owned(),
                ),
            ] {
                unfit.extend(found.then_some(reason));
            }
            unfit.extend(indexes.iter().filter_map(keeps_columns_out));
        }
        "SYSTEM VERSIONED" => unfit.push("it is system-versioned".to_owned()),
        other => unfit.push(format!("it is a {}", other.to_lowercase())),
    }
    if has_period(connection, name).await? {
        unfit.push("no column is added at once to a table with a PERIOD".to_owned());
    }
    let mut names = read_key_names(connection, name).await?;
    names.extend(indexes.iter().map(|index| index.name.clone()));
    Ok(Some(Table {
        schema: text("of_schema")?,
        dependents: read_dependents(connection, name, &columns, &indexes).await?,
        names,
        constraints: read_foreign_keys(connection, name).await?,
        statistics: Vec::new(),
        sequences: Vec::new(),
        unfinished_not_null: false,
        key: key(&columns, &indexes),
        unfit,
        columns,
        indexes,
    }))
}

/// Beside such an index MariaDB adds a column only by copying the whole table. A unique index of
/// a text without a length is one over a hidden column.
fn keeps_columns_out(index: &Index) -> Option<String> {
    let kind = match index.method.as_str() {
        "FULLTEXT" => "full-text index",
        "HASH" if index.unique => "unique index of a text without a length",
        _ => return None,
    };
    Some(format!("no column is added at once to a table with the {kind} `{}`", index.name))
}

/// Whether the table has a period for application time, of which no catalog tells.
async fn has_period<C: ConnectionTrait>(connection: &C, name: &TableName) -> Result<bool, DbErr> {
    let table = crate::database::Dialect::Mysql.quote_table(name);
    let found = row(connection, &format!("SHOW CREATE TABLE {table}"), []).await?;
    let Some(found) = found else { return Ok(false) };
    let text: String = found.try_get_by_index(1)?;
    Ok(text.contains("\n  PERIOD FOR "))
}

async fn read_columns<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<Vec<Column>, DbErr> {
    let sql = format!(
        "SELECT column_name AS name, column_type AS sql_type, character_set_name AS charset, \
         collation_name AS collation, column_default AS default_sql, \
         is_nullable = 'NO' AS not_null, lower(extra) AS extra, column_comment AS comment \
         FROM information_schema.columns WHERE {} ORDER BY ordinal_position",
        of("table_schema", "table_name")
    );
    let mut checks = read_column_checks(connection, name).await?;
    let mut privileges = read_privileges(connection, name).await?;
    let mut columns = Vec::new();
    for row in rows(connection, &sql, values(name)).await? {
        let own: String = row.try_get("", "name")?;
        let mut sql_type: String = row.try_get("", "sql_type")?;
        let mut collation: Option<String> = row.try_get("", "collation")?;
        let mut check = checks.remove(&own.to_lowercase());
        if is_json(&sql_type, collation.as_deref(), &own, check.as_deref()) {
            "json".clone_into(&mut sql_type);
            (collation, check) = (None, None);
        } else if let Some(charset) = row.try_get::<Option<String>>("", "charset")? {
            sql_type = format!("{sql_type} CHARACTER SET {charset}");
        }
        // A column that may be null and has no default is listed with this one.
        let default = row.try_get::<Option<String>>("", "default_sql")?;
        let default = default.filter(|sql| !sql.eq_ignore_ascii_case("null"));
        let extra: String = row.try_get("", "extra")?;
        let comment: String = row.try_get("", "comment")?;
        let computed = ["auto_increment", "generated", "on update"];
        columns.push(Column {
            sql_type,
            collation,
            default_repeats: default.as_deref().is_none_or(repeats),
            default,
            not_null: row.try_get("", "not_null")?,
            computed: computed.iter().any(|word| extra.contains(word)),
            comment: (!comment.is_empty()).then_some(comment),
            stored: extra.contains("stored generated"),
            invisible: extra.contains("invisible"),
            on_update: extra.contains("on update"),
            check,
            properties: privileges.remove(&own.to_lowercase()).unwrap_or_default(),
            identity: None,
            not_null_name: None,
            not_null_comment: None,
            name: own,
        });
    }
    Ok(columns)
}

/// Whether a column was declared as `json`: that is a text with a check, and the server takes a
/// change of it only by that name.
fn is_json(sql_type: &str, collation: Option<&str>, column: &str, check: Option<&str>) -> bool {
    sql_type == "longtext"
        && collation == Some("utf8mb4_bin")
        && check.is_some_and(|check| {
            check.eq_ignore_ascii_case(&format!("json_valid({})", quoted(column)))
        })
}

/// Whether a default is one literal, or the time of the statement, which is one for all columns.
fn repeats(default: &str) -> bool {
    let Ok(tokens) = Tokenizer::new(&MySqlDialect {}, default).tokenize() else {
        return false;
    };
    let tokens: Vec<Token> =
        tokens.into_iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect();
    match tokens.as_slice() {
        [Token::Word(word), rest @ ..] if word.value.eq_ignore_ascii_case("current_timestamp") => {
            matches!(rest, [] | [Token::LParen, Token::RParen])
                || matches!(rest, [Token::LParen, Token::Number(..), Token::RParen])
        }
        [one] | [Token::Plus | Token::Minus, one] => matches!(
            one,
            Token::Number(..)
                | Token::SingleQuotedString(_)
                | Token::HexStringLiteral(_)
                | Token::SingleQuotedByteStringLiteral(_)
        ),
        _ => false,
    }
}

async fn read_indexes<C: ConnectionTrait>(
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
                // A constraint is nothing beside its index here.
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

/// The primary key, else a unique key without nullable columns, of whose values literals can be
/// made that compare as they do; else none.
fn key(columns: &[Column], indexes: &[Index]) -> Key {
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

/// Whether the values of a type are in the same order as literals of them. Those of an enum are
/// not, those of a float are not exact, and an hour a year a timestamp has the text of another.
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

/// A text as it stands in the catalog's own SQL: in backticks.
pub(super) fn quoted(name: &str) -> String {
    Identifier::new(name)
        .map(|name| crate::database::Dialect::Mysql.quote(&name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_that_are_the_same_for_each_column_are_told_from_others() {
        for default in
            ["1", "-1.5", "'x''y'", "b'101'", "current_timestamp()", "current_timestamp(6)"]
        {
            assert!(repeats(default), "{default}");
        }
        for default in ["uuid()", "rand()", "nextval(`s`)", "1 + rand()", "(uuid())"] {
            assert!(!repeats(default), "{default}");
        }
    }

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
