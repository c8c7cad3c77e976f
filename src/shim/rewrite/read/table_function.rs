//! Maps functions in `FROM`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT part FROM users, unnest(string_to_array(users.handle, ' ')) AS part
//! -- becomes
//! SELECT part FROM users, unnest(string_to_array(users."username", ' ')) AS part
//! ```

use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, JsonTableColumn, TableFactor};

use super::from::check_no_hints;
use crate::shim::rewrite::resolve::{Ctes, ExprContext, Outputs, Relation, RelationKind, Scope};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps a function in `FROM`; gives the relation that it is there.
    pub(super) fn table_function(
        &mut self,
        factor: &TableFactor,
        scope: &Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Result<Relation<'a>> {
        let context = ExprContext::new(scope, ctes);
        let (name, alias, kind) = match factor {
            TableFactor::Table {
                name,
                alias,
                args: Some(args),
                sample,
                with_hints,
                version,
                ..
            } => {
                check_no_hints(with_hints, version.as_ref())?;
                self.sample(sample.as_ref(), scope, ctes)?;
                self.table_function_args(&args.args, context)?;
                (Some(name), alias, RelationKind::Unknown)
            }
            TableFactor::Function { name, args, alias, .. } => {
                self.table_function_args(args, context)?;
                (Some(name), alias, RelationKind::Unknown)
            }
            TableFactor::TableFunction { expr, alias } => {
                self.expr(expr, context)?;
                (None, alias, RelationKind::Unknown)
            }
            TableFactor::UNNEST { alias, array_exprs, with_offset_alias, .. } => {
                self.exprs(array_exprs, context)?;
                self.leave_all_unchanged(with_offset_alias)?;
                (None, alias, RelationKind::Unknown)
            }
            TableFactor::JsonTable { json_expr, columns, alias, .. } => {
                self.expr(json_expr, context)?;
                let mut outputs = Outputs::default();
                self.json_columns(columns, &mut outputs)?;
                (None, alias, RelationKind::Derived(outputs))
            }
            // Among them forms of other databases, and any the parser learns later.
            _ => return Err(RewriteError::unsupported("a table expression of this form")),
        };
        self.relation_of(name, alias.as_ref(), kind)
    }

    /// The arguments of a function in `FROM`. The parser takes PostgreSQL's `ONLY (users)` for one.
    fn table_function_args(
        &mut self,
        args: &[FunctionArg],
        context: ExprContext<'_, 'a>,
    ) -> Result {
        for arg in args {
            if let FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(ident))) = arg
                && self.is_mapped_table(&self.fold(ident))
            {
                return Err(RewriteError::unsupported("ONLY, or a function of a table"));
            }
        }
        self.function_args(args, context)
    }

    /// The columns of a `JSON_TABLE`, which are its own.
    fn json_columns(&mut self, columns: &[JsonTableColumn], outputs: &mut Outputs<'a>) -> Result {
        for column in columns {
            let name = match column {
                JsonTableColumn::Named(column) => &column.name,
                JsonTableColumn::ForOrdinality(name) => name,
                JsonTableColumn::Nested(nested) => {
                    self.json_columns(&nested.columns, outputs)?;
                    continue;
                }
            };
            self.leave_unchanged(name)?;
            outputs.push(self.fold(name).into_owned(), None);
        }
        Ok(())
    }
}
