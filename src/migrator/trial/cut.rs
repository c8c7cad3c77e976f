//! Interrupts a run after an event.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

use crate::migrator::event::{Event, Observer};
use crate::model::{Stage, State};

/// An event after which a run is interrupted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cut {
    /// A migration is finished.
    Finished { name: String, stage: Option<Stage> },
    /// A change has entered the state that lies within a stage.
    Halfway { name: String },
    /// A step of a stage is about to begin.
    Step,
}

/// Wakes the waiting task when there is something to look at.
pub(super) struct Watch {
    seen: Mutex<Option<Cut>>,
    notify: Notify,
    /// The number of steps that may still begin.
    steps: AtomicUsize,
}

impl Watch {
    /// Creates a watch that lets this many steps begin.
    pub fn new(steps: usize) -> Self {
        Self { seen: Mutex::default(), notify: Notify::new(), steps: AtomicUsize::new(steps) }
    }

    /// Waits for the next cut.
    pub async fn cut(&self) -> Cut {
        loop {
            self.notify.notified().await;
            if let Some(cut) = self.seen.lock().ok().and_then(|mut seen| seen.take()) {
                return cut;
            }
        }
    }
}

impl Observer for Watch {
    fn event(&self, event: Event) {
        let cut = match event {
            Event::Finished { name, stage, .. } => Cut::Finished { name, stage },
            Event::Entered { change, state: State::WriteTo, .. } => {
                Cut::Halfway { name: change.into() }
            }
            Event::Step { .. } if self.steps.load(Ordering::Relaxed) == 0 => Cut::Step,
            Event::Step { .. } => {
                self.steps.fetch_sub(1, Ordering::Relaxed);
                return;
            }
            _ => return,
        };
        if let Ok(mut seen) = self.seen.lock() {
            *seen = Some(cut);
            self.notify.notify_one();
        }
    }
}
