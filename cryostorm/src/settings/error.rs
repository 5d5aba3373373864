//! What is wrong with a setting.

use std::fmt;

/// A setting that is not accepted: which one, the value it had, and what it takes.
///
/// A value that may hold a secret is left out. `Debug` says the same as `Display`, because it is what a `main` that
/// returns the error prints.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// There is no setting of that name.
    #[error("unknown setting {name}={value:?}: {}accepted are {accepted}", hint(.nearest))]
    Unknown {
        /// The name of the environment variable.
        name: String,
        /// Its value.
        value: String,
        /// The name that was most likely meant.
        nearest: Option<String>,
        /// All names that are accepted in its place.
        accepted: String,
    },
    /// The setting does not take this value.
    #[error("invalid setting {name}={value:?}: accepted is {accepted}")]
    Invalid {
        /// The environment variable, or the dotted name where the value came from code.
        name: String,
        /// The value.
        value: String,
        /// What the setting takes.
        accepted: String,
    },
}

impl SettingsError {
    pub(crate) fn invalid(name: &str, value: &str, accepted: impl Into<String>) -> Self {
        Self::Invalid { name: name.to_owned(), value: shown(name, value), accepted: accepted.into() }
    }

    /// The value is shown only where the name is a slip of the pen: any other name may be that of a secret.
    pub(super) fn unknown(name: &str, value: &str, nearest: Option<String>, accepted: &[String]) -> Self {
        Self::Unknown {
            name: cut(name),
            value: match &nearest {
                Some(nearest) => shown(&format!("{name} {nearest}"), value),
                None => HIDDEN.to_owned(),
            },
            nearest,
            accepted: accepted.join(", "),
        }
    }
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|nearest| format!("did you mean {nearest}? ")).unwrap_or_default()
}

impl fmt::Debug for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Words of names that suggest a secret, and signs of values that may have one inside: pairs, JSON, URLs with a
/// password. A mistyped variable may hold one, and errors end up in logs.
const SECRET_NAMES: [&str; 8] =
    ["header", "key", "token", "secret", "password", "auth", "credential", "args"];
const SECRET_SIGNS: [&str; 6] = ["=", "{", "[", "@", " ", "://"];
const HIDDEN: &str = "<hidden>";

/// The most characters of a value, or of a name that is none of ours, that an error shows.
const MOST: usize = 128;

fn shown(name: &str, value: &str) -> String {
    let name = name.to_ascii_lowercase();
    // Every value of the targets has a sign.
    let is_plain = name.ends_with("targets");
    let has_sign = !is_plain && SECRET_SIGNS.iter().any(|sign| value.trim().contains(sign));
    if SECRET_NAMES.iter().any(|word| name.contains(word)) || has_sign {
        return HIDDEN.to_owned();
    }
    cut(value)
}

/// A text, or as much of it as an error shows.
fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
