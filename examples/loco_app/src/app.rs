//! loco's hooks.

use std::env;
use std::net::SocketAddr;
use std::path::Path;

use axum::Router;
use loco_rs::Result;
use loco_rs::app::{AppContext, Hooks};
use loco_rs::bgworker::Queue;
use loco_rs::boot::{BootResult, ServeParams, StartMode, create_app, shutdown_signal};
use loco_rs::config::Config;
use loco_rs::controller::AppRoutes;
use loco_rs::db;
use loco_rs::environment::Environment;
use loco_rs::errors::Error;
use loco_rs::task::Tasks;
use sea_orm::{EntityTrait as _, IntoActiveModel};
use tokio::net::TcpListener;

use crate::migration::Migrator;
use crate::name_report::NameReport;
use crate::{fleet, member, members};

pub struct App;

#[async_trait::async_trait]
impl Hooks for App {
    fn app_name() -> &'static str {
        env!("CARGO_CRATE_NAME")
    }

    fn app_version() -> String {
        fleet::RELEASE.to_owned()
    }

    async fn boot(
        mode: StartMode,
        environment: &Environment,
        config: Config,
    ) -> Result<BootResult> {
        create_app::<Self, Migrator>(mode, environment, config).await
    }

    /// Not in `after_context`: the command makes a context of its own before that of the app, and each has
    /// a pool.
    async fn before_run(context: &AppContext) -> Result<()> {
        fleet::join(context).await?;
        Ok(())
    }

    fn routes(_context: &AppContext) -> AppRoutes {
        AppRoutes::empty().add_route(members::routes())
    }

    /// As loco does it, but the process leaves the fleet when its last request has ended: `on_shutdown` is
    /// called before that.
    async fn serve(router: Router, context: &AppContext, at: &ServeParams) -> Result<()> {
        // The test of the recipe lets the system choose a port.
        let address = env::var("LISTEN").unwrap_or_else(|_| format!("{}:{}", at.binding, at.port));
        let listener = TcpListener::bind(address).await?;
        println!("listens on {}", listener.local_addr()?);
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(shutdown_signal()).await?;
        fleet::leave(context).await;
        Ok(())
    }

    fn register_tasks(tasks: &mut Tasks) {
        tasks.register(NameReport);
    }

    async fn connect_workers(_context: &AppContext, _queue: &Queue) -> Result<()> {
        Ok(())
    }

    /// Names no column.
    async fn truncate(context: &AppContext) -> Result<()> {
        db::truncate_table(&context.db, member::Entity).await?;
        Ok(())
    }

    /// `db::seed` would name every column on the bare connection.
    async fn seed(context: &AppContext, base: &Path) -> Result<()> {
        let text = std::fs::read(base.join("members.json")).map_err(Error::wrap)?;
        let rows: Vec<member::Model> = serde_json::from_slice(&text).map_err(Error::wrap)?;
        let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
        member::Entity::insert_many(rows).exec(&fleet::join(context).await?).await?;
        db::reset_autoincrement(context.db.get_database_backend(), "members", &context.db).await
    }
}
