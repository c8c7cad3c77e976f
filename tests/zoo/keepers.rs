//! Takes many cases at once, and collects what is wrong with them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::open::Open;

/// Most of a life is waiting for processes to acknowledge a state.
const THREADS: usize = 8;

/// Runs the named works, or of so many only one unless `HANDOVER_ZOO_ALL` is set, and fails with all
/// that is wrong. The names are those of `open.txt`, and all begin with the prefix.
pub fn some<T: Sync>(
    prefix: &str,
    works: &[(String, T)],
    one_in: usize,
    work: impl Fn(&T) -> Result<(), String> + Sync,
) {
    let only = std::env::var("HANDOVER_ZOO").ok();
    let is_all = std::env::var_os("HANDOVER_ZOO_ALL").is_some();
    let step = if is_all || only.is_some() { 1 } else { one_in };
    let open = Open::read();
    // Another sample in each run.
    let first = rand::random_range(0..step);
    let (next, wrong) = (AtomicUsize::new(first), Mutex::new(Vec::new()));
    let report = std::env::var_os("HANDOVER_ZOO_REPORT").is_some();
    thread::scope(|scope| {
        for _ in 0..THREADS.min(works.len()) {
            scope.spawn(|| {
                while let Some((name, case)) = works.get(next.fetch_add(step, Ordering::Relaxed)) {
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
    let names: Vec<String> = works.iter().map(|(name, _)| name.clone()).collect();
    let unknown = open.unknown(prefix, &names);
    assert!(unknown.is_empty(), "tests/zoo/open.txt has unknown cases: {unknown:?}");
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert!(wrong.is_empty(), "{} cases are wrong\n{}", wrong.len(), wrong.join("\n"));
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
