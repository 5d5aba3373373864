//! What is wrong with a setting.

/// A setting that is not accepted: which one, the value it had, and what it takes.
///
/// Values of settings that may hold secrets are left out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// There is no setting of that name.
    #[error("unknown setting {name}={value:?}: accepted are {accepted}")]
    Unknown {
        /// The name of the environment variable.
        name: String,
        /// Its value.
        value: String,
        /// The names that are accepted, the likeliest first.
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
    pub(crate) fn invalid(name: &str, value: impl Into<String>, accepted: impl Into<String>) -> Self {
        Self::Invalid { name: name.to_owned(), value: hide_secret(name, value), accepted: accepted.into() }
    }

    pub(crate) fn unknown(name: &str, value: impl Into<String>, accepted: impl Into<String>) -> Self {
        Self::Unknown { name: name.to_owned(), value: hide_secret(name, value), accepted: accepted.into() }
    }
}

/// Names that suggest a secret: a mistyped variable may hold one, and errors end up in logs.
const SECRETS: [&str; 8] =
    ["exporter_arg", "header", "key", "token", "secret", "password", "auth", "credential"];

fn hide_secret(name: &str, value: impl Into<String>) -> String {
    let name = name.to_ascii_lowercase();
    if SECRETS.iter().any(|word| name.contains(word)) {
        return "<hidden>".to_owned();
    }
    value.into()
}
