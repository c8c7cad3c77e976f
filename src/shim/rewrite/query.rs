use sqlparser::ast::{
    Cte, Fetch, LimitClause, OrderBy, OrderByExpr, OrderByKind, Query, Select, SelectItem, SetExpr,
    Statement, With,
};

use super::edit::Piece;
use super::error::RewriteError;
use super::outputs::{Exposed, Outputs};
use super::rewriter::{Done, Rewriter};
use super::scope::{Env, Kind, Place, Relation, Scope};
use crate::Dialect;

/// Whether anything outside can depend on the names of a query's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// The names are seen: by the application, or by an outer query.
    Seen,
    /// Only the values are used, by position.
    Unseen,
    /// Not even the values are used.
    Exists,
}

/// A recursive common table expression whose own query is being walked.
#[derive(Clone, Copy)]
struct Recursive<'r> {
    name: &'r str,
    columns: &'r [String],
}

impl<'a> Rewriter<'a> {
    /// Maps a query; gives the columns that it exposes.
    pub(super) fn query(
        &mut self,
        query: &Query,
        env: Env<'_, 'a>,
        naming: Naming,
    ) -> Done<Outputs<'a>> {
        stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || self.query_in(query, env, naming, None))
    }

    fn query_in(
        &mut self,
        query: &Query,
        mut env: Env<'_, 'a>,
        naming: Naming,
        recursive: Option<Recursive<'_>>,
    ) -> Done<Outputs<'a>> {
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
            self.keep_name(of)?;
        }
        Ok(outputs)
    }

    fn with(&mut self, with: &With, env: &mut Env<'_, 'a>) -> Done {
        // SQLite needs no such word.
        let recursive = with.recursive || self.dialect == Dialect::Sqlite;
        if recursive {
            // Each may refer to itself and to those after it.
            for cte in &with.cte_tables {
                env.bind(self.fold(&cte.alias.name).into_owned(), None);
            }
        }
        for cte in &with.cte_tables {
            let Cte { alias, query, from: None, .. } = cte else {
                return Err(RewriteError::unsupported("WITH … FROM"));
            };
            self.keep(&alias.name)?;
            self.keep_all(alias.columns.iter().map(|column| &column.name))?;
            let name = self.fold(&alias.name).into_owned();
            let columns: Vec<String> =
                alias.columns.iter().map(|c| self.fold(&c.name).into_owned()).collect();
            let itself = recursive.then_some(Recursive { name: &name, columns: &columns });
            let outputs =
                self.query_in(query, env.clone(), Naming::Seen, itself)?.renamed(&columns);
            env.bind(name, Some(outputs));
        }
        let end = with.cte_tables.last().map(|cte| cte.closing_paren_token.0.span);
        self.ends_of_with.extend(end.and_then(|end| self.text.token_at(end)));
        Ok(())
    }

    fn set_expr(
        &mut self,
        body: &SetExpr,
        env: &Env<'_, 'a>,
        naming: Naming,
        recursive: Option<Recursive<'_>>,
    ) -> Done<Outputs<'a>> {
        stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || match body {
            SetExpr::Select(select) => self.select(select, env.clone(), naming, None),
            SetExpr::Query(query) => self.query_in(query, env.clone(), naming, recursive),
            SetExpr::SetOperation { left, right, .. } => {
                let outputs = self.set_expr(left, env, naming, recursive)?;
                let mut env = env.clone();
                if let Some(Recursive { name, columns }) = recursive {
                    env.bind(name.to_owned(), Some(outputs.clone().renamed(columns)));
                }
                // MariaDB makes a table of what is done before, whose columns have different names.
                let naming = match right.as_ref() {
                    SetExpr::Query(_) | SetExpr::SetOperation { .. }
                        if self.dialect == Dialect::Mysql =>
                    {
                        Naming::Seen
                    }
                    _ => Naming::Unseen,
                };
                let right = self.set_expr(right, &env, naming, None)?;
                // SQLite's ORDER BY finds names of any part, so those of the others count too.
                let open = outputs.open || right.open;
                Ok(Outputs { open, ..outputs })
            }
            SetExpr::Values(values) => {
                let scope = Scope { outer: env.outer, ..Scope::default() };
                let place = Place::new(&scope, &env.ctes);
                for row in &values.rows {
                    self.check_no_list(&row.content, place)?;
                    self.exprs(row.content.iter(), place)?;
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

    fn write(&mut self, statement: &Statement, env: &Env<'_, 'a>) -> Done<Outputs<'a>> {
        match statement {
            Statement::Insert(insert) => self.insert(insert, env),
            Statement::Update(update) => self.update(update, env),
            Statement::Delete(delete) => self.delete(delete, env),
            Statement::Merge(merge) => self.merge(merge, env).map(|()| Outputs::default()),
            _ => Err(RewriteError::unsupported("a statement of this form in a query")),
        }
    }

    /// `ORDER BY` after a set operation: only names of output columns mean anything there.
    fn order_of_set(
        &mut self,
        order_by: Option<&OrderBy>,
        body: &SetExpr,
        outputs: &Outputs<'a>,
        env: &Env<'_, 'a>,
    ) -> Done {
        let relation = Relation {
            name: None,
            schema: None,
            aliased: false,
            source: 0..0,
            kind: Kind::Derived(outputs.clone()),
            qualified_only: false,
            shown: false,
            renamed: false,
        };
        let scope = Scope { relations: vec![relation], ..Scope::default() };
        for item in Self::order_items(order_by)? {
            if let sqlparser::ast::Expr::Identifier(ident) = &item.expr {
                let name = self.fold(ident);
                if self.is_mapped_column(&name)
                    && matches!(outputs.find(self.dialect, &name), Exposed::Missing)
                {
                    return Err(RewriteError::ambiguous(name, "it is no column of the result"));
                }
                if let Some(at) = self.hidden_output(&name, body, outputs) {
                    let bytes = self.place(ident)?;
                    self.edits.replace(bytes, vec![Piece::New((at + 1).to_string())]);
                    continue;
                }
            }
            self.expr(&item.expr, Place::new(&scope, &env.ctes))?;
        }
        Ok(())
    }

    /// The number of the one output column of this name that SQLite may not find: it looks for a
    /// name that is not given with AS in the tables of the query, of which one may have it now as
    /// the other one of a renamed column.
    fn hidden_output(&self, name: &str, body: &SetExpr, outputs: &Outputs<'a>) -> Option<usize> {
        let given = |item: &SelectItem| {
            matches!(item, SelectItem::ExprWithAlias { alias, .. }
                if self.dialect.same_column(&self.fold(alias), name))
        };
        let mut tables = self.mapping.tables().iter();
        let twice =
            self.is_mapped_column(name) && tables.any(|table| self.is_among(name, &table.physical));
        let is_given = first_select(body)?.projection.iter().any(given);
        if self.dialect != Dialect::Sqlite || outputs.open || !twice || is_given {
            return None;
        }
        let named = |at: &usize| self.dialect.same_column(&outputs.columns[*at].name, name);
        let mut found = (0..outputs.columns.len()).filter(named);
        let (at, None) = (found.next()?, found.next()) else { return None };
        outputs.columns[at].pair.is_none().then_some(at)
    }

    pub(super) fn order_items(order_by: Option<&OrderBy>) -> Done<&[OrderByExpr]> {
        let Some(OrderBy { kind, interpolate: None }) = order_by else {
            return match order_by {
                None => Ok(&[]),
                Some(_) => Err(RewriteError::unsupported("INTERPOLATE")),
            };
        };
        match kind {
            OrderByKind::Expressions(items) if items.iter().all(|i| i.with_fill.is_none()) => {
                Ok(items)
            }
            _ => Err(RewriteError::unsupported("ORDER BY ALL or WITH FILL")),
        }
    }

    fn limit(
        &mut self,
        limit: Option<&LimitClause>,
        fetch: Option<&Fetch>,
        env: &Env<'_, 'a>,
    ) -> Done {
        let scope = Scope { outer: env.outer, ..Scope::default() };
        let place = Place::new(&scope, &env.ctes);
        match limit {
            None => {}
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) => {
                self.exprs(limit, place)?;
                self.exprs(offset.as_ref().map(|offset| &offset.value), place)?;
                self.exprs(limit_by, place)?;
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
                self.exprs([offset, limit], place)?;
            }
        }
        self.exprs(fetch.and_then(|fetch| fetch.quantity.as_ref()), place)
    }
}

/// The query whose names a set operation has.
fn first_select(mut body: &SetExpr) -> Option<&Select> {
    loop {
        body = match body {
            SetExpr::Select(select) => return Some(select),
            SetExpr::SetOperation { left, .. } => left,
            SetExpr::Query(query) => &query.body,
            _ => return None,
        };
    }
}
