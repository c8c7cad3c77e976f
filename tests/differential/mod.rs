//! Random statements, through the shim and on a database where no rename is going on: the same
//! rows, the same affected count, the same errors, the same tables afterwards.
//!
//! Each database was brought to its state once, by the real command, in several deployments of an
//! app with up to three renames. A case is a transaction on it that is taken back.
//!
//! The seed is fixed unless `HANDOVER_SEED` gives another one; `HANDOVER_STATEMENTS` is how many
//! statements to send, `HANDOVER_DIFFERENCES` how many differences to report before giving up.

#![allow(clippy::format_push_string, reason = "a text is put together by many small steps")]

mod cell;
mod choices;
mod compare;
mod dropped;
mod expression;
mod fault;
mod from;
mod generator;
mod query;
mod retyped;
mod schema;
mod shapes;
mod text;
mod torn;
mod upsert;
mod world;
mod write;

use std::cell::RefCell;
use std::sync::OnceLock;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::Strategy as _;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use tokio::runtime::Runtime;

use self::choices::Choices;
use self::compare::{Tally, differs};
use self::dropped::Dropped;
use self::fault::Fault;
use self::generator::Generator;
use self::retyped::Retyped;
use self::schema::Schema;
use self::text::{Style, Template};
use self::world::{World, deployments};
use crate::support::project::Db;
use crate::support::sample::{number, seed};

/// How many statements a database is sent; a server, which takes longer, fewer of them.
const STATEMENTS: usize = 6_000;
const TO_A_SERVER: usize = 3_000;
/// How many at most until a planted mistake is found.
const TO_FIND: usize = 5_000;
/// How many are made of one seed at most; then come databases of the next one.
const OF_ONE_SEED: usize = 10_000;
/// How many of a thousand statements the shim may refuse.
const REFUSED: usize = 30;
/// How many of a thousand statements have to succeed.
const SUCCEED: usize = 800;
/// How many of a thousand statements may find a value taken on one side only.
const BY_ORDER: usize = 5;
const LONGEST: usize = 8;
/// How many smaller cases are tried of one that shows a difference.
const SHRINKS: u32 = 2_000;
/// What SQLite says of a write that the guard refuses, for it would have left a torn row.
const GUARD: &str = "Failed(\"1811\")";

/// The connections live longer than a case.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

#[test]
fn differential_sqlite() {
    differential(Db::Sqlite, 20);
}

#[test]
fn differential_postgres() {
    differential(Db::Postgres, 6);
}

#[test]
fn differential_mariadb() {
    differential(Db::Mariadb, 6);
}

/// Each of these is a mistake that a rewriter can make; the test finds it, and within few cases.
#[test]
fn differential_finds_planted_faults() {
    let faults = [
        (Fault::UpsertsWriteOnce, &["torn row", GUARD][..]),
        (Fault::GroupByUnmapped, &["GROUP BY"]),
        (Fault::NaturalJoinUnmapped, &["NATURAL"]),
        (Fault::VolatileTwice, &["torn row", GUARD]),
    ];
    find(&worlds(Db::Sqlite, 1, 10, |_| (Dropped::No, Retyped::No)), &faults);
}

#[test]
fn differential_finds_a_dropped_column_that_is_shown() {
    let faults = [(Fault::DroppedIsShown, &["hidden", "nickname", "*"][..])];
    for dropped in [Dropped::Ignored, Dropped::Contracted] {
        find(&worlds(Db::Sqlite, 1, 3, |_| (dropped, Retyped::No)), &faults);
    }
}

#[test]
fn differential_finds_a_column_whose_other_type_is_not_written() {
    let faults = [(Fault::OtherTypeIsNotWritten, &[GUARD, "age"][..])];
    find(&worlds(Db::Sqlite, 1, 6, |_| (Dropped::No, Retyped::Meanwhile)), &faults);
}

/// Only there does an assignment see the one before it.
#[test]
fn differential_finds_assignments_from_left_to_right() {
    let faults = [(Fault::LeftToRight, &["torn row", "UPDATE"][..])];
    find(&worlds(Db::Mariadb, 1, 3, |_| (Dropped::No, Retyped::No)), &faults);
}

fn find(worlds: &[World], faults: &[(Fault, &[&str])]) {
    for (fault, shows) in faults.iter().copied() {
        let tally = RefCell::new(Tally::default());
        let enough = || tally.borrow().statements >= TO_FIND;
        let found = run(worlds, 1, Some(fault), &tally, enough);
        let difference = found.expect_err(&format!("{fault:?} was not found"));
        eprintln!("{fault:?} after {} statements:\n{difference}", tally.borrow().statements);
        let shown = shows.iter().any(|shows| difference.contains(shows));
        assert!(shown, "{fault:?} is not what was found:\n{difference}");
    }
}

