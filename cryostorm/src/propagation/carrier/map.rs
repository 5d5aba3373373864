//! Headers as a map of text.

use std::collections::HashMap;
use std::hash::BuildHasher;

use super::{Getter, Setter};

impl<S: BuildHasher> Setter for HashMap<String, String, S> {
    fn set(&mut self, name: &str, value: String) {
        Setter::remove(self, name);
        self.insert(name.to_ascii_lowercase(), value);
    }

    fn remove(&mut self, name: &str) {
        self.retain(|present, _| !present.eq_ignore_ascii_case(name));
    }
}

impl<S> Getter for HashMap<String, String, S> {
    fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.iter().filter(move |(present, _)| present.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        HashMap::keys(self).map(String::as_str)
    }
}
