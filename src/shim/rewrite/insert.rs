use sqlparser::ast::{
    Expr, GroupByExpr, Ident, Insert, ObjectName, OrderByKind, Query, Select, SelectItem, SetExpr,
    TableObject, Value, Values,
};
use sqlparser::parser::Parser;

use super::assign::{Target, check_duplicable};
use super::edit::Piece;
use super::error::RewriteError;
use super::outputs::Outputs;
use super::projection::Items;
use super::query::Naming;
use super::rewriter::{Done, Rewriter, idents};
use super::scope::{Env, Place, Relation, Scope};
use super::values::Twice;
use crate::model::Identifier;
use crate::shim::mapping::{MappedColumn, MappedTable};

impl<'a> Rewriter<'a> {
    /// Maps an `INSERT` or `REPLACE`: every column that is written gets the value.
    pub(super) fn insert(&mut self, insert: &Insert, env: &Env<'_, 'a>) -> Done<Outputs<'a>> {
        check_clauses(insert)?;
        let TableObject::TableName(name) = &insert.table else {
            return Err(RewriteError::unsupported("an INSERT into no plain table"));
        };
        let relation = self.insert_target(insert, name)?;
        let scope = Scope { outer: env.outer, relations: vec![relation], ..Scope::default() };
        let table = scope.mapped().next();
        let outputs = match &insert.source {
            Some(source) => Some(self.query(source, env.clone(), Naming::Unseen)?),
            None => None,
        };
        let place = Place::new(&scope, &env.ctes);
        self.assignments(&insert.assignments, Target::Table(table), place)?;
        match table {
            Some(table) => self.columns(insert, table, outputs.as_ref())?,
            None => insert.columns.iter().try_for_each(|column| self.keep_name(column))?,
        }
        self.upsert(insert, &scope, &env.ctes)?;
        match &insert.returning {
            Some(items) => self.projection(&Items::of_returning(items), place, Naming::Seen),
            None => Ok(Outputs::default()),
        }
    }

    fn insert_target(&mut self, insert: &Insert, name: &ObjectName) -> Done<Relation<'a>> {
        let mut relation = self.base_table(name, None)?;
        if let Some(alias) = &insert.table_alias {
            if !alias.explicit {
                self.check_alias(&alias.alias)?;
            }
            self.keep(&alias.alias)?;
            relation.name = Some(self.fold(&alias.alias).into_owned());
            relation.schema = None;
            relation.aliased = true;
            relation.source = self.extent(&[&alias.alias]);
        }
        Ok(relation)
    }

    /// Maps the column list, and doubles the values of columns that are written twice.
    fn columns(
        &mut self,
        insert: &Insert,
        table: &'a MappedTable,
        outputs: Option<&Outputs<'a>>,
    ) -> Done {
        let Some(source) = &insert.source else { return Ok(()) };
        let mut twice = Vec::new();
        if insert.columns.is_empty() {
            let count = value_count(source, outputs)?;
            if count == 0 {
                return Ok(());
            }
            let columns = self.logical(table)?;
            if count > columns.len() {
                return Err(RewriteError::unsupported("more values than columns"));
            }
            let mut list = Vec::new();
            for (at, column) in columns.into_iter().take(count).enumerate() {
                match table.column(self.dialect, column) {
                    Some(pair) => list.push(self.written(pair, at, &mut twice)),
                    None => list.push(self.dialect.quote(&Self::identifier(column)?)),
                }
            }
            let target = last_ident(insert).ok_or_else(|| RewriteError::misplaced("INTO"))?;
            let bytes = self.place(target)?;
            let list = Piece::New(format!(" ({})", list.join(", ")));
            self.edits.replace(bytes.clone(), vec![Piece::Copy(bytes), list]);
        } else {
            self.column_list(&insert.columns, table, &mut twice)?;
        }
        if twice.is_empty() {
            return Ok(());
        }
        let count = (!insert.columns.is_empty()).then_some(insert.columns.len());
        if let SetExpr::Values(values) = source.body.as_ref() {
            check_lengths(values, count)?;
            let once = self.duplicate_in_rows(values, &twice)?;
            return self.insert_once(insert, source, &once);
        }
        self.duplicate_in_query(source, count, &twice)
    }

    /// Maps the columns of an insert's list; notes those that are written twice.
    pub(super) fn column_list(
        &mut self,
        columns: &[ObjectName],
        table: &'a MappedTable,
        twice: &mut Vec<Twice<'a>>,
    ) -> Done {
        let mut seen: Vec<&MappedColumn> = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let Some((ident, pair)) = self.inserted(column, table)? else { continue };
            if seen.contains(&pair) {
                return Err(self.conflicting(pair));
            }
            seen.push(pair);
            let written: Vec<&Identifier> = pair.written().collect();
            if let [only] = written.as_slice() {
                self.rename(ident, only, None)?;
                continue;
            }
            let list = self.written(pair, at, twice);
            let bytes = self.place(ident)?;
            self.edits.replace(bytes, vec![Piece::New(list)]);
        }
        Ok(())
    }

    /// The columns to write for a pair at a position, which is noted if there are two.
    pub(super) fn written(
        &self,
        pair: &'a MappedColumn,
        at: usize,
        twice: &mut Vec<Twice<'a>>,
    ) -> String {
        let written: Vec<&Identifier> = pair.written().collect();
        if written.len() > 1 {
            twice.push(Twice { at, pair });
        }
        self.quoted_list(&written)
    }

    pub(super) fn inserted<'n>(
        &mut self,
        column: &'n ObjectName,
        table: &'a MappedTable,
    ) -> Done<Option<(&'n Ident, &'a MappedColumn)>> {
        self.keep_name(column)?;
        let parts = idents(column).unwrap_or_default();
        match parts.as_slice() {
            [ident] => Ok(table.column(self.dialect, &self.fold(ident)).map(|pair| (*ident, pair))),
            parts if parts.iter().any(|part| self.is_mapped_column(&self.fold(part))) => {
                Err(RewriteError::unsupported("a qualified name in a column list"))
            }
            _ => Ok(None),
        }
    }

    /// Doubles the values at some positions in every part of the query that gives them.
    fn duplicate_in_query(
        &mut self,
        query: &Query,
        count: Option<usize>,
        twice: &[Twice<'_>],
    ) -> Done {
        if let Some(order) = &query.order_by {
            let by_name = matches!(&order.kind, OrderByKind::Expressions(items)
                if items.iter().all(|item| !is_position(&item.expr)));
            if !by_name {
                return Err(by_position());
            }
        }
        self.duplicate_in(&query.body, count, twice)
    }

    fn duplicate_in(&mut self, body: &SetExpr, count: Option<usize>, twice: &[Twice<'_>]) -> Done {
        match body {
            SetExpr::Values(values) => {
                check_lengths(values, count)?;
                if self.duplicate_in_rows(values, twice)?.is_empty() {
                    return Ok(());
                }
                Err(RewriteError::unsupported(
                    "a value that may differ when computed twice, in VALUES within a query",
                ))
            }
            SetExpr::Select(select) => self.duplicate_in_select(select, count, twice),
            SetExpr::SetOperation { left, right, .. } => {
                self.duplicate_in(left, count, twice)?;
                self.duplicate_in(right, count, twice)
            }
            SetExpr::Query(query) => self.duplicate_in_query(query, count, twice),
            _ => Err(RewriteError::unsupported("an INSERT from this source")),
        }
    }

    fn duplicate_in_select(
        &mut self,
        select: &Select,
        count: Option<usize>,
        twice: &[Twice<'_>],
    ) -> Done {
        let items = Items::of_select(select);
        if items
            .items
            .iter()
            .any(|item| matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..)))
        {
            return Err(RewriteError::unsupported("an INSERT from `SELECT *`; write the columns"));
        }
        if count.is_some_and(|count| count != items.items.len()) {
            return Err(RewriteError::unsupported("not as many values as columns"));
        }
        if let GroupByExpr::Expressions(exprs, _) = &select.group_by
            && exprs.iter().any(is_position)
        {
            return Err(by_position());
        }
        let extents = self.extents(&items)?;
        for Twice { at, .. } in twice {
            let (Some(item), Some(extent)) = (items.items.get(*at), extents.get(*at)) else {
                return Err(RewriteError::unsupported("not as many values as columns"));
            };
            let (SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }) = item
            else {
                return Err(RewriteError::unsupported("an INSERT from this projection"));
            };
            check_duplicable(expr)?;
            let misplaced = || RewriteError::misplaced("the projection");
            let first = (0..self.text.tokens().len())
                .find(|token| self.text.place(*token).start == extent.start)
                .ok_or_else(misplaced)?;
            let (parsed, tokens) = self
                .text
                .parse(first, self.text.tokens().len(), Parser::parse_expr)
                .ok_or_else(misplaced)?;
            if parsed != *expr {
                return Err(misplaced());
            }
            let again = Piece::Copy(self.text.places(tokens));
            let pieces = vec![Piece::Copy(extent.clone()), Piece::New(", ".to_owned()), again];
            self.edits.replace(extent.clone(), pieces);
        }
        Ok(())
    }
}

