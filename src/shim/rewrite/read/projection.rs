use sqlparser::ast::{Ident, SelectItem};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::item_ranges::Items;
use super::output_name::Alias;
use super::query::Naming;
use crate::Dialect;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::resolve::context::Place;
use crate::shim::rewrite::resolve::output_columns::Outputs;
use crate::shim::rewrite::rewriter::{Done, Rewriter};
use crate::shim::rewrite::source::edits::Piece;

impl<'a> Rewriter<'a> {
    /// Maps the items of a projection; each keeps the name that the code knows it by.
    pub(crate) fn projection(
        &mut self,
        items: &Items<'_>,
        place: Place<'_, 'a>,
        naming: Naming,
    ) -> Done<Outputs<'a>> {
        let mut outputs = Outputs::default();
        let mut extents = None;
        for (at, item) in items.items.iter().enumerate() {
            let alias = match item {
                SelectItem::ExprWithAlias { expr, alias } => {
                    self.expr(expr, place)?;
                    self.check_as(alias)?;
                    self.keep(alias)?;
                    outputs.push_alias(self.fold(alias).into_owned());
                    continue;
                }
                SelectItem::UnnamedExpr(expr) => self.unnamed(expr, place, naming, &mut outputs)?,
                SelectItem::Wildcard(options) => {
                    self.star(None, options, place, naming, &mut outputs)?;
                    continue;
                }
                SelectItem::QualifiedWildcard(of, options) => {
                    self.star(Some(of), options, place, naming, &mut outputs)?;
                    continue;
                }
                SelectItem::ExprWithAliases { .. } => {
                    return Err(RewriteError::unsupported("an expression with several names"));
                }
            };
            if naming != Naming::Seen || alias == Alias::None {
                continue;
            }
            let extent = if let Some(extent) = self.extent_of_name(item) {
                Some(extent)
            } else {
                let extents = match &mut extents {
                    Some(extents) => extents,
                    none => none.insert(self.extents(items)?),
                };
                extents.get(at).cloned()
            };
            let extent = extent.ok_or_else(|| RewriteError::misplaced("the projection"))?;
            let name = match alias {
                Alias::Name(name) => name,
                _ => self.text.sql[extent.clone()].to_owned(),
            };
            // MySQL takes no longer alias; nobody will have used such a text as a name.
            if self.dialect == Dialect::Mysql && name.chars().count() > 256 {
                continue;
            }
            let quoted = self.dialect.quote(&Self::identifier(&name)?);
            let pieces = vec![Piece::Copy(extent.clone()), Piece::New(format!(" AS {quoted}"))];
            self.edits.replace(extent, pieces);
        }
        Ok(outputs)
    }

    /// Refuses a mapped column's name as an alias without `AS`: a modifier of `SELECT` that the
    /// parser does not know would make it read the column so.
    fn check_as(&self, alias: &Ident) -> Done {
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
