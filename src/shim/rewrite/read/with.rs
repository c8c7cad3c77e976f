//! Maps `WITH`, and puts its queries in scope.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! WITH u AS (SELECT handle FROM users) SELECT handle FROM u
//! -- becomes
//! WITH u AS (SELECT "username" AS "handle" FROM users) SELECT handle FROM u
//! ```

use sqlparser::ast::{Cte, With};

use super::naming::Naming;
use crate::Dialect;
use crate::shim::rewrite::resolve::Env;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

/// A recursive common table expression whose own query is being walked.
#[derive(Clone, Copy)]
pub(super) struct Recursive<'r> {
    pub(super) name: &'r str,
    pub(super) columns: &'r [String],
}

impl<'a> Rewriter<'a> {
    pub(crate) fn with(&mut self, with: &With, env: &mut Env<'_, 'a>) -> Result {
        // SQLite needs no such word.
        let recursive = with.recursive || self.dialect == Dialect::Sqlite;
        if recursive {
            // Each may refer to itself and to those after it.
            for cte in &with.cte_tables {
                env.add_cte(self.fold(&cte.alias.name).into_owned(), None);
            }
        }
        for cte in &with.cte_tables {
            let Cte { alias, query, from: None, .. } = cte else {
                return Err(RewriteError::unsupported("WITH … FROM"));
            };
            self.leave_unchanged(&alias.name)?;
            self.leave_all_unchanged(alias.columns.iter().map(|column| &column.name))?;
            let name = self.fold(&alias.name).into_owned();
            let columns: Vec<String> =
                alias.columns.iter().map(|c| self.fold(&c.name).into_owned()).collect();
            let itself = recursive.then_some(Recursive { name: &name, columns: &columns });
            let outputs =
                self.query_in(query, env.clone(), Naming::Seen, itself)?.with_names(&columns);
            env.add_cte(name, Some(outputs));
        }
        let end = with.cte_tables.last().map(|cte| cte.closing_paren_token.0.span);
        self.with_list_ends.extend(end.and_then(|end| self.text.token_at(end)));
        Ok(())
    }
}
