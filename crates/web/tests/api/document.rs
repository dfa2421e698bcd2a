use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use axum::http::Method;
use serde_json::Value;

use crate::world::worlds;

fn document() -> Value {
    serde_json::to_value(bellwether_web::api::document()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, String)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            if item.get(method).is_some() {
                operations.push((method.to_uppercase(), path.clone()));
            }
        }
    }
    operations
}

#[tokio::test]
async fn everything_in_the_document_is_there() {
    let world = worlds().await.remove(0);
    let ghost = "018f0000-0000-7000-8000-000000000000";
    for (method, path) in operations(&document()) {
        let address = path
            .split('/')
            .map(|piece| match piece {
                "{workspace}" => world.workspace.as_str(),
                piece if piece.starts_with('{') => ghost,
                piece => piece,
            })
            .collect::<Vec<_>>()
            .join("/");
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let answer = world.operator().send(method.clone(), &address, "", Vec::new()).await;
        let is_missing =
            answer.status == 405 || (answer.status == 404 && answer.json()["code"] == "not-found");
        assert!(!is_missing, "{method} {path}: {}", answer.text());
    }
}

/// A route is made in one way only, which describes it: then everything that
/// is there is in the document.
#[test]
fn everything_that_is_there_is_in_the_document() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut routes = 0;
    for (path, text) in sources(&src) {
        // Below `src` only: whoever checks this out names their folder as they like.
        let path = path.strip_prefix(&src).unwrap();
        let is_api = path.components().any(|piece| piece.as_os_str() == "api")
            || path.file_name().is_some_and(|name| name == "api.rs");
        if !is_api {
            continue;
        }
        assert!(!text.contains(".route("), "{}: a route that is not described", path.display());
        routes += text.matches("utoipa::path(").count();
        // `deed!` describes one for each use of it.
        routes += text.matches("\ndeed!(").count();
        routes -= text.matches("macro_rules! deed").count();
    }
    assert_eq!(operations(&document()).len(), routes, "a handler that no route leads to");
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

#[test]
fn every_operation_has_a_name_of_its_own_and_every_reference_leads_somewhere() {
    let document = document();
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap_or_default();
            assert!(!name.is_empty() && names.insert(name.to_owned()), "{method} {path}: {name}");
            assert!(operation["summary"].is_string(), "{method} {path} says nothing");
        }
    }
    let text = document.to_string();
    for (at, _) in text.match_indices("#/components/schemas/") {
        let name = text[at + 21..].split('"').next().unwrap();
        assert!(document["components"]["schemas"].get(name).is_some(), "{name} is not there");
    }
}

#[test]
fn the_document_in_the_docs_is_not_stale() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == bellwether_web::api::document_json(),
        "docs/openapi.json is stale: run `bellwether openapi > docs/openapi.json`"
    );
}
