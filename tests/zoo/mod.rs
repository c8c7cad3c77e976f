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

/// Takes the cases of a file, or of so many one.
fn keep(keeper: Keeper, prefix: &str, file: &str, one_in: usize) {
    let cases = case::cases(file).into_iter().filter(|case| case.is_for(keeper));
    let mut cases: Vec<(String, Case)> =
        cases.map(|case| (prefix.to_owned() + &case.name, case)).collect();
    // Those take the longest.
    cases.sort_by_key(|(_, case)| case.writes.is_empty());
    keepers::some(prefix, &cases, one_in, |case| life::lead(case, keeper).map(drop));
}

#[test]
fn zoo_sqlite() {
    keep(Keeper::Sqlite, "sqlite/", include_str!("sqlite.sql"), 1);
}

#[test]
fn zoo_postgres() {
    keep(Keeper::Postgres15, "postgres15/", include_str!("postgres.sql"), 3);
}

/// What only this version has.
#[test]
fn zoo_postgres_18() {
    keep(Keeper::Postgres18, "postgres18/", include_str!("postgres_18.sql"), 1);
}

/// What the versions have in common.
#[test]
fn zoo_postgres_18_as_15() {
    keep(Keeper::Postgres18, "postgres18-as-15/", include_str!("postgres.sql"), 8);
}

#[test]
fn zoo_mariadb() {
    keep(Keeper::Mariadb, "mariadb/", include_str!("mariadb.sql"), 3);
}
