//! Checks the planner's files: a plan and a contract that say something, and an OpenAPI document that parses.

/// Where the plan stands in a workspace.
pub(crate) const PLAN: &str = "contract/plan.md";
/// Where the contract stands.
pub(crate) const CONTRACT: &str = "contract/contract.md";
/// Where the API is described, if there is one.
pub(crate) const OPENAPI: &str = "contract/openapi.json";

/// What is wrong with the planner's files; nothing when they will do.
pub(crate) fn faults(plan: Option<&str>, contract: Option<&str>, openapi: Option<&str>) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in [(PLAN, plan), (CONTRACT, contract)] {
        match text {
            None => faults.push(format!("{path} is missing")),
            Some(text) if text.trim().is_empty() => faults.push(format!("{path} is empty")),
            Some(_) => {}
        }
    }
    if let Some(text) = openapi {
        match serde_json::from_str::<serde_json::Value>(text) {
            Err(error) => faults.push(format!("{OPENAPI} is not valid JSON: {error}")),
            Ok(document) => {
                let has =
                    |key: &str, kind: fn(&serde_json::Value) -> bool| document.get(key).is_some_and(kind);
                if !has("openapi", serde_json::Value::is_string) {
                    faults.push(format!("{OPENAPI} has no \"openapi\" version"));
                }
                if !has("paths", serde_json::Value::is_object) {
                    faults.push(format!("{OPENAPI} has no \"paths\" object"));
                }
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn a_contract_says_something() {
        assert!(faults(Some("plan"), Some("contract"), None).is_empty());
        assert!(faults(Some("plan"), Some("c"), Some(r#"{"openapi":"3.1.0","paths":{}}"#)).is_empty());
        let all = faults(None, Some(" \n"), Some("{\"paths\": []}")).join("; ");
        assert_eq!(
            all,
            "contract/plan.md is missing; contract/contract.md is empty; contract/openapi.json has no \"openapi\" \
             version; contract/openapi.json has no \"paths\" object"
        );
        assert!(faults(Some("p"), Some("c"), Some("{")).join("").contains("is not valid JSON"));
    }
}
