//! A change of type in a stage file: `retype: { table: users, column: age, type: bigint, copy: age_bigint }`.

use std::path::Path;

use serde::Deserialize;
use serde_yaml::Spanned;

use super::{Location, ManifestError};
use crate::model::{ColumnPair, Expressions, Identifier, Retype, Template, check_type};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRetype {
    table: Spanned<String>,
    column: Spanned<String>,
    r#type: Spanned<String>,
    using: Option<Spanned<String>>,
    back: Option<Spanned<String>>,
    copy: Spanned<String>,
}

impl RawRetype {
    pub(super) fn checked(self, file: &Path) -> Result<Retype, ManifestError> {
        let wrong = |key, location| {
            let location = Location::at(file, location);
            move |source| ManifestError::Name { location, key, source }
        };
        let table = self.table.value.parse().map_err(wrong("table", self.table.referenced))?;
        let from =
            Identifier::new(self.column.value).map_err(wrong("column", self.column.referenced))?;
        let to = Identifier::new(self.copy.value).map_err(wrong("copy", self.copy.referenced))?;
        if from == to {
            let location = Location::at(file, self.copy.referenced);
            return Err(ManifestError::SameName {
                location,
                first: "column",
                second: "copy",
                name: to,
            });
        }
        let unusable = |key, location| {
            let location = Location::at(file, location);
            move |source| ManifestError::Sql { location, key, source }
        };
        check_type(&self.r#type.value).map_err(unusable("type", self.r#type.referenced))?;
        let expressions = match (self.using, self.back) {
            (None, None) => None,
            (Some(using), Some(back)) => {
                for (key, given) in [("using", &using), ("back", &back)] {
                    Template::parse(&given.value, from.as_str())
                        .map_err(unusable(key, given.referenced))?;
                }
                Some(Expressions { using: using.value, back: back.value })
            }
            (Some(_), None) | (None, Some(_)) => {
                return Err(ManifestError::OneWay { location: Location::file(file) });
            }
        };
        let columns = ColumnPair { table, from, to };
        Ok(Retype { columns, sql_type: self.r#type.value, expressions })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Manifest, StageName};
    use crate::model::{ChangeKind, Stage};

    fn parse(text: &str) -> Result<ChangeKind, String> {
        let change = "retype_users_age_to_bigint".parse().unwrap();
        let name = StageName { id: 7, change, stage: Stage::Backfill };
        Manifest::parse(Path::new("a.yml"), &name, text).map(|found| found.kind).map_err(|error| {
            let source = std::error::Error::source(&error).map(|source| format!(" | {source}"));
            error.to_string() + &source.unwrap_or_default()
        })
    }

    #[test]
    fn a_change_of_type_is_read() {
        let kind = parse("retype: { table: users, column: age, type: bigint, copy: age_bigint }");
        let kind = kind.unwrap();
        assert_eq!(kind.to_string(), "users.age to bigint");
        assert_eq!(kind.columns().to.as_str(), "age_bigint");
        let kind = parse(
            "retype: { table: users, column: age, type: 'numeric(12, 2)', using: 'age / 100.0', \
             back: '(age * 100)::int', copy: age_2 }",
        );
        let expressions = kind.unwrap().specification().unwrap().expressions.unwrap();
        assert_eq!(expressions.back, "(age * 100)::int");
    }

    #[test]
    fn what_is_no_type_and_no_expression_is_an_error() {
        let with = |ending: &str| {
            parse(&format!("retype: {{ table: users, column: age, copy: b, {ending} }}"))
        };
        let errors: Vec<String> = [
            "type: 'bigint; DROP TABLE users'",
            "type: 'bigint NOT NULL'",
            "type: ''",
            "type: int, using: age",
            "type: int, using: age + other, back: age",
            "type: int, using: '(SELECT 1)', back: age",
            "type: int, using: 'sum(age)', back: age",
            "type: int, using: 'age + ?', back: age",
            "type: int, using: '1', back: age",
            "type: int, using: 'age) OR (age', back: age",
            "type: int, using: 'random() + age', back: age",
            "type: int, using: 'age -- x', back: age",
        ]
        .iter()
        .map(|ending| with(ending).unwrap_err())
        .collect();
        insta::assert_snapshot!(errors.join("\n"), @r#"
        a.yml:1:53: the value of `type` cannot be used | `bigint; DROP TABLE users` is not a type
        a.yml:1:53: the value of `type` cannot be used | `bigint NOT NULL` is not a type
        a.yml:1:53: the value of `type` cannot be used | `` is not a type
        a.yml: `using` and `back` belong together: one of them is missing
        a.yml:1:65: the value of `using` cannot be used | `age + other` has the name `other`, and may depend on the value of `age` alone
        a.yml:1:65: the value of `using` cannot be used | `(SELECT 1)` has a query, and may depend on the value of `age` alone
        a.yml:1:65: the value of `using` cannot be used | `sum(age)` has the function `sum`, and may depend on the value of `age` alone
        a.yml:1:65: the value of `using` cannot be used | `age + ?` is not an expression
        a.yml:1:65: the value of `using` cannot be used | `1` has no place for the value, and may depend on the value of `age` alone
        a.yml:1:65: the value of `using` cannot be used | `age) OR (age` is not an expression
        a.yml:1:65: the value of `using` cannot be used | `random() + age` has the function `random`, and may depend on the value of `age` alone
        a.yml:1:65: the value of `using` cannot be used | `age -- x` is not an expression
        "#);
    }
}
