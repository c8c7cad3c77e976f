//! Queries whose rows the database keeps or hands out: `COPY`, cursors, `CREATE TABLE … AS`.

use sqlparser::ast::{CopySource, CreateTable, Declare, Expr, SelectInto};

use super::edit::Piece;
use super::error::RewriteError;
use super::outputs::Outputs;
use super::query::Naming;
use super::rewriter::{Done, Rewriter, idents};
use super::scope::Env;
use crate::Dialect;

impl<'a> Rewriter<'a> {
    /// Maps `COPY … TO`.
    pub(super) fn copy(&mut self, source: &CopySource, env: &Env<'_, 'a>) -> Done {
        let (name, columns) = match source {
            CopySource::Query(query) => {
                return self.query(query, env.clone(), Naming::Seen).map(drop);
            }
            CopySource::Table { table_name, columns } => (table_name, columns),
        };
        let Some(table) = self.mapped_table(name) else {
            self.base_table(name, None)?;
            return self.keep_all(columns);
        };
        if !columns.is_empty() {
            return Err(RewriteError::unsupported("COPY of columns; write COPY (SELECT …) TO"));
        }
        self.keep_name(name)?;
        let list = self.list(table, None, &mut Outputs::default())?;
        let bytes = self.extent(&idents(name).unwrap_or_default());
        let before = Piece::New(format!("(SELECT {list} FROM "));
        let pieces = vec![before, Piece::Copy(bytes.clone()), Piece::New(")".to_owned())];
        self.edits.replace(bytes, pieces);
        Ok(())
    }

    /// Maps `DECLARE … CURSOR FOR`. The rows are those of its transaction.
    pub(super) fn declare(&mut self, cursors: &[Declare], env: &Env<'_, 'a>) -> Done {
        for cursor in cursors {
            let (Some(query), true) = (&cursor.for_query, self.dialect == Dialect::Postgres) else {
                return Err(RewriteError::unsupported("DECLARE of no cursor"));
            };
            self.keep_all(&cursor.names)?;
            self.query(query, env.clone(), Naming::Seen)?;
        }
        Ok(())
    }

    /// Whether a table that is not mapped is made of a query.
    pub(super) fn is_filled(&self, table: &CreateTable) -> bool {
        table.query.is_some()
            && table.columns.is_empty()
            && table.constraints.is_empty()
            && idents(&table.name)
                .and_then(|parts| parts.last().copied())
                .is_some_and(|name| !self.is_mapped_table(&self.fold(name)))
    }

    /// Maps `CREATE TABLE … AS`: the new table has the columns that the code knows.
    pub(super) fn create_filled(&mut self, table: &CreateTable, env: &Env<'_, 'a>) -> Done {
        let Some(query) = &table.query else { return Ok(()) };
        self.keep_name(&table.name)?;
        self.query(query, env.clone(), Naming::Seen).map(drop)
    }

    /// The same by `SELECT … INTO`.
    pub(super) fn into(&mut self, into: &SelectInto) -> Done {
        let parts = match into.targets.as_slice() {
            [Expr::Identifier(name)] => std::slice::from_ref(name),
            [Expr::CompoundIdentifier(parts)] => parts,
            _ => &[],
        };
        match parts.last() {
            Some(name)
                if self.dialect == Dialect::Postgres && !self.is_mapped_table(&self.fold(name)) =>
            {
                self.keep_all(parts)
            }
            _ => Err(RewriteError::unsupported("SELECT INTO")),
        }
    }
}
