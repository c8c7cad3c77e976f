use sqlparser::ast::CopySource;

use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::read::query::Naming;
use crate::shim::rewrite::resolve::context::Env;
use crate::shim::rewrite::resolve::identifiers::idents;
use crate::shim::rewrite::resolve::output_columns::Outputs;
use crate::shim::rewrite::rewriter::{Done, Rewriter};
use crate::shim::rewrite::source::edits::Piece;

impl<'a> Rewriter<'a> {
    /// Maps `COPY … TO`.
    pub(crate) fn copy(&mut self, source: &CopySource, env: &Env<'_, 'a>) -> Done {
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
}
