//! Rows whose two columns of one rename differ.

use std::collections::BTreeMap;

use handover::model::State;
use sea_orm::QueryResult;

use super::cell::rows;
use super::world::World;

/// The cells of these columns, the rows in the order of their cells.
pub fn picked(found: &[QueryResult], names: &[&str]) -> Vec<Vec<String>> {
    let columns = found.first().map(QueryResult::column_names).unwrap_or_default();
    let places: Vec<_> =
        names.iter().filter_map(|name| columns.iter().position(|own| own == name)).collect();
    let pick = |row: Vec<String>| places.iter().map(|at| row[*at].clone()).collect();
    let mut picked: Vec<Vec<String>> = rows(found).into_iter().map(pick).collect();
    picked.sort();
    picked
}

/// Pairs of values of one row in the two columns of a rename that are not the same, and how often.
/// Before its backfill there are such rows, which no statement has touched.
#[derive(Default)]
pub struct Torn(BTreeMap<String, usize>);

impl Torn {
    pub fn look(&mut self, world: &World, table: usize, physical: &[QueryResult]) {
        for at in world.schema.of(table) {
            let column = &world.schema.columns[at];
            if let Some(to) = column.to
                && matches!(world.states[at], State::DualWrite | State::ReadTo)
            {
                for pair in picked(physical, &[column.from, to]).iter().filter(|p| p[0] != p[1]) {
                    let pair = format!("{} {} and {to} {}", column.from, pair[0], pair[1]);
                    *self.0.entry(pair).or_default() += 1;
                }
            }
        }
    }

    /// A pair that was not there before.
    pub fn beyond(&self, before: &Self) -> Option<&String> {
        let there = |pair| before.0.get(pair).copied().unwrap_or_default();
        self.0.iter().find(|(pair, times)| **times > there(*pair)).map(|(pair, _)| pair)
    }
}
