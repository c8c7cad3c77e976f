//! loco's command of this app: `loco_app start`, `loco_app task name_report`.

use loco_app::app::App;
use loco_app::migration::Migrator;

#[tokio::main]
async fn main() -> loco_rs::Result<()> {
    loco_rs::cli::main::<App, Migrator>().await
}
