//! Every answer that a test receives is held against the OpenAPI document: an operation that answers otherwise than it
//! is described fails whichever test calls it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Value, json};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(api::router::openapi()).unwrap());

/// Validators by the place of the response in the document.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// The path of the document that the request's path is an instance of. A fixed part goes before a parameter.
fn template(path: &str) -> Option<&'static str> {
    let parts: Vec<&str> = path.split('?').next()?.split('/').collect();
    let fits = |template: &&'static String| {
        let of_template: Vec<&str> = template.split('/').collect();
        let pairs = of_template.iter().zip(&parts);
        of_template.len() == parts.len()
            && pairs.into_iter().all(|(one, other)| one == other || one.starts_with('{'))
    };
    let found = DOCUMENT["paths"].as_object()?.keys().filter(fits);
    found.min_by_key(|template| template.matches('{').count()).map(String::as_str)
}

fn validator(pointer: &str) -> Arc<Validator> {
    if let Some(known) = VALIDATORS.lock().unwrap().get(pointer) {
        return Arc::clone(known);
    }
    let mut schema = DOCUMENT.clone();
    schema["$ref"] = json!(format!("#{}", pointer.replace('{', "%7B").replace('}', "%7D")));
    let made = Arc::new(jsonschema::validator_for(&schema).unwrap());
    VALIDATORS.lock().unwrap().insert(pointer.to_owned(), Arc::clone(&made));
    made
}

/// Fails unless the document describes this answer. A request that no route takes has no description.
#[track_caller]
pub(crate) fn check(method: &str, path: &str, status: u16, body: &Value) {
    let Some(template) = template(path) else { return };
    let operation = &DOCUMENT["paths"][template][method.to_lowercase()];
    if operation.is_null() || status == 405 {
        return;
    }
    let responses = operation["responses"].as_object().unwrap();
    let status = status.to_string();
    let key =
        if responses.contains_key(&status) || status.starts_with('2') { status.as_str() } else { "default" };
    assert!(responses.contains_key(key), "{method} {template} does not describe {status}: {body}");
    let Some(schema) = responses[key].pointer("/content/application~1json/schema") else { return };
    assert!(schema.is_object());
    let template = template.replace('~', "~0").replace('/', "~1");
    let method_key = method.to_lowercase();
    let pointer = format!("/paths/{template}/{method_key}/responses/{key}/content/application~1json/schema");
    let errors: Vec<String> = validator(&pointer)
        .iter_errors(body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{method} {template} {status} is described otherwise: {errors:#?}\n{body}");
}

#[test]
#[should_panic(expected = "is described otherwise")]
fn an_answer_that_lacks_a_field_is_found() {
    check("GET", "/v1/operators/me/balance", 200, &json!({"success": true, "data": {"balance": "1.00"}}));
}

#[test]
#[should_panic(expected = "does not describe 204")]
fn an_undocumented_success_is_found() {
    check("GET", "/v1/operators/me/balance?x=1", 204, &Value::Null);
}
