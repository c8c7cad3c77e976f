//! Schemas that are in use elsewhere: every column of every table is renamed, one at a time.

use super::case::{Case, Expect, Keeper};
use super::keepers;
use super::life;
use super::place::Mould;
use crate::support::project::query;
use crate::support::rename::{Rename, USERS};

/// Of the columns, one in so many is renamed in a normal run.
const ONE_IN: usize = 18;

/// `table` and `column` of all tables, in a row each; a space in quotes goes between.
const fn columns(keeper: Keeper) -> &'static str {
    match keeper {
        Keeper::Sqlite => {
            "SELECT s.name || ' | ' || x.name FROM sqlite_schema AS s JOIN pragma_table_xinfo(s.name) AS x
              WHERE s.type = 'table' ORDER BY s.name, x.cid"
        }
        Keeper::Postgres15 | Keeper::Postgres18 => {
            "SELECT relname || ' | ' || attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
              WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND attnum > 0
              ORDER BY relname, attnum"
        }
        Keeper::Mariadb => {
            "SELECT concat(table_name, ' | ', column_name)
               FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
              WHERE table_schema = database() AND table_type = 'BASE TABLE'
              ORDER BY table_name, ordinal_position"
        }
    }
}

fn every_column(keeper: Keeper, schema: &str, sql: &str) {
    let prefix = format!("{}-{schema}/", keeper.name());
    let whole = Case::of(schema, sql, USERS, Expect::Any);
    let database = Mould::new(&whole, keeper).unwrap().cast().unwrap();
    let columns = database.block_on(async |db| query(db, columns(keeper)).await);
    assert!(columns.len() > 60, "{columns:?}");
    let case = |path: &String| {
        let (table, from) = path.split_once(" | ").unwrap();
        let name = format!("{prefix}{}.{from}", table.replace(' ', "_"));
        let rename = Rename { schema: None, table, from, to: "called_anew" };
        (name, Case::of(path, sql, rename, Expect::Any))
    };
    let cases: Vec<_> = columns.iter().map(case).collect();
    keepers::expect_known(&prefix, &cases);
    keepers::each(&keepers::sample(&cases, ONE_IN), |case| life::lead(case, keeper).map(drop));
}

#[test]
fn zoo_public_chinook() {
    every_column(Keeper::Sqlite, "chinook", include_str!("schemas/chinook.sqlite.sql"));
}

#[test]
fn zoo_public_pagila() {
    every_column(Keeper::Postgres15, "pagila", include_str!("schemas/pagila.postgres.sql"));
}

#[test]
fn zoo_public_northwind() {
    every_column(Keeper::Mariadb, "northwind", include_str!("schemas/northwind.mariadb.sql"));
}
