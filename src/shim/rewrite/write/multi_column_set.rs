//! `SET (a, b) = …`.

use std::ops::Range;

use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectName};
use sqlparser::tokenizer::Token;

use super::set::Seen;
use super::target::Target;
use super::volatility::duplicable;
use crate::model::Identifier;
use crate::shim::mapping::MappedColumn;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::read::function::names_row;
use crate::shim::rewrite::resolve::context::Place;
use crate::shim::rewrite::resolve::identifiers::idents;
use crate::shim::rewrite::rewriter::{Done, Rewriter};
use crate::shim::rewrite::source::edits::Piece;

/// An assignment to several columns.
#[derive(Clone, Copy)]
pub(super) struct Assigned<'e> {
    pub(crate) names: &'e [ObjectName],
    pub(crate) value: &'e Expr,
    /// A token behind the assignment.
    pub(crate) until: usize,
}

/// One of its columns.
struct Member<'e, 'm> {
    ident: &'e Ident,
    /// The bytes of its whole name.
    name: Range<usize>,
    pair: Option<&'m MappedColumn>,
}

impl<'a> Rewriter<'a> {
    pub(super) fn tuple<'e>(
        &mut self,
        tuple: &Assigned<'e>,
        seen: &mut Vec<Seen<'e, 'a>>,
        target: Target<'a>,
        place: Place<'_, 'a>,
    ) -> Done {
        let Assigned { names, value, until } = *tuple;
        self.expr(value, place)?;
        let mut members = Vec::with_capacity(names.len());
        for name in names {
            self.keep_name(name)?;
            let assigned = self.assigned(name, target, place)?;
            let parts = idents(name).unwrap_or_default();
            let ident = parts.last().copied().ok_or_else(|| RewriteError::misplaced("a name"))?;
            let pair = assigned.map(|(pair, _)| pair);
            if let Some(pair) = pair
                && !self.is_element(ident, pair)?
            {
                if seen.iter().any(|earlier| earlier.pair == pair) {
                    return Err(self.conflicting(pair));
                }
                seen.push(Seen { pair, value });
            }
            members.push(Member { ident, name: self.extent(&parts), pair });
        }
        let is_twice =
            |member: &Member<'_, 'a>| member.pair.is_some_and(|pair| pair.written().count() > 1);
        let twice: Vec<usize> = (0..members.len()).filter(|at| is_twice(&members[*at])).collect();
        let Some(last) = members.last().filter(|_| !twice.is_empty()) else {
            return self.rename_members(&members);
        };
        for member in &members {
            if self.element(member.ident)?.1 {
                return Err(RewriteError::unsupported(
                    "a part of one column and all of a column that is written twice, in one list",
                ));
            }
        }
        let mut bytes = self.assigned_value(last.ident, value, until)?;
        if let Expr::Subquery(_) = value {
            self.select_twice(bytes, names.len(), &twice);
            return self.rename_members(&members);
        }
        let values = elements_of(value)
            .ok_or_else(|| RewriteError::unsupported("several columns set from one value"))?;
        if let Expr::Function(_) = value {
            // Behind `ROW`.
            bytes.start += self.text.sql[bytes.clone()].find('(').unwrap_or_default();
        }
        let elements = self.elements(bytes.clone(), values.len())?;
        if values.len() != members.len() {
            return Err(RewriteError::unsupported("not as many values as columns"));
        }
        let default = |at: usize| {
            members[at].pair.is_some_and(|pair| Self::default_of(pair, values[at]).is_some())
        };
        if twice.iter().all(|at| duplicable(values[*at]) && !default(*at)) {
            for at in twice {
                self.duplicate_bytes(&elements[at]);
            }
            return self.rename_members(&members);
        }
        self.one_by_one(&members, &elements, &values, bytes.end, place)
    }

    /// Names the columns written instead of each renamed one.
    fn rename_members(&mut self, members: &[Member<'_, 'a>]) -> Done {
        for Member { ident, pair, .. } in members {
            let Some(pair) = pair else { continue };
            let written: Vec<&Identifier> = pair.written().collect();
            if let [only] = written.as_slice() {
                self.rename(ident, only, None)?;
            } else {
                let bytes = self.place(ident)?;
                self.edits.replace(bytes, vec![Piece::New(self.quoted_list(&written))]);
            }
        }
        Ok(())
    }

    /// Makes an assignment of each element: one that may differ when it is computed twice needs a
    /// query of its own, and parameters keep the types of their columns.
    fn one_by_one(
        &mut self,
        members: &[Member<'_, 'a>],
        elements: &[Range<usize>],
        values: &[&Expr],
        end: usize,
        place: Place<'_, 'a>,
    ) -> Done {
        let first = members.first().ok_or_else(|| RewriteError::misplaced("a name"))?;
        let open = self.text.trimmed(0, self.text.ident(first.ident)?).saturating_sub(1);
        if !self.text.is(open, &Token::LParen) {
            return Err(RewriteError::misplaced(first.ident.to_string()));
        }
        let mut pieces = Vec::new();
        for (at, (Member { name, pair, .. }, element)) in members.iter().zip(elements).enumerate() {
            if at > 0 {
                pieces.push(Piece::New(", ".to_owned()));
            }
            let written: Vec<&Identifier> = pair.iter().flat_map(|pair| pair.written()).collect();
            let default = pair.and_then(|pair| Self::default_of(pair, values[at]));
            let again = default.is_none() && duplicable(values[at]);
            match pair {
                Some(pair) if written.len() > 1 && !again => {
                    let value = default.unwrap_or_else(|| Piece::Copy(element.clone()));
                    pieces.append(&mut self.once(pair, value, place)?);
                }
                Some(_) => {
                    for (number, column) in written.into_iter().enumerate() {
                        let comma = if number > 0 { ", " } else { "" };
                        let column = self.dialect.quote(column);
                        pieces.push(Piece::New(format!("{comma}{column} = ")));
                        pieces.push(Piece::Copy(element.clone()));
                    }
                }
                None => {
                    pieces.push(Piece::Copy(name.clone()));
                    pieces.push(Piece::New(" = ".to_owned()));
                    pieces.push(Piece::Copy(element.clone()));
                }
            }
        }
        self.edits.replace(self.text.place(open).start..end, pieces);
        Ok(())
    }
}

/// The elements of `(x, y)` or `ROW(x, y)`.
fn elements_of(value: &Expr) -> Option<Vec<&Expr>> {
    match value {
        Expr::Tuple(values) => Some(values.iter().collect()),
        Expr::Function(function) if names_row(&function.name) => {
            let FunctionArguments::List(list) = &function.args else { return None };
            let element = |arg| match arg {
                &FunctionArg::Unnamed(FunctionArgExpr::Expr(ref expr)) => Some(expr),
                _ => None,
            };
            list.args.iter().map(element).collect()
        }
        _ => None,
    }
}