/// `places` is how many databases there are for each seed, in a state and with a schema each.
fn differential(db: Db, places: usize) {
    let normal = if db == Db::Sqlite { STATEMENTS } else { TO_A_SERVER };
    let wanted = number("HANDOVER_STATEMENTS").map_or(normal, |number| number.try_into().unwrap());
    let most = number("HANDOVER_DIFFERENCES").unwrap_or(1);
    let tally = RefCell::new(Tally::default());
    let rounds = wanted.div_ceil(OF_ONE_SEED);
    for round in 0..rounds {
        let seed = seed().wrapping_add(u64::try_from(round).unwrap());
        eprintln!("{db:?}: HANDOVER_SEED={seed}, {} statements so far", tally.borrow().statements);
        let worlds = worlds(db, seed, places, |place| (Dropped::each(place), Retyped::each(place)));
        let enough = || tally.borrow().statements >= wanted * (round + 1) / rounds;
        let mut runner_seed = seed;
        while let Err(difference) = run(&worlds, runner_seed, None, &tally, enough) {
            eprintln!("HANDOVER_SEED={seed}\n{difference}\n");
            let mut tally = tally.borrow_mut();
            tally.different += 1;
            runner_seed = runner_seed.wrapping_add(1_000_003);
            assert!(tally.different < most, "{} differences", tally.different);
        }
    }
    let tally = tally.into_inner();
    report(&tally);
    assert_eq!(tally.different, 0, "see above");
    let refused: usize = tally.refused.values().map(|(times, _)| times).sum();
    assert!(tally.succeeded * 1000 >= tally.statements * SUCCEED, "too many fail");
    assert!(refused * 1000 <= tally.statements * REFUSED, "too many are refused");
    assert!(tally.by_order * 1000 <= tally.statements * BY_ORDER, "too often by the order of rows");
}

fn report(tally: &Tally) {
    let Tally { cases, statements, succeeded, by_order, refused, failed, .. } = tally;
    eprintln!(
        "{cases} cases, {statements} statements, {succeeded} succeeded, {by_order} by order of rows"
    );
    for (what, counts) in [("refused", refused), ("failed on both sides", failed)] {
        let mut counts: Vec<_> = counts.iter().collect();
        counts.sort_by_key(|(_, (times, _))| std::cmp::Reverse(*times));
        for (reason, (times, sql)) in counts {
            eprintln!("{what} {times}: {reason}\n    {sql}");
        }
    }
}

/// Databases with schemas of their own, in states of their own; the first ones are the simplest.
fn worlds(
    db: Db,
    seed: u64,
    places: usize,
    besides: impl Fn(usize) -> (Dropped, Retyped),
) -> Vec<World> {
    let mut runner = runner(seed, 0);
    let numbers = vec(any::<u16>(), 40);
    let mut worlds = Vec::new();
    for place in 0..places {
        let numbers = numbers.new_tree(&mut runner).unwrap();
        let numbers = proptest::strategy::ValueTree::current(&numbers);
        let numbers = if place == 0 { &[][..] } else { &numbers[..] };
        let schema = Schema::new(db, &mut Choices::new(numbers));
        let last = if schema.renamed().count() > 1 { deployments() } else { 6 };
        let halfway = db != Db::Sqlite && place % 3 == 2;
        worlds.extend(World::all(db, &schema, (place + 1) % (last + 1), halfway, besides(place)));
    }
    worlds
}

fn runner(seed: u64, max_shrink_iters: u32) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { failure_persistence: None, max_shrink_iters, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// Sends cases until there are enough of them, or there is a difference: then it is made small.
fn run(
    worlds: &[World],
    seed: u64,
    fault: Option<Fault>,
    tally: &RefCell<Tally>,
    enough: impl Fn() -> bool,
) -> Result<(), String> {
    // A planted mistake is known; what nobody knows is made small.
    let mut runner = runner(seed.wrapping_add(1), if fault.is_some() { 0 } else { SHRINKS });
    let statements = vec(vec(any::<u16>(), 0..120), 1..=LONGEST);
    let case = (0..worlds.len(), any::<u64>(), statements);
    while !enough() {
        let tree = case.new_tree(&mut runner).map_err(|reason| reason.to_string())?;
        let result = runner.run_one(tree, |(world, style, numbers)| {
            let world = &worlds[world];
            let statements = numbers.iter().map(|numbers| statement(world, numbers));
            // Those that a planted mistake leaves alone are sent by the other tests.
            let concerns = |sent: &Template| fault.is_none_or(|fault| fault.concerns(&sent.text));
            let statements: Vec<_> = statements.filter(concerns).collect();
            if statements.is_empty() {
                return Ok(());
            }
            runtime()
                .block_on(differs(world, &statements, Style(style), fault, &mut tally.borrow_mut()))
                .map_err(TestCaseError::fail)
        });
        match result {
            Ok(_) => {}
            Err(TestError::Fail(reason, _)) => return Err(reason.to_string()),
            Err(TestError::Abort(reason)) => panic!("{reason}"),
        }
    }
    Ok(())
}

fn statement(world: &World, numbers: &[u16]) -> Template {
    let mut generator = Generator::new(numbers, world);
    if generator.c.below(5) < 3 { generator.query() } else { generator.write() }
}
