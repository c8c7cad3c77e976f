//! One template, and how it is rendered.

use std::path::PathBuf;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

use super::GeneratorError;
use crate::manifest::quote;

/// One template, and the path by which errors name it.
#[derive(Debug, Clone)]
pub(super) struct Template {
    pub(super) file: PathBuf,
    pub(super) text: String,
}

impl Template {
    /// Makes an embedded template.
    pub(super) fn embedded(kind: &str, file: &str, text: &str) -> Self {
        let file = PathBuf::from(format!("generator_templates/{kind}/{file}"));
        Self { file, text: text.to_owned() }
    }

    /// Renders the template with these values.
    pub(super) fn render(&self, values: Value) -> Result<String, GeneratorError> {
        let name = self.file.to_string_lossy();
        environment().and_then(|with| with.render_named_str(&name, &self.text, values)).map_err(
            |source| GeneratorError::Template {
                file: self.file.clone(),
                line: source.line(),
                source,
            },
        )
    }
}

/// Makes the environment: an undefined name is an error, and the filter `yaml` quotes a text if
/// YAML needs it.
fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_syntax(SyntaxConfig::builder().keep_trailing_newline(true).build()?);
    environment.add_filter("yaml", |text: &str| quote(text));
    Ok(environment)
}
