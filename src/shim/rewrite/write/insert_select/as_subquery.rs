//! Computes the query of an insert once, as a subquery, on PostgreSQL.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! INSERT INTO users (id, handle) SELECT $1, random() FROM posts
//! -- becomes
//! INSERT INTO users (id, "handle", "username")
//! SELECT $1, c1, c1
//! FROM (SELECT * FROM (SELECT NULL, random() FROM posts) AS y OFFSET 0) AS once(c0, c1)
//! ```

use std::ops::Range;

use sqlparser::ast::{Expr, Query, SelectItem, SetExpr};

use super::wrap_query::{Numbered, SourceQuery};
use crate::shim::rewrite::read::Items;
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::write::DualColumn;
use crate::shim::rewrite::write::column_pair_values::values_for;
use crate::shim::rewrite::{Result, Rewriter};

impl Rewriter<'_> {
    /// Selects the values from the query, which becomes a subquery. `OFFSET 0` keeps the planner
    /// from putting a value in both columns.
    ///
    /// A literal or a parameter within a subquery has the type `text`, so it is moved out of it.
    pub(super) fn select_from_subquery(
        &mut self,
        source: &Query,
        found: &SourceQuery,
        columns: Numbered,
        dual: &[DualColumn<'_>],
    ) -> Result {
        let SourceQuery { bytes, .. } = found;
        let Numbered { names, read, defaults, query_name, .. } = columns;
        let mut pieces: Vec<Piece> = found.with_list().into_iter().collect();
        pieces.push(Piece::New(" SELECT ".to_owned()));
        let constants = self.constants(&source.body)?;
        for (at, read) in read.into_iter().enumerate() {
            if at > 0 {
                pieces.push(Piece::New(", ".to_owned()));
            }
            match constants.iter().find(|(constant, _)| *constant == at) {
                Some((_, value)) => {
                    let value = [Piece::Copy(value.clone())];
                    match dual.iter().find(|dual| dual.at == at) {
                        Some(dual) => pieces.append(&mut values_for(dual.pair, &value, false)),
                        None => pieces.extend_from_slice(&value),
                    }
                }
                None => pieces.push(Piece::New(read)),
            }
        }
        pieces.push(Piece::New(format!(" FROM (SELECT *{defaults} FROM (")));
        let mut at = found.body;
        for (_, value) in constants {
            pieces.push(Piece::Copy(at..value.start));
            pieces.push(Piece::New("NULL".to_owned()));
            at = value.end;
        }
        pieces.push(Piece::Copy(at..bytes.end));
        let names = names.join(", ");
        pieces.push(Piece::New(format!(") AS y OFFSET 0) AS {query_name}({names})")));
        self.edits.replace(bytes.clone(), pieces);
        Ok(())
    }

    /// The literals and parameters among the values of a `SELECT`, by their number. Only outside of
    /// a subquery does PostgreSQL give them the types of the columns that they are for.
    fn constants(&self, body: &SetExpr) -> Result<Vec<(usize, Range<usize>)>> {
        let SetExpr::Select(select) = body else { return Ok(Vec::new()) };
        let star = |item: &SelectItem| {
            matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..))
        };
        if select.projection.iter().any(star) {
            return Ok(Vec::new());
        }
        let ranges = self.item_ranges(&Items::of_select(select))?;
        let constant = |(at, item): (usize, &SelectItem)| match item {
            SelectItem::UnnamedExpr(Expr::Value(_)) => Some((at, ranges.get(at)?.clone())),
            _ => None,
        };
        Ok(select.projection.iter().enumerate().filter_map(constant).collect())
    }
}
