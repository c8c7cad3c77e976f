//! The mapping of what was observed in the database and of what the program was compiled with. Pure.

use std::collections::HashMap;

use super::code::Code;
use super::compiled_change::Compiled;
use super::mapping::Mapping;
use super::retyped_column::RetypedColumn;
use crate::database::Dialect;
use crate::database::columns::Listed;
use crate::fleet::Observation;
use crate::model::{ChangeKind, ChangeName, ColumnPair, Identifier, Side, State, TableName};

/// Maps the changes that were observed in the database, and those in the program that the database does
/// not have yet.
pub(super) fn observed_mapping(dialect: Dialect, code: &Code, observed: &Observation) -> Mapping {
    let compiled = &code.compiled[..];
    let mut mapping = Mapping::default();
    let unknown = Listed::default();
    let shape = |rename: &ColumnPair| observed.tables.get(&rename.table).unwrap_or(&unknown);
    let mut add = |rename: &ColumnPair, state, says_to: bool| {
        let Listed { schema, columns, invisible, generated } = shape(rename);
        let schema = (!schema.is_empty()).then_some(schema.as_str());
        let side = if says_to { Side::To } else { Side::From };
        mapping.add(rename, state, side, schema, columns);
        mapping.leave_out(rename, invisible, generated);
    };
    let mut conversions = Vec::new();
    let renames = |kind: &ChangeKind| !kind.course().drops;
    for change in observed.changes.iter().filter(|change| renames(&change.kind)) {
        let rename = change.columns();
        let columns = &shape(rename).columns;
        let has =
            |name: &Identifier| columns.iter().any(|own| dialect.same_column(own, name.as_str()));
        let state = match effective_state(change.state) {
            // It has been renamed, and its next state is about to be published.
            State::Announced if has(&rename.to) && !has(&rename.from) => State::Contracted,
            other => other,
        };
        if change.kind.retype().is_some() {
            continue;
        }
        // Another column may have been given the name since.
        if change.state != State::Contracted || !has(&rename.from) {
            add(rename, state, code.is_past(change));
        }
    }
    let defaults = observed
        .changes
        .iter()
        .filter_map(|change| Some((change.columns(), change.computed_default.clone()?)));
    for own in compiled.iter().filter(|own| renames(&own.kind)) {
        // Until a change of type begins, the code's own type is that of the column, or cannot be.
        let begun = observed.changes.iter().any(|change| change.name == own.name);
        if !begun && own.kind.retype().is_none() {
            let reached = code.has_reached(own.expand_release.as_ref());
            let state = unrecorded_state(dialect, own, compiled, &observed.tables);
            add(own.kind.columns(), state, reached);
        }
    }
    for change in &observed.changes {
        let columns = change.columns();
        if let Some(retyped) = RetypedColumn::of(dialect, code, change, shape(columns)) {
            add(&retyped.columns, retyped.state, false);
            conversions.push((retyped.columns, retyped.conversion));
        }
    }
    add_dropped(&mut mapping, code, observed);
    for (columns, conversion) in conversions {
        mapping.retype(&columns, conversion);
        mapping.move_name(&columns);
    }
    for (rename, default) in defaults {
        mapping.add_default(rename, default);
    }
    let observed_kinds = observed.changes.iter().map(|change| &change.kind);
    for kind in observed_kinds.chain(compiled.iter().map(|own| &own.kind)) {
        if kind.course().moves_name {
            mapping.move_name(kind.columns());
        }
    }
    mapping
}

/// The state of a rename that the database has no record of: its columns tell. A table may have been
/// made with the new name, by a migration of the app that was corrected. The later of two renames of
/// one column tells of the earlier one.
fn unrecorded_state(
    dialect: Dialect,
    own: &Compiled,
    compiled: &[Compiled],
    tables: &HashMap<TableName, Listed>,
) -> State {
    let ColumnPair { table, from, to } = own.kind.columns();
    let Some(Listed { columns, .. }) = tables.get(table) else { return State::Pending };
    let has = |name: &Identifier| columns.iter().any(|own| dialect.same_column(own, name.as_str()));
    if has(from) {
        return State::Pending;
    }
    let goes_on = |later: &&Compiled| {
        let next = later.kind.columns();
        &next.table == table && dialect.same_column(next.from.as_str(), to.as_str())
    };
    let is_later = compiled.iter().skip_while(|other| other.name != own.name).skip(1);
    let mut later = is_later.filter(goes_on);
    let renamed = has(to)
        || later.any(|next| unrecorded_state(dialect, next, compiled, tables) != State::Pending);
    if renamed { State::Contracted } else { State::Pending }
}

/// Maps the columns that are dropped: those that were observed in the database, and those in the
/// program that the database does not have yet.
fn add_dropped(mapping: &mut Mapping, code: &Code, observed: &Observation) {
    let unknown = Listed::default();
    let mut add = |(name, kind): (&ChangeName, &ChangeKind), state, reached: bool| {
        let columns = kind.columns();
        let Listed { schema, columns: physical, invisible, generated } =
            observed.tables.get(&columns.table).unwrap_or(&unknown);
        let schema = (!schema.is_empty()).then_some(schema.as_str());
        let side = if reached { Side::To } else { Side::From };
        mapping.add_dropped(columns, (name, state), side, schema, physical);
        mapping.leave_out(columns, invisible, generated);
    };
    for change in observed.changes.iter().filter(|change| change.kind.course().drops) {
        let reached = code.is_past(change);
        add((&change.name, &change.kind), change.state, reached);
    }
    let is_new = |own: &&Compiled| {
        own.kind.course().drops && !observed.changes.iter().any(|change| change.name == own.name)
    };
    for own in code.compiled.iter().filter(is_new) {
        let reached = code.has_reached(own.expand_release.as_ref());
        add((&own.name, &own.kind), State::Pending, reached);
    }
}

/// Returns the state that the shim acts on: the database's, unless a test breaks the dual write.
fn effective_state(state: State) -> State {
    #[cfg(feature = "failpoints")]
    fail::fail_point!("shim::dual_write", |_| match state {
        State::DualWrite => State::Pending,
        State::ReadTo => State::WriteTo,
        other => other,
    });
    state
}
