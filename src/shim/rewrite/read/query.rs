//! Maps a query: a `SELECT`, `VALUES`, or a set operation.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT handle FROM users UNION SELECT title FROM posts LIMIT 5
//! -- becomes
//! SELECT "username" AS "handle" FROM users UNION SELECT title FROM posts LIMIT 5
//! ```

use sqlparser::ast::{Fetch, LimitClause, Query, SetExpr, Statement};

use super::naming::Naming;
use super::with::Recursive;
use crate::Dialect;
use crate::shim::rewrite::resolve::{Env, ExprContext, Outputs, Scope};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps a query; gives the columns that it exposes.
    pub(crate) fn query(
        &mut self,
        query: &Query,
        env: Env<'_, 'a>,
        naming: Naming,
    ) -> Result<Outputs<'a>> {
        stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || self.query_in(query, env, naming, None))
    }

    pub(super) fn query_in(
        &mut self,
        query: &Query,
        mut env: Env<'_, 'a>,
        naming: Naming,
        recursive: Option<Recursive<'_>>,
    ) -> Result<Outputs<'a>> {
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        if for_clause.is_some()
            || settings.is_some()
            || format_clause.is_some()
            || !pipe_operators.is_empty()
        {
            return Err(RewriteError::unsupported("a query with a clause of another database"));
        }
        if let Some(with) = with {
            self.with(with, &mut env)?;
        }
        // Names in ORDER BY may be those of the projection, so there they must be the code's.
        let naming = if order_by.is_some() { Naming::Seen } else { naming };
        let outputs = match body.as_ref() {
            SetExpr::Select(select) => {
                self.select(select, env.clone(), naming, order_by.as_ref())?
            }
            body => {
                let outputs = self.set_expr(body, &env, naming, recursive)?;
                self.order_of_set(order_by.as_ref(), body, &outputs, &env)?;
                outputs
            }
        };
        self.limit(limit_clause.as_ref(), fetch.as_ref(), &env)?;
        for of in locks.iter().filter_map(|lock| lock.of.as_ref()) {
            self.leave_name_unchanged(of)?;
        }
        Ok(outputs)
    }

    fn set_expr(
        &mut self,
        body: &SetExpr,
        env: &Env<'_, 'a>,
        naming: Naming,
        recursive: Option<Recursive<'_>>,
    ) -> Result<Outputs<'a>> {
        stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || match body {
            SetExpr::Select(select) => self.select(select, env.clone(), naming, None),
            SetExpr::Query(query) => self.query_in(query, env.clone(), naming, recursive),
            SetExpr::SetOperation { left, right, .. } => {
                let outputs = self.set_expr(left, env, naming, recursive)?;
                let mut env = env.clone();
                if let Some(Recursive { name, columns }) = recursive {
                    env.add_cte(name.to_owned(), Some(outputs.clone().with_names(columns)));
                }
                // MariaDB makes a table of what is done before, whose columns have different names.
                let naming = match right.as_ref() {
                    SetExpr::Query(_) | SetExpr::SetOperation { .. }
                        if self.dialect == Dialect::MariaDb =>
                    {
                        Naming::Seen
                    }
                    _ => Naming::Unseen,
                };
                let right = self.set_expr(right, &env, naming, None)?;
                // SQLite's ORDER BY finds names of any part, so those of the others count too.
                let open = outputs.open || right.is_open();
                Ok(Outputs { open, ..outputs })
            }
            SetExpr::Values(values) => {
                let scope = Scope { outer: env.outer, ..Scope::default() };
                let context = ExprContext::new(&scope, &env.ctes);
                for row in &values.rows {
                    self.check_no_star_in_list(&row.content, context)?;
                    self.exprs(row.content.iter(), context)?;
                }
                let mut outputs = Outputs::default();
                for at in 1..=values.rows.first().map_or(0, |row| row.content.len()) {
                    outputs.push(format!("column{at}"), None);
                }
                Ok(outputs)
            }
            SetExpr::Insert(statement)
            | SetExpr::Update(statement)
            | SetExpr::Delete(statement)
            | SetExpr::Merge(statement) => self.write(statement, env),
            SetExpr::Table(_) => Err(RewriteError::unsupported("TABLE; write SELECT")),
        })
    }

    fn write(&mut self, statement: &Statement, env: &Env<'_, 'a>) -> Result<Outputs<'a>> {
        match statement {
            Statement::Insert(insert) => self.insert(insert, env),
            Statement::Update(update) => self.update(update, env),
            Statement::Delete(delete) => self.delete(delete, env),
            Statement::Merge(merge) => self.merge(merge, env).map(|()| Outputs::default()),
            _ => Err(RewriteError::unsupported("a statement of this form in a query")),
        }
    }

    pub(crate) fn limit(
        &mut self,
        limit: Option<&LimitClause>,
        fetch: Option<&Fetch>,
        env: &Env<'_, 'a>,
    ) -> Result {
        let scope = Scope { outer: env.outer, ..Scope::default() };
        let context = ExprContext::new(&scope, &env.ctes);
        match limit {
            None => {}
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) => {
                self.exprs(limit, context)?;
                self.exprs(offset.as_ref().map(|offset| &offset.value), context)?;
                self.exprs(limit_by, context)?;
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
                self.exprs([offset, limit], context)?;
            }
        }
        self.exprs(fetch.and_then(|fetch| fetch.quantity.as_ref()), context)
    }
}
