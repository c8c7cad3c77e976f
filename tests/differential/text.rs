//! Statements as templates: text in which characters of the private use area stand for columns
//! and parameters, so that one template gives the text for each side.

use sea_orm::Value;

use super::world::World;
use crate::support::project::Db;

/// Begin of the areas: a column by the code's name; by either name; assigned by both names.
const OWN: u32 = 0xE000;
const EITHER: u32 = 0xE100;
const BOTH: u32 = 0xE200;
const TEXT: char = '\u{F801}';
const INTEGER: char = '\u{F802}';
const END: char = '\u{F8FF}';

/// A generated statement.
#[derive(Clone, Debug, Default)]
pub struct Template {
    pub text: String,
    /// It gives rows.
    pub returns: bool,
    /// Its ORDER BY leaves no choice.
    pub ordered: bool,
    /// The table that it writes to.
    pub target: Option<usize>,
    /// What it writes is another thing each time.
    pub volatile: bool,
}

/// A column as the code calls it.
pub fn own(column: usize) -> char {
    letter(OWN, column)
}

/// A column by whichever name: nothing else can be meant.
pub fn either(column: usize) -> char {
    letter(EITHER, column)
}

/// After `own = value`: the same value for the other name, which the other side does not see.
pub fn both(column: usize, value: &str) -> String {
    format!("{}{value}{END}", letter(BOTH, column))
}

pub fn text(value: &str) -> String {
    format!("{TEXT}{value}{END}")
}

pub fn integer(value: usize) -> String {
    format!("{INTEGER}{value}{END}")
}

/// With the code's names only: where a name may be given with AS, the other one may mean that.
pub fn certain(text: &str) -> String {
    let own = |char: char| match u32::from(char) {
        code if code & 0xFF00 == EITHER => letter(OWN, (code & 0xFF) as usize),
        _ => char,
    };
    text.chars().map(own).collect()
}

fn letter(area: u32, column: usize) -> char {
    char::from_u32(area + u32::try_from(column).unwrap()).unwrap()
}

/// A statement as it is sent.
#[derive(Clone, Debug)]
pub struct Rendered {
    pub sql: String,
    pub values: Vec<Value>,
    /// Some column has the name that is not the code's.
    pub mixed: bool,
}

/// How names and parameters are written; each column takes some bits of it. Zero is plain.
#[derive(Clone, Copy, Debug)]
pub struct Style(pub u64);

impl Style {
    fn take(&mut self, bits: u32) -> u64 {
        let taken = self.0 & ((1 << bits) - 1);
        self.0 = self.0.rotate_right(bits);
        taken
    }
}

/// The statement for a world; with the other name in places, if it is for the shim.
pub fn render(template: &str, world: &World, mut style: Style, for_shim: bool) -> Rendered {
    let numbered = style.take(1) == 1;
    let mix = style.take(1) == 1;
    let mut rendered = Rendered { sql: String::new(), values: Vec::new(), mixed: false };
    let mut rest = template.chars();
    while let Some(char) = rest.next() {
        let area = u32::from(char) & 0xFF00;
        let column = (u32::from(char) & 0xFF) as usize;
        match area {
            OWN => rendered.sql += &written(world.db, world.name(column), style.take(3)),
            EITHER => {
                let (other, how) = (style.take(1) == 1 && mix && for_shim, style.take(3));
                let name = if other { world.other_name(column) } else { world.name(column) };
                rendered.mixed |= name != world.name(column);
                rendered.sql += &written(world.db, name, how);
            }
            BOTH => {
                let value: String = rest.by_ref().take_while(|char| *char != END).collect();
                let other = world.other_name(column);
                if for_shim && other != world.name(column) {
                    rendered.sql += &format!(", {other} = {value}");
                }
            }
            _ if char == TEXT || char == INTEGER => {
                let value: String = rest.by_ref().take_while(|char| *char != END).collect();
                let value = match char {
                    TEXT => Value::from(value),
                    _ => Value::from(value.parse::<i32>().unwrap()),
                };
                rendered.parameter(world.db, value, numbered);
            }
            _ => rendered.sql.push(char),
        }
    }
    rendered
}

impl Rendered {
    fn parameter(&mut self, db: Db, value: Value, numbered: bool) {
        if db == Db::Mariadb || db == Db::Sqlite && !numbered {
            self.values.push(value);
            self.sql.push('?');
            return;
        }
        // A parameter may be used several times.
        let known = self.values.iter().position(|known| numbered && *known == value);
        let number = known.unwrap_or_else(|| {
            self.values.push(value);
            self.values.len() - 1
        });
        self.sql.push(if db == Db::Postgres { '$' } else { '?' });
        self.sql += &(number + 1).to_string();
    }
}

/// A name in one of the ways that mean it.
fn written(db: Db, name: &str, how: u64) -> String {
    match (db, how) {
        (Db::Mariadb, 1 | 2) | (Db::Sqlite, 4) => format!("`{name}`"),
        (_, 1 | 2) => format!("\"{name}\""),
        (_, 3) => name.to_uppercase(),
        (Db::Sqlite, 5) => format!("[{name}]"),
        _ => name.to_owned(),
    }
}
