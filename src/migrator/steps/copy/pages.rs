//! Walking a PostgreSQL table without a key: page after page, by `ctid`.

use super::cursor::{Batch, Cursor};

/// The page of a `ctid`; the first page if there is none.
fn page(ctid: Option<&Vec<String>>) -> u64 {
    ctid.and_then(|ctid| ctid.first()?.parse().ok()).unwrap_or(0)
}

/// A range of the table's pages. The last range of the walk has no end: rows that were updated since
/// the walk began are behind it.
pub(super) fn next_pages(cursor: &Cursor, size: u32, density: u64) -> Batch {
    let (first, end) = (page(cursor.after.as_ref()), page(cursor.end.as_ref()));
    let mut last = first + (u64::from(size) / density).max(1);
    if cursor.bounded {
        last = last.min(end);
    }
    let ctid = |page: u64| format!("'({page},0)'::tid");
    let bounded = format!("ctid >= {} AND ctid < {}", ctid(first), ctid(last));
    let rows = last.min(end).saturating_sub(first) * density;
    let next = (last < end).then(|| Cursor {
        after: Some(vec![last.to_string()]),
        batches: cursor.batches + 1,
        rows: cursor.rows + rows,
        ..cursor.clone()
    });
    let condition =
        if next.is_some() || cursor.bounded { bounded } else { format!("ctid >= {}", ctid(first)) };
    Batch { condition, next, limit: None, rows: Some(rows) }
}

/// Splits the pages that are left into parts; the last part has the pages that were added since.
pub(super) fn split_pages(cursor: &Cursor, parts: u32) -> Vec<Cursor> {
    let (first, end) = (page(cursor.after.as_ref()), page(cursor.end.as_ref()));
    let ctid = |page: u64| Some(vec![page.to_string()]);
    let step = (end.saturating_sub(first)).div_ceil(u64::from(parts).max(1)).max(1);
    let mut split = Vec::new();
    let mut from = first;
    while from < end {
        let to = (from + step).min(end);
        let part = Cursor { after: ctid(from), end: ctid(to), bounded: true, ..Cursor::default() };
        split.push(part);
        from = to;
    }
    if !cursor.bounded {
        let last = Cursor { after: ctid(from), end: ctid(end), ..Cursor::default() };
        split.push(last);
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(after: Option<u64>, end: u64, bounded: bool) -> Cursor {
        let ctid = |page: u64| vec![page.to_string()];
        Cursor { after: after.map(ctid), end: Some(ctid(end)), bounded, ..Cursor::default() }
    }

    #[test]
    fn the_last_pages_of_a_walk_have_no_end_and_those_of_a_part_have_one() {
        for (cursor, condition, after) in [
            (pages(None, 5, false), "ctid >= '(0,0)'::tid AND ctid < '(3,0)'::tid", Some("3")),
            (pages(Some(3), 5, false), "ctid >= '(3,0)'::tid", None),
            (pages(Some(3), 5, true), "ctid >= '(3,0)'::tid AND ctid < '(5,0)'::tid", None),
            (pages(Some(5), 5, false), "ctid >= '(5,0)'::tid", None),
        ] {
            let batch = next_pages(&cursor, 30, 10);
            assert_eq!(batch.condition, condition);
            assert_eq!(batch.next.map(|next| next.after.unwrap()[0].clone()).as_deref(), after);
        }
    }

    #[test]
    fn the_parts_of_the_pages_are_all_of_them_and_each_once() {
        for (cursor, parts) in [
            (pages(None, 10, false), 3),
            (pages(Some(7), 8, false), 3),
            (pages(Some(8), 8, false), 2),
            (pages(Some(2), 9, true), 2),
        ] {
            let split = split_pages(&cursor, parts);
            let mut at = page(cursor.after.as_ref());
            for part in &split {
                assert_eq!(page(part.after.as_ref()), at, "{split:?}");
                at = page(part.end.as_ref());
            }
            assert_eq!(at, page(cursor.end.as_ref()), "{split:?}");
            assert_eq!(
                split.iter().filter(|part| !part.bounded).count(),
                usize::from(!cursor.bounded)
            );
        }
    }
}
