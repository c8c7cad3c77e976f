//! Reads a table of SQLite with its columns and its key.

use sea_orm::{ConnectionTrait, DbErr};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::conflict::read_dependents;
use super::indexes::read_indexes;
use super::name::quote;
use crate::database::catalog::column::Column;
use crate::database::catalog::key::{Key, KeyColumn};
use crate::database::catalog::table::Table;
use crate::database::{row, rows};
use crate::model::{Identifier, TableName};

const SCHEMA: &str = "main";

pub(in crate::database::catalog) async fn table<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<Option<Table>, DbErr> {
    let schema = name.schema.as_ref().map_or(SCHEMA, Identifier::as_str);
    let sql = "SELECT l.type, l.wr, s.sql FROM pragma_table_list($1) l \
               LEFT JOIN sqlite_schema s ON s.type = 'table' AND lower(s.name) = lower(l.name) \
               WHERE l.schema = $2";
    let Some(listed) = row(connection, sql, [name.name.as_str().into(), schema.into()]).await?
    else {
        return Ok(None);
    };
    let kind: String = listed.try_get("", "type")?;
    let without_row_id: bool = listed.try_get("", "wr")?;
    let definition: Option<String> = listed.try_get("", "sql")?;
    let (columns, key_columns) =
        read_columns(connection, name, schema, definition.as_deref()).await?;
    let indexes = read_indexes(connection, name, schema).await?;
    let key = if without_row_id {
        Key::Columns(key_columns)
    } else {
        let hidden = |alias: &&str| columns.iter().any(|c| c.name.eq_ignore_ascii_case(alias));
        match ["rowid", "_rowid_", "oid"].into_iter().find(|alias| !hidden(alias)) {
            Some(alias) => Key::RowId(alias),
            None => Key::Columns(key_columns),
        }
    };
    let unfit = match (kind.as_str(), &key) {
        ("table", Key::Columns(key)) if key.is_empty() => {
            vec!["it has no key, and columns hide every name of its row id".to_owned()]
        }
        ("table", _) => Vec::new(),
        (other, _) => vec![format!("it is a {other}")],
    };
    let list = format!(
        "SELECT name FROM {}.sqlite_schema WHERE type IN ('table', 'index', 'view')",
        quote(schema)
    );
    let names = rows(connection, &list, []).await?;
    let names = names.iter().map(|row| row.try_get("", "name")).collect::<Result<_, _>>()?;
    let schema = schema.to_owned();
    let clauses = definition.as_deref().map(read_dependents).unwrap_or_default();
    let uncopied = clauses
        .into_iter()
        .map(|(column, clause)| (column, format!("its clause `{clause}` is not carried over")))
        .collect();
    Ok(Some(Table {
        schema,
        columns,
        indexes,
        names,
        key,
        // Constraints stay with the original column, which SQLite keeps.
        constraints: Vec::new(),
        statistics: Vec::new(),
        sequences: Vec::new(),
        unfinished_not_null: false,
        dependents: Vec::new(),
        uncopied,
        unfit,
    }))
}

async fn read_columns<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
    schema: &str,
    definition: Option<&str>,
) -> Result<(Vec<Column>, Vec<KeyColumn>), DbErr> {
    let sql = "SELECT name, type, \"notnull\", dflt_value, pk, hidden \
               FROM pragma_table_xinfo($1, $2) WHERE hidden <> 1 ORDER BY cid";
    let found = rows(connection, sql, [name.name.as_str().into(), schema.into()]).await?;
    let mut columns = Vec::new();
    let mut key = Vec::new();
    for row in &found {
        let column: String = row.try_get("", "name")?;
        let sql_type: String = row.try_get("", "type")?;
        let default: Option<String> = row.try_get("", "dflt_value")?;
        let position: i64 = row.try_get("", "pk")?;
        if position > 0 {
            key.push((position, KeyColumn { name: column.clone(), sql_type: sql_type.clone() }));
        }
        columns.push(Column {
            collation: definition.and_then(|sql| collation(sql, &column)).map(|name| quote(&name)),
            default_repeats: default.as_deref().is_none_or(is_literal),
            default,
            not_null: row.try_get("", "notnull")?,
            computed: row.try_get::<i64>("", "hidden")? > 0,
            name: column,
            sql_type,
            ..Column::default()
        });
    }
    key.sort_by_key(|(position, _)| *position);
    let key: Vec<KeyColumn> = key.into_iter().map(|(_, column)| column).collect();
    // A single INTEGER PRIMARY KEY is an alias of the row id; SQLite fills it.
    if let [only] = key.as_slice()
        && only.sql_type.eq_ignore_ascii_case("integer")
        && let Some(column) = columns.iter_mut().find(|column| column.name == only.name)
    {
        column.computed = true;
    }
    Ok((columns, key))
}

