//! The templates that are part of the command, from `generator_templates/`.

use super::Templates;
use super::template::Template;
use super::template_set::StageTemplate;
use crate::model::Stage;

/// The embedded templates of stage files, each with its kind of change.
const EMBEDDED: [(&str, Stage, &str); 11] = [
    ("rename", Stage::Expand, include_str!("../../generator_templates/rename/expand.yml")),
    ("rename", Stage::Backfill, include_str!("../../generator_templates/rename/backfill.yml")),
    ("rename", Stage::Contract, include_str!("../../generator_templates/rename/contract.yml")),
    (
        "rename_in_place",
        Stage::Expand,
        include_str!("../../generator_templates/rename_in_place/expand.yml"),
    ),
    (
        "rename_in_place",
        Stage::Contract,
        include_str!("../../generator_templates/rename_in_place/contract.yml"),
    ),
    ("drop", Stage::Expand, include_str!("../../generator_templates/drop/expand.yml")),
    ("drop", Stage::Contract, include_str!("../../generator_templates/drop/contract.yml")),
    ("drop", Stage::Purge, include_str!("../../generator_templates/drop/purge.yml")),
    ("retype", Stage::Expand, include_str!("../../generator_templates/retype/expand.yml")),
    ("retype", Stage::Backfill, include_str!("../../generator_templates/retype/backfill.yml")),
    ("retype", Stage::Contract, include_str!("../../generator_templates/retype/contract.yml")),
];

impl Templates {
    /// Only the embedded templates.
    #[must_use]
    pub fn embedded() -> Self {
        let stage = |(kind, stage, text): (&'static str, Stage, &str)| {
            let template = Template::embedded(kind, &format!("{stage}.yml"), text);
            StageTemplate { kind, stage, template }
        };
        Self {
            stages: EMBEDDED.into_iter().map(stage).collect(),
            sql: [
                ("pre.sql", include_str!("../../generator_templates/sql/pre.sql")),
                ("post.sql", include_str!("../../generator_templates/sql/post.sql")),
            ]
            .map(|(file, text)| Template::embedded("sql", file, text)),
        }
    }
}

impl Default for Templates {
    fn default() -> Self {
        Self::embedded()
    }
}
