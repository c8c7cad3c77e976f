//! Finds the object that a user names in `--allow kind:schema.name(arguments)`.

use super::object::{Kind, Object};

/// A name that matches no object, or more than one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchObject {
    /// No object matches.
    #[error("`{given}` is not the name of an object that stands in the way")]
    Unknown {
        /// The name that was given.
        given: String,
    },
    /// Several objects match.
    #[error("`{given}` means more than one object: {}", keys.join(", "))]
    Ambiguous {
        /// The name that was given.
        given: String,
        /// The full names of the objects that match.
        keys: Vec<String>,
    },
}

/// Finds the object with this name. The name may leave out the kind, the schema and the table, and
/// the types of the arguments. Case matters only if it is needed to choose between several.
///
/// # Errors
/// The name matches no object, or several.
pub fn find<'a>(given: &str, objects: &[&'a Object]) -> Result<&'a Object, NoSuchObject> {
    let mut whole = objects.iter().filter(|object| object.key() == given);
    if let Some(object) = whole.next() {
        return Ok(object);
    }
    let mut found = matching(given, objects, |a, b| a == b);
    if found.is_empty() {
        found = matching(given, objects, |a, b| a.to_lowercase() == b.to_lowercase());
    }
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [] => Err(NoSuchObject::Unknown { given: given.to_owned() }),
        [one] => Ok(one),
        several => Err(NoSuchObject::Ambiguous {
            given: given.to_owned(),
            keys: several.iter().map(|object| object.key()).collect(),
        }),
    }
}

fn matching<'a>(
    given: &str,
    objects: &[&'a Object],
    same: impl Fn(&str, &str) -> bool,
) -> Vec<&'a Object> {
    let (kinds, rest) = match given.split_once(':') {
        Some((word, rest)) if !Kind::of_word(word).is_empty() => (Kind::of_word(word), rest),
        _ => (Vec::new(), given),
    };
    let Some((parts, arguments)) = split(rest) else {
        return Vec::new();
    };
    let is_meant = |object: &&&Object| {
        let own = object.parts();
        let tail = own.len().checked_sub(parts.len()).map(|from| &own[from..]);
        let named = tail.is_some_and(|tail| tail.iter().zip(&parts).all(|(a, b)| same(a, b)));
        let takes = arguments.as_deref().is_none_or(|given| {
            let own = object.arguments.as_deref();
            own.is_some_and(|own| same(&squeezed(own), &squeezed(given)))
        });
        named && takes && (kinds.is_empty() || kinds.contains(&object.kind))
    };
    objects.iter().filter(is_meant).copied().collect()
}

/// Splits a path into its parts and the text in parentheses after it; returns `None` if the quotes
/// do not pair up.
fn split(path: &str) -> Option<(Vec<String>, Option<String>)> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for (at, letter) in path.char_indices() {
        let last = parts.last_mut()?;
        match letter {
            '"' => {
                // The second of two quotes belongs to the name.
                if !quoted && at > 0 && path[..at].ends_with('"') {
                    last.push('"');
                }
                quoted = !quoted;
            }
            '.' if !quoted => parts.push(String::new()),
            '(' if !quoted => {
                let arguments = path[at + 1..].strip_suffix(')')?;
                return Some((parts, Some(arguments.to_owned())));
            }
            _ => last.push(letter),
        }
    }
    (!quoted).then_some((parts, None))
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects() -> Vec<Object> {
        let function = |schema: &str, types: &str| Object {
            arguments: Some(types.into()),
            ..Object::new(Kind::Function, Some(schema), "touch")
        };
        vec![
            function("public", "integer, text"),
            function("public", ""),
            function("app", ""),
            Object::on(Kind::Trigger, Some("public"), "posts", "t"),
            Object::on(Kind::Trigger, Some("public"), "Posts", "T"),
            Object::new(Kind::View, Some("public"), "t"),
            Object::new(Kind::View, None, "odd.\"na(me"),
            Object::new(Kind::Event, Some("db"), "nightly"),
        ]
    }

    fn found(given: &str) -> Result<String, NoSuchObject> {
        let objects = objects();
        find(given, &objects.iter().collect::<Vec<_>>()).map(Object::key)
    }

    #[test]
    fn an_object_is_found_by_its_spelling_and_by_a_shorter_one() {
        for object in objects() {
            assert_eq!(found(&object.key()), Ok(object.key()));
        }
        for (given, key) in [
            ("nightly", "event:db.nightly"),
            ("NIGHTLY", "event:db.nightly"),
            ("touch(integer,text)", "function:public.touch(integer, text)"),
            ("routine:app.touch", "function:app.touch()"),
            ("app.touch()", "function:app.touch()"),
            ("trigger:t", "trigger:public.posts.t"),
            ("Posts.T", "trigger:public.Posts.T"),
            ("view:t", "view:public.t"),
            ("\"odd.\"\"na(me\"", "view:\"odd.\"\"na(me\""),
        ] {
            assert_eq!(found(given), Ok(key.to_owned()), "{given}");
        }
    }

    #[test]
    fn what_means_none_or_several_is_refused() {
        for given in ["other", "", "view:nightly", "x.nightly", "a.b.c.t", "\"touch", "nightly()"] {
            assert!(matches!(found(given), Err(NoSuchObject::Unknown { .. })), "{given}");
        }
        for (given, count) in [("touch", 3), ("public.touch", 2), ("t", 2), ("touch()", 2)] {
            let Err(NoSuchObject::Ambiguous { keys, .. }) = found(given) else {
                panic!("{given} means one object");
            };
            assert_eq!(keys.len(), count, "{given}: {keys:?}");
        }
    }
}
