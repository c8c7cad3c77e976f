//! `NATURAL JOIN`: it joins by the columns that both tables have, and so it means something else once one of
//! them has another name. No text names the column.

use super::mentions::{Setting, Sure};
use super::table_references::{Relation, begins_query, relations};
use super::tokens::Piece;
use crate::database::catalog::uses::subject::Named;

/// Tells if a statement joins the table by the column, or would join it by the new name.
pub(in crate::database::catalog::uses) fn joins_naturally(
    setting: Setting,
    statement: &[Piece],
) -> Sure {
    if !statement.iter().any(|piece| piece.is("NATURAL")) {
        return Sure::No;
    }
    let subject = setting.subject;
    let relations = relations(statement);
    let is_ours =
        |relation: &&Relation| subject.is_table(&relation.parts, setting.home) != Named::No;
    let (ours, others): (Vec<_>, Vec<_>) = relations.iter().partition(is_ours);
    let has_it = |relation: &Relation| {
        let name = relation.parts.last().map_or("", String::as_str);
        relation.is_derived || subject.sharers.iter().any(|own| subject.same_table(own, name))
    };
    let has_query = statement
        .windows(2)
        .any(|two| two[0] == Piece::Open && begins_query(two.get(1)) && two[1] != Piece::Open);
    let shares = ours.len() > 1 || has_query || others.into_iter().any(has_it);
    if ours.is_empty() || !shares { Sure::No } else { Sure::Perhaps }
}
