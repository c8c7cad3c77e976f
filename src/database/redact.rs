//! Removing passwords from messages.

use std::ops::Range;

/// Returns the URL with its passwords replaced by `***`, for messages.
#[must_use]
pub fn redact(url: &str) -> String {
    let mut shown = String::new();
    let mut end = 0;
    for secret in secrets(url) {
        if secret.start >= end {
            shown.push_str(&url[end..secret.start]);
            shown.push_str("***");
        }
        end = end.max(secret.end);
    }
    shown.push_str(&url[end..]);
    shown
}

/// Returns the message without the URL's passwords, including their decoded form.
pub(super) fn hide(url: &str, message: &str) -> String {
    let mut message = message.to_owned();
    for secret in secrets(url) {
        let text = &url[secret];
        let pair = format!("={}", text.replace('&', "%26"));
        let decoded = url::form_urlencoded::parse(pair.as_bytes()).next();
        for text in [text, decoded.map(|(_, text)| text).as_deref().unwrap_or_default()] {
            if !text.is_empty() {
                message = message.replace(text, "***");
            }
        }
    }
    message
}

/// The ranges of the passwords, in `scheme://user:password@host` and in `?password=`, in order.
fn secrets(url: &str) -> Vec<Range<usize>> {
    let mut found: Vec<_> = in_authority(url).into_iter().collect();
    for (at, key) in url.to_ascii_lowercase().match_indices("password=") {
        let start = at + key.len();
        found.push(start..url[start..].find('&').map_or(url.len(), |length| start + length));
    }
    found.sort_by_key(|secret| secret.start);
    found
}

fn in_authority(url: &str) -> Option<Range<usize>> {
    let authority = url.find("://")? + 3;
    // A password may itself hold an unescaped `/`, so the last `@` ends it.
    let at = authority + url[authority..].rfind('@')?;
    let colon = authority + url[authority..at].find(':')?;
    Some(colon + 1..at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        for (url, shown) in [
            ("postgres://u:secret@h/db", "postgres://u:***@h/db"),
            ("postgres://u:se/cr@et@h:5432/db", "postgres://u:***@h:5432/db"),
            ("postgres://u@h/db", "postgres://u@h/db"),
            ("sqlite://a.sqlite3?mode=rwc", "sqlite://a.sqlite3?mode=rwc"),
            ("postgres://h/db?user=u&password=secret", "postgres://h/db?user=u&password=***"),
            ("postgres://h/db?PassWord=secret&a=b", "postgres://h/db?PassWord=***&a=b"),
            ("postgres://h:1/db?password=se@cret", "postgres://h:***"),
            ("postgres://u:secret@h/db?password=other", "postgres://u:***@h/db?password=***"),
        ] {
            assert_eq!(redact(url), shown);
        }
    }

    #[test]
    fn a_message_is_hidden_as_written_and_as_decoded() {
        assert_eq!(hide("postgres://u:secret@h/db", "bad secret"), "bad ***");
        assert_eq!(hide("postgres://u:s%40cr&t@h/db", "bad s@cr&t, s%40cr&t"), "bad ***, ***");
        assert_eq!(hide("postgres://u@h/db?password=se%20cret", "bad se cret"), "bad ***");
        assert_eq!(hide("postgres://u:@h/db", "all is said"), "all is said");
    }
}
