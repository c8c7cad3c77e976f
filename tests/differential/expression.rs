//! Expressions of a kind.

use super::generator::{Generator, Scope};
use super::schema::{Kind, kind};
use crate::support::project::Db;

impl Generator<'_> {
    /// An expression of this kind over the columns in scope.
    pub fn expr(&mut self, of: Kind, scope: &Scope, depth: usize) -> String {
        let choice = self.c.below(if depth == 0 { 4 } else { 10 });
        if choice < 3
            && let Some(column) = self.column(of, scope)
        {
            return column;
        }
        if choice < 4 || depth == 0 {
            return self.literal(of);
        }
        let below = depth - 1;
        match choice {
            4 => format!("coalesce({}, {})", self.expr(of, scope, below), self.literal(of)),
            5 => {
                let condition = self.condition(scope, below);
                let (yes, no) = (self.expr(of, scope, below), self.expr(of, scope, 0));
                format!("CASE WHEN {condition} THEN {yes} ELSE {no} END")
            }
            6 => self.scalar(of, scope, below),
            _ => self.computed(of, scope, below),
        }
    }

    fn computed(&mut self, of: Kind, scope: &Scope, depth: usize) -> String {
        match of {
            Kind::Text => self.text(scope, depth),
            Kind::Integer => match self.c.below(4) {
                0 => format!("length({})", self.expr(Kind::Text, scope, depth)),
                1 => {
                    let (a, b) = (self.expr(of, scope, depth), self.expr(of, scope, 0));
                    format!("({a} + {b})")
                }
                2 => format!("abs({})", self.expr(of, scope, depth)),
                _ => format!("(-{})", self.column(of, scope).unwrap_or_else(|| "3".to_owned())),
            },
            Kind::Numeric => format!("({} * 2)", self.expr(of, scope, depth)),
            Kind::Boolean => format!("({})", self.condition(scope, depth)),
            Kind::Time | Kind::Json => {
                let value = self.expr(of, scope, depth);
                match (self.world.db, of) {
                    (Db::Postgres | Db::Mariadb, _) => {
                        format!("nullif({value}, {})", self.literal(of))
                    }
                    _ => format!("substr({value}, 1, 19)"),
                }
            }
        }
    }

    fn text(&mut self, scope: &Scope, depth: usize) -> String {
        let value = self.expr(Kind::Text, scope, depth);
        match self.c.below(8) {
            0 => format!("upper({value})"),
            1 => {
                let other = self.expr(Kind::Text, scope, 0);
                self.joined(&value, &other)
            }
            2 => format!("substr({value}, 1, 2)"),
            3 => format!("replace({value}, 'a', {})", self.literal(Kind::Text)),
            4 => {
                let number = self.expr(Kind::Integer, scope, depth);
                self.as_text(&number)
            }
            5 => format!("nullif({value}, {})", self.literal(Kind::Text)),
            6 if self.world.db == Db::Postgres => format!("({value})::varchar"),
            7 => match self.column(Kind::Json, scope) {
                Some(json) if self.world.db == Db::Mariadb => {
                    format!("json_value({json}, '$.a')")
                }
                Some(json) => format!("({json} ->> 'a')"),
                None => format!("trim({value})"),
            },
            _ => format!("lower({value})"),
        }
    }

    /// One text behind the other: `||` means OR on MariaDB.
    pub fn joined(&self, a: &str, b: &str) -> String {
        match self.world.db {
            Db::Mariadb => format!("concat({a}, {b})"),
            _ => format!("({a} || {b})"),
        }
    }

    pub fn as_text(&self, value: &str) -> String {
        // Of a certain length, for a recursive query takes it from its first part.
        let kind = if self.world.db == Db::Mariadb { "char(100)" } else { "text" };
        format!("CAST({value} AS {kind})")
    }

    /// A subquery with one value.
    fn scalar(&mut self, of: Kind, scope: &Scope, depth: usize) -> String {
        let table = self.some_table();
        let alias = self.alias();
        let inner = Scope { inner: vec![self.table(table, &alias)], outer: scope.around() };
        let from = format!("{} {alias}", self.table_name(table));
        let condition = self.condition(&inner, depth.min(1));
        if of == Kind::Integer && self.c.once_in(2) {
            return format!("(SELECT count(*) FROM {from} WHERE {condition})");
        }
        // An aggregate of what is outside makes a group of all rows there, and MariaDB then takes
        // the other columns from any of them.
        let known = match self.world.db {
            Db::Mariadb => Scope::of(inner.inner.clone()),
            _ => inner.clone(),
        };
        let value = self.expr(of, &known, depth.min(1));
        match (of, Self::total(&Scope::of(inner.inner.clone()))) {
            (Kind::Text | Kind::Integer | Kind::Numeric, _) => {
                format!("(SELECT max({value}) FROM {from} WHERE {condition})")
            }
            (_, Some(total)) => {
                format!("(SELECT {value} FROM {from} WHERE {condition} ORDER BY {total} LIMIT 1)")
            }
            _ => self.literal(of),
        }
    }

    /// An expression that is true or not.
    pub fn condition(&mut self, scope: &Scope, depth: usize) -> String {
        let below = depth.saturating_sub(1);
        match self.c.below(if depth == 0 { 5 } else { 14 }) {
            0 | 1 => {
                let of = self.comparable();
                let operator = self.c.one(&["=", "<>", "<", ">="]);
                let (a, b) = (self.expr(of, scope, below), self.expr(of, scope, 0));
                format!("{a} {operator} {b}")
            }
            2 => {
                let of = self.comparable();
                let column = self.column(of, scope).unwrap_or_else(|| self.literal(of));
                format!("{column} IS {}NULL", self.c.one(&["NOT ", ""]))
            }
            3 => {
                let value = self.expr(Kind::Text, scope, below);
                format!("{value} {}LIKE {}", self.c.one(&["", "NOT "]), self.pattern())
            }
            4 => match self.column(Kind::Boolean, scope) {
                Some(column) => column,
                None => self.c.one(&["TRUE", "FALSE"]).to_owned(),
            },
            5 => format!("({} AND {})", self.condition(scope, below), self.condition(scope, below)),
            6 => format!("({} OR {})", self.condition(scope, below), self.condition(scope, below)),
            7 => format!("NOT ({})", self.condition(scope, below)),
            8 => {
                let value = self.expr(Kind::Text, scope, below);
                format!("{value} BETWEEN 'A' AND {}", self.expr(Kind::Text, scope, 0))
            }
            9 => {
                let (a, b) = (self.expr(Kind::Text, scope, 0), self.expr(Kind::Integer, scope, 0));
                let (c, d) = (self.expr(Kind::Text, scope, 0), self.expr(Kind::Integer, scope, 0));
                format!("({a}, {b}) = ({c}, {d})")
            }
            10 => self.within(scope, below),
            11 => {
                let of = self.comparable();
                let (a, b) = (self.expr(of, scope, below), self.expr(of, scope, 0));
                match self.world.db {
                    Db::Mariadb => format!("{}({a} <=> {b})", self.c.one(&["", "NOT "])),
                    _ => format!("{a} IS {}DISTINCT FROM {b}", self.c.one(&["NOT ", ""])),
                }
            }
            _ => self.exists(scope, below),
        }
    }

    fn pattern(&mut self) -> &'static str {
        self.c.one(&["'%a%'", "'B%'", "'_o_'"])
    }

    /// In a list, or in what a subquery gives.
    fn within(&mut self, scope: &Scope, depth: usize) -> String {
        let of = self.c.one(&[Kind::Text, Kind::Integer]);
        let value = self.expr(of, scope, depth);
        let not = self.c.one(&["", "NOT "]);
        let choice = self.c.below(4);
        if choice > 1 {
            let alias = self.alias();
            let table = self.some_table();
            let inner = Scope { inner: vec![self.table(table, &alias)], outer: scope.around() };
            let (item, from) = (self.expr(of, &inner, 0), self.table_name(table));
            let condition = self.condition(&inner, depth.min(1));
            if choice == 3 && self.world.db == Db::Postgres {
                return format!("{value} = ANY (SELECT {item} FROM {from} {alias})");
            }
            return format!(
                "{value} {not}IN (SELECT {item} FROM {from} {alias} WHERE {condition})"
            );
        }
        let many = self.c.one(&[2, 1, 3, 40]);
        let items: Vec<_> = (0..many).map(|_| self.literal(of)).collect();
        if choice == 1 && self.world.db == Db::Postgres {
            let array = kind(self.world.db, of);
            return format!("{value} = ANY (ARRAY[{}]::{array}[])", items.join(", "));
        }
        format!("{value} {not}IN ({})", items.join(", "))
    }

    fn exists(&mut self, scope: &Scope, depth: usize) -> String {
        let (table, alias) = (self.some_table(), self.alias());
        let inner = Scope { inner: vec![self.table(table, &alias)], outer: scope.around() };
        let condition = self.condition(&inner, depth.min(1));
        let what = self.c.one(&["1", "*"]);
        let from = self.table_name(table);
        format!("EXISTS (SELECT {what} FROM {from} {alias} WHERE {condition})")
    }

    pub fn comparable(&mut self) -> Kind {
        let kinds = [Kind::Text, Kind::Text, Kind::Integer, Kind::Numeric, Kind::Time];
        self.c.one(&kinds)
    }
}
