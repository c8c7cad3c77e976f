//! `docs/recipes/loco.md`.

use super::follow::{Recipe, follow};

#[test]
#[ignore = "compiles loco, which takes minutes: script/loco"]
fn a_service_on_loco_renames_its_column_under_requests() {
    let arguments = &["start", "--no-banner"];
    follow(&Recipe { example: "loco_app", page: "docs/recipes/loco.md", arguments });
}
