//! Serves HTTP until SIGTERM, and then ends the requests that have begun.

use std::env;
use std::error::Error;

use axum_app::{App, RELEASE, router, shim};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let db = shim(sea_orm::Database::connect(env::var("DATABASE_URL")?).await?).await?;
    let address = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = TcpListener::bind(address).await?;
    tracing::info!("release {RELEASE} listens on {}", listener.local_addr()?);

    let mut terminate = signal(SignalKind::terminate())?;
    axum::serve(listener, router(App { db: db.clone() }))
        .with_graceful_shutdown(async move {
            terminate.recv().await;
        })
        .await?;
    // No migration has to wait for this process any more.
    db.shutdown().await?;
    Ok(())
}
