//! What a statement costs that is seen for the first time under a mapping.

use std::hint::black_box;
use std::time::Instant;

use handover::Dialect;
use handover::model::{ColumnPair, Identifier, Side, State};
use handover::shim::mapping::Mapping;
use handover::shim::rewrite::{Rewrite, rewrite};

use crate::support::rounds::median;

const TEXTS: [(&str, &str); 3] = [
    (
        "select",
        "SELECT \"users\".\"id\", \"users\".\"handle\", \"users\".\"email\" FROM \"users\" \
         WHERE \"users\".\"handle\" = $1 AND \"users\".\"email\" IS NOT NULL \
         ORDER BY \"users\".\"handle\" ASC LIMIT $2",
    ),
    (
        "insert",
        "INSERT INTO \"users\" (\"handle\", \"email\") VALUES ($1, $2) \
         RETURNING \"id\", \"handle\", \"email\"",
    ),
    (
        "update",
        "UPDATE \"users\" SET \"handle\" = $1, \"email\" = $2 WHERE \"users\".\"id\" = $3 \
         RETURNING \"id\", \"handle\", \"email\"",
    ),
];

pub fn run() {
    let rename = ColumnPair {
        table: "users".parse().unwrap(),
        from: Identifier::new("username").unwrap(),
        to: Identifier::new("handle").unwrap(),
    };
    let mut mapping = Mapping::default();
    let columns = ["id", "username", "email", "handle"].map(str::to_owned);
    mapping.add(&rename, State::DualWrite, Side::To, Some("public"), &columns);
    println!("µs to rewrite (median)");
    for (what, sql) in TEXTS {
        let times = (0..5000).map(|_| {
            let started = Instant::now();
            let rewritten = rewrite(black_box(sql), Dialect::Postgres, &mapping).unwrap();
            let took = started.elapsed();
            assert!(matches!(rewritten, Rewrite::Edited { .. }));
            took.as_secs_f64() * 1e6
        });
        println!("{what:<30} {:>7.2}", median(times.collect()));
    }
}
