//! Checks that no mapped name was missed: a walk notes each that it has understood, and one that is
//! left over refuses the statement.

use std::ops::Range;

use sqlparser::ast::{ArrayElemTypeDef as Elem, DataType, Ident, ObjectName, ObjectNamePart};

use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl Rewriter<'_> {
    fn is_mapped_name(&self, name: &str) -> bool {
        self.is_mapped_column(name) || self.is_mapped_table(name)
    }

    /// Notes that an identifier with a mapped name is understood, and stays as it is.
    pub(crate) fn leave_unchanged(&mut self, ident: &Ident) -> Result {
        if self.is_mapped_name(&self.fold(ident)) {
            let at = self.text.ident(ident)?;
            self.understood[at] = true;
        }
        Ok(())
    }

    pub(crate) fn leave_all_unchanged<'i>(
        &mut self,
        idents: impl IntoIterator<Item = &'i Ident>,
    ) -> Result {
        idents.into_iter().try_for_each(|ident| self.leave_unchanged(ident))
    }

    pub(crate) fn leave_name_unchanged(&mut self, name: &ObjectName) -> Result {
        for part in &name.0 {
            match part {
                ObjectNamePart::Identifier(ident) => self.leave_unchanged(ident)?,
                ObjectNamePart::Function(_) => {
                    return Err(RewriteError::unsupported("a name computed by a function"));
                }
            }
        }
        Ok(())
    }

    /// A type's name may be one of a renamed column's, as enums often are.
    pub(crate) fn leave_type_unchanged(&mut self, data_type: &DataType) -> Result {
        match data_type {
            // A value of a table's row type has the physical columns.
            DataType::Custom(name, _) if self.mapped_table(name).is_some() => {
                Err(RewriteError::unsupported("the row type of the table"))
            }
            DataType::Custom(name, _) => self.leave_name_unchanged(name),
            DataType::Array(
                Elem::AngleBracket(inner)
                | Elem::SquareBracket(inner, _)
                | Elem::Parenthesis(inner)
                | Elem::Qualified(inner, _),
            ) => self.leave_type_unchanged(inner),
            // Any other type with a name in it is left over, and refused.
            _ => Ok(()),
        }
    }

    /// Notes that every mapped name in these tokens is understood.
    pub(crate) fn leave_tokens_unchanged(&mut self, tokens: Range<usize>) {
        for understood in self.understood.get_mut(tokens).into_iter().flatten() {
            *understood = true;
        }
    }

    /// Refuses the text where a mapped name is left that the walk has not come across.
    pub(crate) fn check_nothing_missed(&self) -> Result {
        for (at, understood) in self.understood.iter().enumerate() {
            if !understood && self.word(at).is_some_and(|word| self.is_mapped_name(&word)) {
                let raw = &self.text.sql[self.text.range(at)];
                return Err(RewriteError::unsupported(format!("`{raw}` in this position")));
            }
        }
        Ok(())
    }
}
