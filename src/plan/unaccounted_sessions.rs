//! The sessions of the app's role that no process with the shim accounts for.

use crate::model::{Client, Session};

/// Returns the sessions that belong to no process of the fleet, as far as that can be told.
///
/// `instances` has the client of each registered instance, also of one whose lease has run out: its process
/// has the shim. A session is accounted for if an instance registered from its address with its role, in a
/// session that began at most `leeway` after it. Without any instance, no session is accounted for. Returns
/// nothing if an instance has not said who it is.
pub fn unaccounted_sessions(
    mut sessions: Vec<Session>,
    instances: &[Option<Client>],
    leeway: i64,
) -> Vec<Session> {
    let Some(known) = instances.iter().cloned().collect::<Option<Vec<Client>>>() else {
        return Vec::new();
    };
    let is_app = |session: &Session| {
        known.is_empty() || known.iter().any(|own| own.role == session.client.role)
    };
    let is_accounted_for = |session: &Session| {
        known
            .iter()
            .any(|own| own.is_beside(&session.client) && own.began - leeway <= session.client.began)
    };
    sessions.retain(|session| is_app(session) && !is_accounted_for(session));
    sessions.sort_by(|a, b| {
        let key = |session: &Session| (session.client.role.clone(), session.client.address.clone());
        (key(a), a.pid).cmp(&(key(b), b.pid))
    });
    sessions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(text: &str) -> Client {
        text.parse().unwrap()
    }

    fn found(sessions: &[&str], live: &[Option<&str>]) -> Vec<String> {
        let sessions = (1..).zip(sessions).map(|(pid, text)| Session {
            client: client(text),
            pid,
            application: String::new(),
        });
        let live: Vec<_> = live.iter().map(|text| text.map(client)).collect();
        let found = unaccounted_sessions(sessions.collect(), &live, 10_000);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_session_from_another_address_is_unaccounted_for() {
        let sessions = ["90000 app@10.0.0.1", "90000 app@10.0.0.2", "90000 reports@10.0.0.3"];
        assert_eq!(found(&sessions, &[Some("80000 app@10.0.0.1")]), ["app@10.0.0.2 (pid 2)"]);
    }

    #[test]
    fn a_session_older_than_every_process_of_its_address_is_unaccounted_for() {
        let sessions = ["70000 app@local", "79000 app@local", "99000 app@local"];
        let live = [Some("85000 app@local"), Some("95000 app@local")];
        assert_eq!(found(&sessions, &live), ["app@local (pid 1)"]);
    }

    #[test]
    fn without_a_process_every_session_is_unaccounted_for() {
        assert_eq!(found(&["1 app@local"], &[]), ["app@local (pid 1)"]);
    }

    #[test]
    fn nothing_is_told_of_a_fleet_with_a_process_of_an_earlier_version() {
        assert_eq!(found(&["1 app@10.0.0.2"], &[Some("1 app@10.0.0.1"), None]), [""; 0]);
    }
}
