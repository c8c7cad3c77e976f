//! Runs the dump program of a database, and checks its version.

use std::io::ErrorKind;
use std::process::Stdio;

use tokio::process::Command;

use super::program_error::ProgramError;
use crate::database::redact::hide;

/// Runs the program and returns its output. Dropping the future kills the program.
pub(super) async fn run(
    program: &'static str,
    arguments: &[String],
    environment: &[(&str, String)],
    url: &str,
) -> Result<String, ProgramError> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .envs(environment.iter().map(|(name, value)| (*name, value)))
        // Messages in English, like the rest of ours.
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = command.output().await.map_err(|source| match source.kind() {
        ErrorKind::NotFound => ProgramError::Missing { program },
        _ => ProgramError::Start { program, source },
    })?;
    let failed = |message: &str| ProgramError::Failed { program, message: hide(url, message) };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim();
        return Err(failed(if said.is_empty() { "it printed no error message" } else { said }));
    }
    String::from_utf8(output.stdout).map_err(|_| failed("its output is not UTF-8"))
}

/// Decodes a part of a URL.
pub(super) fn decoded(part: &str) -> String {
    let pair = format!("={}", part.replace('+', "%2B").replace('&', "%26"));
    let pair = url::form_urlencoded::parse(pair.as_bytes()).next();
    pair.map(|(_, decoded)| decoded.into_owned()).unwrap_or_default()
}

/// Checks that the program's version is at least the server's, as far as `server` gives it.
pub(super) async fn check_version(
    program: &'static str,
    server: &[u32],
    url: &str,
) -> Result<(), ProgramError> {
    let said = run(program, &["--version".to_owned()], &[], url).await?;
    let own = version(&said);
    if own.as_slice() >= server {
        return Ok(());
    }
    let text = |numbers: &[u32]| {
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        numbers.join(".")
    };
    Err(ProgramError::Older { program, own: text(&own), server: text(server) })
}

/// Reads the version from a program's output. MariaDB's programs print a second one, of the
/// client's protocol.
fn version(said: &str) -> Vec<u32> {
    let words = || said.split([' ', ',']);
    let word = words()
        .find(|word| word.contains("-MariaDB"))
        .or_else(|| words().find(|word| word.starts_with(|c: char| c.is_ascii_digit())));
    word.unwrap_or_default()
        .split(['.', '-'])
        .map_while(|part| {
            let digits = part.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
            digits.parse().ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_say_their_version() {
        for (said, expect) in [
            ("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", &[15, 18][..]),
            ("pg_dump (PostgreSQL) 18beta1\n", &[18]),
            (
                "mariadb-dump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)\n",
                &[10, 11, 19],
            ),
            ("mariadb-dump from 11.4.2-MariaDB, client 10.19 for Linux (x86_64)\n", &[11, 4, 2]),
            ("nothing", &[]),
        ] {
            assert_eq!(version(said), expect, "{said}");
        }
    }
}
