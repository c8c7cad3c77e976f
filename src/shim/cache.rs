use papaya::HashMap;

use super::counters::Counters;
use super::front::Front;
use super::mapping::Mapping;
use super::resend::ResendRule;
use super::rewrite::{Analysis, Rewrite, RewriteError, analyze};
use super::sending::Sending;
use crate::database::Dialect;

/// What is known of the statements sent under one mapping. Bounded; a look at it takes no lock.
#[derive(Debug)]
pub(super) struct StatementCache {
    front: Front,
    /// What found no place in front. papaya, since a read of it neither locks nor writes to memory
    /// that other threads read; `quick_cache` and `moka` lock a shard, and a map behind one pointer
    /// is copied whole for each new statement.
    rest: HashMap<Box<str>, Sending, foldhash::fast::RandomState>,
    counters: Counters,
}

/// Statements remembered at most besides those in front. Programs send some hundred different ones;
/// generated `IN` lists of every length are what the bound is for. When it is reached all of these
/// are forgotten: to map the hundred again costs a few milliseconds in four thousand new texts.
const CAPACITY: usize = 4096;

impl Default for StatementCache {
    fn default() -> Self {
        Self { front: Front::default(), rest: HashMap::default(), counters: Counters::new() }
    }
}

impl StatementCache {
    /// How to send a statement, if it is one of those in front.
    #[inline]
    pub fn in_front(&self, sql: &str) -> Option<&Sending> {
        let sending = self.front.get(sql)?;
        self.counters.hits.increment(1);
        Some(sending)
    }

    /// How to send a statement, as `with` takes it: from memory, or by rewriting it now.
    pub fn get<T>(
        &self,
        sql: &str,
        dialect: Dialect,
        mapping: &Mapping,
        with: impl FnOnce(&Sending) -> T,
    ) -> Result<T, RewriteError> {
        if let Some(sending) = self.in_front(sql) {
            return Ok(with(sending));
        }
        let rest = self.rest.pin();
        if let Some(sending) = rest.get(sql) {
            self.counters.hits.increment(1);
            return Ok(with(sending));
        }
        self.counters.misses.increment(1);
        let sending = self.learn(sql, dialect, mapping)?;
        let taken = with(&sending);
        if let Err(sending) = self.front.put(sql, sending) {
            if rest.len() >= CAPACITY {
                rest.clear();
            }
            rest.insert(sql.into(), sending);
        }
        Ok(taken)
    }

    pub fn count_resend(&self) {
        self.counters.resends.increment(1);
    }

    fn learn(
        &self,
        sql: &str,
        dialect: Dialect,
        mapping: &Mapping,
    ) -> Result<Sending, RewriteError> {
        let Analysis { rewrite, properties } = analyze(sql, dialect, mapping)?;
        Ok(match rewrite {
            // Parsed, so it names a mapped table.
            Rewrite::Untouched if properties.is_some() || may_change_shape(sql) => {
                Sending::Untouched { resend: ResendRule::of_untouched(properties) }
            }
            Rewrite::Untouched => Sending::Alone,
            Rewrite::Edited { sql: edited, values } => {
                self.counters.rewrites.increment(1);
                tracing::debug!(statement = sql, sent = edited, "statement mapped");
                let resend = ResendRule::of_edited(properties, mapping);
                Sending::Edited { sql: edited, values, resend }
            }
        })
    }
}

/// Whether a column that is added to any table may change the columns of the result: PostgreSQL
/// refuses to run such a statement that it has prepared before, and it has to be sent again.
pub(super) fn may_change_shape(sql: &str) -> bool {
    sql.contains('*')
        || sql.trim_start().get(..5).is_some_and(|word| word.eq_ignore_ascii_case("table"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identifier, Rename, Side, State};

    fn mapping() -> Mapping {
        let rename = Rename {
            table: "users".parse().unwrap(),
            from: Identifier::new("username").unwrap(),
            to: Identifier::new("handle").unwrap(),
        };
        let mut mapping = Mapping::default();
        let columns = ["id", "username", "handle"].map(str::to_owned);
        mapping.add(&rename, State::DualWrite, Side::To, None, &columns);
        mapping
    }

    /// Only what the next state cannot make fail is sent without a copy to send again.
    #[test]
    fn only_statements_that_never_have_to_be_sent_again_are_sent_by_move() {
        let (cache, mapping) = (StatementCache::default(), mapping());
        for (sql, alone) in [
            ("SELECT id, name FROM members WHERE id = $1", true),
            ("INSERT INTO members (id) VALUES ($1)", true),
            // An old process prepares it before the first column is added.
            ("SELECT * FROM members", false),
            ("INSERT INTO members (id) VALUES ($1) RETURNING *", false),
            (" table members", false),
            // Nothing to edit now, an undefined column in the next state but one.
            ("SELECT username FROM users", false),
            ("SELECT id FROM users", false),
            ("SELECT handle FROM users", false),
        ] {
            for _ in 0..2 {
                let get = |sending: &Sending| matches!(sending, Sending::Alone);
                assert_eq!(
                    cache.get(sql, Dialect::Postgres, &mapping, get).unwrap(),
                    alone,
                    "{sql}"
                );
            }
        }
    }

    /// Generated texts of every length must not fill the memory of a process that runs for weeks.
    #[test]
    fn what_is_remembered_is_bounded() {
        let (cache, mapping) = (StatementCache::default(), mapping());
        for n in 0..3 * CAPACITY {
            let sql = format!("SELECT {n}");
            cache.get(&sql, Dialect::Sqlite, &mapping, drop_look).unwrap();
            assert!(cache.rest.len() <= CAPACITY);
        }
        assert!(cache.rest.len() > 1);
    }

    /// A statement has to be known the second time, wherever it is kept; one that came when all
    /// places in front were taken too.
    #[test]
    fn what_found_no_place_in_front_is_remembered_too() {
        let (cache, mapping) = (StatementCache::default(), mapping());
        let text = |n| format!("SELECT handle AS h{n} FROM users");
        for n in (0..2000).chain(0..2000) {
            let edited = cache.get(&text(n), Dialect::Sqlite, &mapping, |sending| match sending {
                Sending::Edited { sql, .. } => sql.clone(),
                other => panic!("{other:?}"),
            });
            assert_eq!(edited.unwrap(), format!("SELECT `username` AS h{n} FROM users"));
        }
        let in_front = (0..2000).filter(|n| cache.front.get(&text(*n)).is_some()).count();
        assert_eq!(in_front + cache.rest.len(), 2000);
        assert!(!cache.rest.is_empty());
    }

    fn drop_look(_: &Sending) {}
}
