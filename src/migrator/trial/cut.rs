use std::sync::Mutex;

use tokio::sync::Notify;

use crate::migrator::event::{Event, Observer};
use crate::model::{Stage, State};

/// Something after which a run is cut short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cut {
    /// A migration is finished.
    Finished { name: String, stage: Option<Stage> },
    /// A change has entered the state that lies within a stage.
    Halfway { name: String },
}

/// Tells whoever waits when there is something to look at.
#[derive(Default)]
pub(super) struct Watch {
    seen: Mutex<Option<Cut>>,
    notify: Notify,
}

impl Watch {
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
            _ => return,
        };
        if let Ok(mut seen) = self.seen.lock() {
            *seen = Some(cut);
            self.notify.notify_one();
        }
    }
}
