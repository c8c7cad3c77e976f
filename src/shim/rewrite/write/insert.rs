//! Maps an `INSERT` or `REPLACE`: every column that is written gets the value.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! INSERT INTO users (id, handle) VALUES ($1, $2)
//! -- becomes
//! INSERT INTO users (id, "handle", "username") VALUES ($1, $2, $2)
//! ```

use sqlparser::ast::{Insert, SetExpr, TableObject};

use super::target::SetTarget;
use crate::shim::mapped_table::MappedTable;
use crate::shim::rewrite::read::{Items, Naming};
use crate::shim::rewrite::resolve::{Env, ExprContext, Outputs, Scope, idents};
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::write::insert_select::check_lengths;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps an `INSERT` or `REPLACE`: every column that is written gets the value.
    pub(crate) fn insert(&mut self, insert: &Insert, env: &Env<'_, 'a>) -> Result<Outputs<'a>> {
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
        let context = ExprContext::new(&scope, &env.ctes);
        self.assignments(&insert.assignments, SetTarget::Table(table), context)?;
        match table {
            Some(table) => self.columns(insert, table, outputs.as_ref())?,
            None => {
                insert.columns.iter().try_for_each(|column| self.leave_name_unchanged(column))?;
            }
        }
        self.upsert(insert, &scope, &env.ctes)?;
        match &insert.returning {
            Some(items) => self.projection(&Items::of_returning(items), context, Naming::Seen),
            None => Ok(Outputs::default()),
        }
    }

    /// Maps the column list, and doubles the values of columns that are written twice.
    pub(crate) fn columns(
        &mut self,
        insert: &Insert,
        table: &'a MappedTable,
        outputs: Option<&Outputs<'a>>,
    ) -> Result {
        let Some(source) = &insert.source else { return self.insert_default_values(insert, table) };
        let mut dual = Vec::new();
        let count = match insert.columns.len() {
            0 => self.value_count(source, outputs, table)?,
            count => count,
        };
        let omitted = if insert.columns.is_empty() {
            if count == 0 {
                return self.insert_empty_rows(insert, source, &Self::omitted_defaults(table, &[]));
            }
            let list = self.list_by_position(table, count, &mut dual)?;
            let omitted = Self::omitted_defaults(table, &dual);
            let overriding = self.overriding(insert, source, &dual, &omitted)?;
            let list = match self.column_list_of(&omitted) {
                more if more.is_empty() => list,
                more => format!("{}, {more})", list.trim_end_matches(')')),
            };
            self.put_list(insert, list + overriding)?;
            omitted
        } else {
            self.column_list(&insert.columns, table, &mut dual)?;
            let omitted = Self::omitted_defaults(table, &dual);
            let last =
                insert.columns.last().and_then(idents).and_then(|parts| parts.last().copied());
            if let Some(last) = last.filter(|_| !omitted.is_empty()) {
                let (bytes, _) = self.subscripted_range(last)?;
                let more = Piece::New(format!(", {}", self.column_list_of(&omitted)));
                self.edits.replace(bytes.clone(), vec![Piece::Copy(bytes), more]);
            }
            if let Some(last) = last {
                let overriding = self.overriding(insert, source, &dual, &omitted)?;
                self.put_behind_list(last, overriding)?;
            }
            omitted
        };
        if dual.is_empty() && omitted.is_empty() {
            return Ok(());
        }
        self.check_replaced(insert, source, &dual)?;
        if let SetExpr::Values(values) = source.body.as_ref() {
            check_lengths(values, count)?;
            let computed = self.duplicate_in_rows(values, &dual, &omitted)?;
            return self.insert_computed_once(insert, Some(source), computed);
        }
        if outputs.and_then(Outputs::count).is_some_and(|own| own != count) {
            return Err(RewriteError::unsupported("not as many values as columns"));
        }
        if omitted.is_empty() && self.is_plain(source, &dual) {
            self.duplicate_in(&source.body, count, &dual)
        } else {
            self.insert_query_once(insert, source, count, &dual, &omitted)
        }
    }
}

/// Refuses what only other databases have.
fn check_clauses(insert: &Insert) -> Result {
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

/// Returns true if it is a statement that the parser takes for a query: no database takes it there.
const fn is_write(body: &SetExpr) -> bool {
    use SetExpr as S;
    matches!(body, S::Insert(_) | S::Update(_) | S::Delete(_) | S::Merge(_))
}
