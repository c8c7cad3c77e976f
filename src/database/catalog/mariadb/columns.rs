//! Reads the columns of a table.

use sea_orm::{ConnectionTrait, DbErr};
use sqlparser::dialect::MySqlDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::constraints::{read_column_checks, read_privileges};
use super::name::{of, quoted, values};
use crate::database::catalog::column::Column;
use crate::database::rows;
use crate::model::TableName;

pub(super) async fn read_columns<C: ConnectionTrait>(
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
        // A nullable column without a default is listed with this one.
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

/// Returns true if a column was declared as `json`: a text with a check, and the server accepts a
/// change of it only under that type name.
fn is_json(sql_type: &str, collation: Option<&str>, column: &str, check: Option<&str>) -> bool {
    sql_type == "longtext"
        && collation == Some("utf8mb4_bin")
        && check.is_some_and(|check| {
            check.eq_ignore_ascii_case(&format!("json_valid({})", quoted(column)))
        })
}

/// Returns true if a default is one literal, or the time of the statement, which is the same for
/// all columns.
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
}
