//! Sends each kind of statement to its room: queries to `read/`, writes to `write/`, the rest to
//! `utility/`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! EXPLAIN SELECT handle FROM users
//! -- becomes
//! EXPLAIN SELECT "username" AS "handle" FROM users
//! ```

use std::ops::Range;

use sqlparser::ast::Statement;

use super::{Result, Rewriter};
use crate::shim::rewrite::read::Naming;
use crate::shim::rewrite::resolve::Env;

impl Rewriter<'_> {
    pub(super) fn statement(&mut self, statement: &Statement, tokens: Range<usize>) -> Result {
        self.current_tokens = tokens.clone();
        let env = Env { outer: None, ctes: None };
        match statement {
            Statement::Query(query) => self.query(query, env, Naming::Seen).map(drop),
            Statement::Insert(insert) => self.insert(insert, &env).map(drop),
            Statement::Update(update) => self.update(update, &env).map(drop),
            Statement::Delete(delete) => self.delete(delete, &env).map(drop),
            Statement::Merge(merge) => self.merge(merge, &env),
            Statement::Explain { statement, .. } => self.statement(statement, tokens),
            Statement::Copy { source, to: true, .. } => self.copy(source, &env),
            Statement::Declare { stmts } => self.declare(stmts, &env),
            Statement::CreateTable(table) if self.is_filled(table) => {
                self.create_filled(table, &env)
            }
            other => self.pass_through(other, tokens),
        }
    }
}
