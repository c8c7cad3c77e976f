//! Maps a projection: each item keeps the name by which the code knows it.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT handle, email FROM users
//! -- becomes
//! SELECT "username" AS "handle", email FROM users
//! ```

use sqlparser::ast::{Ident, SelectItem};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::naming::Naming;
use super::output_name::Alias;
use super::select_item_ranges::Items;
use crate::Dialect;
use crate::shim::rewrite::resolve::{ExprContext, Outputs};
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps the items of a projection; each keeps the name that the code knows it by.
    pub(crate) fn projection(
        &mut self,
        items: &Items<'_>,
        context: ExprContext<'_, 'a>,
        naming: Naming,
    ) -> Result<Outputs<'a>> {
        let mut outputs = Outputs::default();
        let mut ranges = None;
        for (at, item) in items.items.iter().enumerate() {
            let alias = match item {
                SelectItem::ExprWithAlias { expr, alias } => {
                    self.expr(expr, context)?;
                    self.check_as(alias)?;
                    self.leave_unchanged(alias)?;
                    outputs.push_alias(self.fold(alias).into_owned());
                    continue;
                }
                SelectItem::UnnamedExpr(expr) => {
                    self.unnamed(expr, context, naming, &mut outputs)?
                }
                SelectItem::Wildcard(options) => {
                    self.star(None, options, context, naming, &mut outputs)?;
                    continue;
                }
                SelectItem::QualifiedWildcard(of, options) => {
                    self.star(Some(of), options, context, naming, &mut outputs)?;
                    continue;
                }
                SelectItem::ExprWithAliases { .. } => {
                    return Err(RewriteError::unsupported("an expression with several names"));
                }
            };
            if naming != Naming::Seen || alias == Alias::None {
                continue;
            }
            let range = if let Some(range) = self.name_item_range(item) {
                Some(range)
            } else {
                let ranges = match &mut ranges {
                    Some(ranges) => ranges,
                    none => none.insert(self.item_ranges(items)?),
                };
                ranges.get(at).cloned()
            };
            let range = range.ok_or_else(|| RewriteError::misplaced("the projection"))?;
            let name = match alias {
                Alias::Name(name) => name,
                _ => self.text.sql[range.clone()].to_owned(),
            };
            // MySQL takes no longer alias; nobody will have used such a text as a name.
            if self.dialect == Dialect::MariaDb && name.chars().count() > 256 {
                continue;
            }
            let quoted = self.dialect.quote(&Self::identifier(&name)?);
            let pieces = vec![Piece::Copy(range.clone()), Piece::New(format!(" AS {quoted}"))];
            self.edits.replace(range, pieces);
        }
        Ok(outputs)
    }

    /// Refuses a mapped column's name as an alias without `AS`: a modifier of `SELECT` that the
    /// parser does not know would make it read the column so.
    fn check_as(&self, alias: &Ident) -> Result {
        if self.is_mapped_column(&self.fold(alias)) {
            let at = self.text.trimmed(0, self.text.ident(alias)?);
            if !at.checked_sub(1).is_some_and(|before| self.is_keyword(before, Keyword::AS)) {
                return Err(RewriteError::unsupported("a renamed column as an alias without AS"));
            }
        }
        Ok(())
    }

    pub(super) fn is_keyword(&self, at: usize, keyword: Keyword) -> bool {
        self.text.tokens().get(at).is_some_and(|token| {
            matches!(&token.token, Token::Word(word)
                if word.keyword == keyword && word.quote_style.is_none())
        })
    }
}
