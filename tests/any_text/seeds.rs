//! Statements to begin with.

use std::sync::OnceLock;

/// Each is given with the renamed column as `{c}`.
const LISTS: [&str; 2] =
    [include_str!("../../src/shim/rewrite/tests/differential.sql"), include_str!("seeds.sql")];

/// Every statement of the lists.
pub fn seeds() -> &'static [&'static str] {
    static SEEDS: OnceLock<Vec<&'static str>> = OnceLock::new();
    SEEDS.get_or_init(|| {
        LISTS
            .into_iter()
            .flat_map(str::lines)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| line.split(" ;; ").next().unwrap_or_default())
            .map(|line| line.strip_prefix("@position ").unwrap_or(line))
            .collect()
    })
}
