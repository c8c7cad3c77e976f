//! The changes of type that a database makes at once, without reading a row.

use super::twins::Twins;
use crate::database::catalog::Column;
use crate::database::{Dialect, affinity, canonical_type};

/// Returns true if the database changes this type at once, and every value stays as it is.
pub(super) fn is_at_once(dialect: Dialect, from: &Column, to_type: &str) -> bool {
    let from = canonical_type(dialect, &from.sql_type);
    let to = canonical_type(dialect, to_type);
    if from == to {
        return true;
    }
    match dialect {
        Dialect::Postgres => is_wider_on_postgres(&from, &to),
        Dialect::Sqlite => affinity(&from) == affinity(&to),
        Dialect::MariaDb => {
            let length = |sql_type: &str| {
                let Parts { name, limits, rest } = parts(sql_type)?;
                let plain = rest.is_empty() || rest.starts_with("character set ");
                (name == "varchar" && plain).then(|| limits.first().copied())?
            };
            // The length that is kept with each value takes one byte or two. A character may take
            // four bytes.
            length(&from)
                .zip(length(&to))
                .is_some_and(|(own, its)| own <= its && (its < 64 || own > 255))
        }
    }
}

fn is_wider_on_postgres(from: &str, to: &str) -> bool {
    // Every value of an array is converted, element by element.
    if from.contains('[') || to.contains('[') {
        return false;
    }
    let (Some(from), Some(to)) = (parts(from), parts(to)) else { return false };
    let (own_limits, its_limits) = (from.limits.as_slice(), to.limits.as_slice());
    let same_rest = from.rest == to.rest;
    let wider = match (own_limits, its_limits) {
        (_, []) => true,
        ([own], [its]) => own <= its,
        _ => false,
    };
    match (from.name, to.name) {
        ("character varying", "text" | "character varying")
        | ("bit varying", "bit varying")
        | ("timestamp", "timestamp")
        | ("time", "time") => wider && same_rest,
        ("text", "character varying") => its_limits.is_empty() && same_rest,
        ("numeric", "numeric") => match (own_limits, its_limits) {
            (_, []) => true,
            ([own, scale], [its, same]) => own <= its && scale == same,
            _ => false,
        },
        ("cidr", "inet") => true,
        _ => false,
    }
}

/// A type: its name, its limits, and the words behind them.
struct Parts<'t> {
    name: &'t str,
    limits: Vec<u64>,
    rest: &'t str,
}

fn parts(sql_type: &str) -> Option<Parts<'_>> {
    let Some(open) = sql_type.find('(') else {
        // `timestamp without time zone` is `timestamp` with words behind it.
        let (name, rest) = match sql_type.split_once(' ') {
            Some((name @ ("timestamp" | "time"), rest)) => (name, rest.trim()),
            _ => (sql_type, ""),
        };
        return Some(Parts { name, limits: Vec::new(), rest });
    };
    let (name, behind) = (sql_type[..open].trim(), &sql_type[open + 1..]);
    let (limits, rest) = behind.split_once(')')?;
    let limits = limits.split(',').map(|limit| limit.trim().parse().ok());
    Some(Parts { name, limits: limits.collect::<Option<_>>()?, rest: rest.trim() })
}

/// The statement that changes the type of the column itself on PostgreSQL; `None` if there is nothing to
/// change.
pub(super) fn statement(twins: &Twins, column: &Column) -> Option<String> {
    let dialect = Dialect::Postgres;
    let (from, to) = (&twins.conversion.from_type, &twins.conversion.to_type);
    if canonical_type(dialect, from) == canonical_type(dialect, to) {
        return None;
    }
    let table = dialect.quote_table(&twins.columns.table);
    let name = dialect.quote(&twins.columns.from);
    // Without it, the column would get the collation of the type.
    let collation = column.collation.as_ref().map(|own| format!(" COLLATE {own}"));
    let collation = collation.unwrap_or_default();
    Some(format!("ALTER TABLE {table} ALTER COLUMN {name} TYPE {to}{collation}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_once(dialect: Dialect, from: &str, to: &str) -> bool {
        let from = Column { sql_type: from.to_owned(), ..Column::default() };
        is_at_once(dialect, &from, to)
    }

    #[test]
    fn wider_types_are_had_at_once() {
        for (dialect, from, to, expect) in [
            (Dialect::Postgres, "character varying(10)", "varchar(200)", true),
            (Dialect::Postgres, "character varying(200)", "varchar(10)", false),
            (Dialect::Postgres, "character varying(10)", "text", true),
            (Dialect::Postgres, "character varying(10)[]", "text", false),
            (Dialect::Postgres, "character varying(10)[]", "varchar(20)[]", false),
            (Dialect::Postgres, "numeric(10,2)[]", "numeric(12,2)[]", false),
            (Dialect::Postgres, "numeric(10,2)[]", "numeric", false),
            (Dialect::Postgres, "text", "varchar", true),
            (Dialect::Postgres, "text", "varchar(10)", false),
            (Dialect::Postgres, "numeric(10,2)", "numeric(12, 2)", true),
            (Dialect::Postgres, "numeric(10,2)", "numeric(12,3)", false),
            (Dialect::Postgres, "numeric(10,2)", "numeric", true),
            (Dialect::Postgres, "integer", "bigint", false),
            (Dialect::Postgres, "timestamp(3) without time zone", "timestamp(6)", true),
            (Dialect::Postgres, "timestamp(3) without time zone", "timestamptz", false),
            (Dialect::Postgres, "timestamp without time zone", "timestamp(3)", false),
            (Dialect::Sqlite, "int", "bigint", true),
            (Dialect::Sqlite, "int", "text", false),
            (Dialect::MariaDb, "varchar(10) CHARACTER SET utf8mb4", "varchar(60)", true),
            (Dialect::MariaDb, "varchar(10)", "varchar(200)", false),
            (Dialect::MariaDb, "varchar(300)", "varchar(500)", true),
            (Dialect::MariaDb, "int(11)", "bigint", false),
        ] {
            assert_eq!(at_once(dialect, from, to), expect, "{dialect}: {from} to {to}");
        }
    }
}
