//! The client of a session, and its form as text: `1764540000000 app@10.0.0.7`.

use std::fmt;
use std::str::FromStr;

/// The role and the address of a session, and when it began.
///
/// As text: `1764540000000 app@10.0.0.7`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// When the session began: on PostgreSQL in milliseconds since 1970 by the server's clock, on MariaDB the
    /// number of the connection, which rises.
    pub began: i64,
    /// The role.
    pub role: String,
    /// The address of the client, as the server sees it.
    pub address: String,
}

/// A text is not that of a [`Client`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` does not name a client")]
pub struct InvalidClient(String);

impl Client {
    /// Returns true if the other session has the same role and address.
    #[must_use]
    pub fn is_beside(&self, other: &Self) -> bool {
        self.role == other.role && self.address == other.address
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}@{}", self.began, self.role, self.address)
    }
}

impl FromStr for Client {
    type Err = InvalidClient;
    fn from_str(text: &str) -> Result<Self, InvalidClient> {
        let parts = || {
            let (began, client) = text.split_once(' ')?;
            // A role may contain an `@`, an address does not.
            let (role, address) = client.rsplit_once('@')?;
            let began = began.parse().ok()?;
            Some(Self { began, role: role.to_owned(), address: address.to_owned() })
        };
        parts().ok_or_else(|| InvalidClient(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_read_from_its_own_text() {
        for (role, address) in [("app", "10.0.0.7"), ("my app", "local"), ("a@b", "::1")] {
            let client = Client { began: 7, role: role.to_owned(), address: address.to_owned() };
            assert_eq!(client.to_string().parse(), Ok(client));
        }
        for text in ["", "app@local", "x app@local", "7 app"] {
            assert_eq!(text.parse::<Client>(), Err(InvalidClient(text.to_owned())));
        }
    }
}
