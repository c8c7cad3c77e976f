//! Inserts values that differ each time they are computed: a `WITH` list computes each of them
//! once.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! INSERT INTO users (id, handle) VALUES (1, random())
//! -- becomes
//! WITH once0 AS MATERIALIZED (SELECT random() AS v)
//! INSERT INTO users (id, "handle", "username")
//! VALUES (1, (SELECT v FROM once0), (SELECT v FROM once0))
//! ```

use sqlparser::ast::{Insert, Query};

use super::value::ComputedValue;
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::write::column_pair_values::texts_for;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl Rewriter<'_> {
    /// Computes values of an insert's rows before it, each once, and puts them in two columns.
    ///
    /// Everything else in the rows stays where it is: there alone `DEFAULT` is understood, and a
    /// parameter gets the type of its column.
    pub(crate) fn insert_computed_once(
        &mut self,
        insert: &Insert,
        source: Option<&Query>,
        values: Vec<ComputedValue<'_>>,
    ) -> Result {
        let Some(last) = values.last().map(|last| last.bytes.clone()) else { return Ok(()) };
        let misplaced = || RewriteError::misplaced("INSERT");
        let (range, mut at, before, after) =
            if let Some(with) = source.and_then(|source| source.with.as_ref()) {
                let end = with.cte_tables.last().ok_or_else(misplaced)?.closing_paren_token.0.span;
                let end = self.text.range(self.text.token_at(end).ok_or_else(misplaced)?);
                (end.start..last.end, end.end, ")", "")
            } else {
                let start = self.text.token_at(insert.insert_token.0.span).ok_or_else(misplaced)?;
                let end = self.text.trimmed(0, start);
                if end.checked_sub(1).is_some_and(|end| self.with_list_ends.contains(&end)) {
                    let end = self.text.range(end - 1);
                    (end.start..last.end, end.end, ")", "")
                } else {
                    let start = self.text.range(start).start;
                    (start..last.end, start, "WITH", " ")
                }
            };
        let name = self.unused_name();
        let (mut pieces, mut rows) = (vec![Piece::New(before.to_owned())], Vec::new());
        for (number, ComputedValue { pair, bytes, value, around }) in values.into_iter().enumerate()
        {
            let comma = if number == 0 && before == "WITH" { " " } else { ", " };
            pieces.push(Piece::New(format!("{comma}{name}{number} AS MATERIALIZED (SELECT ")));
            pieces.push(value);
            pieces.push(Piece::New(" AS v)".to_owned()));
            let read = format!("(SELECT v FROM {name}{number})");
            rows.push(Piece::Copy(at..bytes.start));
            rows.push(Piece::New(format!("{}{}{}", around.0, texts_for(pair, &read), around.1)));
            at = bytes.end;
        }
        pieces.push(Piece::New(after.to_owned()));
        pieces.append(&mut rows);
        self.edits.replace(range, pieces);
        Ok(())
    }
}
