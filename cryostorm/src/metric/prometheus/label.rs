//! Labels: attributes as Prometheus has them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use opentelemetry::{Array, InstrumentationScope, Key, Value};

use super::name::{Naming, is_unquoted};

/// An attribute as text.
pub(super) type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

pub(super) fn pair<'a>(key: &'a Key, value: &'a Value) -> Pair<'a> {
    (Cow::Borrowed(key.as_str()), text(value))
}

const OF_SCOPE: [&str; 3] = ["otel_scope_name", "otel_scope_version", "otel_scope_schema_url"];

/// The labels that say which scope a point comes from.
pub(super) fn scope_pairs(naming: Naming, scope: &InstrumentationScope) -> Vec<Pair<'_>> {
    let own = OF_SCOPE.into_iter().zip([Some(scope.name()), scope.version(), scope.schema_url()]);
    let own = own.filter_map(|(key, value)| Some((Cow::Borrowed(key), Cow::Borrowed(value?))));
    let is_taken = |key: &str| OF_SCOPE.iter().any(|own| naming.label(own) == naming.label(key));
    let more = scope.attributes().map(|attribute| {
        let key = format!("otel_scope_{}", attribute.key);
        (Cow::Owned(key), text(&attribute.value))
    });
    own.chain(more.filter(|(key, _)| !is_taken(key))).collect()
}

/// The labels in order, as they stand between braces: one text for one series.
///
/// Where several keys become the same label, their values are joined in the order of the keys. A label without a value
/// is none. `reserved` is a label that the format gives a meaning of its own.
pub(super) fn labels<'a>(
    naming: Naming,
    pairs: impl IntoIterator<Item = &'a Pair<'a>>,
    reserved: Option<&str>,
) -> String {
    let mut by_label: BTreeMap<String, BTreeMap<&str, &str>> = BTreeMap::new();
    for (key, value) in pairs {
        let mut label = naming.label(key);
        if label.is_empty() {
            continue;
        }
        if Some(label.as_str()) == reserved {
            label = format!("exported_{label}");
        }
        by_label.entry(label).or_default().insert(key, value);
    }
    let mut labels = String::new();
    for (label, values) in &by_label {
        let values: Vec<&str> = values.values().copied().collect();
        if values.iter().all(|value| value.is_empty()) {
            continue;
        }
        if !labels.is_empty() {
            labels.push(',');
        }
        match is_unquoted(label) && !label.contains(':') {
            true => labels.push_str(label),
            false => quoted(&mut labels, label),
        }
        labels.push('=');
        quoted(&mut labels, &values.join(";"));
    }
    labels
}

/// Adds text in quotes.
pub(super) fn quoted(out: &mut String, text: &str) {
    out.push('"');
    escaped(out, text, true);
    out.push('"');
}

/// Adds text in which a backslash and the end of a line, and if `quotes`, quotes are escaped.
pub(super) fn escaped(out: &mut String, text: &str, quotes: bool) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '"' if quotes => out.push_str("\\\""),
            c => out.push(c),
        }
    }
}

/// Attribute values as the specification writes them for protocols that have only text.
fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Array(Array::String(values)) => {
            let values: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
            serde_json::json!(values).to_string().into()
        }
        value => value.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::{KeyValue, StringValue};

    use super::*;
    use crate::settings::TranslationStrategy;

    use super::super::format::Escaping;

    const CLASSIC: Naming = Naming {
        strategy: TranslationStrategy::UnderscoreEscapingWithSuffixes,
        escaping: Escaping::Underscores,
    };

    fn classic(pairs: &[(&'static str, &'static str)]) -> String {
        let pairs: Vec<Pair<'_>> =
            pairs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        labels(CLASSIC, &pairs, Some("le"))
    }

    #[test]
    fn keys_that_become_one_label_share_it() {
        assert_eq!(classic(&[("b", "2"), ("a.x", "y"), ("a_x", "z"), ("a-x", "")]), r#"a_x=";y;z",b="2""#);
    }

    #[test]
    fn values_are_escaped_and_empty_ones_are_none() {
        assert_eq!(classic(&[("a", "\"\\\n"), ("b", ""), ("", "x")]), r#"a="\"\\\n""#);
    }

    #[test]
    fn what_the_format_means_by_a_label_stays_free() {
        assert_eq!(classic(&[("le", "x")]), r#"exported_le="x""#);
    }

    #[test]
    fn the_scope_keeps_its_own_labels() {
        let scope = InstrumentationScope::builder("s")
            .with_version("1")
            .with_attributes([KeyValue::new("name", "other"), KeyValue::new("team.name", "a")])
            .build();
        assert_eq!(
            labels(CLASSIC, &scope_pairs(CLASSIC, &scope), None),
            r#"otel_scope_name="s",otel_scope_team_name="a",otel_scope_version="1""#
        );
    }

    #[test]
    fn arrays_are_json() {
        let strings: Vec<StringValue> = vec!["a\"".into(), "b".into()];
        assert_eq!(text(&Value::Array(strings.into())), r#"["a\"","b"]"#);
        assert_eq!(text(&Value::from(1.5)), "1.5");
    }
}
