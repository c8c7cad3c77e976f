use std::rc::Rc;

use super::output_columns::Outputs;
use super::scope::Scope;

/// Where in a `SELECT` a name is: the names of output columns are visible in some places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clause {
    Projection,
    Plain,
    Group,
    Having,
    Order,
}

/// Where an expression is.
#[derive(Clone, Copy)]
pub(crate) struct ExprContext<'s, 'm> {
    pub(crate) scope: &'s Scope<'s, 'm>,
    pub(crate) ctes: &'s Ctes<'m>,
    pub(crate) clause: Clause,
}

impl<'s, 'm> ExprContext<'s, 'm> {
    pub(crate) fn new(scope: &'s Scope<'s, 'm>, ctes: &'s Ctes<'m>) -> Self {
        Self { scope, ctes, clause: Clause::Plain }
    }

    pub(crate) fn within(self, clause: Clause) -> Self {
        Self { clause, ..self }
    }

    /// What surrounds a query at this place.
    pub(crate) fn env(self) -> Env<'s, 'm> {
        Env { outer: Some(self.scope), ctes: self.ctes.clone() }
    }
}

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

/// What surrounds a query.
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
