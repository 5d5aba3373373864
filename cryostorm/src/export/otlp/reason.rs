//! Why an export failed, in words that a user may see.

use std::error::Error;
use std::fmt::Write as _;

/// An error with what caused it. Who wraps an error often says the same once more, which is left out.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            // Writing to a string cannot fail.
            let _ = write!(text, ": {more}");
        }
        cause = error.source();
    }
    text
}

/// Words that must not be shown, because they are of headers that were set: a server may put them into its answers.
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    /// The most characters of a server's message.
    const MOST: usize = 500;

    pub(super) fn new(headers: &[(String, String)]) -> Self {
        let words = headers.iter().flat_map(|(_, value)| value.split_whitespace());
        Self(words.map(str::to_owned).collect())
    }

    /// `what`, and what the server said of it, unless that is not fit to be shown.
    pub(super) fn with_message(&self, what: impl Into<String>, message: &str) -> String {
        let mut text = what.into();
        if !message.is_empty() && !self.0.iter().any(|secret| message.contains(secret)) {
            text.push_str(": ");
            text.extend(message.chars().take(Self::MOST));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Caused {
        text: &'static str,
        source: Option<Box<Caused>>,
    }

    #[test]
    fn causes_are_named_once() {
        let refused = Caused { text: "refused", source: None };
        let connect = Caused { text: "connect: refused", source: Some(Box::new(refused)) };
        let request = Caused { text: "request", source: Some(Box::new(connect)) };
        assert_eq!(chain(&request), "request: connect: refused");
    }

    #[test]
    fn a_message_with_a_secret_in_it_is_not_shown() {
        let secrets = Secrets::new(&[("authorization".to_owned(), "Bearer hunter2".to_owned())]);
        assert_eq!(secrets.with_message("refused", "unknown token: hunter2"), "refused");
        assert_eq!(secrets.with_message("refused", "no such tenant"), "refused: no such tenant");
        assert_eq!(secrets.with_message("refused", ""), "refused");
        assert_eq!(secrets.with_message("", &"é".repeat(9999)).chars().count(), 502);
    }
}
