//! A zoo of tables: each is taken through the whole life of a rename and back while an app writes
//! to it, and is then as if nothing had happened, or the rename is refused before anything has.
//!
//! A normal run takes a fixed sample; `HANDOVER_ALL=1` takes all cases. `HANDOVER_ZOO=NAME` takes a single case and says all that the commands
//! say; `HANDOVER_ZOO_REPORT=1` says of each how it ended. What is known to be wrong is in `open.txt`.

#[cfg(feature = "failpoints")]
mod between;
mod case;
mod dropped;
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

use case::{Case, Expect, Keeper};

/// One in so many cases is taken: of those whose rename is carried out, and of those that are refused.
struct Sample {
    carried: usize,
    refused: usize,
}

fn keep(keeper: Keeper, prefix: &str, file: &str, sample: Sample) {
    let cases = case::cases(file).into_iter().filter(|case| case.is_for(keeper));
    let cases: Vec<(String, Case)> =
        cases.map(|case| (prefix.to_owned() + &case.name, case)).collect();
    keepers::expect_known(prefix, &cases);
    let (refused, carried): (Vec<_>, Vec<_>) =
        cases.into_iter().partition(|(_, case)| matches!(case.expect, Expect::Refused(_)));
    let mut taken = keepers::sample(&carried, sample.carried);
    taken.extend(keepers::sample(&refused, sample.refused));
    // Those take the longest.
    taken.sort_by_key(|(_, case)| case.writes.is_empty());
    keepers::each(&taken, |case| life::lead(case, keeper).map(drop));
}

/// The same tables, with the column renamed in place: each case ends equal or refused, whatever it
/// expects of a copy.
fn keep_in_place(keeper: Keeper, prefix: &str, file: &str, one_in: usize) {
    let cases = case::cases(file).into_iter().filter(|case| case.is_for(keeper));
    let cases: Vec<(String, Case)> =
        cases.map(|case| (prefix.to_owned() + &case.name, case)).collect();
    keepers::expect_known(prefix, &cases);
    let taken = keepers::sample(&cases, one_in);
    keepers::each(&taken, |case| life::lead_in_place(case, keeper).map(drop));
}

#[test]
fn zoo_in_place_sqlite() {
    keep_in_place(Keeper::Sqlite, "sqlite-in-place/", include_str!("sqlite.sql"), 7);
}

#[test]
fn zoo_in_place_postgres() {
    keep_in_place(Keeper::Postgres15, "postgres15-in-place/", include_str!("postgres.sql"), 15);
}

#[test]
fn zoo_in_place_postgres_18() {
    keep_in_place(Keeper::Postgres18, "postgres18-in-place/", include_str!("postgres_18.sql"), 5);
}

#[test]
fn zoo_in_place_mariadb() {
    keep_in_place(Keeper::Mariadb, "mariadb-in-place/", include_str!("mariadb.sql"), 11);
}

/// The same tables, with the column dropped: each case ends as a plain DROP COLUMN does, and on the way
/// back is as it was; or it is refused before anything has changed.
fn keep_dropped(keeper: Keeper, prefix: &str, file: &str, one_in: usize) {
    let cases = case::cases(file).into_iter().filter(|case| case.is_for(keeper));
    let cases: Vec<(String, Case)> =
        cases.map(|case| (prefix.to_owned() + &case.name, case)).collect();
    keepers::expect_known(prefix, &cases);
    let taken = keepers::sample(&cases, one_in);
    keepers::each(&taken, |case| dropped::lead_drop(case, keeper).map(drop));
}

#[test]
fn zoo_drop_sqlite() {
    keep_dropped(Keeper::Sqlite, "sqlite-drop/", include_str!("sqlite.sql"), 7);
}

#[test]
fn zoo_drop_postgres() {
    keep_dropped(Keeper::Postgres15, "postgres15-drop/", include_str!("postgres.sql"), 15);
}

#[test]
fn zoo_drop_postgres_18() {
    keep_dropped(Keeper::Postgres18, "postgres18-drop/", include_str!("postgres_18.sql"), 5);
}

#[test]
fn zoo_drop_mariadb() {
    keep_dropped(Keeper::Mariadb, "mariadb-drop/", include_str!("mariadb.sql"), 11);
}

#[test]
fn zoo_sqlite() {
    let sample = Sample { carried: 4, refused: 2 };
    keep(Keeper::Sqlite, "sqlite/", include_str!("sqlite.sql"), sample);
}

#[test]
fn zoo_postgres() {
    let sample = Sample { carried: 11, refused: 4 };
    keep(Keeper::Postgres15, "postgres15/", include_str!("postgres.sql"), sample);
}

/// What only this version has.
#[test]
fn zoo_postgres_18() {
    let sample = Sample { carried: 4, refused: 3 };
    keep(Keeper::Postgres18, "postgres18/", include_str!("postgres_18.sql"), sample);
}

/// What the versions have in common.
#[test]
fn zoo_postgres_18_as_15() {
    let sample = Sample { carried: 23, refused: 23 };
    keep(Keeper::Postgres18, "postgres18-as-15/", include_str!("postgres.sql"), sample);
}

#[test]
fn zoo_mariadb() {
    let sample = Sample { carried: 7, refused: 3 };
    keep(Keeper::Mariadb, "mariadb/", include_str!("mariadb.sql"), sample);
}
