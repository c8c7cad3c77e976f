use super::Manifest;
use super::yaml::{LIMIT, is_bare};
use crate::model::{ChangeKind, Identifier, Rename, Stage};

/// Reads a stage file that is written just as it is generated, with names that need no quotes; none
/// for any other text. That is most files of most projects, and a tenth of the work: `check` reads
/// all that there ever were.
pub(super) fn read(text: &str) -> Option<Manifest> {
    let printable = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    if text.len() > LIMIT || !text.bytes().all(printable) {
        return None;
    }
    let mut rest = text;
    while rest.starts_with("# ") {
        rest = rest.split_once('\n')?.1;
    }
    let mut value = |key: &str| {
        let (value, after) = rest.strip_prefix(key)?.strip_prefix(": ")?.split_once('\n')?;
        rest = after;
        Some(value)
    };
    let (id, change, stage) = (value("id")?, value("change")?, value("stage")?);
    let (deploy, rename) = (value("deploy")?, value("rename")?);
    let stage = Stage::from_word(stage)?;
    let names = rename.strip_prefix("{ table: ")?.strip_suffix(" }")?;
    let (table, names) = names.split_once(", from: ")?;
    let (from, to) = names.split_once(", to: ")?;
    let known = rest.is_empty()
        && deploy == stage.deploy().as_str()
        && id.bytes().all(|byte| byte.is_ascii_digit())
        && !id.starts_with('0')
        && [change, table, from, to].into_iter().all(|name| is_bare(name) && !name.contains('.'))
        && from != to;
    if !known {
        return None;
    }
    Some(Manifest {
        id: id.parse().ok()?,
        change: change.parse().ok()?,
        stage,
        deploy: stage.deploy(),
        after: Vec::new(),
        kind: ChangeKind::Rename(Rename {
            table: table.parse().ok()?,
            from: Identifier::new(from).ok()?,
            to: Identifier::new(to).ok()?,
        }),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = "# Stage 1 of 3: expand.\nid: 20261121093000\nchange: rename_users_username_to_handle\nstage: expand\ndeploy: pre\nrename: { table: users, from: username, to: handle }\n";

    #[test]
    fn what_is_generated_is_read() {
        assert_eq!(read(GOOD), Manifest::parse_yaml(Path::new("x"), GOOD).ok());
        assert!(read(GOOD).is_some());
        let long = format!("# {}\n{GOOD}", "x".repeat(LIMIT));
        assert_eq!(read(&long), None);
        for (what, instead) in [
            ("to: handle", "to: null"),
            ("to: handle", "to: No"),
            ("to: handle", "to: \"handle\""),
            ("to: handle", "to: handle # x"),
            ("to: handle", "to: username"),
            ("to: handle", "to: 1"),
            ("to: handle", "to: a, to: b"),
            ("table: users", "table: a.b.c"),
            ("id: 2", "id: 02"),
            ("id: 2", "id: 99999999999999999999"),
            ("id: 2", "id:  2"),
            ("deploy: pre", "deploy: post"),
            ("# Stage", "#Stage"),
            ("\n", "\r\n"),
            ("handle }\n", "handle }"),
            ("handle }\n", "handle }\nafter: x\n"),
        ] {
            assert_eq!(read(&GOOD.replacen(what, instead, 9)), None, "{instead}");
        }
    }

    proptest! {
        /// Whatever it reads, the strict reader of YAML reads the same.
        #[test]
        fn it_never_differs_from_the_yaml(
            id in "[0-9]{1,20}",
            change in "[a-z_0-9.]{1,5}|null|true|~",
            stage in "expand|backfill|contract",
            deploy in "pre|post",
            names in proptest::collection::vec("[a-zA-Z0-9_.'\" :#,{}-]{1,4}|[a-z]{1,4}|NULL|on|Inf", 3),
            cut in 0_usize..200,
            put in "|||#|:|\n| |,|- |\\{",
        ) {
            let [table, from, to] = names.as_slice() else { unreachable!() };
            let mut text = format!(
                "# x\nid: {id}\nchange: {change}\nstage: {stage}\ndeploy: {deploy}\n\
                 rename: {{ table: {table}, from: {from}, to: {to} }}\n"
            );
            text.insert_str(cut.min(text.len()), &put);
            if let Some(found) = read(&text) {
                prop_assert_eq!(Some(found), Manifest::parse_yaml(Path::new("x"), &text).ok(), "{}", text);
            }
        }
    }
}
