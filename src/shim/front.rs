use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::OnceLock;

use super::sending::Sending;

/// The statements that came first under a mapping, which are most of what a program ever sends. A
/// place that is taken stays so; a look needs no guard against what else would be given free
/// meanwhile, which takes as long as all the rest of it.
#[derive(Debug)]
pub(super) struct Front {
    slots: Box<[OnceLock<Box<Known>>; SLOTS]>,
    hasher: foldhash::fast::RandomState,
}

#[derive(Debug)]
struct Known {
    sql: Box<str>,
    sending: Sending,
}

/// A power of two, so that a hash says the place without a division.
const SLOTS: usize = 1024;

/// The slots that one text may take.
const TRIES: usize = 4;

/// Bytes of a text that may take a place: generated lists, of which each length is seen once, are
/// mostly longer.
const LONGEST: usize = 4096;

impl Default for Front {
    fn default() -> Self {
        let slots = Box::new(std::array::from_fn(|_| OnceLock::new()));
        Self { slots, hasher: foldhash::fast::RandomState::default() }
    }
}

impl Front {
    /// How the statement is sent, if it has a place.
    #[inline]
    pub fn get(&self, sql: &str) -> Option<&Sending> {
        for place in self.slots_of(sql) {
            let known = place.get()?;
            // The text itself: a hash says no more than where to look.
            if *known.sql == *sql {
                return Some(&known.sending);
            }
        }
        None
    }

    /// Gives the statement a place, or what was to be remembered of it back.
    pub fn put(&self, sql: &str, sending: Sending) -> Result<(), Sending> {
        if sql.len() > LONGEST {
            return Err(sending);
        }
        let mut known = Box::new(Known { sql: sql.into(), sending });
        for place in self.slots_of(sql) {
            match place.set(known) {
                Ok(()) => return Ok(()),
                // Another thread was as fast with the same one.
                Err(_) if place.get().is_some_and(|taken| *taken.sql == *sql) => return Ok(()),
                Err(back) => known = back,
            }
        }
        Err(known.sending)
    }

    #[inline]
    fn slots_of(&self, sql: &str) -> impl Iterator<Item = &OnceLock<Box<Known>>> {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(sql.as_bytes());
        // Which bits a smaller machine leaves out does not matter.
        #[expect(clippy::cast_possible_truncation)]
        let hash = hasher.finish() as usize;
        (0..TRIES).map(move |next| &self.slots[hash.wrapping_add(next) % SLOTS])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shim::resend::ResendRule;

    fn edited(sql: &str) -> Sending {
        Sending::Edited {
            sql: format!("sent: {sql}"),
            values: None,
            resend: ResendRule::unparsed(),
        }
    }

    /// Whatever the hash: a text that is taken for another one is a lost write.
    #[test]
    fn each_text_has_its_own_answer_or_none() {
        let front = Front::default();
        let texts: Vec<String> = (0..4 * SLOTS).map(|n| format!("SELECT {n}")).collect();
        let filled = texts.iter().filter(|sql| front.put(sql, edited(sql)).is_ok()).count();
        assert!((SLOTS / 2..=SLOTS).contains(&filled), "{filled}");
        let mut found = 0;
        for sql in &texts {
            let Some(Sending::Edited { sql: sent, .. }) = front.get(sql) else { continue };
            assert_eq!(*sent, format!("sent: {sql}"));
            found += 1;
        }
        assert_eq!(found, filled);
    }

    /// Threads that see the same statement for the first time at once.
    #[test]
    fn a_text_takes_one_place_only() {
        let front = Front::default();
        let texts: Vec<String> = (0..300).map(|n| format!("SELECT {n}")).collect();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| texts.iter().for_each(|sql| drop(front.put(sql, edited(sql)))));
            }
        });
        let known = texts.iter().filter(|sql| front.get(sql).is_some()).count();
        assert_eq!(front.slots.iter().filter(|slot| slot.get().is_some()).count(), known);
    }

    /// A place is never given free: long texts would fill the memory for as long as the mapping is.
    #[test]
    fn a_long_text_takes_no_place() {
        let front = Front::default();
        let sql = "x".repeat(LONGEST + 1);
        assert!(front.put(&sql, Sending::Alone).is_err());
        assert!(front.get(&sql).is_none());
        assert!(front.put(&sql[1..], Sending::Alone).is_ok());
    }
}
