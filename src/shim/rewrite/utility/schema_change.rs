//! A change of the schema that names a renamed column, while the table has only one column for it.
//!
//! Given in `pending` on PostgreSQL:
//!
//! ```sql
//! CREATE INDEX users_handle ON users (lower(handle))
//! -- becomes
//! CREATE INDEX users_handle ON users (lower("username"))
//! ```

use std::ops::Range;

use sqlparser::ast::{
    AlterTableOperation, CommentObject, Expr, Ident, IndexColumn, ObjectName, ObjectNamePart,
    ObjectType, Statement, TableConstraint,
};

use super::named_columns::schema_error;
use crate::model::{Identifier, State};
use crate::shim::mapped_column::MappedColumn;
use crate::shim::mapped_table::MappedTable;
use crate::shim::rewrite::read::Naming;
use crate::shim::rewrite::resolve::{Env, ExprContext, Scope};
use crate::shim::rewrite::source::contains_name;
use crate::shim::rewrite::{Result, Rewriter};

impl Rewriter<'_> {
    /// Maps a change of the schema that names `column`.
    ///
    /// # Errors
    /// The table has two columns for it, or may get its other name at any moment, or the statement has
    /// the name in a position that is not a column of the table: it belongs in a migration then.
    pub(super) fn schema_change(
        &mut self,
        statement: &Statement,
        tokens: Range<usize>,
        column: &Identifier,
    ) -> Result {
        let sql = &self.text.sql[self.text.range_of(tokens.clone())];
        let named = |table: &&MappedTable| contains_name(sql, table.table.name.as_str());
        let tables: Vec<&MappedTable> = self.mapping.tables().iter().filter(named).collect();
        // A table that is about to be made gets the names that the statement gives it.
        if tables.iter().all(|table| table.physical.is_empty()) {
            self.leave_tokens_unchanged(tokens);
            return Ok(());
        }
        // Whoever drops a column by its other name may well mean a column that is gone.
        if drops_column(statement)
            || !tables.iter().flat_map(|table| &table.columns).all(has_one_column)
        {
            return Err(schema_error(column));
        }
        let former = |name: &str| {
            tables.iter().flat_map(|table| &table.columns).any(|own| {
                let others = [&own.from, &own.to].into_iter().chain(&own.aliases);
                let mut others = others.filter(|other| *other != own.read());
                others.any(|other| self.dialect.same_column(other.as_str(), name))
            })
        };
        let words = tokens.clone().filter(|at| self.word(*at).is_some_and(|word| former(&word)));
        let words: Vec<usize> = words.collect();
        if words.is_empty() {
            self.leave_tokens_unchanged(tokens);
            return Ok(());
        }
        self.columns_of_schema_change(statement)?;
        if words.iter().any(|at| !self.understood[*at]) {
            return Err(schema_error(column));
        }
        self.leave_tokens_unchanged(tokens);
        Ok(())
    }

    /// Refuses to drop a constraint or an index of a table that has two columns for one, if the statement does
    /// not name the column: whether it belongs to one of the two, the statement does not say. As schema-sync
    /// does it with what the entity does not have.
    ///
    /// # Errors
    /// The statement drops one.
    pub(super) fn refuse_drop_of_constraint(&self, statement: &Statement) -> Result {
        let name = match statement {
            Statement::AlterTable(alter) if alter.operations.iter().any(drops_constraint) => {
                &alter.name
            }
            Statement::Drop { object_type: ObjectType::Index, table: Some(table), .. } => table,
            _ => return Ok(()),
        };
        let Some(table) = self.mapped_table(name) else { return Ok(()) };
        let has_two = |column: &&MappedColumn| {
            use State as S;
            matches!(column.state, S::DualWrite | S::ReadTo | S::WriteTo | S::Announced)
        };
        match table.columns.iter().find(has_two) {
            Some(column) => Err(schema_error(column.side(column.code))),
            None => Ok(()),
        }
    }

    /// Maps the columns of the statements in which their positions are known.
    fn columns_of_schema_change(&mut self, statement: &Statement) -> Result {
        match statement {
            Statement::CreateIndex(index) => {
                let Some(table) = self.mapped_table(&index.table_name) else { return Ok(()) };
                self.key_columns(&index.table_name, table, &index.columns)?;
                self.named_columns(table, &index.include)?;
                self.condition(&index.table_name, index.predicate.as_ref())
            }
            Statement::AlterTable(alter) => {
                let mut operations = alter.operations.iter();
                operations.try_for_each(|operation| self.alter_operation(&alter.name, operation))
            }
            Statement::CreateView(view) => {
                let env = Env { outer: None, ctes: None };
                self.query(&view.query, env, Naming::Seen).map(drop)
            }
            Statement::Comment { object_type: CommentObject::Column, object_name, .. } => {
                let parts = object_name.0.split_last();
                let Some((ObjectNamePart::Identifier(column), table)) = parts else {
                    return Ok(());
                };
                match self.mapped_table(&ObjectName(table.to_vec())) {
                    Some(table) => self.named_columns(table, [column]),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn alter_operation(&mut self, name: &ObjectName, operation: &AlterTableOperation) -> Result {
        use TableConstraint as C;
        let constraint = match operation {
            AlterTableOperation::AddConstraint { constraint, .. } => Some(constraint),
            _ => None,
        };
        if let Some(C::ForeignKey(own)) = constraint
            && let Some(other) = self.mapped_table(&own.foreign_table)
        {
            self.named_columns(other, &own.referred_columns)?;
        }
        let Some(table) = self.mapped_table(name) else { return Ok(()) };
        match operation {
            AlterTableOperation::AlterColumn { column_name, .. } => {
                self.named_columns(table, [column_name])
            }
            AlterTableOperation::AddConstraint { constraint, .. } => match constraint {
                C::Unique(own) => self.key_columns(name, table, &own.columns),
                C::PrimaryKey(own) => self.key_columns(name, table, &own.columns),
                C::ForeignKey(own) => self.named_columns(table, &own.columns),
                C::Check(own) => self.condition(name, Some(&own.expr)),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Maps the columns and expressions of a key or index.
    fn key_columns(
        &mut self,
        name: &ObjectName,
        table: &MappedTable,
        columns: &[IndexColumn],
    ) -> Result {
        for IndexColumn { column, .. } in columns {
            match &column.expr {
                Expr::Identifier(ident) => self.named_columns(table, [ident])?,
                other => self.condition(name, Some(other))?,
            }
        }
        Ok(())
    }

    fn named_columns<'i>(
        &mut self,
        table: &MappedTable,
        idents: impl IntoIterator<Item = &'i Ident>,
    ) -> Result {
        for ident in idents {
            if let Some(pair) = table.column(self.dialect, &self.fold(ident)) {
                self.rename(ident, pair.read(), None)?;
            }
        }
        Ok(())
    }

    /// Maps an expression over the columns of one table.
    fn condition(&mut self, table: &ObjectName, condition: Option<&Expr>) -> Result {
        let Some(condition) = condition else { return Ok(()) };
        let relations = vec![self.base_table(table, None)?];
        let scope = Scope { relations, ..Scope::default() };
        self.exprs([condition], ExprContext::new(&scope, &None))
    }
}

const fn drops_constraint(operation: &AlterTableOperation) -> bool {
    use AlterTableOperation as O;
    matches!(
        operation,
        O::DropConstraint { .. }
            | O::DropIndex { .. }
            | O::DropForeignKey { .. }
            | O::DropPrimaryKey { .. }
    )
}

fn drops_column(statement: &Statement) -> bool {
    let Statement::AlterTable(alter) = statement else { return false };
    let drops = |operation| matches!(operation, &AlterTableOperation::DropColumn { .. });
    alter.operations.iter().any(drops)
}

/// Returns true if the table has one column for it, which keeps its name while the statement is sent.
fn has_one_column(column: &MappedColumn) -> bool {
    let settled = matches!(column.state, State::Pending | State::Contracted);
    settled && column.retyped.is_none() && column.dropped_by.is_none()
}
