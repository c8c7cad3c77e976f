//! The context of an expression: its scope, its clause, and the common table expressions that it
//! sees.

use super::cte::{Ctes, Env};
use super::scope::Scope;

/// The clause of a `SELECT` in which a name is: output columns are visible in some of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clause {
    Projection,
    Plain,
    Group,
    Having,
    Order,
}

/// Where an expression stands.
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

    /// The environment of a query in this expression.
    pub(crate) fn env(self) -> Env<'s, 'm> {
        Env { outer: Some(self.scope), ctes: self.ctes.clone() }
    }
}
