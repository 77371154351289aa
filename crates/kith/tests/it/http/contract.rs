//! The API document is the routes, and the committed file is the document.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

/// The document that the binary prints.
pub fn document() -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_kith")).arg("openapi").output().expect("the binary starts");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Every operation: method, path, the operation itself.
pub fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().expect("a path item").iter();
        methods
            .filter(|(method, _)| matches!(method.as_str(), "get" | "post" | "put" | "patch" | "delete"))
            .map(|(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

#[test]
fn the_committed_document_is_the_one_that_the_binary_prints() {
    let committed = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/openapi.json");
    let committed = std::fs::read_to_string(&committed).expect("web/openapi.json is committed");
    let printed = Command::new(env!("CARGO_BIN_EXE_kith")).arg("openapi").output().expect("the binary starts");
    let printed = String::from_utf8(printed.stdout).expect("UTF-8");
    assert!(committed == printed, "web/openapi.json is old: `kith openapi > web/openapi.json`, then `npm run gen:api` in web/");
}

#[test]
fn every_operation_says_who_may_call_it_what_it_answers_and_how_it_fails() {
    let document = document();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let operations = operations(&document);
    assert!(operations.len() > 60, "{}", operations.len());
    for (method, path, operation) in operations {
        let at = format!("{method} {path}");
        let permission = operation["x-permission"].as_str().unwrap_or_else(|| panic!("{at} does not say who may call it"));
        assert!(
            matches!(permission, "nobody" | "session" | "import" | "export") || permission.contains('.'),
            "{at}: {permission}"
        );
        assert!(operation["responses"].as_object().unwrap().keys().any(|status| status.starts_with('2')), "{at}");
        let failure = operation["responses"]["default"]["content"].to_string();
        assert!(failure.contains("Problem"), "{at}: {failure}");
        assert!(!operation["summary"].as_str().unwrap_or("").is_empty(), "{at} has no summary");
        let name = operation["operationId"].as_str().expect("a name").to_owned();
        assert_eq!(names.insert(name.clone(), at.clone()), None, "{name} is the name of two operations");
    }
}

#[test]
fn every_field_of_an_answer_is_always_there() {
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let Some(properties) = schema["properties"].as_object() else { continue };
        if name.ends_with("Body") && name != "AccountRoleBody" || name == "Wanted" {
            continue;
        }
        let required = schema["required"].as_array().map_or(0, Vec::len);
        assert_eq!(required, properties.len(), "{name}: {schema}");
    }
}
