//! Maps `DECLARE … CURSOR FOR`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! DECLARE c CURSOR FOR SELECT handle FROM users
//! -- becomes
//! DECLARE c CURSOR FOR SELECT "username" AS "handle" FROM users
//! ```

use sqlparser::ast::Declare;

use crate::Dialect;
use crate::shim::rewrite::read::Naming;
use crate::shim::rewrite::resolve::Env;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps `DECLARE … CURSOR FOR`. The rows are those of its transaction.
    pub(crate) fn declare(&mut self, cursors: &[Declare], env: &Env<'_, 'a>) -> Result {
        for cursor in cursors {
            let (Some(query), true) = (&cursor.for_query, self.dialect == Dialect::Postgres) else {
                return Err(RewriteError::unsupported("DECLARE of no cursor"));
            };
            self.leave_all_unchanged(&cursor.names)?;
            self.query(query, env.clone(), Naming::Seen)?;
        }
        Ok(())
    }
}
