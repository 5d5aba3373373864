//! Each rendering as a whole: `shop.*` beside this file.
//!
//! `SNAPSHOTS=overwrite cargo test -p cryostorm-tests --test catalogue` writes them again.

use std::path::PathBuf;
use std::{env, fs};

use cryostorm::catalogue::Catalogue;

use super::shop::shop;

fn assert_is(name: &str, text: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/catalogue").join(name);
    if env::var_os("SNAPSHOTS").is_some_and(|mode| mode == "overwrite") {
        fs::write(&file, text).unwrap();
    }
    assert!(text == fs::read_to_string(&file).unwrap(), "{name} is now\n{text}");
}

#[test]
fn markdown() {
    assert_is("shop.md", &shop().to_markdown());
}

#[test]
fn weaver_registry() {
    assert_is("shop.registry.yaml", &shop().to_weaver_registry());
}

#[test]
fn prometheus_rules() {
    assert_is("shop.rules.yaml", &shop().to_prometheus_rules("shop").unwrap().to_string());
}

#[test]
fn grafana_dashboard() {
    assert_is("shop.dashboard.json", &shop().to_grafana_dashboard("Shop"));
}

#[test]
fn the_order_of_entries_does_not_matter() {
    let shop = shop();
    let mut spans = shop.spans.clone();
    let mut metrics = shop.metrics.clone();
    spans.reverse();
    metrics.reverse();
    assert_eq!(Catalogue::new(spans, metrics), shop);
}

#[test]
fn an_empty_catalogue_renders_to_nothing_much() {
    let empty = Catalogue::default();
    assert_eq!(empty.to_markdown(), "# Telemetry\n");
    assert_eq!(empty.to_weaver_registry(), "groups: []\n");
    assert_eq!(empty.to_prometheus_rules("shop").unwrap().to_string(), "groups: []\n");
    assert!(empty.to_grafana_dashboard("Shop").contains("\"panels\": []"));
}
