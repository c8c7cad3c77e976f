//! Statements of the seed list, put out of shape token by token.
#![no_main]

use handover_fuzz::choices::Choices;
use handover_fuzz::setup::Setup;
use handover_fuzz::{law, mutation};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut choices = Choices::new(data);
    let setup = Setup::chosen(&mut choices);
    law::holds(&setup, &mutation::mutated(&mut choices));
});