/// Returns true if a default is one literal, the only kind that `ADD COLUMN` accepts.
fn is_literal(default: &str) -> bool {
    let Ok(tokens) = Tokenizer::new(&SQLiteDialect {}, default).tokenize() else {
        return false;
    };
    let tokens: Vec<Token> =
        tokens.into_iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect();
    let literal = |token: &Token| match token {
        Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::DoubleQuotedString(_)
        | Token::HexStringLiteral(_) => true,
        Token::Word(word) => {
            ["null", "true", "false"].iter().any(|name| word.value.eq_ignore_ascii_case(name))
                || word.quote_style == Some('"')
        }
        _ => false,
    };
    match tokens.as_slice() {
        [one] => literal(one),
        [Token::Plus | Token::Minus, Token::Number(..)] => true,
        _ => false,
    }
}

/// The collation that a CREATE TABLE statement gives a column; no pragma shows it.
///
/// The text is SQLite's own record of the table and well-formed. The column's definition begins
/// after `(` or `,` at depth one and ends at the next comma there.
fn collation(create_table: &str, column: &str) -> Option<String> {
    let tokens = Tokenizer::new(&SQLiteDialect {}, create_table).tokenize().ok()?;
    let mut depth = 0_usize;
    let mut starts = false;
    let mut inside = false;
    let mut after_collate = false;
    for token in tokens {
        match token {
            Token::Whitespace(_) => continue,
            Token::LParen => {
                depth += 1;
                starts = depth == 1;
                continue;
            }
            Token::RParen => depth = depth.saturating_sub(1),
            Token::Comma if depth == 1 => {
                (starts, inside) = (true, false);
                continue;
            }
            Token::Word(word) if depth == 1 => {
                if starts {
                    inside = word.value.eq_ignore_ascii_case(column);
                } else if inside && after_collate {
                    return Some(word.value);
                }
                after_collate =
                    word.quote_style.is_none() && word.value.eq_ignore_ascii_case("collate");
            }
            Token::SingleQuotedString(name) if depth == 1 && starts => {
                inside = name.eq_ignore_ascii_case(column);
            }
            _ => {}
        }
        starts = false;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_told_from_expressions() {
        for default in ["1", "-1.5", "'x'", "NULL", "true", "x'00'"] {
            assert!(is_literal(default), "{default}");
        }
        for default in ["random()", "CURRENT_TIMESTAMP", "1 + 1", "(1)", ""] {
            assert!(!is_literal(default), "{default}");
        }
    }

    #[test]
    fn the_collation_is_read_from_the_definition() {
        let sql = "CREATE TABLE u (id INTEGER, \"user,name\" VARCHAR(9, 2) NOT NULL COLLATE NOCASE, \
                   b TEXT CHECK (b COLLATE RTRIM <> ''), [c] TEXT collate \"RTRIM\", \
                   UNIQUE (b COLLATE NOCASE))";
        assert_eq!(collation(sql, "USER,NAME").as_deref(), Some("NOCASE"));
        assert_eq!(collation(sql, "c").as_deref(), Some("RTRIM"));
        assert_eq!(collation(sql, "b"), None);
        assert_eq!(collation(sql, "id"), None);
    }
}
