//! The schema of MariaDB, by its dump program.

use std::borrow::Cow;
use std::str::FromStr as _;

use sea_orm::sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sea_orm::{ConnectionTrait, DbErr};

use super::DumpFailure;
use super::program::{check_version, decoded, run};
use crate::database::connect::mariadb;
use crate::database::{get, rows};

const PROGRAM: &str = "mariadb-dump";

const ARGUMENTS: [&str; 13] = [
    // The user's option files must not change the output.
    "--no-defaults",
    "--no-data",
    "--skip-comments",
    "--skip-dump-date",
    "--skip-add-drop-table",
    "--skip-lock-tables",
    "--skip-tz-utc",
    "--no-tablespaces",
    "--routines",
    "--events",
    "--triggers",
    "--default-character-set=utf8mb4",
    "--single-transaction",
];

pub(super) async fn schema<C: ConnectionTrait>(
    connection: &C,
    url: &str,
) -> Result<String, DumpFailure> {
    let server: Option<String> = get(connection, "SELECT version()", []).await?;
    let server = server.unwrap_or_default();
    let numbers = server.split(['.', '-']).map_while(|part| part.parse().ok()).take(2);
    check_version(PROGRAM, &numbers.collect::<Vec<u32>>(), url).await?;
    let sql = "SELECT table_name AS name FROM information_schema.tables \
               WHERE table_schema = database() AND left(table_name, 9) = 'handover_' ORDER BY 1";
    let mut own: Vec<String> = Vec::new();
    for row in rows(connection, sql, []).await? {
        own.push(row.try_get_by_index(0)?);
    }
    let (arguments, environment) =
        call(url, &own).map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(tidy(&run(PROGRAM, &arguments, &environment, url).await?))
}

