use std::ops::Range;

use sqlparser::ast::{ArrayElemTypeDef as Elem, DataType, Ident, ObjectName, ObjectNamePart};

use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl<'a> Rewriter<'a> {
    fn is_watched(&self, name: &str) -> bool {
        self.is_mapped_column(name) || self.is_mapped_table(name)
    }

    /// Notes that an identifier with a mapped name is understood, and stays as it is.
    pub(crate) fn keep(&mut self, ident: &Ident) -> Done {
        if self.is_watched(&self.fold(ident)) {
            let at = self.text.ident(ident)?;
            self.understood[at] = true;
        }
        Ok(())
    }

    pub(crate) fn keep_all<'i>(&mut self, idents: impl IntoIterator<Item = &'i Ident>) -> Done {
        idents.into_iter().try_for_each(|ident| self.keep(ident))
    }

    pub(crate) fn keep_name(&mut self, name: &ObjectName) -> Done {
        for part in &name.0 {
            match part {
                ObjectNamePart::Identifier(ident) => self.keep(ident)?,
                ObjectNamePart::Function(_) => {
                    return Err(RewriteError::unsupported("a name computed by a function"));
                }
            }
        }
        Ok(())
    }

    /// A type's name may be one of a renamed column's, as enums often are.
    pub(crate) fn keep_type(&mut self, data_type: &DataType) -> Done {
        match data_type {
            // A value of a table's row type has the physical columns.
            DataType::Custom(name, _) if self.mapped_table(name).is_some() => {
                Err(RewriteError::unsupported("the row type of the table"))
            }
            DataType::Custom(name, _) => self.keep_name(name),
            DataType::Array(
                Elem::AngleBracket(inner)
                | Elem::SquareBracket(inner, _)
                | Elem::Parenthesis(inner)
                | Elem::Qualified(inner, _),
            ) => self.keep_type(inner),
            // Any other type with a name in it is left over, and refused.
            _ => Ok(()),
        }
    }

    /// Notes that every mapped name in these tokens is understood.
    pub(crate) fn keep_tokens(&mut self, tokens: Range<usize>) {
        for understood in self.understood.get_mut(tokens).into_iter().flatten() {
            *understood = true;
        }
    }

    /// Refuses the text where a mapped name is left that the walk has not come across.
    pub(crate) fn check_nothing_missed(&self) -> Done {
        for (at, understood) in self.understood.iter().enumerate() {
            if !understood && self.word(at).is_some_and(|word| self.is_watched(&word)) {
                let raw = &self.text.sql[self.text.place(at)];
                return Err(RewriteError::unsupported(format!("`{raw}` at this place")));
            }
        }
        Ok(())
    }
}
