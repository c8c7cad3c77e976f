//! Names given with `AS`, where a clause sees them beside the columns.

use super::context::{Clause, ExprContext};
use crate::Dialect;
use crate::shim::rewrite::Rewriter;

impl<'a> Rewriter<'a> {
    /// Returns true if a name that no table has is one given with `AS`, in a clause that sees those.
    pub(super) fn is_alias(&self, name: &str, context: ExprContext<'_, 'a>) -> bool {
        let seen = match self.dialect {
            Dialect::Sqlite => context.clause != Clause::Projection,
            Dialect::Postgres => context.clause == Clause::Group,
            Dialect::MariaDb => {
                matches!(context.clause, Clause::Group | Clause::Having | Clause::Order)
            }
        };
        seen && context.scope.aliases.iter().any(|(alias, _)| self.dialect.same_column(alias, name))
    }

    /// Returns true if a name given with `AS` could be meant rather than the column. The column comes first,
    /// but only the name that the code uses was certainly a column. MySQL and MariaDB differ in
    /// HAVING, and take the other in ORDER BY.
    pub(super) fn alias_may_win(&self, clause: Clause, certain: bool) -> bool {
        match self.dialect {
            Dialect::Sqlite => clause != Clause::Projection && !certain,
            Dialect::Postgres => clause == Clause::Group && !certain,
            Dialect::MariaDb => {
                clause == Clause::Group && !certain
                    || matches!(clause, Clause::Having | Clause::Order)
            }
        }
    }
}
