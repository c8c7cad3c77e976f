//! The text of a database's error, without the prefixes of the libraries.

use std::error::Error;

use sea_orm::DbErr;

use super::fault::detail;

/// The text of an error; what the database says if it is one of the database.
#[must_use]
pub fn cause(error: &(dyn Error + 'static)) -> String {
    error.downcast_ref::<DbErr>().map_or_else(|| plain(&error.to_string()), explained)
}

/// What the database says about an error, with the objects that PostgreSQL names in its detail.
#[must_use]
pub fn explained(error: &DbErr) -> String {
    let said = plain(&error.to_string());
    match detail(error) {
        Some(detail) => format!("{said} ({})", detail.replace('\n', "; ")),
        None => said,
    }
}

/// Removes the prefixes of sea-orm and sqlx from a message of the database or its driver.
#[must_use]
pub fn plain(message: &str) -> String {
    const LAYERS: [&str; 6] = [
        "Custom Error: ",
        "Execution Error: ",
        "Query Error: ",
        "Connection Error: ",
        "error with configuration: ",
        "error returned from database: ",
    ];
    let mut message = message;
    while let Some(rest) = LAYERS.iter().find_map(|layer| message.strip_prefix(layer)) {
        message = rest;
    }
    let is_number = |text: &str| text.parse::<u32>().is_ok();
    // It is a line of PostgreSQL's source code, not of the SQL.
    if let Some((text, line)) = message.rsplit_once(" at line ")
        && is_number(line)
    {
        return text.to_owned();
    }
    // SQLite's error code repeats the message that follows it.
    match message.strip_prefix("(code: ").and_then(|rest| rest.split_once(") ")) {
        Some((code, text)) if is_number(code) => text.to_owned(),
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_database_says_is_left() {
        for (message, expect) in [
            ("Execution Error: error returned from database: (code: 5) locked", "locked"),
            ("Query Error: error returned from database: no user at line 414", "no user"),
            ("error with configuration: error with configuration: bad port", "bad port"),
            ("error returned from database: ends at line x", "ends at line x"),
            ("Custom Error: there is no table `t`", "there is no table `t`"),
            ("Connection refused (os error 111)", "Connection refused (os error 111)"),
        ] {
            assert_eq!(plain(message), expect);
        }
    }
}
