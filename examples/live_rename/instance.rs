//! One process of the application, of one release.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use handover::{IntoReleases, Releases, Shim};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::interval;

use crate::app::{
    Users, UsersWithHandle, UsersWithLongVersion, UsersWithNickname, UsersWithUsername,
};
use crate::story::Kind;
use crate::workload::{Probe, WORKERS, Worker};
use crate::{Result, database};

#[derive(clap::Args)]
pub struct Arguments {
    /// Release of the application that this process runs
    #[arg(long)]
    pub release: String,
    /// The kind of change
    #[arg(long, value_enum)]
    pub change: Kind,
    /// Number of this instance, from 0
    #[arg(long)]
    pub slot: i32,
    /// Folder of the journals
    #[arg(long)]
    pub journals: PathBuf,
    /// Database of the application
    #[arg(long)]
    pub database_url: String,
}

/// Serves until its standard input closes or it is told to terminate.
pub async fn run(arguments: Arguments) -> Result<()> {
    // Release 8.17.0 was built when there was no change yet. What it has to do
    // about one it learns from the database; so does any release about a drop or a type.
    let none = Releases::default();
    match (arguments.change, arguments.release.starts_with("8.")) {
        (Kind::Drop, true) => serve::<UsersWithNickname>(arguments, none).await,
        (Kind::Retype, false) => serve::<UsersWithLongVersion>(arguments, none).await,
        (Kind::Drop, false) | (Kind::Copy | Kind::InPlace | Kind::Retype, true) => {
            serve::<UsersWithUsername>(arguments, none).await
        }
        (Kind::Copy | Kind::InPlace, false) => {
            serve::<UsersWithHandle>(arguments, handover::releases!("release_migrations")).await
        }
    }
}

async fn serve<U: Users>(arguments: Arguments, releases: impl IntoReleases) -> Result<()> {
    let connection = database::connect(&arguments.database_url).await?;
    let db = Shim::builder(connection, releases).app_version(&arguments.release).start().await?;

    let probe = Arc::new(Probe::default());
    let (stop, stopped) = watch::channel(false);
    let mut workers = JoinSet::new();
    for number in 0..WORKERS {
        let number_of_all = arguments.slot * WORKERS + number;
        let worker =
            Worker::<U>::new(db.clone(), probe.clone(), &arguments.journals, number_of_all)?;
        workers.spawn(worker.run(number == WORKERS - 1, stopped.clone()));
    }

    let mut tick = interval(Duration::from_millis(200));
    let told = told_to_stop()?;
    tokio::pin!(told);
    loop {
        tokio::select! {
            _ = tick.tick() => report(&probe)?,
            () = &mut told => break,
        }
    }
    stop.send_replace(true);
    while let Some(ended) = workers.join_next().await {
        ended?;
    }
    db.shutdown().await?;
    report(&probe)
}

fn report(probe: &Probe) -> Result<()> {
    let report = serde_json::to_string(&probe.report())?;
    writeln!(io::stdout(), "{report}")?;
    Ok(())
}

/// Standard input closes when the example ends, in whichever way.
fn told_to_stop() -> Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (closed, mut input) = watch::channel(());
    std::thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        drop(closed);
    });
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = input.changed() => {}
        }
    })
}
