//! The schema of PostgreSQL, by its dump program.

use std::str::FromStr as _;

use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use sea_orm::{ConnectionTrait, DbErr};

use super::DumpFailure;
use super::program::{check_version, decoded, run};
use crate::database::get;

const PROGRAM: &str = "pg_dump";

const ARGUMENTS: [&str; 9] = [
    "--schema-only",
    "--no-owner",
    "--no-privileges",
    "--no-tablespaces",
    "--no-publications",
    "--no-subscriptions",
    "--no-security-labels",
    "--encoding=UTF8",
    "--exclude-table=*.handover_*",
];

pub(super) async fn schema<C: ConnectionTrait>(
    connection: &C,
    url: &str,
) -> Result<String, DumpFailure> {
    let sql = "SELECT current_setting('server_version_num')::int / 10000";
    let server: Option<i32> = get(connection, sql, []).await?;
    check_version(PROGRAM, &[server.unwrap_or_default().cast_unsigned()], url).await?;
    let arguments = ARGUMENTS.map(ToOwned::to_owned);
    let environment = environment(url).map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(tidy(&run(PROGRAM, &arguments, &environment, url).await?))
}

/// Turns the driver's reading of the URL into the environment of PostgreSQL's own programs: so no
/// password is on a command line, and options that only the driver knows are left out.
fn environment(url: &str) -> Result<Vec<(&'static str, String)>, sea_orm::sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?;
    let host = match options.get_socket() {
        Some(socket) => socket.to_string_lossy().into_owned(),
        None => options.get_host().to_owned(),
    };
    let mode = match options.get_ssl_mode() {
        PgSslMode::Disable => "disable",
        PgSslMode::Allow => "allow",
        PgSslMode::Prefer => "prefer",
        PgSslMode::Require => "require",
        PgSslMode::VerifyCa => "verify-ca",
        PgSslMode::VerifyFull => "verify-full",
    };
    let user = options.get_username().to_owned();
    let mut environment = vec![
        ("PGHOST", host),
        ("PGPORT", options.get_port().to_string()),
        ("PGDATABASE", options.get_database().map_or_else(|| user.clone(), ToOwned::to_owned)),
        ("PGUSER", user),
        ("PGSSLMODE", mode.to_owned()),
        ("PGAPPNAME", "handover".to_owned()),
    ];
    if let Some(options) = options.get_options() {
        environment.push(("PGOPTIONS", options.to_owned()));
    }
    let full = options.to_url_lossy();
    if let Some(password) = full.password() {
        environment.push(("PGPASSWORD", decoded(password)));
    }
    // The driver returns these under other names.
    let given = url::Url::parse(url).ok();
    for (key, value) in given.iter().flat_map(url::Url::query_pairs) {
        let name = match &*key {
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => "PGSSLROOTCERT",
            "sslcert" | "ssl-cert" => "PGSSLCERT",
            "sslkey" | "ssl-key" => "PGSSLKEY",
            _ => continue,
        };
        environment.push((name, value.into_owned()));
    }
    Ok(environment)
}

/// Removes what differs between runs or versions: the version of the program, the token that fences
/// the dump for `psql`, a setting that earlier servers do not know.
fn tidy(dump: &str) -> String {
    let lines: Vec<&str> = dump.lines().collect();
    let end = lines
        .iter()
        .rposition(|line| !is_frame(line) && !line.starts_with("\\unrestrict "))
        .map_or(0, |last| last + 1);
    let head = lines[..end].iter().take_while(|line| is_frame(line) || is_set(line)).count();
    // The last settings before the first object stand between two empty lines with its comment.
    let head = lines[..head].iter().rposition(|line| is_set(line)).map_or(0, |last| last + 1);
    let mut text = String::with_capacity(dump.len());
    let keep = |line: &&&str| is_set(line) && !line.starts_with("SET transaction_timeout");
    for line in lines[..head].iter().filter(keep).chain(&lines[head..end]) {
        text += line;
        text.push('\n');
    }
    text
}

fn is_frame(line: &str) -> bool {
    line.is_empty() || line.starts_with("--") || line.starts_with("\\restrict ")
}

fn is_set(line: &str) -> bool {
    line.starts_with("SET ") || line.starts_with("SELECT pg_catalog.set_config(")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_another_each_time_is_left_out() {
        let dump = |token: &str, version: &str| {
            format!(
                "--\n-- PostgreSQL database dump\n--\n\n\\restrict {token}\n\n\
                 -- Dumped from database version {version}\n-- Dumped by pg_dump version 17\n\n\
                 SET statement_timeout = 0;\nSET transaction_timeout = 0;\n\
                 SELECT pg_catalog.set_config('search_path', '', false);\n\n\
                 SET default_tablespace = '';\n\n--\n-- Name: a; Type: FUNCTION\n--\n\n\
                 CREATE FUNCTION a() AS $$\n-- Dumped by me\n\\unrestrict\n$$;\n\n\n\
                 --\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict {token}\n\n"
            )
        };
        assert_eq!(tidy(&dump("a", "15.1")), tidy(&dump("b", "16.2")));
        insta::assert_snapshot!(tidy(&dump("a", "15.1")), @r"
        SET statement_timeout = 0;
        SELECT pg_catalog.set_config('search_path', '', false);
        SET default_tablespace = '';

        --
        -- Name: a; Type: FUNCTION
        --

        CREATE FUNCTION a() AS $$
        -- Dumped by me
        \unrestrict
        $$;
        ");
        assert_eq!(tidy(""), "");
    }

    #[test]
    fn the_url_goes_into_the_environment() {
        let url = "postgres://me:p%40s+s@db.example:6432/app?sslmode=require&\
                   sslrootcert=/ca.pem&options=-c%20a%3Db&statement-cache-capacity=5";
        let environment = environment(url).unwrap();
        let get = |name: &str| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.as_str())
        };
        for (name, expect) in [
            ("PGHOST", "db.example"),
            ("PGPORT", "6432"),
            ("PGUSER", "me"),
            ("PGPASSWORD", "p@s+s"),
            ("PGDATABASE", "app"),
            ("PGSSLMODE", "require"),
            ("PGSSLROOTCERT", "/ca.pem"),
            ("PGOPTIONS", "-c a=b"),
        ] {
            assert_eq!(get(name), Some(expect), "{name}");
        }
    }
}
