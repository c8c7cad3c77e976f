//! The processes of a service, and which of them get requests.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, RwLock};

use crate::support::wait::until;

/// A process that serves.
pub struct Instance {
    pub address: String,
    process: Child,
}

impl Instance {
    /// Starts the process, and waits until it is ready.
    fn start(mut command: Command, log: &Path) -> Self {
        let output = File::create(log).unwrap();
        command.env("LISTEN", "127.0.0.1:0").stdout(output).stderr(Stdio::inherit());
        let process = command.spawn().unwrap();
        let address = || {
            let text = fs::read_to_string(log).unwrap();
            let line = text.lines().find_map(|line| line.split_once("listens on "))?;
            Some(line.1.to_owned())
        };
        until("the service listens", || address().is_some());
        let address = address().unwrap();
        let ready = format!("http://{address}/ready");
        until("the service is ready", || ureq::get(&ready).call().is_ok());
        Self { address, process }
    }

    /// Asks the process to stop, and waits until it has.
    fn stop(mut self) {
        let pid = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert!(self.process.wait().unwrap().success());
    }
}

/// Gives each request to one of the processes that are ready.
#[derive(Default)]
pub struct Balancer {
    ready: RwLock<Vec<Arc<Instance>>>,
}

impl Balancer {
    /// The process for request number `n`. It is not stopped for as long as the caller has it.
    pub fn pick(&self, n: usize) -> Arc<Instance> {
        let ready = self.ready.read().unwrap();
        Arc::clone(&ready[n % ready.len()])
    }

    /// Replaces the processes one by one: each new one is ready before an old one is taken away.
    pub fn roll_out(
        &self,
        count: usize,
        start: impl Fn() -> Command,
        log: impl Fn(usize) -> String,
    ) {
        let old = self.ready.read().unwrap().len();
        for n in 0..count.max(old) {
            if n < count {
                let instance = Instance::start(start(), Path::new(&log(n)));
                self.ready.write().unwrap().push(Arc::new(instance));
            }
            if n < old {
                let instance = self.ready.write().unwrap().remove(0);
                retire(instance);
            }
        }
    }

    pub fn stop(&self) {
        for instance in self.ready.write().unwrap().drain(..) {
            retire(instance);
        }
    }
}

/// Waits until the process has no request any more, and stops it.
fn retire(instance: Arc<Instance>) {
    until("the requests have ended", || Arc::strong_count(&instance) == 1);
    Arc::into_inner(instance).unwrap().stop();
}
