use std::borrow::Cow;

use sqlparser::ast::Ident;

use crate::Dialect;

/// The name as the catalog would store it: PostgreSQL folds what is not in quotes to lower case
/// (ASCII only, as it does with UTF-8) and cuts names to 63 bytes.
pub(super) fn fold(dialect: Dialect, ident: &Ident) -> Cow<'_, str> {
    let name = ident.value.as_str();
    if dialect != Dialect::Postgres {
        return Cow::Borrowed(name);
    }
    let kept = name.floor_char_boundary(name.len().min(63));
    if ident.quote_style.is_none() && name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name[..kept].to_ascii_lowercase())
    } else {
        Cow::Borrowed(&name[..kept])
    }
}

/// Whether two folded table names or aliases are the same. Where the database may or may not
/// ignore case (MySQL), it is ignored.
pub(super) fn same_table(dialect: Dialect, a: &str, b: &str) -> bool {
    dialect.same_column(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_postgres_folds_and_only_without_quotes() {
        let plain = Ident::new("UserÄ");
        let quoted = Ident::with_quote('"', "UserÄ");
        assert_eq!(fold(Dialect::Postgres, &plain), "userÄ");
        assert_eq!(fold(Dialect::Postgres, &quoted), "UserÄ");
        assert_eq!(fold(Dialect::Sqlite, &plain), "UserÄ");
        let long = Ident::new("x".repeat(62) + "é");
        assert_eq!(fold(Dialect::Postgres, &long), "x".repeat(62));
    }
}
