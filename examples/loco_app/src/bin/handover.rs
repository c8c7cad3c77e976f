//! The app's own command `handover`, which also runs the app's migrations of sea-orm-migration.

use std::process::ExitCode;

use handover::AppMigrations;
use loco_app::migration::Migrator;

fn main() -> ExitCode {
    handover::cli::main_with(AppMigrations::default().migrator::<Migrator>())
}
