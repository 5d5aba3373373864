//! Whatever a text holds, a reader of the format gets it back.

use cryostorm::catalogue::{Catalogue, InstrumentKind, MetricEntry, Objective, Source, SpanEntry};
use cryostorm::opentelemetry::trace::SpanKind;
use proptest::prelude::*;
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::Value as Json;

use super::shop::known;

/// Any characters, the rare ones as often as others.
fn texts() -> impl Strategy<Value = String> {
    let char = prop_oneof![
        any::<char>(),
        prop::char::range('\0', '\u{ff}'),
        prop::sample::select(vec![
            '"', '\\', '\n', '|', '`', '{', '}', '\u{2028}', '\u{feff}', '\u{ffff}', '#', ':'
        ]),
    ];
    prop::collection::vec(char, 0..24).prop_map(String::from_iter)
}

fn catalogue(text: &str) -> Catalogue {
    let source = || Source::new(text, text, 1);
    let metric = MetricEntry::new(text, InstrumentKind::Counter, source())
        .with_unit(text)
        .with_description(text)
        .with_attributes([known(text, [text.to_owned(), "other".to_owned()]), known("error.type", ["e"])])
        .with_objective(Objective::Success { target: 0.9 });
    let span =
        SpanEntry::new(text, SpanKind::Internal, source()).with_attributes([known(text, [text.to_owned()])]);
    Catalogue::new([span], [metric])
}

fn yaml(text: &str) -> Yaml<'_> {
    Yaml::load_from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}")).remove(0)
}

proptest! {
    #[test]
    fn in_the_registry(text in texts()) {
        let registry = catalogue(&text).to_weaver_registry();
        let registry = yaml(&registry);
        let groups = registry["groups"].as_vec().unwrap();
        let attribute = groups[0]["attributes"].as_vec().unwrap().iter().find(|one| one["id"].as_str() == Some(&text));
        prop_assert_eq!(attribute.unwrap()["type"]["members"][0]["value"].as_str(), Some(text.as_str()));
        if !text.is_empty() {
            prop_assert_eq!(groups[1]["brief"].as_str(), Some(text.as_str()));
        }
        for field in ["metric_name", "unit"] {
            prop_assert_eq!(groups[1][field].as_str(), Some(text.as_str()));
        }
        prop_assert_eq!(groups[2]["attributes"][0]["ref"].as_str(), Some(text.as_str()));
    }

    #[test]
    fn in_the_rules(text in texts()) {
        let rules = catalogue(&text).to_prometheus_rules(&text).unwrap().to_string();
        let rules = yaml(&rules);
        prop_assert_eq!(rules["groups"][0]["name"].as_str(), Some(text.as_str()));
        let labels = &rules["groups"][1]["rules"][0]["labels"];
        prop_assert_eq!(labels["metric"].as_str(), Some(text.as_str()));
        prop_assert_eq!(labels["function"].as_str(), Some(text.as_str()));
    }

    #[test]
    fn on_the_dashboard(text in texts()) {
        let dashboard: Json = serde_json::from_str(&catalogue(&text).to_grafana_dashboard(&text)).unwrap();
        prop_assert_eq!(&dashboard["title"], &text);
        prop_assert_eq!(&dashboard["panels"][0]["description"], &text);
    }

    /// A row has as many cells as its table has columns, and no line is anything else than what it should be.
    #[test]
    fn on_the_page(text in texts()) {
        let page = catalogue(&text).to_markdown();
        let cells = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count() - 1;
        let mut columns = None;
        for line in page.lines() {
            if line.starts_with('|') {
                prop_assert_eq!(cells(line), *columns.get_or_insert(cells(line)), "{}", page);
            } else {
                columns = None;
            }
        }
        let headings: Vec<_> = page.lines().filter(|line| line.starts_with('#')).collect();
        prop_assert_eq!(headings.len(), 4, "{}", page);
    }
}
