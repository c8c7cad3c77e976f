//! The words of a text, without the comments of Rust.

/// A word of a text: letters, digits and `_`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'t> {
    /// Its offset in bytes.
    pub at: usize,
    pub text: &'t str,
    /// The string that it stands in, in Rust.
    pub string: Option<&'t str>,
}

/// The words of a text. In Rust, words in comments are left out. A string that contains `//` does not
/// begin a comment.
pub(super) fn words(text: &str, is_rust: bool) -> Vec<Word<'_>> {
    let mut scan = Scan { text, bytes: text.as_bytes(), at: 0, string: None, found: Vec::new() };
    if is_rust {
        scan.rust();
    } else {
        scan.plain(text.len(), false);
    }
    scan.found
}

struct Scan<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    string: Option<&'t str>,
    found: Vec<Word<'t>>,
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn word(&mut self) -> &'t str {
        let begin = self.at;
        self.at += self.rest().iter().take_while(|byte| is_word(**byte)).count();
        // Only whole characters are words, so both ends are between characters.
        let word = self.text.get(begin..self.at).unwrap_or_default();
        self.found.push(Word { at: begin, text: word, string: self.string });
        word
    }

    /// Reads words up to an offset. With `escapes`, a backslash and the character after it are skipped.
    fn plain(&mut self, until: usize, escapes: bool) {
        while self.at < until {
            match self.bytes[self.at] {
                b'\\' if escapes => {
                    self.at += 1;
                    self.at += self.rest().first().map_or(0, |byte| usize::from(byte.is_ascii()));
                }
                byte if is_word(byte) => {
                    self.word();
                }
                _ => self.at += 1,
            }
        }
    }

    /// Reads the words of a string that goes up to an offset.
    fn in_string(&mut self, end: usize, escapes: bool) {
        self.string = self.text.get(self.at..end);
        self.plain(end, escapes);
        self.string = None;
    }

    fn rust(&mut self) {
        while let [byte, ..] = self.rest() {
            match self.rest() {
                [b'/', b'/', ..] => {
                    self.at += self.rest().iter().take_while(|byte| **byte != b'\n').count();
                }
                [b'/', b'*', ..] => self.comment(),
                [b'"', ..] => {
                    self.at += 1;
                    let end = self.at + string_length(self.rest());
                    self.in_string(end, true);
                    self.at = end + 1;
                }
                [b'\'', b'\\', _, ..] => {
                    self.at += 3;
                    self.at += self.rest().iter().take_while(|byte| **byte != b'\'').count() + 1;
                }
                [b'\'', _, b'\'', ..] => self.at += 3,
                _ if is_word(*byte) => {
                    if matches!(self.word(), "r" | "br" | "cr") {
                        self.raw_string();
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    fn raw_string(&mut self) {
        let hashes = self.rest().iter().take_while(|byte| **byte == b'#').count();
        if self.rest().get(hashes) != Some(&b'"') {
            return;
        }
        self.at += hashes + 1;
        let close = format!("\"{}", "#".repeat(hashes));
        let length = self.text.get(self.at..).and_then(|rest| rest.find(&close));
        let end = length.map_or(self.bytes.len(), |length| self.at + length);
        self.in_string(end, false);
        self.at = end + close.len();
    }

    /// Skips a comment. Comments may be nested.
    fn comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.rest() {
                [b'/', b'*', ..] => (depth, self.at) = (depth + 1, self.at + 2),
                [b'*', b'/', ..] => (depth, self.at) = (depth.saturating_sub(1), self.at + 2),
                [] => return,
                _ => self.at += 1,
            }
            if depth == 0 {
                return;
            }
        }
    }
}

/// The length of a string in bytes, without the quote that ends it.
fn string_length(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        match bytes.get(at) {
            None => return bytes.len(),
            Some(b'"') => return at,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(text: &str, is_rust: bool) -> String {
        words(text, is_rust).into_iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_are_left_out_and_strings_are_not() {
        for (text, expect) in [
            ("a // b\nc", "a c"),
            ("a /* b /* c */ d */ e", "a e"),
            ("\"http://b\" c", "http b c"),
            ("\"\\\"// a\" b // c", "a b"),
            ("\"\\nname\"", "name"),
            ("r\"\\\" a // b", "r a"),
            ("r#\"// \"a\" \"# b // c", "r a b"),
            ("br##\"\"# a\"## b", "br a b"),
            ("r#type", "r type"),
            ("'\"' a // b", "a"),
            ("'\\'' a '\\u{1F}' b", "a b"),
            ("fn a<'b>(c: &'b str) // d", "fn a b c b str"),
            ("\"open // a", "open a"),
            ("/* open", ""),
            ("имя // b", "имя"),
        ] {
            assert_eq!(said(text, true), expect, "{text}");
        }
        assert_eq!(said("a // b '\" c", false), "a b c");
    }

    proptest! {
        #[test]
        fn any_text_is_scanned_to_its_end(text in "[a-z\"'/*#\\\\ré\\n ]{0,40}") {
            for is_rust in [true, false] {
                for Word { at, text: word, .. } in words(&text, is_rust) {
                    prop_assert_eq!(&text[at..at + word.len()], word);
                }
            }
        }
    }
}
