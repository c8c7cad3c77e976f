use crate::model::{Release, Rename};

/// The changes that the developer makes in the code, by time. Each item is one sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Advice {
    /// Changes in the same merge request.
    pub now: Vec<String>,
    /// Changes once the contract has run.
    pub later: Vec<String>,
    /// Things not to touch, each with its reason.
    pub leave: Vec<String>,
}

impl Advice {
    /// The advice for a rename. `release` and `contract` are the releases of the stages expand and
    /// contract, if known.
    #[must_use]
    pub fn rename(rename: &Rename, release: Option<&Release>, contract: Option<&Release>) -> Self {
        let Rename { table, from, to } = rename;
        let first = release.map_or("the release it goes into".to_owned(), ToString::to_string);
        let last = contract.map_or("the release after that".to_owned(), ToString::to_string);
        Self {
            now: vec![
                format!(
                    "In this merge request, rename the field `{from}` of the entity of `{table}` \
                     to `{to}`."
                ),
                format!(
                    "Queries may name `{from}` or `{to}` at any time: the connection maps both to \
                     the column that is there."
                ),
                format!(
                    "Run `handover db migrate --pre` before {first} is rolled out, and \
                     `handover db migrate --post` after."
                ),
            ],
            later: vec![
                format!("Nothing has to change when the contract has run (from {last} on)."),
                format!("Remaining uses of `{from}` in raw SQL may then be changed to `{to}`."),
            ],
            leave: vec![
                format!("Do not add, drop or rename `{table}.{from}` or `{table}.{to}` yourself."),
                format!(
                    "Do not write `{table}.{from}` from outside of the app (psql, other services) \
                     between the backfill and the contract: the guard refuses it."
                ),
                format!(
                    "Do not give `{to}` constraints or indexes of its own: the backfill copies \
                     those of `{from}`."
                ),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Identifier;

    #[test]
    fn each_item_is_a_sentence_that_needs_no_release() {
        let rename = Rename {
            table: "users".parse().unwrap(),
            from: Identifier::new("username").unwrap(),
            to: Identifier::new("handle").unwrap(),
        };
        let (release, contract) = (Release::new(9, 0, 0), Release::new(9, 0, 1));
        for advice in [
            Advice::rename(&rename, None, None),
            Advice::rename(&rename, Some(&release), Some(&contract)),
        ] {
            for item in advice.now.iter().chain(&advice.later).chain(&advice.leave) {
                assert!(
                    item.ends_with('.') && !item.contains('\n') && !item.contains("  "),
                    "{item}"
                );
            }
        }
        assert!(Advice::rename(&rename, Some(&release), None).now[2].contains("before 9.0.0 is"));
    }
}
