//! The common table expressions that a query sees, and the scope around it.

use std::rc::Rc;

use super::output_columns::Outputs;
use super::scope::Scope;

/// A common table expression.
#[derive(Debug)]
pub(crate) struct Cte<'m> {
    pub(crate) name: String,
    /// `None` while it is not known.
    pub(crate) outputs: Option<Outputs<'m>>,
    pub(crate) outer: Ctes<'m>,
}

/// The common table expressions in scope, the innermost first.
pub(crate) type Ctes<'m> = Option<Rc<Cte<'m>>>;

/// The environment of a query: what surrounds it.
#[derive(Clone)]
pub(crate) struct Env<'s, 'm> {
    pub(crate) outer: Option<&'s Scope<'s, 'm>>,
    pub(crate) ctes: Ctes<'m>,
}

impl<'m> Env<'_, 'm> {
    pub(crate) fn add_cte(&mut self, name: String, outputs: Option<Outputs<'m>>) {
        self.ctes = Some(Rc::new(Cte { name, outputs, outer: self.ctes.take() }));
    }

    pub(super) fn cte(&self, same: impl Fn(&str) -> bool) -> Option<&Cte<'m>> {
        let mut next = self.ctes.as_deref();
        while let Some(cte) = next {
            if same(&cte.name) {
                return Some(cte);
            }
            next = cte.outer.as_deref();
        }
        None
    }
}
