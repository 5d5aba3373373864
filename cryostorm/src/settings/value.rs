//! The kinds of value that a setting can have, and how each is read from text.

use std::collections::BTreeMap;

use super::section::Value;

impl Value for bool {
    fn parse(text: &str) -> Result<Self, String> {
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(true),
            "false" | "0" | "no" | "off" => Ok(false),
            _ => Err("true or false".to_owned()),
        }
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for String {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }

    fn show(&self) -> String {
        self.clone()
    }
}

/// Numbers: what the standard library parses and prints.
macro_rules! number {
    ($($type:ty => $accepted:expr;)*) => {$(
        impl Value for $type {
            fn parse(text: &str) -> Result<Self, String> {
                text.trim().parse().map_err(|_| $accepted.to_owned())
            }

            fn show(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

number! {
    f64 => "a number";
    u16 => "a whole number from 0 to 65535";
    u32 => "a whole number from 0 to 4294967295";
    u64 => "a whole number";
    usize => "a whole number";
}

/// A value that may be left out, so that another setting or a rule decides.
impl<T: Value> Value for Option<T> {
    fn parse(text: &str) -> Result<Self, String> {
        T::parse(text).map(Some)
    }

    fn show(&self) -> String {
        self.as_ref().map_or_else(|| "unset".to_owned(), T::show)
    }
}

/// A list: a JSON array of strings, or the items with commas between them.
impl<T: Value> Value for Vec<T> {
    fn parse(text: &str) -> Result<Self, String> {
        let items: Vec<String> = match text.trim() {
            "" => Vec::new(),
            json if json.starts_with('[') => serde_json::from_str(json)
                .map_err(|_| "a JSON array of strings, or items separated by commas".to_owned())?,
            plain => plain.split(',').map(|item| item.trim().to_owned()).collect(),
        };
        items.iter().map(|item| T::parse(item)).collect()
    }

    fn show(&self) -> String {
        self.iter().map(T::show).collect::<Vec<_>>().join(",")
    }
}

/// Attributes: a JSON object with strings, numbers and booleans, or `key=value` pairs with commas between them.
impl Value for BTreeMap<String, opentelemetry::Value> {
    fn parse(text: &str) -> Result<Self, String> {
        let accepted = || {
            "a JSON object of strings, numbers and booleans, or key=value pairs separated by commas"
                .to_owned()
        };
        if text.trim_start().starts_with('{') {
            let object: BTreeMap<String, serde_json::Value> =
                serde_json::from_str(text).map_err(|_| accepted())?;
            return object
                .into_iter()
                .map(|(key, value)| Some((key, attribute(value)?)))
                .collect::<Option<_>>()
                .ok_or_else(accepted);
        }
        let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                let (key, value) = pair.split_once('=').ok_or_else(accepted)?;
                Ok((key.trim().to_owned(), opentelemetry::Value::from(value.trim().to_owned())))
            })
            .collect()
    }

    fn show(&self) -> String {
        let pairs: Vec<_> = self.iter().map(|(key, value)| format!("{key}={value}")).collect();
        pairs.join(",")
    }
}

/// An attribute value from JSON; nested and empty values have no attribute form.
fn attribute(json: serde_json::Value) -> Option<opentelemetry::Value> {
    match json {
        serde_json::Value::String(text) => Some(text.into()),
        serde_json::Value::Bool(flag) => Some(flag.into()),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(whole.into()),
            None => number.as_f64().map(Into::into),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_as_json_or_with_commas() {
        let expected = vec!["/a".to_owned(), "/b".to_owned()];
        assert_eq!(Vec::<String>::parse(r#"["/a", "/b"]"#).unwrap(), expected);
        assert_eq!(Vec::<String>::parse("/a, /b").unwrap(), expected);
        assert_eq!(Vec::<String>::parse("").unwrap(), Vec::<String>::new());
        assert!(Vec::<String>::parse("[1]").is_err());
    }

    #[test]
    fn attributes_keep_their_json_types() {
        let map = BTreeMap::parse(r#"{"a": "x", "b": 2, "c": 2.5, "d": true}"#).unwrap();
        assert_eq!(map["a"], opentelemetry::Value::from("x"));
        assert_eq!(map["b"], opentelemetry::Value::I64(2));
        assert_eq!(map["c"], opentelemetry::Value::F64(2.5));
        assert_eq!(map["d"], opentelemetry::Value::Bool(true));
        assert_eq!(BTreeMap::parse("a=x").unwrap()["a"], opentelemetry::Value::from("x"));
        assert!(BTreeMap::parse(r#"{"a": {}}"#).is_err());
        assert!(BTreeMap::parse("a").is_err());
    }
}
