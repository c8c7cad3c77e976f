use super::*;

fn rename(table: &str) -> ColumnPair {
    ColumnPair {
        table: table.parse().unwrap(),
        from: Identifier::new("username").unwrap(),
        to: Identifier::new("handle").unwrap(),
    }
}

#[test]
fn each_state_reads_and_writes_its_columns() {
    for (state, read, written) in [
        (State::Pending, "username", vec!["username"]),
        (State::DualWrite, "username", vec!["handle", "username"]),
        (State::ReadTo, "handle", vec!["username", "handle"]),
        (State::WriteTo, "handle", vec!["handle"]),
        (State::Contracted, "handle", vec!["handle"]),
    ] {
        let mut mapping = Mapping::default();
        mapping.add(&rename("users"), state, Side::To, None, &[]);
        let table = mapping.table(Dialect::Sqlite, None, "Users").unwrap();
        let column = table.column(Dialect::Sqlite, "USERNAME").unwrap();
        assert_eq!(column.read().as_str(), read, "{state}");
        assert_eq!(
            column.written().map(Identifier::as_str).collect::<Vec<_>>(),
            written,
            "{state}"
        );
    }
}

#[test]
fn a_name_from_two_renames_ago_still_means_the_column() {
    let step = |from: &str, to: &str| ColumnPair {
        table: "users".parse().unwrap(),
        from: Identifier::new(from).unwrap(),
        to: Identifier::new(to).unwrap(),
    };
    let renames = [
        (step("login", "username"), State::Contracted),
        (step("username", "handle"), State::Contracted),
        (step("handle", "nick"), State::DualWrite),
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1]] {
        let mut mapping = Mapping::default();
        for at in order {
            let (rename, state) = &renames[at];
            mapping.add(rename, *state, Side::To, None, &[]);
        }
        let table = mapping.table(Dialect::Postgres, None, "users").unwrap();
        for name in ["login", "username", "handle", "nick"] {
            let column = table.column(Dialect::Postgres, name).unwrap();
            assert_eq!(column.read().as_str(), "handle", "{name} in order {order:?}");
        }
    }
}

#[test]
fn a_table_is_found_with_and_without_its_default_schema() {
    let mut mapping = Mapping::default();
    mapping.add(&rename("users"), State::Pending, Side::To, Some("public"), &[]);
    mapping.add(&rename("app.people"), State::Pending, Side::To, Some("public"), &[]);
    let find = |schema, name| mapping.table(Dialect::Postgres, schema, name).is_some();
    assert!(find(None, "users") && find(Some("public"), "users"));
    assert!(!find(Some("other"), "users") && !find(None, "USERS"));
    assert!(find(Some("app"), "people") && !find(None, "people"));
}

/// Tables whose renames are finished take no number; those without a number of their own are never
/// known to be held, so that each of their statements is protected.
#[test]
fn any_number_of_tables_may_be_unsettled() {
    let mut mapping = Mapping::default();
    for at in 0..80 {
        let state = if at < 40 { State::Contracted } else { State::Announced };
        mapping.add(&rename(&format!("t{at}")), state, Side::To, None, &[]);
    }
    let number = |mapping: &Mapping, at: usize| mapping.number_of_unsettled(&mapping.tables()[at]);
    mapping.unsettle(&rename("t40"));
    assert_eq!((number(&mapping, 0), number(&mapping, 40)), (None, Some(0)));
    assert_eq!(mapping.unsettled(), TableSet(1));
    for at in 41..80 {
        mapping.unsettle(&rename(&format!("t{at}")));
    }
    let mut opened = TableSet::default();
    for at in 40..80 {
        opened.insert(number(&mapping, at).unwrap());
    }
    assert_eq!(mapping.unsettled().0 & !opened.0, TableSet::REST);
}
