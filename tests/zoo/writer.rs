//! An app that writes while its table is renamed.

use std::thread::JoinHandle;
use std::time::Duration;

use handover::{Releases, Shim, ShimError};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database};
use tokio::sync::{mpsc, oneshot};

use super::case::Case;

/// What to do next. Each is answered with the number of rounds so far, or with what failed.
enum Order {
    /// Go on as an app of this release, whose code names the column so.
    Write { release: &'static str, column: String },
    /// Write nothing, but go on as a running process.
    Pause,
}

type Answer = Result<usize, String>;

/// A thread with an app in it. Its statements come one after the other, so that they can be sent to
/// another database in the same order.
pub struct Writer {
    orders: Option<mpsc::UnboundedSender<(Order, oneshot::Sender<Answer>)>>,
    thread: Option<JoinHandle<()>>,
}

/// Between two rounds: the zoo is large, and its rows are compared afterwards.
const PAUSE: Duration = Duration::from_millis(50);

impl Writer {
    pub fn start(case: &Case, url: &str) -> Self {
        let (orders, inbox) = mpsc::unbounded_channel();
        let (case, url) = (case.clone(), url.to_owned());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(run(&case, &url, inbox));
        });
        Self { orders: Some(orders), thread: Some(thread) }
    }

    /// From now on writes as an app of this release; the release before it has left the fleet.
    pub fn write(&self, release: &'static str, column: &str) -> Answer {
        self.send(Order::Write { release, column: column.to_owned() })
    }

    /// Ends the present round. How many there were.
    pub fn pause(&self) -> Answer {
        self.send(Order::Pause)
    }

    fn send(&self, order: Order) -> Answer {
        let (reply, answer) = oneshot::channel();
        let sent = self.orders.as_ref().unwrap().send((order, reply));
        sent.map_err(|_| "the writer has ended".to_owned())?;
        answer.blocking_recv().unwrap_or_else(|_| Err("the writer has panicked".to_owned()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

async fn run(
    case: &Case,
    url: &str,
    mut inbox: mpsc::UnboundedReceiver<(Order, oneshot::Sender<Answer>)>,
) {
    let mut app: Option<(Shim, &'static str, String)> = None;
    let (mut rounds, mut writes, mut failed) = (0, false, None);
    loop {
        let order = if writes && failed.is_none() {
            tokio::time::sleep(PAUSE).await;
            inbox.try_recv().map_err(|error| error == mpsc::error::TryRecvError::Disconnected)
        } else {
            inbox.recv().await.ok_or(true)
        };
        match order {
            Ok((order, reply)) => {
                if let Order::Write { release, column } = &order {
                    if app.as_ref().is_none_or(|(_, runs, _)| runs != release) {
                        if let Some((old, ..)) = app.take() {
                            old.shutdown().await.unwrap();
                        }
                        app = Some((start(url, release).await, release, column.clone()));
                    }
                    app.as_mut().unwrap().2.clone_from(column);
                }
                writes = matches!(order, Order::Write { .. });
                let _ = reply.send(failed.clone().map_or(Ok(rounds), Err));
            }
            Err(true) => break,
            Err(false) => {
                let (shim, _, column) = app.as_ref().unwrap();
                rounds += 1;
                for statement in statements(case, column, rounds) {
                    if let Err(error) = send(shim, &statement).await {
                        failed = Some(format!("the app's `{statement}` failed: {error}"));
                    }
                }
            }
        }
    }
    if let Some((shim, ..)) = app {
        shim.shutdown().await.unwrap();
    }
}

async fn start(url: &str, release: &'static str) -> Shim {
    let mut options = ConnectOptions::new(url);
    options.max_connections(2).sqlx_logging(false);
    let connection = Database::connect(options).await.unwrap();
    Shim::builder(connection, Releases::default()).app_version(release).start().await.unwrap()
}

/// What an app does: it runs again what it is told to run again.
async fn send(shim: &Shim, statement: &str) -> Result<(), String> {
    loop {
        match shim.execute_unprepared(statement).await {
            Ok(_) => return Ok(()),
            Err(error) if ShimError::is_run_again(&error) => {}
            Err(error) => {
                use std::error::Error as _;
                let cause = error.source().map(ToString::to_string).unwrap_or_default();
                return Err(format!("{error}: {cause}"));
            }
        }
    }
}

/// The statements of a round, counted from one, for a column of this name.
pub fn statements(case: &Case, column: &str, round: usize) -> Vec<String> {
    let number = round.to_string();
    let spell = |text: &String| text.replace("{c}", column).replace("{n}", &number);
    case.writes.iter().map(spell).collect()
}
