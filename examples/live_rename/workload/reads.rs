//! Ways to read. Each checks that the worker reads its own writes.

use futures_util::TryStreamExt;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Done, Worker};
use crate::app::Users;
use crate::journal::Row;

impl<U: Users> Worker<U> {
    /// One row by its name.
    pub async fn find(&mut self) -> Done {
        let (id, row) = self.any()?;
        let query = U::find().filter(U::NAME.eq(&row.name));
        let found = self.probe.measure(query.one(&self.db)).await?.map(U::row);
        self.expect("find by name", &[(id, row)], &Vec::from_iter(found));
        Ok(())
    }

    /// A few rows, filtered and in order, by the name.
    pub async fn list(&mut self) -> Done {
        let (_, row) = self.any()?;
        let query = U::find()
            .filter(U::NAME.starts_with(&self.prefix))
            .filter(U::NAME.gte(&row.name))
            .order_by_asc(U::NAME)
            .limit(10);
        let found = self.probe.measure(query.all(&self.db)).await?;
        let found: Vec<_> = found.into_iter().map(U::row).collect();
        let expected: Vec<_> = found.iter().filter_map(|(id, _)| self.known_row(*id)).collect();
        self.expect("filter and order by name", &expected, &found);
        Ok(())
    }

    /// The second page of this worker's rows, and how many there are.
    pub async fn paginate(&mut self) -> Done {
        let query = U::find().filter(U::NAME.starts_with(&self.prefix)).order_by_asc(U::ID);
        let pages = query.paginate(&self.db, 20);
        let counted = self.probe.measure(pages.num_items()).await?;
        let page = self.probe.measure(pages.fetch_page(1)).await?;

        let known: Vec<_> = self.known().map(|(id, row)| (id, row.clone())).collect();
        let page: Vec<_> = page.into_iter().map(U::row).collect();
        let second: Vec<_> = known.iter().skip(20).take(20).cloned().collect();
        if counted != known.len() as u64 {
            self.probe.stale(&format!("counted {counted} rows of {}", known.len()));
        }
        self.expect("page", &second, &page);
        Ok(())
    }

    /// All of this worker's rows, in a stream.
    pub async fn stream(&mut self) -> Done {
        let query = U::find().filter(U::NAME.starts_with(&self.prefix)).order_by_asc(U::ID);
        let found: Vec<_> = self
            .probe
            .measure(async { query.stream(&self.db).await?.map_ok(U::row).try_collect().await })
            .await?;
        let known: Vec<_> = self.known().map(|(id, row)| (id, row.clone())).collect();
        self.expect("stream", &known, &found);
        Ok(())
    }

    /// Looks how the writes came out that got no answer.
    pub async fn settle(&mut self) -> Done {
        let open = self.journal.rows().iter().filter(|(_, may_be)| may_be.len() > 1);
        let open: Vec<_> = open.map(|(id, may_be)| (*id, may_be.clone())).collect();
        for (id, may_be) in open {
            let found = self.probe.measure(U::find().filter(U::ID.eq(id)).one(&self.db)).await?;
            let found = found.map(|user| U::row(user).1);
            let seen = may_be.iter().find(|row| row.as_ref().map(U::seen) == found);
            match seen {
                Some(row) => {
                    self.journal.acknowledge(&[(id, row.clone())]).map_err(super::failure)?;
                }
                None => self.probe.stale(&format!("row {id} is {found:?}, may be {may_be:?}")),
            }
        }
        Ok(())
    }

    fn known_row(&self, id: i32) -> Option<(i32, Row)> {
        let row = self.journal.rows().get(&id)?.first()?.clone()?;
        Some((id, row))
    }

    /// Compares what was read with what this worker knows.
    pub(super) fn expect(&self, what: &str, expected: &[(i32, Row)], found: &[(i32, Row)]) {
        let expected: Vec<_> = expected.iter().map(|(id, row)| (*id, U::seen(row))).collect();
        if expected == found {
            return;
        }
        let differs = |rows: &[(i32, Row)], others: &[(i32, Row)]| {
            rows.iter().find(|row| !others.contains(row)).cloned()
        };
        let missing = differs(&expected, found);
        let extra = differs(found, &expected);
        self.probe.stale(&format!("{what}: read {extra:?}, written {missing:?}"));
    }
}
