//! `docs/recipes/axum.md`.

use super::follow::{Recipe, follow};

#[test]
fn a_service_on_axum_renames_its_column_under_requests() {
    follow(&Recipe { example: "axum_app", page: "docs/recipes/axum.md", arguments: &[] });
}
