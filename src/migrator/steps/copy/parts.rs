//! The parts of a table that are still to be copied: one, unless several batches run at the same
//! time.

use serde::{Deserialize, Serialize};

use super::cursor::Cursor;

/// The rest of a walk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// By number; `None` if a part is finished.
    parts: Vec<Option<Part>>,
    /// Rows of the parts that are finished.
    rows: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    cursor: Cursor,
    taken: bool,
}

/// The form in `handover_backfills`. A walk of one part is stored as it was before there were several,
/// so that a copy that an earlier release began can resume.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored {
    One(Cursor),
    Several(Several),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Several {
    parts: Vec<Cursor>,
    rows: u64,
}

impl Parts {
    pub fn of(cursors: Vec<Cursor>, rows: u64) -> Self {
        let part = |cursor| Some(Part { cursor, taken: false });
        Self { parts: cursors.into_iter().map(part).collect(), rows }
    }

    pub fn read(stored: &str) -> Result<Self, serde_json::Error> {
        Ok(match serde_json::from_str(stored)? {
            Stored::One(cursor) => Self::of(vec![cursor], 0),
            Stored::Several(Several { parts, rows }) => Self::of(parts, rows),
        })
    }

    /// Takes the first part that no worker copies.
    pub fn take(&mut self) -> Option<usize> {
        let free = |part: &Option<Part>| part.as_ref().is_some_and(|part| !part.taken);
        let number = self.parts.iter().position(free)?;
        if let Some(Some(part)) = self.parts.get_mut(number) {
            part.taken = true;
        }
        Some(number)
    }

    /// Gives back a part that a worker no longer copies.
    pub fn give_back(&mut self, number: usize) {
        if let Some(Some(part)) = self.parts.get_mut(number) {
            part.taken = false;
        }
    }

    pub fn cursor(&self, number: usize) -> Option<Cursor> {
        self.parts.get(number)?.as_ref().map(|part| part.cursor.clone())
    }

    /// The rest of each part, in order.
    pub fn left(&self) -> Vec<Cursor> {
        self.parts.iter().flatten().map(|part| part.cursor.clone()).collect()
    }

    /// Rows that were looked at so far.
    pub fn rows(&self) -> u64 {
        self.parts.iter().flatten().map(|part| part.cursor.rows).sum::<u64>() + self.rows
    }

    /// Moves a part on to `next`; `None` if it is finished, after this many rows.
    pub fn advance(&mut self, number: usize, next: Option<Cursor>, rows: u64) {
        let Some(slot) = self.parts.get_mut(number) else { return };
        match (next, slot.as_mut()) {
            (Some(next), Some(part)) => part.cursor = next,
            (None, Some(_)) => {
                self.rows += rows;
                *slot = None;
            }
            (_, None) => {}
        }
    }

    /// The text to store; `None` if nothing is left.
    ///
    /// Of other parts, it has the position that this process knows to be committed. If they commit at
    /// the same time, the stored position may be behind, but never ahead: then a batch is copied again.
    pub fn text(&self) -> Result<Option<String>, serde_json::Error> {
        let mut parts = self.left();
        let stored = match (parts.pop(), parts.is_empty(), self.rows) {
            (None, ..) => return Ok(None),
            (Some(only), true, 0) => Stored::One(only),
            (Some(last), _, rows) => {
                parts.push(last);
                Stored::Several(Several { parts, rows })
            }
        };
        serde_json::to_string(&stored).map(Some)
    }
}

/// Rows that a copy has looked at, from its stored text; `None` if the text cannot be read.
pub(in crate::migrator) fn walked(stored: &str) -> Option<u64> {
    Parts::read(stored).ok().map(|parts| parts.rows())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(after: Option<&str>, end: &str, rows: u64) -> Cursor {
        let key = |text: &str| vec![text.to_owned()];
        Cursor { after: after.map(key), end: Some(key(end)), rows, ..Cursor::default() }
    }

    #[test]
    fn what_an_earlier_release_kept_is_read() {
        let kept = r#"{"after":["'7'::integer"],"end":["'9'::integer"],"batches":3}"#;
        let parts = Parts::read(kept).unwrap();
        assert_eq!(
            parts.left(),
            [Cursor { batches: 3, ..cursor(Some("'7'::integer"), "'9'::integer", 0) }]
        );
        for wrong in
            ["[1]", "{}x", r#"{"after":null,"end":null}"#, r#"{"parts":[],"rows":0,"x":1}"#]
        {
            assert!(Parts::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn parts_are_taken_in_order_and_kept_as_they_are_left() {
        let mut parts = Parts::of(vec![cursor(None, "5", 0), cursor(Some("5"), "9", 0)], 0);
        assert_eq!((parts.take(), parts.take(), parts.take()), (Some(0), Some(1), None));
        let mut next = parts.clone();
        next.advance(1, Some(cursor(Some("7"), "9", 4)), 4);
        assert_eq!(Parts::read(&next.text().unwrap().unwrap()).unwrap().left(), next.left());
        next.advance(0, None, 6);
        assert_eq!((next.rows(), next.take(), next.left().len()), (10, None, 1));
        next.give_back(1);
        let again = Parts::read(&next.text().unwrap().unwrap()).unwrap();
        assert_eq!((again.rows(), again.left()), (10, next.left()));
        assert_eq!(next.take(), Some(1));
        next.advance(1, None, 5);
        assert_eq!((next.text().unwrap(), next.rows()), (None, 11));
        // The walk of one part is kept as an earlier release reads it, but for the rows.
        let one = Parts::of(vec![cursor(None, "5", 0)], 0).text().unwrap().unwrap();
        assert_eq!(one, r#"{"after":null,"end":["5"],"batches":0}"#);
    }
}
