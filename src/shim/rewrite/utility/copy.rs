//! Maps `COPY … TO`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! COPY users TO STDOUT
//! -- becomes
//! COPY (SELECT "id", "username" AS "handle", "email" FROM users) TO STDOUT
//! ```

use sqlparser::ast::CopySource;

use crate::shim::rewrite::read::Naming;
use crate::shim::rewrite::resolve::{Env, Outputs, idents};
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps `COPY … TO`.
    pub(crate) fn copy(&mut self, source: &CopySource, env: &Env<'_, 'a>) -> Result {
        let (name, columns) = match source {
            CopySource::Query(query) => {
                return self.query(query, env.clone(), Naming::Seen).map(drop);
            }
            CopySource::Table { table_name, columns } => (table_name, columns),
        };
        let Some(table) = self.mapped_table(name) else {
            self.base_table(name, None)?;
            return self.leave_all_unchanged(columns);
        };
        if !columns.is_empty() {
            return Err(RewriteError::unsupported("COPY of columns; write COPY (SELECT …) TO"));
        }
        self.leave_name_unchanged(name)?;
        let list = self.select_list(table, None, &mut Outputs::default())?;
        let bytes = self.idents_range(&idents(name).unwrap_or_default());
        let before = Piece::New(format!("(SELECT {list} FROM "));
        let pieces = vec![before, Piece::Copy(bytes.clone()), Piece::New(")".to_owned())];
        self.edits.replace(bytes, pieces);
        Ok(())
    }
}
