//! A project's own templates.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::support::project::{Db, Output, Project};

fn generate(project: &Project, column: &str, to: &str) -> Output {
    project.handover(&["gen", "rename", column, to])
}

#[test]
fn a_project_has_templates_of_its_own() {
    let project = Project::new(Db::Sqlite);
    let embedded =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("generator_templates/rename/expand.yml");
    let embedded = fs::read_to_string(embedded).unwrap();
    let file = "generator_templates/rename/expand.yml";
    project.write(file, &format!("# Ask the database team.\n{embedded}"));
    let _ = generate(&project, "users.username", "handle").expect_status(0);
    let own = |text: &[u8]| text.starts_with(b"# Ask the database team.\n");
    let generated =
        project.traces().into_iter().filter(|(path, _)| path.starts_with("unreleased/2"));
    assert_eq!(generated.filter(|(_, text)| own(text)).count(), 1);

    let id = Regex::new(r"\b2\d{13}").unwrap();
    let mut text = String::new();
    for (what, instead) in [
        ("{{ to | yaml }}", "{{ too }}"),
        ("{{ to | yaml }}", "{{ to"),
        ("rename:", "id: 1\nrename:"),
        ("to: {{ to", "to: {{ from"),
        ("rename:", "stage: contract\nrename:"),
        ("rename:", "remove:"),
    ] {
        project.write(file, &embedded.replace(what, instead));
        let before = project.traces();
        let output = generate(&project, "posts.title", "name").expect_status(2);
        assert!(project.traces() == before, "{output}");
        writeln!(text, "## {instead}\n{}", id.replace_all(&output.to_string(), "[id]")).unwrap();
    }
    insta::assert_snapshot!(text, @r"
    ## {{ too }}
    --- stderr ---
    error: generator_templates/rename/expand.yml:2: the template cannot be rendered
    caused by: undefined value: `too` is undefined (in generator_templates/rename/expand.yml:2)
    hint: correct `generator_templates/rename/expand.yml`, or remove it to use the embedded template
    [exit 2]
    ## {{ to
    --- stderr ---
    error: generator_templates/rename/expand.yml:2: the template cannot be rendered
    caused by: syntax error: unexpected `}`, expected end of variable block (in generator_templates/rename/expand.yml:2)
    hint: correct `generator_templates/rename/expand.yml`, or remove it to use the embedded template
    [exit 2]
    ## id: 1
    rename:
    --- stderr ---
    error: the template `generator_templates/rename/expand.yml` does not give a stage file
    caused by: generator_templates/rename/expand.yml:2:5: `id` is `1`, but the name of the file says `[id]`
    hint: correct `generator_templates/rename/expand.yml`, or remove it to use the embedded template
    [exit 2]
    ## to: {{ from
    --- stderr ---
    error: the template `generator_templates/rename/expand.yml` does not give a stage file
    caused by: generator_templates/rename/expand.yml:2:42: `from` and `to` are both `title`
    hint: correct `generator_templates/rename/expand.yml`, or remove it to use the embedded template
    [exit 2]
    ## stage: contract
    rename:
    --- stderr ---
    error: the template `generator_templates/rename/expand.yml` does not give a stage file
    caused by: generator_templates/rename/expand.yml:2:8: `stage` is `contract`, but the name of the file says `expand`
    hint: correct `generator_templates/rename/expand.yml`, or remove it to use the embedded template
    [exit 2]
    ## remove:
    --- stderr ---
    error: the template `generator_templates/rename/expand.yml` does not give a stage file
    caused by: generator_templates/rename/expand.yml:2:1: unknown field `remove`, expected one of id, change, stage, deploy, after, rename, rename_in_place, drop, retype
    hint: correct `generator_templates/rename/expand.yml`, or remove it to use the embedded template
    [exit 2]
    ");
}
