//! The findings as SARIF.

use std::path::Path;

use serde_json::{Value, json};

use super::Found;
use crate::releases::{Finding, Rule};

/// Renders the findings as SARIF 2.1.0, which code hosts and editors show beside the lines.
pub fn text(found: &Found) -> String {
    let rules: Vec<Value> = Rule::ALL
        .iter()
        .map(|rule| {
            json!({
                "id": rule.code,
                "shortDescription": { "text": rule.about },
                "defaultConfiguration": { "level": rule.severity.as_str() },
            })
        })
        .collect();
    let results: Vec<Value> = found.findings.iter().map(result).collect();
    let value = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{value:#}\n")
}

fn result(finding: &Finding) -> Value {
    let message = match &finding.hint {
        Some(hint) => format!("{}\nhint: {hint}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.rule.code,
        "ruleIndex": Rule::ALL.iter().position(|rule| *rule == finding.rule),
        "level": finding.rule.severity.as_str(),
        "message": { "text": message },
    });
    if let Some(path) = &finding.path {
        let mut location = json!({ "artifactLocation": { "uri": uri(path) } });
        if let Some(line) = finding.line {
            location["region"] = json!({ "startLine": line, "startColumn": finding.column });
        }
        result["locations"] = json!([{ "physicalLocation": location }]);
    }
    result
}

/// Renders a path as a relative reference, with `/` and the escapes of a URI.
fn uri(path: &Path) -> String {
    let mut url = url::Url::parse("file:///").ok();
    if let Some(parts) = url.as_mut().and_then(|url| url.path_segments_mut().ok()) {
        let mut parts = parts;
        parts.clear().extend(path.iter().map(|part| part.to_string_lossy()));
    }
    url.map_or_else(
        || path.display().to_string(),
        |url| url.path().trim_start_matches('/').to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_relative_reference() {
        assert_eq!(uri(Path::new("src/a b%#é.rs")), "src/a%20b%25%23%C3%A9.rs");
    }
}
