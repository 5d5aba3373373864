//! Attributes as the registry defines and references them.

use opentelemetry::{Array, Value};

use super::names::{Names, identifier};
use crate::catalogue::yaml::Yaml;
use crate::catalogue::{AttributeEntry, AttributeValues};

/// The attributes that OpenTelemetry's conventions define: their type there, what they are, an example.
const CONVENTIONS: [(&str, &str, &str, &str); 4] = [
    ("code.file.path", "string", "The file of the function.", "src/shop.rs"),
    ("code.function.name", "string", "The full path of the function.", "shop::charge"),
    ("code.line.number", "int", "The line of the function.", "12"),
    ("error.type", "string", "What a call failed with.", "panic"),
];

/// An attribute of a group, which says what it can be here where that is less than elsewhere.
pub(super) fn reference(attribute: &AttributeEntry, attributes: &[AttributeEntry], level: Yaml) -> Yaml {
    let mut reference = vec![("ref", Yaml::text(&attribute.key)), ("requirement_level", level)];
    if !attributes.contains(attribute) && convention(&attribute.key).is_none() {
        reference.push(("note", Yaml::Text(format!("Here: {}.", brief(&attribute.values)))));
    }
    Yaml::Map(reference)
}

fn convention(key: &str) -> Option<&'static (&'static str, &'static str, &'static str, &'static str)> {
    CONVENTIONS.iter().find(|(known, ..)| *known == key)
}

pub(super) fn definition(attribute: &AttributeEntry) -> Yaml {
    let (kind, brief, examples) = match convention(&attribute.key) {
        Some((_, kind, brief, example)) => {
            let example =
                if *kind == "int" { Yaml::Plain((*example).to_owned()) } else { Yaml::text(*example) };
            let own =
                if let AttributeValues::Known(values) = &attribute.values { values.as_slice() } else { &[] };
            let examples =
                if own.is_empty() { vec![example] } else { own.iter().take(3).map(scalar).collect() };
            (Yaml::text(*kind), (*brief).to_owned(), examples)
        }
        None => (
            kind(&attribute.values),
            format!("{}.", capitalized(&brief(&attribute.values))),
            examples(&attribute.values),
        ),
    };
    let mut definition = vec![
        ("id", Yaml::text(&attribute.key)),
        ("type", kind),
        ("brief", Yaml::Text(brief)),
        ("stability", Yaml::text("development")),
    ];
    if !examples.is_empty() {
        definition.push(("examples", Yaml::Line(examples)));
    }
    Yaml::Map(definition)
}

fn kind(values: &AttributeValues) -> Yaml {
    Yaml::text(match values {
        AttributeValues::Boolean => "boolean",
        AttributeValues::Range { .. } => "int",
        AttributeValues::Text | AttributeValues::Unbounded { limit: Some(_) } => "string",
        AttributeValues::Unbounded { limit: None } => "any",
        AttributeValues::Known(values) => match values.as_slice() {
            [] => "any",
            [first, rest @ ..] if rest.iter().any(|value| type_of(value) != type_of(first)) => "any",
            [Value::String(_) | Value::I64(_) | Value::F64(_), ..] => return members(values),
            [first, ..] => type_of(first),
        },
    })
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "boolean",
        Value::I64(_) => "int",
        Value::F64(_) => "double",
        Value::String(_) => "string",
        Value::Array(Array::Bool(_)) => "boolean[]",
        Value::Array(Array::I64(_)) => "int[]",
        Value::Array(Array::F64(_)) => "double[]",
        Value::Array(Array::String(_)) => "string[]",
        _ => "any",
    }
}

fn members(values: &[Value]) -> Yaml {
    let mut ids = Names::default();
    let members = values.iter().map(|value| {
        let id = identifier(&value.as_str(), '_');
        Yaml::Map(vec![
            ("id", Yaml::Text(ids.unique(if id.is_empty() { "empty" } else { &id }))),
            ("value", scalar(value)),
            ("stability", Yaml::text("development")),
        ])
    });
    Yaml::Map(vec![("members", Yaml::List(members.collect()))])
}

fn scalar(value: &Value) -> Yaml {
    match value {
        Value::I64(number) => Yaml::Plain(number.to_string()),
        Value::F64(number) if number.is_finite() => Yaml::number(*number),
        Value::Bool(flag) => Yaml::Plain(flag.to_string()),
        other => Yaml::text(other.as_str()),
    }
}

/// Examples, which a text must have and a list of values has anyway.
fn examples(values: &AttributeValues) -> Vec<Yaml> {
    match values {
        AttributeValues::Text | AttributeValues::Unbounded { .. } => vec![Yaml::text("text")],
        AttributeValues::Range { first, last } if first == last => vec![Yaml::Plain(first.to_string())],
        AttributeValues::Range { first, last } => {
            [first, last].map(|bound| Yaml::Plain(bound.to_string())).into()
        }
        AttributeValues::Known(_) | AttributeValues::Boolean => Vec::new(),
    }
}

/// What the values can be, in words.
fn brief(values: &AttributeValues) -> String {
    match values {
        AttributeValues::Known(values) => {
            let values: Vec<_> = values.iter().map(|value| format!("`{}`", value.as_str())).collect();
            values.join(" or ")
        }
        AttributeValues::Boolean => "true or false".to_owned(),
        AttributeValues::Range { first, last } => format!("from {first} to {last}"),
        AttributeValues::Text => "a text from a bounded set".to_owned(),
        AttributeValues::Unbounded { limit: Some(limit) } => format!("any text, {limit} of them at most"),
        AttributeValues::Unbounded { limit: None } => "anything".to_owned(),
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}
