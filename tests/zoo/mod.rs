//! A zoo of tables: each is taken through the whole life of a rename and back while an app writes
//! to it, and is then as if nothing had happened, or the rename is refused before anything has.
//!
//! `HANDOVER_ZOO=NAME` takes a single case and says all that the commands say; `HANDOVER_ZOO_ALL=1` takes
//! those as well of which only a sample is taken otherwise; `HANDOVER_ZOO_REPORT=1` says of each how it
//! ended. What is known to be wrong is in `open.txt`.

#[cfg(feature = "failpoints")]
mod between;
mod case;
mod keepers;
mod life;
mod open;
mod place;
mod public;
mod whole;
mod whole_mariadb;
mod whole_postgres;
mod whole_sqlite;
mod writer;

use case::{Case, Keeper};

fn keep(keeper: Keeper, files: &[&str]) {
    let prefix = format!("{}/", keeper.name());
    let cases = files.iter().flat_map(|text| case::cases(text));
    let mut cases: Vec<(String, Case)> = cases
        .filter(|case| case.is_for(keeper))
        .map(|case| (prefix.clone() + &case.name, case))
        .collect();
    // Those take the longest.
    cases.sort_by_key(|(_, case)| case.writes.is_empty());
    keepers::all(&prefix, &cases, |case| life::lead(case, keeper).map(drop));
}

#[test]
fn zoo_sqlite() {
    keep(Keeper::Sqlite, &[include_str!("sqlite.sql")]);
}

#[test]
fn zoo_postgres() {
    keep(Keeper::Postgres15, &[include_str!("postgres.sql")]);
}

#[test]
fn zoo_postgres_18() {
    keep(Keeper::Postgres18, &[include_str!("postgres.sql"), include_str!("postgres_18.sql")]);
}

#[test]
fn zoo_mariadb() {
    keep(Keeper::Mariadb, &[include_str!("mariadb.sql")]);
}
