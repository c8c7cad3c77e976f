//! The findings as JSON.

use serde_json::json;

use super::Found;

/// Renders the findings as one JSON object. Keys are only ever added.
pub fn text(found: &Found) -> String {
    let Found { files, findings, labels } = found;
    let value = json!({ "files": files, "findings": findings, "labels": labels });
    format!("{value:#}\n")
}
