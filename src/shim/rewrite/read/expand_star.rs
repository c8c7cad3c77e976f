//! Expands `*` and `table.*` to the columns that the code knows.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT * FROM users
//! -- becomes
//! SELECT "id", "username" AS "handle", "email" FROM users
//! ```

use sqlparser::ast::{
    ObjectName, SelectItemQualifiedWildcardKind as Of, WildcardAdditionalOptions,
};
use sqlparser::tokenizer::Token;

use super::naming::Naming;
use crate::shim::rewrite::resolve::{ExprContext, Outputs, Relation, RelationKind, idents};
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

/// The tables whose columns a `*` stands for.
struct Starred<'s, 'm> {
    /// The first byte of `*` or of `table.*`.
    start: usize,
    relations: Vec<&'s Relation<'m>>,
    /// The text before the `.`.
    qualifier: Option<String>,
}

impl<'a> Rewriter<'a> {
    /// Maps `*` or `table.*`: over a mapped table it becomes a list in which each renamed column
    /// is once.
    pub(super) fn star(
        &mut self,
        of: Option<&Of>,
        options: &WildcardAdditionalOptions,
        context: ExprContext<'_, 'a>,
        naming: Naming,
        outputs: &mut Outputs<'a>,
    ) -> Result {
        let star = self.star_token(options)?;
        let end = self.text.range(star).end;
        let starred = match of {
            None => {
                let all = context.scope.relations.iter().filter(|r| !r.qualified_only);
                Starred {
                    start: self.text.range(star).start,
                    relations: all.collect(),
                    qualifier: None,
                }
            }
            Some(Of::ObjectName(name)) => {
                let Some(starred) = self.starred_relation(name, context)? else {
                    outputs.open = true;
                    return Ok(());
                };
                starred
            }
            Some(Of::Expr(_)) => return Err(RewriteError::unsupported("`*` of an expression")),
        };
        let is = |test: fn(&RelationKind<'a>) -> bool| {
            starred.relations.iter().any(|relation| test(&relation.kind))
        };
        if is(|kind| matches!(kind, RelationKind::Pending)) {
            return Err(RewriteError::unsupported("`*` of a query that refers to itself"));
        }
        let merged = context.scope.has_merged_columns && of.is_none();
        if !is(|kind| matches!(kind, RelationKind::Mapped(_))) || naming == Naming::Exists {
            starred.relations.iter().for_each(|relation| expose(relation, outputs));
            outputs.open |= merged;
            return Ok(());
        }
        if merged {
            return Err(RewriteError::unsupported("`*` of tables joined by USING or NATURAL"));
        }
        let list = self.columns_of(&starred, outputs)?;
        self.edits.replace(starred.start..end, vec![Piece::New(list)]);
        Ok(())
    }

    /// The token `*`, which has nothing behind it and is not in parentheses.
    fn star_token(&self, options: &WildcardAdditionalOptions) -> Result<usize> {
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
        Ok(token)
    }

    /// The relation of `name.*`; `None` where it is none in scope.
    fn starred_relation<'s>(
        &mut self,
        name: &ObjectName,
        context: ExprContext<'s, 'a>,
    ) -> Result<Option<Starred<'s, 'a>>> {
        let parts =
            idents(name).ok_or_else(|| RewriteError::unsupported("a computed table name"))?;
        self.leave_name_unchanged(name)?;
        let Some((table, schema)) = parts.split_last() else {
            return Err(RewriteError::misplaced("`*`"));
        };
        let Some(relation) = self.relation(schema.last().copied(), table, context.scope)? else {
            return self.refuse_mapped(table.value.as_str()).map(|()| None);
        };
        let written = self.idents_range(&parts);
        if written.is_empty() {
            return Err(RewriteError::misplaced("`*`"));
        }
        let start = written.start;
        let qualifier = Some(self.text.sql[written].to_owned());
        Ok(Some(Starred { start, relations: vec![relation], qualifier }))
    }

    /// The select list that has the same columns as `*`, as the code knows them.
    fn columns_of(&self, starred: &Starred<'_, 'a>, outputs: &mut Outputs<'a>) -> Result<String> {
        let mut list = Vec::new();
        let alone = starred.relations.len() == 1;
        for relation in &starred.relations {
            let source = match &starred.qualifier {
                Some(qualifier) => qualifier.as_str(),
                None => &self.text.sql[relation.source.clone()],
            };
            if source.is_empty() && !alone {
                return Err(RewriteError::unsupported("`*` of a subquery without a name"));
            }
            if let RelationKind::Mapped(table) = relation.kind {
                let qualifier = (!alone || starred.qualifier.is_some()).then_some(source);
                list.push(self.select_list(table, qualifier, outputs)?);
            } else {
                expose(relation, outputs);
                list.push(format!("{source}.*"));
            }
        }
        Ok(list.join(", "))
    }

    fn refuse_mapped(&self, table: &str) -> Result {
        if self.is_mapped_table(table) {
            return Err(RewriteError::unsupported(format!("`{table}.*` of no table in scope")));
        }
        Ok(())
    }
}

/// Adds the columns of a relation that is not mapped to those of a query.
pub(super) fn expose<'m>(relation: &Relation<'m>, outputs: &mut Outputs<'m>) {
    match &relation.kind {
        RelationKind::Derived(inner) => outputs.append(inner),
        RelationKind::Unmapped(table) => outputs.further.push(table.clone()),
        RelationKind::Mapped(_) | RelationKind::Unknown | RelationKind::Pending => {
            outputs.open = true;
        }
    }
}
