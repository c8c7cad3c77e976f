//! An object of the database, its words for messages and its spelling for the command line.

use std::fmt;

use crate::model::Identifier;

/// The kind of an object that uses a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// A package, or its body (MariaDB).
    Package,
    /// A trigger.
    Trigger,
    /// A rewrite rule (PostgreSQL).
    Rule,
    /// A view.
    View,
    /// A foreign key.
    ForeignKey,
    /// A virtual table (SQLite).
    VirtualTable,
    /// A scheduled event (MariaDB).
    Event,
    /// A publication, which sends rows to subscribers (PostgreSQL).
    Publication,
    /// A subscription, which writes the rows of another server (PostgreSQL).
    Subscription,
}

impl Kind {
    const ALL: [Self; 11] = [
        Self::Function,
        Self::Procedure,
        Self::Package,
        Self::Trigger,
        Self::Rule,
        Self::View,
        Self::ForeignKey,
        Self::VirtualTable,
        Self::Event,
        Self::Publication,
        Self::Subscription,
    ];

    /// The word before the colon in the spelling for the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Package => "package",
            Self::Trigger => "trigger",
            Self::Rule => "rule",
            Self::View => "view",
            Self::ForeignKey => "foreign-key",
            Self::VirtualTable => "virtual-table",
            Self::Event => "event",
            Self::Publication => "publication",
            Self::Subscription => "subscription",
        }
    }

    /// The kinds that a word before the colon stands for; `routine` stands for functions,
    /// procedures and packages.
    pub(super) fn of_word(word: &str) -> Vec<Self> {
        if word.eq_ignore_ascii_case("routine") {
            return vec![Self::Function, Self::Procedure, Self::Package];
        }
        Self::ALL.into_iter().filter(|kind| kind.word().eq_ignore_ascii_case(word)).collect()
    }

    const fn in_words(self) -> &'static str {
        match self {
            Self::ForeignKey => "foreign key",
            Self::VirtualTable => "virtual table",
            other => other.word(),
        }
    }
}

/// An object of the database, with names as the catalog stores them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Object {
    /// Its kind.
    pub kind: Kind,
    /// The schema that it is in; `None` on SQLite.
    pub schema: Option<String>,
    /// The table that it is on, for a trigger, a rule or a foreign key.
    pub table: Option<String>,
    /// Its own name.
    pub name: String,
    /// The types of a PostgreSQL function's arguments, separated by commas.
    pub arguments: Option<String>,
}

impl Object {
    pub(in crate::database::catalog) fn new(kind: Kind, schema: Option<&str>, name: &str) -> Self {
        let schema = schema.map(str::to_owned);
        Self { kind, schema, table: None, name: name.to_owned(), arguments: None }
    }

    pub(super) fn on(kind: Kind, schema: Option<&str>, table: &str, name: &str) -> Self {
        Self { table: Some(table.to_owned()), ..Self::new(kind, schema, name) }
    }

    /// Its spelling for the command line, such as `view:v`, `trigger:posts.t` or
    /// `function:public.touch(integer)`. A part with a dot or a parenthesis is in double quotes.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}:{}", self.kind.word(), self.path())
    }

    /// Schema, table and name, as far as it has them.
    pub(super) fn parts(&self) -> Vec<&str> {
        let outer = [self.schema.as_deref(), self.table.as_deref()];
        outer.into_iter().flatten().chain([self.name.as_str()]).collect()
    }

    fn path(&self) -> String {
        let parts: Vec<String> = self.parts().into_iter().map(part).collect();
        parts.join(".") + &self.signature()
    }

    fn signature(&self) -> String {
        self.arguments.as_ref().map(|types| format!("({types})")).unwrap_or_default()
    }
}

/// Writes it in words, such as "the trigger `t` on `public.posts`".
impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.in_words();
        let Some(table) = &self.table else {
            return write!(f, "the {kind} `{}`", self.path());
        };
        let owner: Vec<String> = self.schema.iter().chain([table]).map(|name| part(name)).collect();
        write!(f, "the {kind} `{}` on `{}`", part(&self.name), owner.join("."))
    }
}

/// One part of a path, in double quotes if it could not be read back otherwise.
fn part(name: &str) -> String {
    let plain = Identifier::new(name).is_ok() && !name.contains(['.', '(', '"', ':']);
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_have_words_and_a_spelling() {
        let function = Object {
            arguments: Some("integer, text".into()),
            ..Object::new(Kind::Function, Some("public"), "touch")
        };
        for (object, words, key) in [
            (Object::new(Kind::View, None, "v"), "the view `v`", "view:v"),
            (
                Object::on(Kind::Trigger, None, "posts", "t"),
                "the trigger `t` on `posts`",
                "trigger:posts.t",
            ),
            (
                function,
                "the function `public.touch(integer, text)`",
                "function:public.touch(integer, text)",
            ),
            (
                Object::on(Kind::ForeignKey, Some("a.b"), "po\"sts", "k"),
                "the foreign key `k` on `\"a.b\".\"po\"\"sts\"`",
                "foreign-key:\"a.b\".\"po\"\"sts\".k",
            ),
            (
                Object::new(Kind::VirtualTable, None, "f(x"),
                "the virtual table `\"f(x\"`",
                "virtual-table:\"f(x\"",
            ),
        ] {
            assert_eq!((object.to_string().as_str(), object.key().as_str()), (words, key));
        }
    }
}
