use sqlparser::ast::{Ident, Insert, ObjectName, Query, SetExpr, TableObject};
use sqlparser::tokenizer::Token;

use super::assign::Target;
use super::edit::Piece;
use super::error::RewriteError;
use super::outputs::Outputs;
use super::projection::Items;
use super::query::Naming;
use super::rewriter::{Done, Rewriter, idents};
use super::scope::{Env, Place, Relation, Scope};
use super::selected::check_lengths;
use super::values::Twice;
use crate::Dialect;
use crate::model::Identifier;
use crate::shim::mapping::{MappedColumn, MappedTable};

impl<'a> Rewriter<'a> {
    /// Puts a list of columns behind the target, or in the place of MySQL's empty one.
    pub(super) fn put_list(&mut self, insert: &Insert, list: String) -> Done {
        let target = last_ident(insert).ok_or_else(|| RewriteError::misplaced("INTO"))?;
        let bytes = self.place(target)?;
        let open = self.text.next(self.text.ident(target)? + 1);
        let close = self.text.next(open + 1);
        let empty = self.text.is(open, &Token::LParen) && self.text.is(close, &Token::RParen);
        let end = if empty { self.text.place(close).end } else { bytes.end };
        self.edits.replace(bytes.start..end, vec![Piece::Copy(bytes), Piece::New(list)]);
        Ok(())
    }

    /// Maps an `INSERT` or `REPLACE`: every column that is written gets the value.
    pub(super) fn insert(&mut self, insert: &Insert, env: &Env<'_, 'a>) -> Done<Outputs<'a>> {
        check_clauses(insert)?;
        let TableObject::TableName(name) = &insert.table else {
            return Err(RewriteError::unsupported("an INSERT into no plain table"));
        };
        let relation = self.insert_target(insert, name)?;
        let scope = Scope { outer: env.outer, relations: vec![relation], ..Scope::default() };
        let table = scope.mapped().next();
        if insert.source.as_ref().is_some_and(|source| is_write(&source.body)) {
            return Err(RewriteError::unsupported("a write as the source of an INSERT"));
        }
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
        let Some(source) = &insert.source else { return self.without_values(insert, table) };
        let mut twice = Vec::new();
        let count = match insert.columns.len() {
            0 => self.value_count(source, outputs, table)?,
            count => count,
        };
        let left_out = if insert.columns.is_empty() {
            if count == 0 {
                return self.of_defaults(insert, source, &Self::left_out(table, &[]));
            }
            let list = self.list_by_position(table, count, &mut twice)?;
            let left_out = Self::left_out(table, &twice);
            let overriding = self.overriding(insert, source, &twice, &left_out)?;
            let list = match self.both_of_each(&left_out) {
                more if more.is_empty() => list,
                more => format!("{}, {more})", list.trim_end_matches(')')),
            };
            self.put_list(insert, list + overriding)?;
            left_out
        } else {
            self.column_list(&insert.columns, table, &mut twice)?;
            let left_out = Self::left_out(table, &twice);
            let last =
                insert.columns.last().and_then(idents).and_then(|parts| parts.last().copied());
            if let Some(last) = last.filter(|_| !left_out.is_empty()) {
                let (bytes, _) = self.element(last)?;
                let more = Piece::New(format!(", {}", self.both_of_each(&left_out)));
                self.edits.replace(bytes.clone(), vec![Piece::Copy(bytes), more]);
            }
            if let Some(last) = last {
                let overriding = self.overriding(insert, source, &twice, &left_out)?;
                self.put_behind_list(last, overriding)?;
            }
            left_out
        };
        if twice.is_empty() && left_out.is_empty() {
            return Ok(());
        }
        self.check_replaced(insert, source, &twice)?;
        if let SetExpr::Values(values) = source.body.as_ref() {
            check_lengths(values, count)?;
            let once = self.duplicate_in_rows(values, &twice, &left_out)?;
            return self.insert_once(insert, Some(source), once);
        }
        if outputs.and_then(Outputs::count).is_some_and(|own| own != count) {
            return Err(RewriteError::unsupported("not as many values as columns"));
        }
        if left_out.is_empty() && self.is_plain(source, &twice) {
            self.duplicate_in(&source.body, count, &twice)
        } else {
            self.insert_wrapped(insert, source, count, &twice, &left_out)
        }
    }

    /// How many values an insert without a column list gives. PostgreSQL takes fewer than there are
    /// columns; elsewhere it has to be one for each, so the number is known of any query.
    fn value_count(
        &self,
        source: &Query,
        outputs: Option<&Outputs<'_>>,
        table: &'a MappedTable,
    ) -> Done<usize> {
        let known = if let SetExpr::Values(values) = source.body.as_ref() {
            let mut lengths = values.rows.iter().map(|row| row.content.len());
            let first = lengths.next().unwrap_or_default();
            if lengths.any(|length| length != first) {
                return Err(RewriteError::unsupported("rows of different lengths"));
            }
            Some(first)
        } else {
            outputs.and_then(Outputs::count)
        };
        match known {
            Some(count) if count == 0 || self.dialect == Dialect::Postgres => Ok(count),
            None if self.dialect == Dialect::Postgres => Err(RewriteError::unsupported(
                "an INSERT by position of an unknown number of columns; name them",
            )),
            known => {
                let count = self.by_position(table)?.len();
                if known.is_some_and(|known| known != count) {
                    return Err(RewriteError::unsupported("not as many values as columns"));
                }
                Ok(count)
            }
        }
    }

    /// The columns that an insert without a column list is for, of each renamed pair only one.
    fn by_position(&self, table: &'a MappedTable) -> Done<Vec<&'a String>> {
        let mut columns = self.logical(table)?;
        columns.retain(|own| !self.is_among(own, &table.generated));
        Ok(columns)
    }

    /// The columns that values without a list are for; notes those that are written twice.
    pub(super) fn list_by_position(
        &self,
        table: &'a MappedTable,
        count: usize,
        twice: &mut Vec<Twice<'a>>,
    ) -> Done<String> {
        let columns = self.by_position(table)?;
        if count > columns.len() {
            return Err(RewriteError::unsupported("more values than columns"));
        }
        let mut list = Vec::new();
        for (at, column) in columns.into_iter().take(count).enumerate() {
            match table.column(self.dialect, column) {
                Some(pair) => list.push(self.written(pair, at, twice)),
                None => list.push(self.dialect.quote(&Self::identifier(column)?)),
            }
        }
        Ok(format!(" ({})", list.join(", ")))
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
            if !self.is_element(ident, pair)? {
                if seen.contains(&pair) {
                    return Err(self.conflicting(pair));
                }
                seen.push(pair);
            }
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
}

/// The last identifier before the place of a column list.
pub(super) fn last_ident(insert: &Insert) -> Option<&Ident> {
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

/// Whether it is a statement that the parser takes for a query: no database takes it there.
const fn is_write(body: &SetExpr) -> bool {
    use SetExpr as S;
    matches!(body, S::Insert(_) | S::Update(_) | S::Delete(_) | S::Merge(_))
}
