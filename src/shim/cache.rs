//! The rewritten statements of one mapping.

use papaya::HashMap;

use super::cached_rewrite::CachedRewrite;
use super::counters::Counters;
use super::first_level_cache::FirstLevelCache;
use super::known_columns::KnownColumns;
use super::lookups::{Kept, Known, Lookups};
use super::mapping::Mapping;
use super::name_resolution::may_change_names;
use super::resend_rule::ResendRule;
use super::rewrite::{Analysis, Rewrite, RewriteError, analyze, without_literals};
use super::shared_by_mappings::ProcessWide;
use crate::database::Dialect;

/// The rewritten statements of one mapping. The cache is bounded, and a lookup takes no lock.
#[derive(Debug)]
pub(super) struct StatementCache {
    first_level: FirstLevelCache,
    /// The statements that found no slot in the first level. papaya, since a read of it neither
    /// locks nor writes to memory that other threads read; `quick_cache` and `moka` lock a shard,
    /// and a map behind one pointer is copied whole for each new statement.
    second_level: HashMap<Box<str>, CachedRewrite, foldhash::fast::RandomState>,
    /// The columns by which some of the statements were mapped. These are in the second level, from
    /// which they can be removed.
    pub lookups: Lookups,
    counters: Counters,
    epoch: u64,
    /// True if each statement is kept, to be sent again: a type is about to change at once.
    keeps_all: bool,
    pub process: ProcessWide,
}

/// The largest number of statements in the second level. Programs send a few hundred different
/// ones; the bound is for generated `IN` lists of every length. When it is reached, the second
/// level is cleared: to map a few hundred again costs a few milliseconds in four thousand new
/// texts.
const CAPACITY: usize = 4096;

impl StatementCache {
    /// An empty cache for the mapping of an epoch.
    pub fn new(epoch: u64, process: ProcessWide) -> Self {
        Self {
            first_level: FirstLevelCache::default(),
            second_level: HashMap::default(),
            lookups: Lookups::default(),
            counters: Counters::new(),
            epoch,
            keeps_all: false,
            process,
        }
    }

    /// Returns how a statement is sent, if it is in the first level.
    #[inline]
    pub fn get_first_level(&self, sql: &str) -> Option<&CachedRewrite> {
        let cached = self.first_level.get(sql)?;
        self.counters.hits.increment(1);
        Some(cached)
    }

    /// Passes how a statement is sent to `with`. Takes it from the cache, or rewrites the statement
    /// now.
    pub fn get<T>(
        &self,
        sql: &str,
        dialect: Dialect,
        mapping: &Mapping,
        with: impl FnOnce(&CachedRewrite) -> T,
    ) -> Result<T, RewriteError> {
        if let Some(cached) = self.get_first_level(sql) {
            return Ok(with(cached));
        }
        let second_level = self.second_level.pin();
        if let Some(cached) = second_level.get(sql)
            && cached.looked_up().is_none_or(|by| by == self.lookups.generation())
        {
            self.counters.hits.increment(1);
            return Ok(with(cached));
        }
        self.counters.misses.increment(1);
        let fresh = self.rewrite(sql, dialect, mapping, &KnownColumns::default())?;
        let taken = with(&fresh);
        if let Err(fresh) = self.first_level.insert(sql, fresh) {
            self.insert_second_level(sql, fresh);
        }
        Ok(taken)
    }

    /// Does the same for a statement that cannot be mapped without the columns of other tables. The
    /// first level never has one.
    pub fn get_knowing<T>(
        &self,
        sql: &str,
        dialect: Dialect,
        mapping: &Mapping,
        (known, kept): (&Known, Kept),
        with: impl FnOnce(&CachedRewrite) -> T,
    ) -> Result<T, RewriteError> {
        let mut fresh = self.rewrite(sql, dialect, mapping, &known.columns)?;
        if kept == Kept::ForStatement {
            return Ok(with(&fresh));
        }
        fresh.set_looked_up(known.generation);
        let taken = with(&fresh);
        self.insert_second_level(sql, fresh);
        Ok(taken)
    }

    fn insert_second_level(&self, sql: &str, fresh: CachedRewrite) {
        let second_level = self.second_level.pin();
        if second_level.len() >= CAPACITY {
            second_level.clear();
        }
        second_level.insert(sql.into(), fresh);
    }

    /// Counts a statement that is sent again.
    pub fn count_resend(&self) {
        self.counters.resends.increment(1);
    }

    fn rewrite(
        &self,
        sql: &str,
        dialect: Dialect,
        mapping: &Mapping,
        known: &KnownColumns,
    ) -> Result<CachedRewrite, RewriteError> {
        let Analysis { rewrite, properties, names_dropped } =
            analyze(sql, dialect, mapping, known)?;
        self.process.dropped_uses.note(&names_dropped, || without_literals(dialect, sql));
        let changes_names = may_change_names(sql);
        Ok(match rewrite {
            // A text that was parsed names a mapped table.
            Rewrite::Untouched
                if properties.is_some() || changes_names || self.may_be_outdated(sql) =>
            {
                let resend = ResendRule::of_untouched(properties);
                self.untouched(sql, Some(resend.with_names_changed(changes_names)))
            }
            Rewrite::Untouched => self.untouched(sql, None),
            Rewrite::Edited { sql: edited, values } => {
                self.counters.rewrites.increment(1);
                tracing::debug!(statement = sql, sent = edited, "statement mapped");
                let resend = ResendRule::of_edited(properties, mapping);
                let resend = resend.with_names_changed(changes_names);
                let text = self.process.sessions.text_of_epoch(&edited, self.epoch);
                CachedRewrite::Edited { sql: text.unwrap_or(edited), values, resend }
            }
        })
    }

