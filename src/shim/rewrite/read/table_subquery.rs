//! Substitutes a subquery for a mapped table whose columns are compared, merged or renamed by name.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT * FROM users NATURAL JOIN posts
//! -- becomes
//! SELECT *
//! FROM (SELECT "id", "username" AS "handle", "email" FROM users) AS users NATURAL JOIN posts
//! ```

use sqlparser::ast::TableFactor;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use crate::Dialect;
use crate::shim::rewrite::resolve::{Outputs, Relation, RelationKind, Scope, idents};
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Substitutes a subquery for a mapped table, the last in scope, that is joined by name, is
    /// a value as a whole, or is given new column names.
    /// It shows the columns that the code knows, and no twin, so the database itself finds the
    /// columns that the join has in common, merges them and orders `*`.
    ///
    /// On MySQL and MariaDB only in a `SELECT` that locks nothing: there `FOR UPDATE` does not reach
    /// into a subquery, and one cannot be updated.
    pub(super) fn substitute_subquery(
        &mut self,
        factor: &TableFactor,
        by_name: bool,
        scope: &mut Scope<'_, 'a>,
    ) -> Result {
        let TableFactor::Table { name, alias, sample, index_hints, .. } = factor else {
            return Ok(());
        };
        if sample.is_some() {
            let mapped = matches!(
                scope.relations.last(),
                Some(Relation { kind: RelationKind::Mapped(_), .. })
            );
            return match alias {
                Some(alias) if mapped && !alias.columns.is_empty() => {
                    Err(RewriteError::unsupported("new column names of a sample"))
                }
                _ => Ok(()),
            };
        }
        if !index_hints.is_empty() {
            return Ok(());
        }
        let Some(relation) = scope.relations.last_mut() else { return Ok(()) };
        let RelationKind::Mapped(table) = relation.kind else { return Ok(()) };
        let columns = alias.as_ref().map(|alias| alias.columns.as_slice()).unwrap_or_default();
        let names: Vec<String> =
            columns.iter().map(|column| self.fold(&column.name).into_owned()).collect();
        let substitutes =
            by_name || !names.is_empty() || self.substituted.contains(&relation.source.start);
        let cannot = self.dialect == Dialect::MariaDb && (!scope.is_select || self.locks_rows());
        // A column that `*` leaves out can be named all the same, but not in such a subquery.
        if !substitutes || cannot || !table.invisible.is_empty() {
            return Ok(());
        }
        let parts = idents(name).unwrap_or_default();
        let (mut written, last) = (self.idents_range(&parts), parts.last().copied());
        if written.is_empty() {
            return Err(RewriteError::misplaced("a table"));
        }
        let before = self.text.trimmed(0, self.text.after(written.start)).saturating_sub(1);
        if self.is_keyword(before, Keyword::ONLY) {
            written.start = self.text.range(before).start;
        }
        let mut outputs = Outputs::default();
        let list = self.select_list(table, None, &mut outputs)?;
        let named = match (alias, last) {
            (None, Some(last)) => format!(") AS {}", &self.text.sql[self.idents_range(&[last])]),
            _ => ")".to_owned(),
        };
        let select = Piece::New(format!("(SELECT {list} FROM "));
        self.edits.replace(written.clone(), vec![select, Piece::Copy(written), Piece::New(named)]);
        let end = relation.source.end;
        relation.kind = RelationKind::Derived(outputs.with_names(&names));
        relation.schema = None;
        relation.is_substituted = true;
        relation.has_column_aliases = !names.is_empty();
        self.remove_not_indexed(end);
        Ok(())
    }

    /// Returns true if the text locks the rows that it reads.
    fn locks_rows(&self) -> bool {
        let words: Vec<String> = self
            .text
            .tokens()
            .iter()
            .filter_map(|token| match &token.token {
                Token::Word(word) => Some(word.value.to_ascii_uppercase()),
                _ => None,
            })
            .collect();
        words.windows(2).any(|two| {
            matches!(
                [two[0].as_str(), two[1].as_str()],
                ["FOR", "UPDATE" | "SHARE"] | ["LOCK", "IN"]
            )
        })
    }
}
