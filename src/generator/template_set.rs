//! The templates of a project, and the stage files and SQL files that they make.

use std::path::Path;

use minijinja::context;

use super::GeneratorError;
use super::template::Template;
use crate::manifest::{Folders, Manifest, StageName};
use crate::model::{ChangeKind, Deploy, Release, Stage};
use crate::releases::read_template;

/// The templates of a project: its own if it has them, otherwise the embedded ones.
#[derive(Debug, Clone)]
pub struct Templates {
    pub(super) stages: Vec<StageTemplate>,
    /// The templates for before and after the code is rolled out.
    pub(super) sql: [Template; 2],
}

/// The template of a stage file.
#[derive(Debug, Clone)]
pub(super) struct StageTemplate {
    /// The key of the kind of change, and the name of the template's folder.
    pub kind: &'static str,
    pub stage: Stage,
    pub template: Template,
}

impl Templates {
    /// Reads the project's own templates below `root`, and uses the embedded ones for the rest.
    ///
    /// # Errors
    /// A template cannot be read.
    pub fn of_project(root: &Path, folders: &Folders) -> Result<Self, GeneratorError> {
        let mut templates = Self::embedded();
        let stages = templates
            .stages
            .iter_mut()
            .map(|own| (own.kind, format!("{}.yml", own.stage), &mut own.template));
        let sql = ["pre.sql", "post.sql"].into_iter().zip(&mut templates.sql);
        let sql = sql.map(|(file, template)| ("sql", file.to_owned(), template));
        for (kind, file, template) in stages.chain(sql) {
            if let Some((file, text)) = read_template(root, folders, kind, &file)? {
                *template = Template { file, text };
            }
        }
        Ok(templates)
    }

    /// Renders the file of one stage, then reads it back and compares it with `kind`. `release` is
    /// the release of its folder; `None` in `unreleased/`.
    ///
    /// # Errors
    /// The template is malformed, or its result differs from `kind`.
    pub fn render(
        &self,
        name: &StageName,
        kind: &ChangeKind,
        release: Option<&Release>,
    ) -> Result<String, GeneratorError> {
        let is_own = |own: &&StageTemplate| own.kind == kind.key() && own.stage == name.stage;
        let Some(own) = self.stages.iter().find(is_own) else {
            return Err(GeneratorError::NoTemplate { kind: kind.key(), stage: name.stage });
        };
        let rename = kind.columns();
        let specification = kind.specification();
        let sql_type = specification.as_ref().map(|own| own.sql_type.as_str());
        let expressions = specification.as_ref().and_then(|own| own.expressions.as_ref());
        let rendered = own.template.render(context! {
            id => name.id,
            change => name.change.as_str(),
            stage => name.stage.as_str(),
            deploy => name.stage.deploy().as_str(),
            release => release.map(ToString::to_string),
            table => rename.table.to_string(),
            from => rename.from.as_str(),
            to => rename.to.as_str(),
            type => sql_type,
            using => expressions.map(|own| own.using.as_str()),
            back => expressions.map(|own| own.back.as_str()),
        })?;
        check(&own.template.file, name, &rendered, kind)?;
        Ok(rendered)
    }

    /// Renders a file for plain SQL. `release` is the release of its folder; `None` in
    /// `unreleased/`.
    ///
    /// # Errors
    /// The template is malformed.
    pub fn render_sql(
        &self,
        id: u64,
        name: &str,
        deploy: Deploy,
        release: Option<&Release>,
    ) -> Result<String, GeneratorError> {
        let [pre, post] = &self.sql;
        let template = match deploy {
            Deploy::Pre => pre,
            Deploy::Post => post,
        };
        let release = release.map(ToString::to_string);
        template.render(context! { id, name, deploy => deploy.as_str(), release })
    }
}

