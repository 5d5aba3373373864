//! Identifiers of the registry.

use std::collections::BTreeSet;

/// The text in small letters, digits and one separator for all else between them.
pub(super) fn identifier(text: &str, separator: char) -> String {
    let mut identifier = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_alphanumeric() || char == '_' {
            identifier.extend(char.to_lowercase());
        } else if !identifier.is_empty() && !identifier.ends_with(separator) {
            identifier.push(separator);
        }
    }
    identifier.trim_end_matches(separator).to_owned()
}

/// Names that are given out once.
#[derive(Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    pub(super) fn unique(&mut self, name: &str) -> String {
        let numbered = (2_u32..).map(|number| format!("{name}_{number}"));
        let free = [name.to_owned()].into_iter().chain(numbered).find(|name| !self.0.contains(name));
        let name = free.unwrap_or_default();
        self.0.insert(name.clone());
        name
    }
}
