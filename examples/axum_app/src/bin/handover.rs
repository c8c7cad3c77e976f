//! The app's own command `handover`, which also runs the app's migrations of sea-orm-migration.

use std::process::ExitCode;

use axum_app::migration::Migrator;
use handover::AppMigrations;

fn main() -> ExitCode {
    handover::cli::main_with(AppMigrations::default().migrator::<Migrator>())
}
