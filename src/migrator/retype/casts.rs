//! The expressions of a conversion that the file gives none for.

use crate::database::{Dialect, affinity, bare_type, canonical_type};
use crate::model::{Expressions, Identifier};

/// Casts in both directions. `None` if the conversion depends on the settings of a session, so that there
/// have to be expressions.
pub(super) fn casts(
    dialect: Dialect,
    column: &Identifier,
    (from_type, to_type): (&str, &str),
) -> Option<Expressions> {
    let column = dialect.quote(column);
    let pair = |using, back| Some(Expressions { using, back });
    match dialect {
        Dialect::Postgres => {
            let zoned = |sql_type: &str| sql_type.ends_with("with time zone");
            let plain = |sql_type: &str| sql_type.ends_with("without time zone");
            let stamps = from_type.starts_with("timestamp") && to_type.starts_with("timestamp");
            let other = zoned(from_type) && plain(to_type) || plain(from_type) && zoned(to_type);
            if stamps && other {
                let at_utc = format!("{column} AT TIME ZONE 'UTC'");
                return pair(at_utc.clone(), at_utc);
            }
            let cast = |to: &str| format!("CAST({column} AS {})", bare_type(to));
            pair(cast(to_type), cast(from_type))
        }
        Dialect::Sqlite => {
            let cast = |to: &str| format!("CAST({column} AS {})", affinity(to));
            if affinity(from_type) == affinity(to_type) {
                return pair(column.clone(), column);
            }
            pair(cast(to_type), cast(from_type))
        }
        Dialect::MariaDb => {
            let moment = |sql_type: &str| sql_type.starts_with("timestamp");
            if moment(from_type) != moment(to_type) {
                return None;
            }
            let cast = |from: &str, to: &str| match mariadb_cast(from, to) {
                Some(to) => format!("CAST({column} AS {to})"),
                None => column.clone(),
            };
            pair(cast(from_type, to_type), cast(to_type, from_type))
        }
    }
}

/// The type to cast to on MariaDB; `None` where the assignment to the column converts as well.
fn mariadb_cast(from: &str, to: &str) -> Option<String> {
    let base = |sql_type: &str| {
        let canonical = canonical_type(Dialect::MariaDb, sql_type);
        canonical.split(['(', ' ']).next().unwrap_or_default().to_owned()
    };
    let is_text = |base: &str| {
        matches!(
            base,
            "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum"
        )
    };
    let (own, other) = (base(to), base(from));
    let limit = to.find('(').and_then(|open| Some(&to[open..=to.rfind(')')?])).unwrap_or("");
    match own.as_str() {
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year" => {
            let unsigned = to.to_lowercase().contains("unsigned");
            Some(if unsigned { "UNSIGNED" } else { "SIGNED" }.to_owned())
        }
        "decimal" => Some(format!("DECIMAL{limit}")),
        "double" => Some("DOUBLE".to_owned()),
        "float" => Some("FLOAT".to_owned()),
        "date" => Some("DATE".to_owned()),
        "time" | "datetime" => Some(format!("{}{limit}", own.to_uppercase())),
        "uuid" | "inet6" | "inet4" => Some(own.to_uppercase()),
        text if is_text(text) && !is_text(&other) => Some("CHAR".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cast_in_both_directions() {
        let age: Identifier = "age".parse().unwrap();
        let cast = |dialect, from, to| {
            casts(dialect, &age, (from, to)).map(|own| format!("{} | {}", own.using, own.back))
        };
        let all = [
            cast(Dialect::Postgres, "character varying(10)", "text"),
            cast(Dialect::Postgres, "numeric(10,2)", "character(3)"),
            cast(Dialect::Postgres, "timestamp(3) without time zone", "timestamp with time zone"),
            cast(Dialect::Sqlite, "varchar(10)", "integer"),
            cast(Dialect::Sqlite, "int", "bigint"),
            cast(Dialect::MariaDb, "int(11)", "varchar(20)"),
            cast(Dialect::MariaDb, "decimal(10,2)", "bigint(20) unsigned"),
            cast(Dialect::MariaDb, "varchar(3)", "enum('a','b')"),
            cast(Dialect::MariaDb, "datetime", "timestamp"),
        ];
        let all: Vec<String> =
            all.into_iter().map(|own| own.unwrap_or_else(|| "none".to_owned())).collect();
        insta::assert_snapshot!(all.join("\n"), @r#"
        CAST("age" AS text) | CAST("age" AS character varying)
        CAST("age" AS bpchar) | CAST("age" AS numeric)
        "age" AT TIME ZONE 'UTC' | "age" AT TIME ZONE 'UTC'
        CAST(`age` AS INTEGER) | CAST(`age` AS TEXT)
        `age` | `age`
        CAST(`age` AS CHAR) | CAST(`age` AS SIGNED)
        CAST(`age` AS UNSIGNED) | CAST(`age` AS DECIMAL(10,2))
        `age` | `age`
        none
        "#);
    }
}
