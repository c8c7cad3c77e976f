//! Any text may come: the rewriter answers, and what it answers keeps to a few laws.

mod choices;
mod found;
mod law;
mod mutation;
mod seeds;
mod setup;

use crate::support::sample;
use choices::Choices;
use law::Became;
use setup::Setup;

/// Fails if a statement of the list is one that a law does not hold of, or that no longer serves.
#[test]
fn the_statements_of_the_list_keep_to_the_laws() {
    let mut became = Vec::new();
    for (at, setup) in Setup::every().enumerate() {
        for (number, seed) in seeds::seeds().iter().enumerate() {
            // A third of the setups for each statement, another third for the next one.
            if !sample::all() && !(at + number).is_multiple_of(3) {
                continue;
            }
            // By turns: in the next state the statement has the other one.
            let name = ["username", "handle"][(at / 2 + number) % 2];
            became.push(law::holds(&setup, &seed.replace("{c}", name)));
        }
    }
    let share = |kind| became.iter().filter(|one| **one == kind).count() * 100 / became.len();
    assert!(share(Became::Edited) > 45, "{}", share(Became::Edited));
}

#[test]
fn statements_out_of_shape_keep_to_the_laws() {
    let mut number = 0x5EED_CAFE_F00D_u64.wrapping_add(sample::seed() - 1);
    let statements = sample::number("HANDOVER_STATEMENTS").unwrap_or(4_000);
    let mut became = Vec::new();
    for round in 0..statements {
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            number ^= number << 13;
            number ^= number >> 7;
            number ^= number << 17;
            number.to_le_bytes()[2]
        })
        .take(Setup::CHOICES + 4 + usize::try_from(round % 8).unwrap())
        .collect();
        let mut choices = Choices::new(&bytes);
        let setup = Setup::chosen(&mut choices);
        became.push(law::holds(&setup, &mutation::mutated(&mut choices)));
    }
    let count = |kind| became.iter().filter(|one| **one == kind).count();
    assert!(count(Became::Edited) > 200, "{}", count(Became::Edited));
    assert!(count(Became::Refused) > 500, "{}", count(Became::Refused));
}

#[test]
fn a_text_taken_apart_is_the_text() {
    for seed in seeds::seeds() {
        assert_eq!(mutation::taken_apart(seed).concat(), *seed);
    }
}