type Call = (Vec<String>, Vec<(&'static str, String)>);

/// Builds the arguments and environment that match the driver's reading of the URL. The password
/// goes into the environment, because everybody on the machine can see a command line.
fn call(url: &str, ignore: &[String]) -> Result<Call, sea_orm::sqlx::Error> {
    let url = mariadb::url(url);
    let options = MySqlConnectOptions::from_str(&url)?;
    let database = options.get_database().unwrap_or_default();
    let mut arguments: Vec<String> = ARGUMENTS.map(ToOwned::to_owned).to_vec();
    arguments.extend(ignore.iter().map(|table| format!("--ignore-table={database}.{table}")));
    arguments.push(format!("--user={}", options.get_username()));
    match options.get_socket() {
        Some(socket) => arguments.push(format!("--socket={}", socket.display())),
        None => arguments.extend([
            "--protocol=tcp".to_owned(),
            format!("--host={}", options.get_host()),
            format!("--port={}", options.get_port()),
        ]),
    }
    let mut password = String::new();
    if let Ok(url) = url::Url::parse(&url) {
        password = decoded(url.password().unwrap_or_default());
        for (key, value) in url.query_pairs() {
            let name = match &*key {
                "sslca" | "ssl-ca" => "ssl-ca",
                "sslcert" | "ssl-cert" => "ssl-cert",
                "sslkey" | "ssl-key" => "ssl-key",
                _ => continue,
            };
            arguments.push(format!("--{name}={value}"));
        }
    }
    arguments.extend(
        match options.get_ssl_mode() {
            MySqlSslMode::Disabled => Some("--skip-ssl"),
            MySqlSslMode::Preferred => None,
            MySqlSslMode::Required | MySqlSslMode::VerifyCa => Some("--ssl"),
            MySqlSslMode::VerifyIdentity => Some("--ssl-verify-server-cert"),
        }
        .map(ToOwned::to_owned),
    );
    arguments.extend(["--".to_owned(), database.to_owned()]);
    // The password is set even if it is empty, so that one in the environment is not used instead.
    Ok((arguments, vec![("MYSQL_PWD", password)]))
}

/// Removes what differs between runs or databases: the next number of a table, the creator of a
/// view or trigger, the position of a sequence, and the line that turns the client's own commands
/// off.
fn tidy(dump: &str) -> String {
    let mut text = String::with_capacity(dump.len());
    for line in dump.lines() {
        if !line.starts_with("/*M!999999\\-") && !line.starts_with("DO SETVAL(") {
            text += &tidy_line(line);
            text.push('\n');
        }
    }
    text
}

fn tidy_line(line: &str) -> Cow<'_, str> {
    if let Some(options) = line.strip_prefix(") ENGINE=")
        && let Some((engine, rest)) = options.split_once(" AUTO_INCREMENT=")
        && !engine.contains(' ')
    {
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        return format!(") ENGINE={engine}{rest}").into();
    }
    // The text before the creator's name, the part of it that stays, and the text that ends the
    // name.
    for (before, stays, end) in [
        ("/*!50013 DEFINER=", "/*!50013 ", " "),
        ("/*!50003 CREATE*/ /*!50017 DEFINER=", "/*!50003 CREATE*/ ", "*/ "),
        ("/*!50106 CREATE*/ /*!50117 DEFINER=", "/*!50106 CREATE*/ ", "*/ "),
        ("CREATE DEFINER=", "CREATE ", " "),
    ] {
        let rest = line.strip_prefix(before).and_then(after_account);
        if let Some(rest) = rest.and_then(|rest| rest.strip_prefix(end)) {
            return format!("{stays}{rest}").into();
        }
    }
    line.into()
}

/// Returns the text after an account or a role: `` `user`@`host` ``.
fn after_account(text: &str) -> Option<&str> {
    let rest = after_quoted(text)?;
    match rest.strip_prefix('@') {
        Some(host) => after_quoted(host),
        None => Some(rest),
    }
}

fn after_quoted(text: &str) -> Option<&str> {
    let mut rest = text.strip_prefix('`')?;
    loop {
        rest = rest.split_once('`')?.1;
        match rest.strip_prefix('`') {
            Some(doubled) => rest = doubled,
            None => return Some(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_another_each_time_is_left_out() {
        for (line, expect) in [
            (
                ") ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=utf8mb4 COMMENT='a AUTO_INCREMENT=5'",
                ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='a AUTO_INCREMENT=5'",
            ),
            (
                ") ENGINE=InnoDB COMMENT=' AUTO_INCREMENT=5'",
                ") ENGINE=InnoDB COMMENT=' AUTO_INCREMENT=5'",
            ),
            (
                "/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */",
                "/*!50013 SQL SECURITY DEFINER */",
            ),
            (
                "/*!50003 CREATE*/ /*!50017 DEFINER=`a``b`@`%`*/ /*!50003 TRIGGER t BEFORE INSERT",
                "/*!50003 CREATE*/ /*!50003 TRIGGER t BEFORE INSERT",
            ),
            (
                "CREATE DEFINER=`role` FUNCTION `f`() RETURNS int(11)",
                "CREATE FUNCTION `f`() RETURNS int(11)",
            ),
            ("CREATE DEFINER=`a", "CREATE DEFINER=`a"),
        ] {
            assert_eq!(tidy_line(line), expect);
        }
        assert_eq!(
            tidy("/*M!999999\\- enable the sandbox mode */\na\nDO SETVAL(`s`, 5, 0);\n"),
            "a\n"
        );
    }

    #[test]
    fn the_password_is_not_on_the_command_line() {
        let url = "mariadb://me:p%40s+s@db.example:3307/app?ssl-mode=REQUIRED&ssl-ca=/ca.pem";
        let (arguments, environment) = call(url, &["handover_changes".to_owned()]).unwrap();
        assert_eq!(environment, [("MYSQL_PWD", "p@s+s".to_owned())]);
        let arguments = arguments[ARGUMENTS.len()..].join(" ");
        insta::assert_snapshot!(arguments, @"--ignore-table=app.handover_changes --user=me --protocol=tcp --host=db.example --port=3307 --ssl-ca=/ca.pem --ssl -- app");
    }
}
