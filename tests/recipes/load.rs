//! Clients of the service: each has members of its own, and so it knows what every answer has to be.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Method;

use super::balancer::Balancer;

/// The clients of one service, at work until they are told to stop.
pub struct Load {
    go_on: Arc<AtomicBool>,
    sent: Arc<AtomicUsize>,
    clients: Vec<JoinHandle<Client>>,
}

/// What the service has acknowledged, and what went wrong.
#[derive(Default, Debug)]
pub struct Tally {
    pub sent: usize,
    /// By number of the member: its name.
    pub members: BTreeMap<i64, String>,
    /// How many names were changed.
    pub name_changes: usize,
    /// Requests with another answer than the right one.
    pub wrong: Vec<String>,
}

impl Load {
    pub fn start(balancer: &Arc<Balancer>, clients: usize) -> Self {
        let go_on = Arc::new(AtomicBool::new(true));
        let sent = Arc::new(AtomicUsize::new(0));
        let start = |number| {
            let mut client = Client::new(number, Arc::clone(balancer));
            let (go_on, sent) = (Arc::clone(&go_on), Arc::clone(&sent));
            thread::spawn(move || {
                while go_on.load(Ordering::Relaxed) {
                    client.request();
                    sent.fetch_add(1, Ordering::Relaxed);
                }
                client
            })
        };
        let clients = (0..clients).map(start).collect();
        Self { go_on, sent, clients }
    }

    /// How many requests have been answered.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }

    pub fn stop(self) -> Tally {
        self.go_on.store(false, Ordering::Relaxed);
        let mut tally = Tally { sent: self.sent(), ..Tally::default() };
        for client in self.clients {
            let client = client.join().unwrap();
            tally.members.extend(client.members);
            tally.name_changes += client.name_changes;
            tally.wrong.extend(client.wrong);
        }
        tally
    }
}

struct Client {
    number: usize,
    balancer: Arc<Balancer>,
    agent: Agent,
    /// How many requests it has sent.
    step: usize,
    members: BTreeMap<i64, String>,
    name_changes: usize,
    wrong: Vec<String>,
}

impl Client {
    fn new(number: usize, balancer: Arc<Balancer>) -> Self {
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        let members = BTreeMap::new();
        Self { number, balancer, agent, step: 0, members, name_changes: 0, wrong: Vec::new() }
    }

    /// One request of many kinds in turn; two of three are reads.
    fn request(&mut self) {
        self.step += 1;
        let known = self.members.iter().nth(self.step / 7 % self.members.len().max(1));
        let known = known.map(|(id, name)| (*id, name.clone()));
        match (self.step % 7, known) {
            (0, _) | (_, None) => self.create(),
            (1, Some((id, _))) => self.rename(id),
            (2, Some((id, _))) if self.members.len() > 100 => self.remove(id),
            (2 | 3, Some((id, name))) => self.search(id, &name),
            (4, Some((id, name))) => self.list(id, &name),
            (_, Some((id, name))) => self.read(id, &name),
        }
    }

    /// A name that nobody has had.
    fn new_name(&self) -> String {
        format!("client {} request {}", self.number, self.step)
    }

    fn create(&mut self) {
        let name = self.new_name();
        let (status, member) = self.send(Method::POST, "/members", Some(&json!({ "name": name })));
        if self.check(status == 201 && member["name"] == name, "create", status, &member) {
            self.members.insert(member["id"].as_i64().unwrap(), name);
        }
    }

    fn rename(&mut self, id: i64) {
        let name = self.new_name();
        let path = format!("/members/{id}/name");
        let (status, member) = self.send(Method::PUT, &path, Some(&json!({ "name": name })));
        if self.check(status == 200 && member["name"] == name, "rename", status, &member) {
            self.members.insert(id, name);
            self.name_changes += 1;
        }
    }

    fn remove(&mut self, id: i64) {
        let (status, body) = self.send(Method::DELETE, &format!("/members/{id}"), None);
        if self.check(status == 204, "remove", status, &body) {
            self.members.remove(&id);
        }
    }

    fn read(&mut self, id: i64, name: &str) {
        let (status, body) = self.send(Method::GET, &format!("/members/{id}"), None);
        self.check(status == 200 && body["name"] == name, "read", status, &body);
    }

    fn search(&mut self, id: i64, name: &str) {
        let path = format!("/search?prefix={}", name.replace(' ', "%20"));
        let (status, body) = self.send(Method::GET, &path, None);
        let found = body.as_array().is_some_and(|found| {
            found.iter().any(|member| member["id"] == id && member["name"] == name)
        });
        self.check(status == 200 && found, "search", status, &body);
    }

    /// The list begins behind the greatest name that is smaller than this one.
    fn list(&mut self, id: i64, name: &str) {
        let after = &name[..name.len() - 1];
        let path = format!("/members?after={}", after.replace(' ', "%20"));
        let (status, body) = self.send(Method::GET, &path, None);
        let found = body.as_array().is_some_and(|found| {
            found.len() == 20
                || found.iter().any(|member| member["id"] == id && member["name"] == name)
        });
        self.check(status == 200 && found, "list", status, &body);
    }

    /// Notes an answer that is not the right one.
    fn check(&mut self, right: bool, request: &str, status: u16, body: &Value) -> bool {
        if !right {
            self.wrong.push(format!("{request}: {status} {body}"));
        }
        right
    }

    /// The status of the answer, or 0 if there was none, and its body.
    fn send(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let instance = self.balancer.pick(self.step);
        let uri = format!("http://{}{path}", instance.address);
        let request = ureq::http::Request::builder().method(method).uri(uri);
        let answer = match body {
            Some(body) => {
                let request = request.header("content-type", "application/json");
                self.agent.run(request.body(body.to_string()).unwrap())
            }
            None => self.agent.run(request.body(()).unwrap()),
        };
        match answer {
            Ok(mut answer) => {
                let text = answer.body_mut().read_to_string().unwrap_or_default();
                (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null))
            }
            Err(error) => (0, Value::String(error.to_string())),
        }
    }
}
