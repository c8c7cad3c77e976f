//! The checksum of a migration file.

use std::fmt;

use sha2::{Digest, Sha256};

/// The checksum of a migration file: SHA-256 of its bytes, in hexadecimal.
///
/// A line end of CRLF counts as LF, so that a checkout on Windows has the same checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Checksum([u8; 64]);

impl Checksum {
    /// The checksum of a file's bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        let mut rest = bytes;
        // Most files have no CR, and this runs for every file at every deploy.
        while let Some(at) = rest.iter().position(|byte| *byte == b'\r') {
            let (before, after) = rest.split_at(at);
            hasher.update(before);
            if !after.starts_with(b"\r\n") {
                hasher.update(b"\r");
            }
            rest = &after[1..];
        }
        hasher.update(rest);
        let mut digits = [0; 64];
        // Cannot fail: the buffer is as long as the digits.
        let _ = base16ct::lower::encode(&hasher.finalize(), &mut digits);
        Self(digits)
    }

    /// Reads a recorded checksum: 64 hexadecimal digits, in lower case.
    #[must_use]
    pub fn from_digits(digits: &str) -> Option<Self> {
        let fits = |b: &u8| b.is_ascii_digit() || (b'a'..=b'f').contains(b);
        let digits: [u8; 64] = digits.as_bytes().try_into().ok()?;
        digits.iter().all(fits).then_some(Self(digits))
    }

    /// The 64 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Cannot fail: digits are ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_windows_do_not_count() {
        assert_eq!(Checksum::of(b"a\r\nb\r\n"), Checksum::of(b"a\nb\n"));
        assert_ne!(Checksum::of(b"a\rb"), Checksum::of(b"ab"));
        assert_ne!(Checksum::of(b"a\r\r\nb"), Checksum::of(b"a\nb"));
    }

    #[test]
    fn it_is_sha256() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Checksum::of(b"").as_str(), empty);
        assert_eq!(Checksum::from_digits(empty), Some(Checksum::of(b"")));
        for other in ["", &empty[1..], &empty.to_uppercase(), &empty.replace('e', "é")] {
            assert_eq!(Checksum::from_digits(other), None, "{other}");
        }
    }
}
