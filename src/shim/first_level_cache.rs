//! The first statements that were sent under a mapping, in slots that are never freed.

use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::OnceLock;

use super::cached_rewrite::CachedRewrite;

/// The first statements that were sent under a mapping, which are most of what a program ever
/// sends. A slot that is taken is never freed. A lookup therefore needs no guard against a
/// concurrent removal, which would cost as much as all the rest of it.
#[derive(Debug)]
pub(super) struct FirstLevelCache {
    slots: Box<[OnceLock<Box<Entry>>; SLOTS]>,
    hasher: foldhash::fast::RandomState,
}

#[derive(Debug)]
struct Entry {
    sql: Box<str>,
    rewrite: CachedRewrite,
}

/// A power of two, so that the slot of a hash is found without a division.
const SLOTS: usize = 1024;

/// The number of slots that are probed for one text.
const PROBES: usize = 4;

/// The longest text that may take a slot, in bytes. Most generated lists, of which each length is
/// seen once, are longer.
const MAX_TEXT: usize = 4096;

impl Default for FirstLevelCache {
    fn default() -> Self {
        let slots = Box::new(std::array::from_fn(|_| OnceLock::new()));
        Self { slots, hasher: foldhash::fast::RandomState::default() }
    }
}

impl FirstLevelCache {
    /// Returns how the statement is sent, if it has a slot.
    #[inline]
    pub fn get(&self, sql: &str) -> Option<&CachedRewrite> {
        for slot in self.slots_of(sql) {
            let entry = slot.get()?;
            // Different texts may have the same hash, so the texts are compared.
            if *entry.sql == *sql {
                return Some(&entry.rewrite);
            }
        }
        None
    }

    /// Stores the statement in a slot.
    ///
    /// # Errors
    /// The text is too long or its slots are taken; gives `rewrite` back.
    pub fn insert(&self, sql: &str, rewrite: CachedRewrite) -> Result<(), CachedRewrite> {
        if sql.len() > MAX_TEXT {
            return Err(rewrite);
        }
        let mut entry = Box::new(Entry { sql: sql.into(), rewrite });
        for slot in self.slots_of(sql) {
            match slot.set(entry) {
                Ok(()) => return Ok(()),
                // Another thread has just stored the same text.
                Err(_) if slot.get().is_some_and(|taken| *taken.sql == *sql) => return Ok(()),
                Err(back) => entry = back,
            }
        }
        Err(entry.rewrite)
    }

    #[inline]
    fn slots_of(&self, sql: &str) -> impl Iterator<Item = &OnceLock<Box<Entry>>> {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(sql.as_bytes());
        // On a 32-bit machine the upper half of the hash is cut off, which does no harm.
        #[expect(clippy::cast_possible_truncation)]
        let hash = hasher.finish() as usize;
        (0..PROBES).map(move |next| &self.slots[hash.wrapping_add(next) % SLOTS])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shim::resend_rule::ResendRule;

    fn edited(sql: &str) -> CachedRewrite {
        CachedRewrite::Edited {
            sql: format!("sent: {sql}"),
            values: None,
            resend: ResendRule::unparsed(),
        }
    }

    /// Whatever the hash: a text that is mistaken for another one is a lost write.
    #[test]
    fn each_text_has_its_own_answer_or_none() {
        let cache = FirstLevelCache::default();
        let texts: Vec<String> = (0..4 * SLOTS).map(|n| format!("SELECT {n}")).collect();
        let filled = texts.iter().filter(|sql| cache.insert(sql, edited(sql)).is_ok()).count();
        assert!((SLOTS / 2..=SLOTS).contains(&filled), "{filled}");
        let mut found = 0;
        for sql in &texts {
            let Some(CachedRewrite::Edited { sql: sent, .. }) = cache.get(sql) else { continue };
            assert_eq!(*sent, format!("sent: {sql}"));
            found += 1;
        }
        assert_eq!(found, filled);
    }

    /// Threads that see the same statement for the first time at once.
    #[test]
    fn a_text_takes_one_slot_only() {
        let cache = FirstLevelCache::default();
        let texts: Vec<String> = (0..300).map(|n| format!("SELECT {n}")).collect();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| texts.iter().for_each(|sql| drop(cache.insert(sql, edited(sql)))));
            }
        });
        let stored = texts.iter().filter(|sql| cache.get(sql).is_some()).count();
        assert_eq!(cache.slots.iter().filter(|slot| slot.get().is_some()).count(), stored);
    }

    /// A slot is never freed, so long texts would fill the memory for as long as the mapping lives.
    #[test]
    fn a_long_text_takes_no_slot() {
        let cache = FirstLevelCache::default();
        let sql = "x".repeat(MAX_TEXT + 1);
        assert!(cache.insert(&sql, CachedRewrite::NeverResent).is_err());
        assert!(cache.get(&sql).is_none());
        assert!(cache.insert(&sql[1..], CachedRewrite::NeverResent).is_ok());
    }
}
