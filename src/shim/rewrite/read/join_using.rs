//! Finds joins that compare columns of one name: `NATURAL` and `USING`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT title FROM users JOIN posts USING (handle)
//! -- becomes
//! SELECT title
//! FROM (SELECT "id", "username" AS "handle", "email" FROM users) AS users JOIN posts
//! USING (handle)
//! ```

use sqlparser::ast::{Join, JoinConstraint, JoinOperator, TableWithJoins};

use crate::shim::rewrite::resolve::{Relation, RelationKind, idents};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl Rewriter<'_> {
    /// Returns true if one of the joins can compare a renamed column by its name, or decides the order
    /// of a `*`.
    pub(super) fn joins_by_name(&self, table: &TableWithJoins, has_star: bool) -> bool {
        table.joins.iter().any(|join| match constraint(join) {
            Ok(JoinConstraint::Natural) => true,
            Ok(JoinConstraint::Using(columns)) => {
                has_star
                    || columns.iter().any(|column| {
                        let name = idents(column).and_then(|parts| parts.last().copied());
                        name.is_some_and(|name| self.is_mapped_column(&self.fold(name)))
                    })
            }
            _ => false,
        })
    }

    /// Returns true if these relations can show a renamed column under another name than the code's.
    pub(super) fn may_differ(&self, relations: &[Relation<'_>]) -> bool {
        relations.iter().any(|relation| match &relation.kind {
            RelationKind::Mapped(_) | RelationKind::Pending => true,
            RelationKind::Derived(outputs) => outputs.columns.iter().any(|column| {
                column.pair.is_some_and(|pair| {
                    !self.dialect.same_column(pair.side(pair.code).as_str(), &column.name)
                })
            }),
            RelationKind::Unmapped(_) | RelationKind::Unknown => false,
        })
    }
}

/// Returns true if a renamed column can be among the columns of these relations.
pub(super) fn may_have_renamed(relations: &[Relation<'_>]) -> bool {
    relations.iter().any(|relation| match &relation.kind {
        RelationKind::Mapped(_) | RelationKind::Pending => true,
        RelationKind::Derived(outputs) => {
            outputs.columns.iter().any(|column| column.pair.is_some())
        }
        RelationKind::Unmapped(_) | RelationKind::Unknown => false,
    })
}

/// The condition of a join.
pub(super) fn constraint(join: &Join) -> Result<&JoinConstraint> {
    use JoinOperator as J;
    match &join.join_operator {
        J::Join(constraint)
        | J::Inner(constraint)
        | J::Left(constraint)
        | J::LeftOuter(constraint)
        | J::Right(constraint)
        | J::RightOuter(constraint)
        | J::FullOuter(constraint)
        | J::CrossJoin(constraint)
        | J::StraightJoin(constraint) => Ok(constraint),
        _ => Err(RewriteError::unsupported("a join of this kind")),
    }
}
