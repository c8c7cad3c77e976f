//! Makes a query whose values are assigned to several columns give some of them twice.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! UPDATE users SET (email, handle) = (SELECT author, title FROM posts LIMIT 1)
//! -- becomes
//! UPDATE users
//! SET (email, "handle", "username") = (SELECT c0, c1, c1
//!     FROM (SELECT *
//!         FROM (SELECT author, title FROM posts LIMIT 1) AS y OFFSET 0) AS x(c0, c1))
//! ```

use std::ops::Range;

use crate::Dialect;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::rewrite::Rewriter;
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::write::column_pair_values::texts_for;

impl Rewriter<'_> {
    /// Makes a query of `count` columns give some of them twice, each computed once.
    pub(crate) fn select_dual(
        &mut self,
        query: Range<usize>,
        count: usize,
        dual: &[(usize, &MappedColumn)],
    ) {
        let names: Vec<String> = (0..count).map(|at| format!("c{at}")).collect();
        let mut read = names.clone();
        for (at, pair) in dual {
            read[*at] = texts_for(pair, &format!("c{at}"));
        }
        let (names, read) = (names.join(", "), read.join(", "));
        let (before, after) = if self.dialect == Dialect::Postgres {
            (
                format!("(SELECT {read} FROM (SELECT * FROM "),
                format!(" AS y OFFSET 0) AS x({names}))"),
            )
        } else {
            let once = self.unused_name();
            (
                format!("(WITH {once}({names}) AS MATERIALIZED "),
                format!(" SELECT {read} FROM {once})"),
            )
        };
        let pieces = vec![Piece::New(before), Piece::Copy(query.clone()), Piece::New(after)];
        self.edits.replace(query, pieces);
    }
}
