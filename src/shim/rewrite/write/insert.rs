use sqlparser::ast::{Insert, SetExpr, TableObject};

use super::target::Target;
use crate::shim::mapping::MappedTable;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::read::item_ranges::Items;
use crate::shim::rewrite::read::query::Naming;
use crate::shim::rewrite::resolve::context::{Env, Place};
use crate::shim::rewrite::resolve::identifiers::idents;
use crate::shim::rewrite::resolve::output_columns::Outputs;
use crate::shim::rewrite::resolve::scope::Scope;
use crate::shim::rewrite::rewriter::{Done, Rewriter};
use crate::shim::rewrite::source::edits::Piece;
use crate::shim::rewrite::write::insert_select::in_place::check_lengths;

impl<'a> Rewriter<'a> {
    /// Maps an `INSERT` or `REPLACE`: every column that is written gets the value.
    pub(crate) fn insert(&mut self, insert: &Insert, env: &Env<'_, 'a>) -> Done<Outputs<'a>> {
        check_clauses(insert)?;
        let TableObject::TableName(name) = &insert.table else {
            return Err(RewriteError::unsupported("an INSERT into no plain table"));
        };
        let relation = self.insert_target(insert, name)?;
        let scope = Scope { outer: env.outer, relations: vec![relation], ..Scope::default() };
        let table = scope.mapped().next();
        if insert.source.as_ref().is_some_and(|source| is_write(&source.body)) {
            return Err(RewriteError::unsupported("a write as the source of an INSERT"));
        }
        let outputs = match &insert.source {
            Some(source) => Some(self.query(source, env.clone(), Naming::Unseen)?),
            None => None,
        };
        let place = Place::new(&scope, &env.ctes);
        self.assignments(&insert.assignments, Target::Table(table), place)?;
        match table {
            Some(table) => self.columns(insert, table, outputs.as_ref())?,
            None => insert.columns.iter().try_for_each(|column| self.keep_name(column))?,
        }
        self.upsert(insert, &scope, &env.ctes)?;
        match &insert.returning {
            Some(items) => self.projection(&Items::of_returning(items), place, Naming::Seen),
            None => Ok(Outputs::default()),
        }
    }

    /// Maps the column list, and doubles the values of columns that are written twice.
    pub(crate) fn columns(
        &mut self,
        insert: &Insert,
        table: &'a MappedTable,
        outputs: Option<&Outputs<'a>>,
    ) -> Done {
        let Some(source) = &insert.source else { return self.without_values(insert, table) };
        let mut twice = Vec::new();
        let count = match insert.columns.len() {
            0 => self.value_count(source, outputs, table)?,
            count => count,
        };
        let left_out = if insert.columns.is_empty() {
            if count == 0 {
                return self.of_defaults(insert, source, &Self::left_out(table, &[]));
            }
            let list = self.list_by_position(table, count, &mut twice)?;
            let left_out = Self::left_out(table, &twice);
            let overriding = self.overriding(insert, source, &twice, &left_out)?;
            let list = match self.both_of_each(&left_out) {
                more if more.is_empty() => list,
                more => format!("{}, {more})", list.trim_end_matches(')')),
            };
            self.put_list(insert, list + overriding)?;
            left_out
        } else {
            self.column_list(&insert.columns, table, &mut twice)?;
            let left_out = Self::left_out(table, &twice);
            let last =
                insert.columns.last().and_then(idents).and_then(|parts| parts.last().copied());
            if let Some(last) = last.filter(|_| !left_out.is_empty()) {
                let (bytes, _) = self.element(last)?;
                let more = Piece::New(format!(", {}", self.both_of_each(&left_out)));
                self.edits.replace(bytes.clone(), vec![Piece::Copy(bytes), more]);
            }
            if let Some(last) = last {
                let overriding = self.overriding(insert, source, &twice, &left_out)?;
                self.put_behind_list(last, overriding)?;
            }
            left_out
        };
        if twice.is_empty() && left_out.is_empty() {
            return Ok(());
        }
        self.check_replaced(insert, source, &twice)?;
        if let SetExpr::Values(values) = source.body.as_ref() {
            check_lengths(values, count)?;
            let once = self.duplicate_in_rows(values, &twice, &left_out)?;
            return self.insert_once(insert, Some(source), once);
        }
        if outputs.and_then(Outputs::count).is_some_and(|own| own != count) {
            return Err(RewriteError::unsupported("not as many values as columns"));
        }
        if left_out.is_empty() && self.is_plain(source, &twice) {
            self.duplicate_in(&source.body, count, &twice)
        } else {
            self.insert_wrapped(insert, source, count, &twice, &left_out)
        }
    }
}

/// Refuses what only other databases have.
fn check_clauses(insert: &Insert) -> Done {
    let foreign = insert.overwrite
        || insert.partitioned.is_some()
        || !insert.after_columns.is_empty()
        || insert.output.is_some()
        || insert.settings.is_some()
        || insert.format_clause.is_some()
        || insert.multi_table_insert_type.is_some()
        || !insert.multi_table_into_clauses.is_empty()
        || !insert.multi_table_when_clauses.is_empty()
        || insert.multi_table_else_clause.is_some();
    if foreign {
        return Err(RewriteError::unsupported("an INSERT with a clause of another database"));
    }
    Ok(())
}

/// Whether it is a statement that the parser takes for a query: no database takes it there.
const fn is_write(body: &SetExpr) -> bool {
    use SetExpr as S;
    matches!(body, S::Insert(_) | S::Update(_) | S::Delete(_) | S::Merge(_))
}
