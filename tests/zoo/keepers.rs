//! Takes many cases at once, and collects what is wrong with them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::open::Open;
use crate::support::sample::all;

/// Most of a life is waiting for processes to acknowledge a state.
const THREADS: usize = 8;

/// Whether all works are taken: with `HANDOVER_ALL`, and where one is asked for by name.
pub fn takes_all() -> bool {
    all() || std::env::var_os("HANDOVER_ZOO").is_some()
}

/// One in so many of the works, the same ones in each run.
pub fn sample<T>(works: &[(String, T)], one_in: usize) -> Vec<&(String, T)> {
    works.iter().step_by(if takes_all() { 1 } else { one_in }).collect()
}

/// Runs the named works, and fails with all that is wrong with them. The names are those of
/// `open.txt`.
pub fn each<T: Sync>(works: &[&(String, T)], work: impl Fn(&T) -> Result<(), String> + Sync) {
    let only = std::env::var("HANDOVER_ZOO").ok();
    let open = Open::read();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let report = std::env::var_os("HANDOVER_ZOO_REPORT").is_some();
    thread::scope(|scope| {
        for _ in 0..THREADS.min(works.len()) {
            scope.spawn(|| {
                while let Some((name, case)) = works.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if only.as_ref().is_some_and(|only| !is_called(name, only)) {
                        continue;
                    }
                    let result = catch_unwind(AssertUnwindSafe(|| work(case)));
                    let result = result.unwrap_or_else(|panic| Err(said(panic.as_ref())));
                    if only.is_some() || report {
                        eprintln!("# {name}: {}", result.as_ref().err().map_or("right", |e| e));
                    }
                    wrong.lock().unwrap().extend(open.judge(name, &result));
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert!(wrong.is_empty(), "{} cases are wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Fails if `open.txt` has an entry that begins with the prefix and is none of the works.
pub fn expect_known<T>(prefix: &str, works: &[(String, T)]) {
    let names: Vec<String> = works.iter().map(|(name, _)| name.clone()).collect();
    let open = Open::read();
    let unknown = open.unknown(prefix, &names);
    assert!(unknown.is_empty(), "tests/zoo/open.txt has unknown cases: {unknown:?}");
}

/// By its whole name, or by that without the database.
fn is_called(name: &str, only: &str) -> bool {
    name == only || name.split_once('/').is_some_and(|(_, case)| case == only)
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("it panicked: {}", text.unwrap_or("without a word"))
}
