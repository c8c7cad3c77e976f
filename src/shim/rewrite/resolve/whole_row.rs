//! Whole-row references, as PostgreSQL has them: `row_to_json(users)`, `count(u.*)`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT row_to_json(users) FROM users
//! -- becomes
//! SELECT row_to_json((SELECT users
//!         FROM (SELECT users."id", users."username" AS "handle", users."email") AS users))
//! FROM users
//! ```

use std::ops::Range;

use sqlparser::ast::{Ident, ObjectName};
use sqlparser::tokenizer::Token;

use super::context::{Clause, ExprContext};
use super::identifiers::idents;
use super::output_columns::{Exposed, Outputs};
use super::scope::{Relation, RelationKind, Scope};
use crate::Dialect;
use crate::shim::mapped_table::MappedTable;
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

/// A row of a mapped table.
#[derive(Debug, Clone)]
pub(crate) struct WholeRow<'m> {
    pub(super) table: &'m MappedTable,
    /// The bytes by which the table's columns can be qualified.
    source: Range<usize>,
    /// An outer join may have left the row out.
    joined: bool,
    /// No table can have a column of that name, which would come before the row.
    pub(super) certain: bool,
}

impl<'a> Rewriter<'a> {
    /// The row of a mapped table that a bare name means. PostgreSQL takes it for a column's first,
    /// of any surrounding query, and then for a table's.
    pub(super) fn whole_row(
        &self,
        name: &str,
        context: ExprContext<'_, 'a>,
    ) -> Option<WholeRow<'a>> {
        if self.dialect != Dialect::Postgres {
            return None;
        }
        let named = |scope: &Scope<'_, 'a>| {
            scope.relations.iter().position(|own| own.name.as_deref() == Some(name))
        };
        let mut scope = context.scope;
        let relation = loop {
            match (named(scope), scope.outer) {
                (Some(at), _) => break &scope.relations[at],
                (None, Some(outer)) => scope = outer,
                (None, None) => return None,
            }
        };
        let RelationKind::Mapped(table) = relation.kind else { return None };
        let grouped = context.clause == Clause::Group
            && context.scope.outputs.columns.iter().any(|column| column.name == name);
        if grouped {
            return None;
        }
        let mut certain = true;
        let mut next = Some(context.scope);
        while let Some(here) = next {
            for other in here.relations.iter().filter(|other| !other.qualified_only) {
                match &other.kind {
                    RelationKind::Mapped(table) => {
                        if self.has_column(table, name) {
                            return None;
                        }
                        certain &= !table.physical.is_empty();
                    }
                    RelationKind::Derived(outputs) => match outputs.find(self.dialect, name) {
                        Exposed::Missing => certain &= !outputs.is_open(),
                        _ => return None,
                    },
                    // Also of known columns: the database finds out, even if there are others by then.
                    RelationKind::Unmapped(_) | RelationKind::Unknown | RelationKind::Pending => {
                        certain = false;
                    }
                }
            }
            next = here.outer;
        }
        Some(WholeRow { certain, ..whole_row_of(table, relation, scope) })
    }

    /// Refuses a name that may mean the row of a table whose columns have new names.
    pub(super) fn check_not_row_with_aliases(
        &self,
        name: &str,
        context: ExprContext<'_, 'a>,
    ) -> Result {
        let mut next = Some(context.scope);
        while let Some(here) = next {
            let named =
                |own: &&Relation<'_>| own.has_column_aliases && own.name.as_deref() == Some(name);
            if let Some(Relation { kind: RelationKind::Derived(outputs), .. }) =
                here.relations.iter().find(named)
                && matches!(outputs.find(self.dialect, name), Exposed::Missing)
            {
                return Err(row_as_value());
            }
            next = here.outer;
        }
        Ok(())
    }

    /// Returns true if the code may know a column of this name in the table.
    fn has_column(&self, table: &MappedTable, name: &str) -> bool {
        table.physical.iter().any(|column| column == name)
            || table.column(self.dialect, name).is_some()
    }

    /// Makes a name, which means a row, give the columns that the code knows.
    ///
    /// Where the name may be another table's column too, the database itself must find out: then
    /// a subquery is substituted for the table in the next walk.
    pub(super) fn row_value(&mut self, row: &WholeRow<'a>, name: &Ident) -> Result {
        let bytes = self.name_range(name)?;
        if !row.certain {
            return self.request_substitution(row);
        }
        self.write_row_query(row, bytes.clone(), bytes)
    }

    pub(super) fn request_substitution(&mut self, row: &WholeRow<'a>) -> Result {
        if self.substituted.contains(&row.source.start) || row.source.is_empty() {
            return Err(RewriteError::unsupported(
                "a whole row as a value, by a name that may be another table's column; write `table.*`",
            ));
        }
        self.to_substitute.push(row.source.start);
        Ok(())
    }

    /// Replaces the name of a row by a query of that row.
    fn write_row_query(
        &mut self,
        row: &WholeRow<'a>,
        bytes: Range<usize>,
        name: Range<usize>,
    ) -> Result {
        let source = &self.text.sql[row.source.clone()];
        if source.is_empty() {
            return Err(RewriteError::unsupported("a whole row as a value; write its columns"));
        }
        let list = self.select_list(row.table, Some(source), &mut Outputs::default())?;
        let name = &self.text.sql[name];
        // No row is null, and not a row of nulls.
        let there =
            if row.joined { format!(" WHERE {source}.ctid IS NOT NULL") } else { String::new() };
        let text = format!("(SELECT {name} FROM (SELECT {list}{there}) AS {name})");
        self.edits.replace(bytes, vec![Piece::New(text)]);
        Ok(())
    }

    /// Maps `table.*` as a value.
    pub(crate) fn star_as_value(
        &mut self,
        name: &ObjectName,
        context: ExprContext<'_, 'a>,
    ) -> Result {
        let parts = idents(name).unwrap_or_default();
        let Some((table, schema)) = parts.split_last() else {
            return Err(RewriteError::unsupported("a computed table name"));
        };
        let row = match self.relation_in(schema.last().copied(), table, context.scope)? {
            Some((relation, scope)) => match &relation.kind {
                RelationKind::Derived(_) if relation.has_column_aliases => {
                    return Err(row_as_value());
                }
                RelationKind::Unmapped(_) | RelationKind::Unknown | RelationKind::Derived(_) => {
                    return self.leave_name_unchanged(name);
                }
                // In the query of one row the name would mean that column.
                RelationKind::Mapped(own) if self.has_column(own, &self.fold(table)) => {
                    return Err(row_as_value());
                }
                RelationKind::Mapped(table) if self.dialect == Dialect::Postgres => {
                    whole_row_of(table, relation, scope)
                }
                RelationKind::Mapped(_) | RelationKind::Pending => return Err(row_as_value()),
            },
            None => return Err(row_as_value()),
        };
        self.leave_name_unchanged(name)?;
        let bytes = self.star_range(&parts)?;
        let last = self.text.ident(table)?;
        let name = self.text.range(last);
        self.write_row_query(&row, bytes, name)
    }

    /// The bytes of `table.*`.
    pub(crate) fn star_range(&self, parts: &[&Ident]) -> Result<Range<usize>> {
        let misplaced = || RewriteError::misplaced("`*`");
        let last = self.text.ident(parts.last().ok_or_else(misplaced)?)?;
        let dot = self.text.next(last + 1);
        let star = self.text.next(dot + 1);
        let written = self.idents_range(parts);
        let found = self.text.is(dot, &Token::Period) && self.text.is(star, &Token::Mul);
        if !found || written.is_empty() {
            return Err(misplaced());
        }
        Ok(written.start..self.text.range(star).end)
    }
}

fn whole_row_of<'m>(
    table: &'m MappedTable,
    relation: &Relation<'m>,
    scope: &Scope<'_, 'm>,
) -> WholeRow<'m> {
    let joined = scope.relations.iter().filter(|own| !own.qualified_only).count() > 1;
    WholeRow { table, source: relation.source.clone(), joined, certain: true }
}

pub(crate) fn row_as_value() -> RewriteError {
    RewriteError::unsupported("a whole row as a value")
}