fn check_lengths(values: &Values, count: Option<usize>) -> Done {
    if values.rows.iter().any(|row| count.is_some_and(|count| count != row.content.len())) {
        return Err(RewriteError::unsupported("rows not as long as the column list"));
    }
    Ok(())
}

fn by_position() -> RewriteError {
    RewriteError::unsupported("ORDER BY or GROUP BY a position in an INSERT; write the expression")
}

fn is_position(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if matches!(value.value, Value::Number(..)))
}

/// How many values an insert without a column list gives.
fn value_count(source: &Query, outputs: Option<&Outputs<'_>>) -> Done<usize> {
    if let SetExpr::Values(values) = source.body.as_ref() {
        let mut lengths = values.rows.iter().map(|row| row.content.len());
        let first = lengths.next().unwrap_or_default();
        if lengths.any(|length| length != first) {
            return Err(RewriteError::unsupported("rows of different lengths"));
        }
        return Ok(first);
    }
    outputs.and_then(Outputs::count).ok_or_else(|| {
        RewriteError::unsupported("an INSERT by position of an unknown number of columns")
    })
}

/// The last identifier before the place of a column list.
fn last_ident(insert: &Insert) -> Option<&Ident> {
    match (&insert.table_alias, &insert.table) {
        (Some(alias), _) => Some(&alias.alias),
        (None, TableObject::TableName(name)) => idents(name)?.last().copied(),
        _ => None,
    }
}

/// Refuses what only other databases have.
fn check_clauses(insert: &Insert) -> Done {
    let foreign = insert.overwrite
        || insert.partitioned.is_some()
        || !insert.after_columns.is_empty()
        || insert.output.is_some()
        || insert.settings.is_some()
        || insert.format_clause.is_some()
        || insert.multi_table_insert_type.is_some()
        || !insert.multi_table_into_clauses.is_empty()
        || !insert.multi_table_when_clauses.is_empty()
        || insert.multi_table_else_clause.is_some();
    if foreign {
        return Err(RewriteError::unsupported("an INSERT with a clause of another database"));
    }
    Ok(())
}