fn check(
    template: &Path,
    name: &StageName,
    rendered: &str,
    expected: &ChangeKind,
) -> Result<(), GeneratorError> {
    let file = || template.to_owned();
    let found = Manifest::parse(template, name, rendered)
        .map_err(|source| GeneratorError::NoManifest { file: file(), source })?;
    if found.kind.key() != expected.key() {
        let (expected, found) = (expected.key(), found.kind.key());
        return Err(GeneratorError::OtherKind { file: file(), expected, found });
    }
    if found.kind.specification() != expected.specification() {
        let expected = expected.to_string();
        return Err(GeneratorError::Differs { file: file(), key: "type", expected });
    }
    let (found, expected) = (found.kind.columns(), expected.columns());
    let keys = [
        ("table", found.table.to_string(), expected.table.to_string()),
        ("from", found.from.to_string(), expected.from.to_string()),
        ("to", found.to.to_string(), expected.to.to_string()),
    ];
    match keys.into_iter().find(|(_, found, expected)| found != expected) {
        Some((key, _, expected)) => Err(GeneratorError::Differs { file: file(), key, expected }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::fs;

    use super::*;
    use crate::model::{ColumnPair, Identifier};

    fn name() -> StageName {
        StageName {
            id: 20_261_121_093_000,
            change: "rename_users_username_to_handle".parse().unwrap(),
            stage: Stage::Expand,
        }
    }

    fn rename(table: &str, from: &str, to: &str) -> ChangeKind {
        ChangeKind::Rename(ColumnPair {
            table: table.parse().unwrap(),
            from: Identifier::new(from).unwrap(),
            to: Identifier::new(to).unwrap(),
        })
    }

    #[test]
    fn any_name_reads_back() {
        for (table, from, to) in [
            ("users", "username", "handle"),
            ("app.users", "order", "null"),
            ("\"my.app\".\"the \"\"users\"\"\"", "a.b", "1"),
            ("t'b", "it's", "say \"x\" \\ {{ y }}"),
            ("таблица", "имя: {", "- #\t\n\u{1}"),
        ] {
            let templates = Templates::embedded();
            let rename = rename(table, from, to);
            let text = templates.render(&name(), &rename, None).unwrap();
            let found = Manifest::parse(Path::new("x"), &name(), &text).unwrap();
            assert_eq!(found.kind, rename);
            assert!(text.starts_with("# Expand: adds the new column. Runs before"));
        }
    }

    fn with_own(text: &[u8]) -> Result<String, String> {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("generator_templates/rename");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("expand.yml"), text).unwrap();
        Templates::of_project(root.path(), &Folders::default())
            .and_then(|templates| {
                templates.render(&name(), &rename("users", "username", "handle"), None)
            })
            .map_err(|error| {
                assert!(error.hint().is_some());
                let source = error.source().map(|source| format!(" | {source}"));
                error.to_string() + &source.unwrap_or_default()
            })
    }

    #[test]
    fn a_template_of_the_project_wins() {
        let own = include_str!("../../generator_templates/rename/expand.yml")
            .replace("# Expand: adds the new column.", "# Ask the database team.");
        assert!(with_own(own.as_bytes()).unwrap().starts_with("# Ask the database team. Runs"));
    }

    #[test]
    fn a_broken_template_is_an_error_that_names_it() {
        let good = include_str!("../../generator_templates/rename/expand.yml");
        let file = "generator_templates/rename/expand.yml";
        for (text, expect) in [
            (good.replace("{{ to ", "{{ too "), format!("{file}:2: the template cannot be")),
            (
                good.replace("{{ to | yaml }}", "{{ to "),
                format!("{file}:2: the template cannot be"),
            ),
            (format!("id: 1\n{good}"), format!("| {file}:1:5: `id` is `1`, but the name of the")),
            (
                format!("id: {{{{ id }}}}\nstage: contract\n{good}"),
                format!("| {file}:2:8: `stage` is"),
            ),
            (good.replace("{{ from", "{{ to"), format!("| {file}:2")),
            (good.replace("to: {{ to", "to: {{ table"), "whose `to` is not `handle`".to_owned()),
            (String::new(), "does not give a stage file".to_owned()),
        ] {
            let error = with_own(text.as_bytes()).unwrap_err();
            assert!(error.contains(&expect), "{error} / {expect}");
        }
        assert_eq!(with_own(b"\xff").unwrap_err(), format!("`{file}` is not UTF-8 text"));
    }
}
