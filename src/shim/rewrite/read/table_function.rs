use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, JsonTableColumn};

use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::resolve::context::Place;
use crate::shim::rewrite::resolve::output_columns::Outputs;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl<'a> Rewriter<'a> {
    /// The arguments of a function in `FROM`. The parser takes PostgreSQL's `ONLY (users)` for one.
    pub(super) fn table_function(&mut self, args: &[FunctionArg], place: Place<'_, 'a>) -> Done {
        for arg in args {
            if let FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(ident))) = arg
                && self.is_mapped_table(&self.fold(ident))
            {
                return Err(RewriteError::unsupported("ONLY, or a function of a table"));
            }
        }
        self.function_args(args, place)
    }

    /// The columns of a `JSON_TABLE`, which are its own.
    pub(super) fn json_columns(
        &mut self,
        columns: &[JsonTableColumn],
        outputs: &mut Outputs<'a>,
    ) -> Done {
        for column in columns {
            let name = match column {
                JsonTableColumn::Named(column) => &column.name,
                JsonTableColumn::ForOrdinality(name) => name,
                JsonTableColumn::Nested(nested) => {
                    self.json_columns(&nested.columns, outputs)?;
                    continue;
                }
            };
            self.keep(name)?;
            outputs.push(self.fold(name).into_owned(), None);
        }
        Ok(())
    }
}
