//! Environment variables, which carry context from a process to its children: see the
//! [specification](https://opentelemetry.io/docs/specs/otel/context/env-carriers/).

use std::ffi::OsString;
use std::fmt;
use std::process::Command;

use super::{Getter, Setter};

/// The variables that a process was started with, to read context from: `TRACEPARENT`, `TRACESTATE`, `BAGGAGE`.
///
/// ```
/// use cryostorm::Telemetry;
/// use cryostorm::propagation::Environment;
///
/// let telemetry = Telemetry::global();
/// let parent = telemetry.extract_context(&Environment::from_vars(std::env::vars_os()));
/// telemetry.span("job").context(parent).in_scope(|_| ());
/// ```
#[derive(Clone, Default)]
pub struct Environment {
    vars: Vec<(String, String)>,
}

impl Environment {
    /// Takes the variables that have a name in capitals, as all have that carry context, and a value in UTF-8.
    pub fn from_vars<N, V>(vars: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let text =
            |(name, value): (N, V)| Some((name.into().into_string().ok()?, value.into().into_string().ok()?));
        let vars = vars.into_iter().filter_map(text).filter(|(name, _)| *name == variable(name)).collect();
        Self { vars }
    }
}

impl Getter for Environment {
    fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        let name = variable(name);
        self.vars.iter().filter(move |(present, _)| *present == name).map(|(_, value)| value.as_str())
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        self.vars.iter().map(|(name, _)| name.as_str())
    }
}

/// Says names only: other variables hold secrets.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(Getter::keys(self)).finish()
    }
}

/// The environment of a child process. A tokio command has one of these: `command.as_std_mut()`.
impl Setter for Command {
    fn set(&mut self, name: &str, value: String) {
        // A child with a zero byte in its environment would not start.
        if !value.contains('\0') {
            self.env(variable(name), value);
        }
    }

    /// Also what the child would otherwise have from this process.
    fn remove(&mut self, name: &str) {
        self.env_remove(variable(name));
    }
}

/// The name of the variable for a header: `x-b3-traceid` is `X_B3_TRACEID`.
fn variable(header: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let digit_first = header.is_empty() || header.starts_with(|c: char| c.is_ascii_digit());
    digit_first.then_some('_').into_iter().chain(header.chars().map(letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_named_as_the_specification_says() {
        let named = [
            ("traceparent", "TRACEPARENT"),
            ("x-b3-traceid", "X_B3_TRACEID"),
            ("a.b_C", "A_B_C"),
            ("1st", "_1ST"),
            ("", "_"),
            ("ä", "_"),
        ];
        for (header, expected) in named {
            assert_eq!(variable(header), expected);
            assert_eq!(variable(expected), expected, "of a variable, its own");
        }
    }

    #[test]
    fn nothing_shows_what_variables_hold() {
        let environment = Environment::from_vars([("TOKEN", "secret"), ("path", "lower case")]);
        assert_eq!(format!("{environment:?}"), r#"["TOKEN"]"#);
    }
}
