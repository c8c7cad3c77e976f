use sqlparser::ast::{SelectItemQualifiedWildcardKind as Of, WildcardAdditionalOptions};
use sqlparser::tokenizer::Token;

use super::query::Naming;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::resolve::context::Place;
use crate::shim::rewrite::resolve::identifiers::idents;
use crate::shim::rewrite::resolve::output_columns::Outputs;
use crate::shim::rewrite::resolve::scope::{Kind, Relation};
use crate::shim::rewrite::rewriter::{Done, Rewriter};
use crate::shim::rewrite::source::edits::Piece;

impl<'a> Rewriter<'a> {
    /// Maps `*` or `table.*`: over a mapped table it becomes a list in which each renamed column
    /// is once.
    pub(super) fn star(
        &mut self,
        of: Option<&Of>,
        options: &WildcardAdditionalOptions,
        place: Place<'_, 'a>,
        naming: Naming,
        outputs: &mut Outputs<'a>,
    ) -> Done {
        let WildcardAdditionalOptions {
            wildcard_token,
            opt_ilike: None,
            opt_exclude: None,
            opt_except: None,
            opt_replace: None,
            opt_rename: None,
            opt_alias: None,
        } = options
        else {
            return Err(RewriteError::unsupported("`*` with options"));
        };
        let token = self
            .text
            .token_at(wildcard_token.0.span)
            .filter(|at| self.text.is(*at, &Token::Mul))
            .ok_or_else(|| RewriteError::misplaced("`*`"))?;
        let mut before = self.text.tokens().iter().take(token).rev().map(|token| &token.token);
        if before.find(|token| !matches!(token, Token::Whitespace(_))) == Some(&Token::LParen) {
            return Err(RewriteError::unsupported("`*` in parentheses"));
        }
        let end = self.text.place(token).end;
        let (start, relations, qualifier) = match of {
            None => {
                let all = place.scope.relations.iter().filter(|r| !r.qualified_only);
                (self.text.place(token).start, all.collect::<Vec<_>>(), None)
            }
            Some(Of::ObjectName(name)) => {
                let parts = idents(name)
                    .ok_or_else(|| RewriteError::unsupported("a computed table name"))?;
                self.keep_name(name)?;
                let Some((table, schema)) = parts.split_last() else {
                    return Err(RewriteError::misplaced("`*`"));
                };
                let Some(relation) = self.relation(schema.last().copied(), table, place.scope)?
                else {
                    outputs.open = true;
                    return self.refuse_mapped(table.value.as_str());
                };
                let written = self.extent(&parts);
                if written.is_empty() {
                    return Err(RewriteError::misplaced("`*`"));
                }
                (written.start, vec![relation], Some(self.text.sql[written].to_owned()))
            }
            Some(Of::Expr(_)) => return Err(RewriteError::unsupported("`*` of an expression")),
        };
        let mapped = relations.iter().any(|relation| matches!(relation.kind, Kind::Mapped(_)));
        if relations.iter().any(|relation| matches!(relation.kind, Kind::Pending)) {
            return Err(RewriteError::unsupported("`*` of a query that refers to itself"));
        }
        if !mapped || naming == Naming::Exists {
            for relation in relations {
                expose(relation, outputs);
            }
            outputs.open |= place.scope.merged && of.is_none();
            return Ok(());
        }
        if place.scope.merged && of.is_none() {
            return Err(RewriteError::unsupported("`*` of tables joined by USING or NATURAL"));
        }
        let mut list = Vec::new();
        let alone = relations.len() == 1;
        for relation in relations {
            let source = match &qualifier {
                Some(qualifier) => qualifier.as_str(),
                None => &self.text.sql[relation.source.clone()],
            };
            if source.is_empty() && !alone {
                return Err(RewriteError::unsupported("`*` of a subquery without a name"));
            }
            if let Kind::Mapped(table) = relation.kind {
                let qualifier = (!alone || of.is_some()).then_some(source);
                list.push(self.list(table, qualifier, outputs)?);
            } else {
                expose(relation, outputs);
                list.push(format!("{source}.*"));
            }
        }
        self.edits.replace(start..end, vec![Piece::New(list.join(", "))]);
        Ok(())
    }

    fn refuse_mapped(&self, table: &str) -> Done {
        if self.is_mapped_table(table) {
            return Err(RewriteError::unsupported(format!("`{table}.*` of no table in scope")));
        }
        Ok(())
    }
}

/// Adds the columns of a relation that is not mapped to those of a query.
fn expose<'m>(relation: &Relation<'m>, outputs: &mut Outputs<'m>) {
    match &relation.kind {
        Kind::Derived(inner) => outputs.append(inner),
        Kind::Mapped(_) | Kind::Unknown | Kind::Pending => outputs.open = true,
    }
}
