//! Maps a `MERGE`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! MERGE INTO users USING posts ON pid = id
//! WHEN MATCHED THEN UPDATE SET handle = title
//! WHEN NOT MATCHED THEN INSERT (id, handle) VALUES (pid, title)
//! -- becomes
//! MERGE INTO users USING posts ON pid = id
//! WHEN MATCHED THEN UPDATE SET "handle" = title, "username" = title
//! WHEN NOT MATCHED THEN INSERT (id, "handle", "username") VALUES (pid, title, title)
//! ```

use sqlparser::ast::{
    Merge, MergeAction, MergeInsertExpr, MergeInsertKind, MergeUpdateKind, TableWithJoins,
};

use super::target::SetTarget;
use crate::Dialect;
use crate::shim::mapped_table::MappedTable;
use crate::shim::rewrite::resolve::{Env, ExprContext, Scope};
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps a `MERGE`.
    pub(crate) fn merge(&mut self, merge: &Merge, env: &Env<'_, 'a>) -> Result {
        if self.dialect != Dialect::Postgres || merge.output.is_some() {
            return Err(RewriteError::unsupported("MERGE with a clause of another database"));
        }
        let alone = |relation| TableWithJoins { relation, joins: Vec::new() };
        let ctes = &env.ctes;
        let mut scope = Scope { outer: env.outer, ..Scope::default() };
        self.target(&alone(merge.table.clone()), &mut scope, ctes)?;
        let table = scope.mapped().next();
        self.from(&[alone(merge.source.clone())], &mut scope, ctes)?;
        // A new row is made of the source alone.
        let relations = scope.relations.iter().skip(1).cloned().collect();
        let source = Scope { outer: env.outer, relations, ..Scope::default() };
        let (both, source) = (ExprContext::new(&scope, ctes), ExprContext::new(&source, ctes));
        self.expr(&merge.on, both)?;
        for clause in &merge.clauses {
            self.exprs(&clause.predicate, both)?;
            match &clause.action {
                MergeAction::Update(update)
                    if update.update_predicate.is_none() && update.delete_predicate.is_none() =>
                {
                    let MergeUpdateKind::Set(list) = &update.kind else {
                        return Err(RewriteError::unsupported("MERGE … UPDATE *"));
                    };
                    self.assignments(list, SetTarget::Table(table), both)?;
                }
                MergeAction::Insert(insert) => self.merge_insert(insert, table, source)?,
                MergeAction::Delete { .. } | MergeAction::DoNothing { .. } => {}
                MergeAction::Update(_) => {
                    return Err(RewriteError::unsupported("MERGE … UPDATE … WHERE"));
                }
            }
        }
        Ok(())
    }

    fn merge_insert(
        &mut self,
        insert: &MergeInsertExpr,
        table: Option<&'a MappedTable>,
        source: ExprContext<'_, 'a>,
    ) -> Result {
        let MergeInsertKind::Values(values) = &insert.kind else {
            return Err(RewriteError::unsupported("MERGE … INSERT of no values"));
        };
        self.exprs(values.rows.iter().flat_map(|row| row.content.iter()), source)?;
        let Some(table) = table else {
            return insert.columns.iter().try_for_each(|column| self.leave_name_unchanged(column));
        };
        if insert.insert_predicate.is_some() {
            return Err(RewriteError::unsupported("MERGE … INSERT … WHERE"));
        }
        let mut dual = Vec::new();
        if insert.columns.is_empty() {
            let count = values.rows.first().map_or(0, |row| row.content.len());
            let list = self.list_by_position(table, count, &mut dual)?;
            let at = self.text.token_at(insert.insert_token.0.span);
            let at = at.ok_or_else(|| RewriteError::misplaced("INSERT"))?;
            let bytes = self.text.range(at);
            self.edits.replace(bytes.clone(), vec![Piece::Copy(bytes), Piece::New(list)]);
        } else {
            self.column_list(&insert.columns, table, &mut dual)?;
        }
        if !Self::omitted_defaults(table, &dual).is_empty() {
            return Err(RewriteError::unsupported(
                "an INSERT of MERGE that leaves out a column whose default is computed",
            ));
        }
        if self.duplicate_in_rows(values, &dual, &[])?.is_empty() {
            return Ok(());
        }
        Err(RewriteError::unsupported(
            "a value that may differ when computed twice, in an INSERT of MERGE",
        ))
    }
}
