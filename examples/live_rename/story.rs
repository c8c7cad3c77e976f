//! The life of a change, from the release before it to the one after, and back.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use crate::check::{Differences, check};
use crate::command::{self, Handover};
use crate::fleet::Fleet;
use crate::journal::Owners;
use crate::site::Site;
use crate::tally::Tally;
use crate::timeline::Timeline;
use crate::workload::WORKERS;
use crate::{Result, database};

#[derive(clap::Args)]
pub struct Options {
    /// Database to use: an empty one (default: SQLite in a temporary folder)
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// The kind of change
    #[arg(long, value_enum, default_value_t = Kind::Copy)]
    change: Kind,
    /// Rows in the table at first
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(i32).range(1..=1_000_000))]
    rows: i32,
    /// Instances of the application that run side by side
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=50))]
    instances: u8,
    /// How long to look at each stage
    #[arg(long, value_name = "N", default_value_t = 3.0)]
    seconds_per_stage: f64,
    /// Then roll the change back, under the same traffic; of a drop, the contract, before the purge
    #[arg(long)]
    and_back: bool,
    /// Print the tally as JSON
    #[arg(long)]
    pub json: bool,
    /// The command to use (default: builds this repository's)
    #[arg(long, value_name = "PATH")]
    handover: Option<PathBuf>,
}

/// What happens to a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Renamed: a second column is filled, then the first one is dropped
    Copy,
    /// Renamed: the column itself gets the new name
    InPlace,
    /// Dropped: put aside under another name, and deleted in a later release
    Drop,
    /// Given another type: a second column is filled, then it takes the place of the first one
    Retype,
}

impl Kind {
    /// The number of stages to roll back, as an argument of the command. A drop goes on after its contract is
    /// undone, so its expand stays.
    const fn stages_back(self) -> &'static str {
        match self {
            Self::Copy | Self::Retype => "3",
            Self::InPlace => "2",
            Self::Drop => "1",
        }
    }
}

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Runs the story and adds up what came of it.
pub fn run(options: Options) -> Result<Tally> {
    let runtime = Runtime::new()?;
    runtime.spawn(async {
        if tokio::signal::ctrl_c().await.is_ok() {
            INTERRUPTED.store(true, Ordering::Relaxed);
        }
    });
    let owners = Owners { seeded: options.rows, workers: i32::from(options.instances) * WORKERS };
    let program = options.handover.map_or_else(command::locate, Ok)?;
    let site = Site::create(&runtime, options.database_url, owners, options.change)?;
    let handover = Handover::new(program, site.root(), &site.database_url);
    let fleet = Fleet::new(&site, usize::from(options.instances));
    let timeline = Timeline::start(fleet.board.clone(), handover.clone());
    let stage = Duration::try_from_secs_f64(options.seconds_per_stage)?;
    let mut story =
        Story { runtime, site, handover, fleet, timeline, stage, differences: Differences::new() };

    let mut told = story.forth();
    if options.and_back && told.is_ok() {
        told = story.back(options.change.stages_back());
    }
    if options.change == Kind::Drop && told.is_ok() {
        told = story.purge(options.and_back);
    }
    story.end(told)
}

struct Story {
    runtime: Runtime,
    site: Site,
    handover: Handover,
    fleet: Fleet,
    timeline: Timeline,
    stage: Duration,
    differences: Differences,
}

impl Story {
    fn forth(&mut self) -> Result<()> {
        self.site.version("8.17.0")?;
        self.handover(&["db", "init", "--baseline", "8.17.0"])?;
        self.deploy("8.17.0")?;
        self.watch()?;
        if self.site.kind == Kind::Drop {
            self.handover(&["gen", "drop", "users.nickname", "--release", "9.0.0"])?;
        }
        if self.site.kind == Kind::Retype {
            // The expressions change no value; without them SQLite would make the change at once.
            let mut arguments = vec!["gen", "retype", "users.version", "bigint"];
            arguments.extend(["--using", "version", "--back", "version", "--release", "9.0.0"]);
            self.handover(&arguments)?;
        }

        self.site.version("9.0.0")?;
        self.handover(&["db", "migrate", "--pre"])?;
        self.watch()?;
        self.deploy("9.0.0")?;
        self.handover(&["db", "migrate", "--post", "--wait", "60s"])?;
        self.watch()?;

        self.finish("9.0.1")
    }

    /// Rolls a release out, then runs what waits for it.
    fn finish(&mut self, release: &str) -> Result<()> {
        self.site.version(release)?;
        self.deploy(release)?;
        self.handover(&["db", "migrate", "--wait", "60s"])?;
        self.watch()
    }

    /// Deletes the nicknames. After the way back, 8.17.0 has used them again: they are put aside first.
    fn purge(&mut self, been_back: bool) -> Result<()> {
        if been_back {
            self.finish("9.0.1")?;
        }
        let aside = self.runtime.block_on(database::nicknames_aside(&self.site.database_url))?;
        self.timeline.event(&format!("{aside} nicknames are in `nickname_dropped`"));
        self.finish("9.1.0")
    }

    fn back(&mut self, stages: &str) -> Result<()> {
        self.handover(&["db", "rollback", "--step", stages, "--wait", "60s"])?;
        self.watch()?;
        self.site.version("8.17.0")?;
        self.deploy("8.17.0")?;
        self.watch()
    }

    /// Stops everything, looks at every row, and adds up.
    fn end(mut self, told: Result<()>) -> Result<Tally> {
        let mut ended = told;
        for slot in 0..self.fleet.slots() {
            // The first thing that went wrong is the one to tell of.
            ended = ended.and(self.fleet.stop(slot));
        }
        let everybody: Vec<_> = (0..self.site.owners.workers).collect();
        self.check(&everybody)?;
        let differences = self.differences.into_values().collect();
        let error = ended.err().map(|error| error.to_string());
        Ok(Tally::new(self.fleet.board.total(), differences, self.timeline.elapsed(), error))
    }

    /// A rolling restart: one instance at a time, the others keep serving.
    fn deploy(&mut self, release: &str) -> Result<()> {
        self.timeline.event(&format!("rolling out {release}"));
        for slot in 0..self.fleet.slots() {
            self.fleet.stop(slot)?;
            let first = i32::try_from(slot)? * WORKERS;
            let its_workers: Vec<_> = (first..first + WORKERS).collect();
            self.check(&its_workers)?;
            self.fleet.start(slot, release)?;
            self.timeline.event(&format!("instance {slot} runs {release}"));
            pause(self.stage / 3)?;
        }
        Ok(())
    }

    fn handover(&mut self, arguments: &[&str]) -> Result<()> {
        self.timeline.event(&format!("$ handover {}", arguments.join(" ")));
        self.handover.run(arguments, |line| self.timeline.output(line))
    }

    /// Lets the traffic go on for a while.
    fn watch(&self) -> Result<()> {
        pause(self.stage)
    }

    /// Compares what these workers, who are at rest, have written.
    fn check(&mut self, workers: &[i32]) -> Result<()> {
        let state = self.handover.state().unwrap_or_default();
        let (site, journals) = (&self.site, self.site.journals());
        let checked = check(&site.database_url, &journals, site.owners, workers, &state);
        self.differences.extend(self.runtime.block_on(checked)?);
        Ok(())
    }
}

fn pause(how_long: Duration) -> Result<()> {
    let until = Instant::now() + how_long;
    while Instant::now() < until {
        if INTERRUPTED.load(Ordering::Relaxed) {
            return Err("interrupted".into());
        }
        sleep(Duration::from_millis(20).min(how_long));
    }
    Ok(())
}
