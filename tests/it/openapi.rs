//! The OpenAPI document says all that clients and their generators need.

use std::collections::HashSet;

use serde_json::Value;

/// What can be called without signing in.
const PUBLIC: [&str; 8] = [
    "/v1/auth/operators/register",
    "/v1/auth/operators/login",
    "/v1/auth/admin/login",
    "/v1/auth/finance/login",
    "/v1/auth/analyst/login",
    "/v1/payments/wechat/notify",
    "/v1/payments/alipay/notify",
    "/",
];

fn document() -> Value {
    serde_json::to_value(api::router::openapi()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, _)| -> Vec<(String, &Value)> {
        let item: &Value = item;
        let methods = ["get", "post", "put", "delete", "patch"];
        let found = methods.iter().filter_map(|method| Some((format!("{method} {path}"), item.get(method)?)));
        found.collect()
    };
    paths.iter().flat_map(of_path).collect()
}

#[test]
fn every_response_has_a_description() {
    let document = document();
    for (name, operation) in operations(&document) {
        let responses = operation["responses"].as_object().unwrap();
        assert!(!responses.is_empty(), "{name} has no response");
        for (status, response) in responses {
            let description = response["description"].as_str().unwrap_or("");
            assert!(!description.is_empty(), "{name} {status} has no description");
        }
    }
}

#[test]
fn every_failure_is_described_in_the_envelope() {
    let document = document();
    for (name, operation) in operations(&document) {
        let path = name.split(' ').nth(1).unwrap();
        // Payment providers are answered in their own protocols.
        let is_v1 = path.starts_with("/v1/") && !path.starts_with("/v1/payments/");
        for (status, response) in operation["responses"].as_object().unwrap() {
            if is_v1 && (status.starts_with(['4', '5']) || status == "default") {
                let schema = &response["content"]["application/json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Error", "{name} {status}");
            }
        }
    }
}

#[test]
fn operation_ids_are_there_and_distinct() {
    let document = document();
    let mut seen = HashSet::new();
    for (name, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap_or("");
        assert!(id.contains('_'), "{name}: operation id {id:?} is not verb_noun");
        assert!(seen.insert(id.to_owned()), "{name}: operation id {id:?} is taken");
    }
}

#[test]
fn every_operation_but_the_public_ones_names_its_security() {
    let document = document();
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    for (name, operation) in operations(&document) {
        let path = name.split(' ').nth(1).unwrap();
        if !path.starts_with("/v1") || PUBLIC.contains(&path) {
            continue;
        }
        let security = operation["security"].as_array().cloned().unwrap_or_default();
        assert!(!security.is_empty(), "{name} has no security");
        for scheme in security.iter().flat_map(|requirement| requirement.as_object().unwrap().keys()) {
            assert!(schemes.contains_key(scheme), "{name}: no security scheme {scheme:?}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(document: &Value, value: &Value) {
        match value {
            Value::Object(object) => {
                if let Some(target) = object.get("$ref").and_then(Value::as_str) {
                    assert!(
                        document.pointer(target.trim_start_matches('#')).is_some(),
                        "{target} leads nowhere"
                    );
                }
                object.values().for_each(|value| walk(document, value));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(document, value)),
            _ => {}
        }
    }
    let document = document();
    walk(&document, &document);
}

#[test]
fn path_parameters_are_described() {
    let document = document();
    for (name, operation) in operations(&document) {
        let described: HashSet<&str> = operation["parameters"]
            .as_array()
            .map(|all| {
                all.iter().filter(|one| one["in"] == "path").filter_map(|one| one["name"].as_str()).collect()
            })
            .unwrap_or_default();
        let in_path: HashSet<&str> =
            name.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        assert_eq!(described, in_path, "{name}");
    }
}

#[test]
fn the_committed_document_is_that_of_the_code() {
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json")).unwrap();
    let current = api::router::openapi().to_pretty_json().unwrap();
    assert!(committed.trim_end() == current, "openapi.json is stale: run `make gen`");
}
