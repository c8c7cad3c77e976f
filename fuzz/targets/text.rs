//! Any text: the first bytes choose database, state and code, the others are the statement.
#![no_main]

use handover_fuzz::choices::Choices;
use handover_fuzz::law;
use handover_fuzz::setup::Setup;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (choices, text) = data.split_at(data.len().min(Setup::CHOICES));
    if let Ok(sql) = std::str::from_utf8(text) {
        law::holds(&Setup::chosen(&mut Choices::new(choices)), sql);
    }
});
