//! Values and errors as text, the same text where they are the same to an application.

use sea_orm::sqlx::{self, Column as _, Row as _, TypeInfo as _, ValueRef as _};
use sea_orm::{DbErr, QueryResult, RuntimeErr};

/// What a query does that gives one row for several equal ones.
const FOLDS: [&str; 5] = ["DISTINCT", "UNION", "INTERSECT", "EXCEPT", "GROUP BY"];

/// The cells of each row.
pub fn rows(found: &[QueryResult]) -> Vec<Vec<String>> {
    found.iter().map(|row| cells(row, false)).collect()
}

/// The cells of each row that a statement gave. 1.5 and 1.50 are equal, and a statement that gives one row for both may
/// give either: on PostgreSQL it depends on the plan, and that on names.
pub fn given(sql: &str, found: &[QueryResult]) -> Vec<Vec<String>> {
    let folds = FOLDS.iter().any(|word| sql.contains(word));
    found.iter().map(|row| cells(row, folds)).collect()
}

fn cells(row: &QueryResult, folds: bool) -> Vec<String> {
    if let Some(row) = row.try_as_pg_row() {
        let columns = row.columns().iter();
        return columns
            .map(|column| {
                let raw = row.try_get_raw(column.ordinal()).unwrap();
                let kind = column.type_info().name().to_owned();
                if raw.is_null() {
                    return format!("NULL of {kind}");
                }
                let mut bytes = raw.as_bytes().unwrap().to_vec();
                if folds && kind == "NUMERIC" {
                    // How many digits are shown behind the point; the value is in the others.
                    bytes[6..8].fill(0);
                }
                match std::str::from_utf8(&bytes) {
                    Ok(text) if kind == "TEXT" || kind == "VARCHAR" => {
                        format!("{text:?} of {kind}")
                    }
                    _ => format!("{bytes:?} of {kind}"),
                }
            })
            .collect();
    }
    if let Some(row) = row.try_as_mysql_row() {
        let cell = |at: usize| {
            let raw = row.try_get_raw(at).unwrap();
            let kind = raw.type_info().name().to_owned();
            if raw.is_null() {
                return "NULL".to_owned();
            }
            let bytes = row.get_unchecked::<Vec<u8>, _>(at);
            match std::str::from_utf8(&bytes) {
                Ok(text) if kind.contains("CHAR") || kind.contains("TEXT") => format!("{text:?}"),
                _ => format!("{bytes:?} of {kind}"),
            }
        };
        return (0..row.columns().len()).map(cell).collect();
    }
    let row = row.try_as_sqlite_row().unwrap();
    (0..row.columns().len())
        .map(|at| {
            let raw = row.try_get_raw(at).unwrap();
            if raw.is_null() {
                return "NULL".to_owned();
            }
            match raw.type_info().name() {
                "INTEGER" => format!("{}", row.get_unchecked::<i64, _>(at)),
                "REAL" => format!("{:?}", row.get_unchecked::<f64, _>(at)),
                "TEXT" => format!("{:?}", row.get_unchecked::<String, _>(at)),
                other => format!("{:?} of {other}", row.get_unchecked::<Vec<u8>, _>(at)),
            }
        })
        .collect()
}

/// What kind of error it is: the database's code, where that says it.
pub fn class(error: &DbErr) -> String {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) =
        error
    else {
        return error.to_string();
    };
    let sqlx::Error::Database(database) = &**inner else { return inner.to_string() };
    if let Some(error) = database.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return match error.number() {
            1062 => "unique".to_owned(),
            number => number.to_string(),
        };
    }
    match database.code().unwrap_or_default().as_ref() {
        // SQLite has one code for all that is wrong with a text.
        "1" => database.message().split([':', '"']).next().unwrap_or_default().to_owned(),
        // Of two indexes that a row violates either may be the first.
        "1555" | "2067" | "2579" | "23505" => "unique".to_owned(),
        code => code.to_owned(),
    }
}
