//! What statements are generated from: choices, and what there is to name.

use super::choices::Choices;
use super::schema::{Kind, literal};
use super::text::{either, integer, own, text};
use super::world::World;

/// Makes one statement.
pub struct Generator<'a> {
    pub c: Choices<'a>,
    pub world: &'a World,
    aliases: usize,
    /// Common table expressions in scope.
    pub ctes: Vec<(String, Vec<Col>)>,
    /// Tables that a common table expression hides, or that must not be named.
    pub hidden: Vec<usize>,
    /// Whether an alias has taken the name of a column.
    odd_alias: bool,
    /// Whether each column has to be named with its table: in ON, where not all of them are known.
    pub qualify: bool,
}

/// A column in scope.
#[derive(Clone, Debug)]
pub struct Col {
    pub name: Name,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// A column of the schema.
    Own(usize),
    /// One that the statement itself has named.
    Given(String),
}

/// What stands in FROM.
#[derive(Clone, Debug)]
pub struct Source {
    pub qualifier: String,
    pub columns: Vec<Col>,
    /// No two of its rows are alike in these.
    pub key: Vec<Col>,
    /// It is a table of the schema, not something made from one.
    pub physical: bool,
}

/// What an expression may name.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    pub inner: Vec<Source>,
    pub outer: Vec<Source>,
}

impl Scope {
    pub fn of(inner: Vec<Source>) -> Self {
        Self { inner, outer: Vec::new() }
    }

    /// The scope of a subquery's surroundings.
    pub fn around(&self) -> Vec<Source> {
        self.inner.iter().chain(&self.outer).cloned().collect()
    }
}

impl<'a> Generator<'a> {
    pub fn new(numbers: &'a [u16], world: &'a World) -> Self {
        let c = Choices::new(numbers);
        Self {
            c,
            world,
            aliases: 0,
            ctes: Vec::new(),
            hidden: Vec::new(),
            odd_alias: false,
            qualify: false,
        }
    }

    pub fn alias(&mut self) -> String {
        if !self.odd_alias && self.c.once_in(16) {
            self.odd_alias = true;
            return self.c.one(&["handle", "username", "points", "title"]).to_owned();
        }
        self.aliases += 1;
        format!("t{}", self.aliases)
    }

    /// The columns of a table of the schema.
    pub fn columns(&self, table: usize) -> Vec<Col> {
        let schema = &self.world.schema;
        schema.of(table).map(|at| self.col(at)).collect()
    }

    pub fn col(&self, at: usize) -> Col {
        Col { name: Name::Own(at), kind: self.world.schema.columns[at].kind }
    }

    /// A table of the schema as a source.
    pub fn table(&self, table: usize, qualifier: &str) -> Source {
        let key = self.world.schema.keys[table].iter().map(|at| self.col(*at)).collect();
        Source {
            qualifier: qualifier.to_owned(),
            columns: self.columns(table),
            key,
            physical: true,
        }
    }

    /// What the code calls it.
    pub fn code_name<'n>(&self, name: &'n Name) -> &'n str {
        match name {
            Name::Own(at) => self.world.name(*at),
            Name::Given(name) => name,
        }
    }

    /// A column of a source, as it may be written in this scope.
    pub fn refer(&mut self, scope: &Scope, source: &Source, name: &Name) -> String {
        let is_inner = scope.inner.iter().any(|own| own.qualifier == source.qualifier);
        let called = |sources: &[Source], names: &[&str]| {
            let columns = sources.iter().flat_map(|own| &own.columns);
            columns.filter(|col| names.contains(&self.code_name(&col.name))).count()
        };
        let code_name = [self.code_name(name)];
        let (inside, outside) =
            (called(&scope.inner, &code_name), called(&scope.outer, &code_name));
        let certain = if is_inner { inside == 1 } else { inside == 0 && outside == 1 };
        let both = self.both_names(name);
        let alone = called(&scope.inner, &both) + called(&scope.outer, &both) == 1;
        let qualified = self.qualify || !certain || self.c.below(3) > 0;
        let written = match name {
            // In a derived table a column has the name that the inner query gave it.
            Name::Own(at) if (qualified || alone) && source.physical => either(*at).to_string(),
            other => bare(other),
        };
        if qualified { format!("{}.{written}", source.qualifier) } else { written }
    }

    /// The names by which the code may call a column.
    fn both_names<'n>(&self, name: &'n Name) -> Vec<&'n str> {
        match name {
            Name::Own(at) => {
                let column = &self.world.schema.columns[*at];
                std::iter::once(column.from).chain(column.to).collect()
            }
            Name::Given(name) => vec![name],
        }
    }

    /// A column of this kind, if there is one.
    pub fn column(&mut self, kind: Kind, scope: &Scope) -> Option<String> {
        let out = !scope.outer.is_empty() && (scope.inner.is_empty() || self.c.once_in(4));
        let sources = if out { &scope.outer } else { &scope.inner };
        let candidates: Vec<(Source, Name)> = sources
            .iter()
            .flat_map(|source| {
                let of_kind = source.columns.iter().filter(|col| col.kind == kind);
                of_kind.map(|col| (source.clone(), col.name.clone()))
            })
            .collect();
        if candidates.is_empty() {
            return None;
        }
        let (source, name) = &candidates[self.c.below(candidates.len())];
        Some(self.refer(scope, source, name))
    }

    pub fn literal(&mut self, kind: Kind) -> String {
        let number = self.c.below(12);
        let parameter = self.c.once_in(3);
        match kind {
            Kind::Text if parameter => {
                text(["ada", "Bob", "cyd", "", "eve; x", "o'hara"][number % 6])
            }
            Kind::Integer if parameter => integer(number),
            _ => literal(self.world.db, kind, number),
        }
    }

    /// The key of all sources, for an ORDER BY that leaves no choice.
    pub fn total(scope: &Scope) -> Option<String> {
        let mut keys = Vec::new();
        for source in &scope.inner {
            if source.key.is_empty() {
                return None;
            }
            for col in &source.key {
                let name = bare(&col.name);
                keys.push(format!("{}.{name}", source.qualifier));
            }
        }
        (!keys.is_empty()).then(|| keys.join(", "))
    }
}

/// A column without its table.
pub fn bare(name: &Name) -> String {
    match name {
        Name::Own(at) => own(*at).to_string(),
        Name::Given(name) => name.clone(),
    }
}
