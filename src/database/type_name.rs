//! The names of types, as far as handover has to understand them.

use super::Dialect;

/// A type of PostgreSQL without its limit, so that a cast to it never cuts a value:
/// `character varying(10)` is `character varying`.
#[must_use]
pub fn bare_type(sql_type: &str) -> String {
    let (Some(open), Some(close)) = (sql_type.find('('), sql_type.rfind(')')) else {
        return sql_type.to_owned();
    };
    if open > close || sql_type.starts_with('"') {
        return sql_type.to_owned();
    }
    let base = sql_type[..open].trim_end();
    match base {
        // Without a limit, these have one of 1.
        "bit" => return sql_type.to_owned(),
        "character" | "char" => return format!("bpchar{}", &sql_type[close + 1..]),
        _ => {}
    }
    format!("{base}{}", &sql_type[close + 1..])
}

/// A type in lower case, under the name that the catalog has for it.
#[must_use]
pub fn canonical_type(dialect: Dialect, sql_type: &str) -> String {
    let lower = sql_type.trim().to_lowercase();
    let (base, rest) = match (lower.find('('), lower.find(')')) {
        (Some(open), Some(close)) if open < close => {
            let limits = lower[open..=close].replace(' ', "");
            (lower[..open].trim_end().to_owned(), format!("{limits}{}", &lower[close + 1..]))
        }
        _ => (lower.clone(), String::new()),
    };
    let same = match (dialect, base.as_str()) {
        (Dialect::Postgres, "varchar") => "character varying",
        (Dialect::Postgres, "int" | "int4") => "integer",
        (Dialect::Postgres, "int8") => "bigint",
        (Dialect::Postgres, "int2") => "smallint",
        (Dialect::Postgres, "decimal") => "numeric",
        (Dialect::Postgres, "timestamptz") => return timestamp(&rest, "with"),
        (Dialect::Postgres, "timestamp") if !rest.contains("time") => {
            return timestamp(&rest, "without");
        }
        (Dialect::Postgres, "char") => "character",
        (Dialect::Postgres, "bool") | (Dialect::MariaDb, "bool" | "boolean") => {
            return if dialect == Dialect::Postgres { "boolean" } else { "tinyint(1)" }.to_owned();
        }
        (Dialect::Postgres, "float8") => "double precision",
        (Dialect::Postgres, "float4") => "real",
        (Dialect::MariaDb, "integer") => "int",
        (Dialect::MariaDb, "numeric") => "decimal",
        (_, base) => base,
    };
    format!("{same}{rest}")
}

fn timestamp(limit: &str, with: &str) -> String {
    format!("timestamp{limit} {with} time zone")
}

/// The affinity that SQLite gives to a column of a type (its manual, "Datatypes In SQLite", 3.1).
#[must_use]
pub fn affinity(sql_type: &str) -> &'static str {
    let upper = sql_type.to_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    if has(&["INT"]) {
        "INTEGER"
    } else if has(&["CHAR", "CLOB", "TEXT"]) {
        "TEXT"
    } else if has(&["BLOB"]) || upper.trim().is_empty() {
        "BLOB"
    } else if has(&["REAL", "FLOA", "DOUB"]) {
        "REAL"
    } else {
        "NUMERIC"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_loses_its_limit() {
        for (sql_type, bare) in [
            ("character varying(10)", "character varying"),
            ("timestamp(3) without time zone", "timestamp without time zone"),
            ("numeric(10,2)", "numeric"),
            ("character(3)", "bpchar"),
            ("character varying(5)[]", "character varying[]"),
            ("bit(3)", "bit(3)"),
            ("bigint", "bigint"),
            ("\"a(b)\"", "\"a(b)\""),
        ] {
            assert_eq!(bare_type(sql_type), bare);
        }
    }

    #[test]
    fn types_have_one_name() {
        let postgres = |sql_type| canonical_type(Dialect::Postgres, sql_type);
        assert_eq!(postgres("VARCHAR (20)"), "character varying(20)");
        assert_eq!(postgres("decimal(12, 2)"), "numeric(12,2)");
        assert_eq!(postgres("timestamptz(3)"), "timestamp(3) with time zone");
        assert_eq!(postgres("timestamp with time zone"), "timestamp with time zone");
        assert_eq!(postgres("timestamp( 3 ) with time zone"), "timestamp(3) with time zone");
        assert_eq!(postgres("timestamp(3)"), "timestamp(3) without time zone");
        assert_eq!(canonical_type(Dialect::MariaDb, "INTEGER"), "int");
    }

    #[test]
    fn affinities_are_those_of_sqlite() {
        for (sql_type, expect) in [
            ("bigint", "INTEGER"),
            ("varchar(10)", "TEXT"),
            ("uuid_text", "TEXT"),
            ("json", "NUMERIC"),
            ("double", "REAL"),
            ("", "BLOB"),
        ] {
            assert_eq!(affinity(sql_type), expect, "{sql_type}");
        }
    }
}