    /// Keeps each statement to send it again, if `all`.
    pub fn keeping_all(self, all: bool) -> Self {
        Self { keeps_all: all, ..self }
    }

    /// Returns true if PostgreSQL may refuse to run the statement because it was prepared before.
    pub fn may_be_outdated(&self, sql: &str) -> bool {
        self.keeps_all || may_change_shape(sql)
    }

    /// How a statement is sent that has the right names; `resend` is `None` if it never has to be sent
    /// again.
    pub fn untouched(&self, sql: &str, resend: Option<ResendRule>) -> CachedRewrite {
        match (self.process.sessions.text_of_epoch(sql, self.epoch), resend) {
            (Some(sql), resend) => {
                let resend = resend.unwrap_or_else(ResendRule::never);
                CachedRewrite::Edited { sql, values: None, resend }
            }
            (None, Some(resend)) => CachedRewrite::Untouched { resend },
            (None, None) => CachedRewrite::NeverResent,
        }
    }
}

/// Returns true if a new column in any table may change the columns of the result. PostgreSQL
/// refuses to run such a statement if it was prepared before, and it has to be sent again.
fn may_change_shape(sql: &str) -> bool {
    sql.contains('*')
        || sql.trim_start().get(..5).is_some_and(|word| word.eq_ignore_ascii_case("table"))
}

#[cfg(test)]
mod tests {
    use super::super::shared_sessions::SharedSessions;
    use super::*;
    use crate::model::{ColumnPair, Identifier, Side, State};

    fn mapping() -> Mapping {
        let rename = ColumnPair {
            table: "users".parse().unwrap(),
            from: Identifier::new("username").unwrap(),
            to: Identifier::new("handle").unwrap(),
        };
        let mut mapping = Mapping::default();
        let columns = ["id", "username", "handle"].map(str::to_owned);
        mapping.add(&rename, State::DualWrite, Side::To, None, &columns);
        mapping
    }

    /// A statement is sent without a copy to send again only if the next state cannot make it fail.
    #[test]
    fn only_statements_that_never_have_to_be_sent_again_are_sent_by_move() {
        let (cache, mapping) = (StatementCache::new(1, ProcessWide::default()), mapping());
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
                let get = |cached: &CachedRewrite| matches!(cached, CachedRewrite::NeverResent);
                assert_eq!(
                    cache.get(sql, Dialect::Postgres, &mapping, get).unwrap(),
                    alone,
                    "{sql}"
                );
            }
        }
    }

    /// Where sessions may be shared, each text has the epoch. A statement of other tables is still not sent
    /// again, and needs no savepoint.
    #[test]
    fn a_text_for_shared_sessions_is_sent_again_as_little_as_without() {
        let process =
            ProcessWide { sessions: SharedSessions::shared().into(), ..Default::default() };
        let (cache, mapping) = (StatementCache::new(7, process), mapping());
        for sql in ["SELECT id FROM members", "SET TRANSACTION READ ONLY", "SELECT * FROM members"]
        {
            let get = |cached: &CachedRewrite| match cached {
                CachedRewrite::Edited { sql, resend, .. } => (sql.clone(), *resend),
                other => panic!("{other:?}"),
            };
            let (text, resend) = cache.get(sql, Dialect::Postgres, &mapping, get).unwrap();
            assert_eq!(text, format!("{sql}\n/* handover: epoch 7 */"));
            assert!(resend.opens.is_some_and(|opens| opens.0 == 0), "{sql}");
        }
        let get = |cached: &CachedRewrite| match cached {
            CachedRewrite::Edited { sql, resend, .. } => resend.is_atomic(sql, Dialect::Postgres),
            other => panic!("{other:?}"),
        };
        let sent_again = |sql| cache.get(sql, Dialect::Postgres, &mapping, get).unwrap();
        assert!(!sent_again("SELECT id FROM members"));
        assert!(sent_again("SELECT id FROM users"));
    }

    /// Generated texts of every length must not fill the memory of a process that runs for weeks.
    #[test]
    fn the_second_level_is_bounded() {
        let (cache, mapping) = (StatementCache::new(1, ProcessWide::default()), mapping());
        for n in 0..3 * CAPACITY {
            let sql = format!("SELECT {n}");
            cache.get(&sql, Dialect::Sqlite, &mapping, drop_look).unwrap();
            assert!(cache.second_level.len() <= CAPACITY);
        }
        assert!(cache.second_level.len() > 1);
    }

    /// A statement is found again in whichever level it is; also one that came when all of its
    /// slots in the first level were taken.
    #[test]
    fn a_statement_without_a_slot_in_the_first_level_is_found_again() {
        let (cache, mapping) = (StatementCache::new(1, ProcessWide::default()), mapping());
        let text = |n| format!("SELECT handle AS h{n} FROM users");
        for n in (0..2000).chain(0..2000) {
            let edited = cache.get(&text(n), Dialect::Sqlite, &mapping, |cached| match cached {
                CachedRewrite::Edited { sql, .. } => sql.clone(),
                other => panic!("{other:?}"),
            });
            assert_eq!(edited.unwrap(), format!("SELECT `username` AS h{n} FROM users"));
        }
        let first_level = (0..2000).filter(|n| cache.first_level.get(&text(*n)).is_some()).count();
        assert_eq!(first_level + cache.second_level.len(), 2000);
        assert!(!cache.second_level.is_empty());
    }

    fn drop_look(_: &CachedRewrite) {}
}
