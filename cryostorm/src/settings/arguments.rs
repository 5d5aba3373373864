//! Arguments that a setting hands on to an exporter or a processor by name.

use std::collections::BTreeMap;
use std::fmt;

use super::section::Value;

/// Named arguments for an exporter or a processor. In the environment: a JSON object.
///
/// An exporter takes `headers`, which OTLP sends with each request: `{"headers": {"x-api-key": "…"}}`, or as text,
/// `name=value` pairs with commas between them. A processor takes `max_queue_size`, the most items that wait, and
/// `max_queue_bytes`, the most memory that they take.
///
/// The values may be secrets, so `Debug` and errors show the names only.
///
/// ```
/// use cryostorm::settings::Arguments;
///
/// let arguments = Arguments::default().with("headers", "x-api-key=secret");
/// assert!(!format!("{arguments:?}").contains("secret"));
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Arguments(BTreeMap<String, Argument>);

#[derive(Clone, PartialEq)]
enum Argument {
    Text(String),
    /// A JSON object: its values may have commas, which the text form may not.
    Pairs(Vec<(String, String)>),
}

impl Arguments {
    /// Adds an argument; a second one of the same name replaces the first.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.insert(name.into(), Argument::Text(value.into()));
        self
    }

    /// The headers, or none where they are not written as pairs.
    pub(crate) fn headers(&self) -> Option<Vec<(String, String)>> {
        match self.0.get("headers") {
            None => Some(Vec::new()),
            Some(Argument::Pairs(pairs)) => Some(pairs.clone()),
            Some(Argument::Text(text)) => {
                let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
                pairs.map(|pair| pair.split_once('=')).map(|pair| pair.map(trimmed)).collect()
            }
        }
    }

    /// The most items in a queue, where that is set.
    pub(crate) fn max_queue_size(&self) -> Option<usize> {
        self.limit("max_queue_size")
    }

    /// The most memory that the items in a queue take, where that is set.
    pub(crate) fn max_queue_bytes(&self) -> Option<usize> {
        self.limit("max_queue_bytes")
    }

    /// A whole number above zero.
    fn limit(&self, name: &str) -> Option<usize> {
        match self.0.get(name)? {
            Argument::Text(text) => text.trim().parse().ok().filter(|limit| *limit > 0),
            Argument::Pairs(_) => None,
        }
    }

    /// Whether an exporter takes them.
    pub(super) fn suit_exporter(&self) -> bool {
        self.0.keys().all(|name| name == "headers") && self.headers().is_some()
    }

    /// Whether a processor takes them.
    pub(super) fn suit_processor(&self) -> bool {
        let is_known = |name: &str| matches!(name, "max_queue_size" | "max_queue_bytes");
        self.0.keys().all(|name| is_known(name) && self.limit(name).is_some())
    }
}

fn trimmed((name, value): (&str, &str)) -> (String, String) {
    (name.trim().to_owned(), value.trim().to_owned())
}

impl fmt::Debug for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Value for Arguments {
    fn parse(text: &str) -> Result<Self, String> {
        let object: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(text).map_err(|_| "a JSON object".to_owned())?;
        let arguments = object.into_iter().map(|(name, value)| {
            let argument = match value {
                serde_json::Value::Object(object) => {
                    Argument::Pairs(object.into_iter().map(|(name, value)| (name, plain(value))).collect())
                }
                other => Argument::Text(plain(other)),
            };
            (name, argument)
        });
        Ok(Self(arguments.collect()))
    }

    fn show(&self) -> String {
        // Even a name may be a secret that was put in the wrong place.
        if self.0.is_empty() { "{}" } else { "{…}" }.to_owned()
    }
}

fn plain(json: serde_json::Value) -> String {
    match json {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_come_as_an_object_or_as_text() {
        let object = Arguments::parse(r#"{"headers": {"a": "1,x=2", "b": "2"}}"#).unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(object.headers(), Some(vec![pair("a", "1,x=2"), pair("b", "2")]));
        let text = Arguments::default().with("headers", "a=1, b=2=3");
        assert_eq!(text.headers(), Some(vec![pair("a", "1"), pair("b", "2=3")]));
        assert!(text.suit_exporter() && !text.suit_processor());
        assert!(!Arguments::default().with("headers", "secret").suit_exporter());
        assert!(!Arguments::default().with("heders", "a=1").suit_exporter());
    }

    #[test]
    fn a_queue_has_room_for_something() {
        let arguments = Arguments::parse(r#"{"max_queue_size": 9, "max_queue_bytes": 4096}"#).unwrap();
        assert_eq!((arguments.max_queue_size(), arguments.max_queue_bytes()), (Some(9), Some(4096)));
        assert!(arguments.suit_processor() && !arguments.suit_exporter());
        assert!(!Arguments::default().with("max_queue_size", "0").suit_processor());
        assert!(!arguments.with("max_queue_bytes", "-1").suit_processor());
        assert!(Arguments::default().suit_processor() && Arguments::default().suit_exporter());
    }
}
