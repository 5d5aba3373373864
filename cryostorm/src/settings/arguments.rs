//! Arguments that a setting hands on to an exporter or a processor by name.

use std::collections::BTreeMap;
use std::fmt;

use super::SettingsError;
use super::section::Value;

/// Named arguments for an exporter or a processor. In the environment: a JSON object.
///
/// The values may be secrets (`headers`), so `Debug` and errors show the names only.
///
/// ```
/// use cryostorm::settings::Arguments;
///
/// let arguments = Arguments::default().with("headers", "x-api-key=secret");
/// assert!(!format!("{arguments:?}").contains("secret"));
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Arguments(BTreeMap<String, String>);

impl Arguments {
    /// Adds an argument; a second one of the same name replaces the first.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// The value of an argument.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Refuses every argument that `accepted` does not list. `setting` is the dotted name of these arguments.
    pub(crate) fn only(&self, setting: &str, accepted: &[&str]) -> Result<(), SettingsError> {
        match self.0.keys().find(|name| !accepted.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(SettingsError::invalid(
                &format!("{setting}.{name}"),
                self.get(name).unwrap_or_default(),
                match accepted {
                    [] => "no argument here".to_owned(),
                    names => format!("an argument named {}", names.join(" or ")),
                },
            )),
        }
    }

    /// The argument `name` as a whole number above zero, or `default`.
    pub(crate) fn size(&self, setting: &str, name: &str, default: usize) -> Result<usize, SettingsError> {
        match self.get(name) {
            None => Ok(default),
            Some(text) => text.parse().ok().filter(|size| *size > 0).ok_or_else(|| {
                SettingsError::invalid(&format!("{setting}.{name}"), text, "a whole number from 1 up")
            }),
        }
    }

    /// The argument `name` as `key=value` pairs with commas between them; none if it is absent.
    pub(crate) fn pairs(&self, setting: &str, name: &str) -> Result<Vec<(String, String)>, SettingsError> {
        let text = self.get(name).unwrap_or_default();
        let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| match pair.split_once('=') {
                Some((key, value)) if !key.trim().is_empty() => {
                    Ok((key.trim().to_owned(), value.trim().to_owned()))
                }
                _ => Err(SettingsError::invalid(
                    &format!("{setting}.{name}"),
                    text,
                    "name=value pairs separated by commas",
                )),
            })
            .collect()
    }
}

impl fmt::Debug for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Value for Arguments {
    fn parse(text: &str) -> Result<Self, String> {
        let object: BTreeMap<String, serde_json::Value> = serde_json::from_str(text)
            .map_err(|_| r#"a JSON object, such as {"headers": "name=value"}"#.to_owned())?;
        Ok(Self(object.into_iter().map(|(name, value)| (name, plain(value))).collect()))
    }

    fn show(&self) -> String {
        format!("{self:?}")
    }
}

/// A JSON value as plain text; an object as the `name=value` pairs that headers are written in.
fn plain(json: serde_json::Value) -> String {
    match json {
        serde_json::Value::String(text) => text,
        serde_json::Value::Object(object) => {
            let pairs: Vec<_> =
                object.into_iter().map(|(name, value)| format!("{name}={}", plain(value))).collect();
            pairs.join(",")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_may_be_an_object() {
        let arguments =
            Arguments::parse(r#"{"headers": {"a": "1", "b": "2"}, "max_queue_size": 9}"#).unwrap();
        assert_eq!(arguments.get("headers"), Some("a=1,b=2"));
        assert_eq!(arguments.size("tracing.x", "max_queue_size", 1).unwrap(), 9);
    }

    #[test]
    fn an_unknown_argument_is_refused_without_showing_its_value() {
        let arguments = Arguments::default().with("heders", "secret");
        let error = arguments.only("tracing.additional_exporter_args", &["headers"]).unwrap_err().to_string();
        assert!(error.contains("heders") && error.contains("headers"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}
