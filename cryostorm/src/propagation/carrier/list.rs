//! Headers as a list of names and bytes, such as those of a Kafka message.

use super::{Getter, Setter, text};

/// Names in whatever type, values as bytes or text: `Vec<(String, Vec<u8>)>`, `Vec<(String, Bytes)>`.
impl<N, V> Setter for Vec<(N, V)>
where
    N: AsRef<str> + From<String>,
    V: From<String>,
{
    fn set(&mut self, name: &str, value: String) {
        Setter::remove(self, name);
        self.push((name.to_owned().into(), value.into()));
    }

    fn remove(&mut self, name: &str) {
        self.retain(|(present, _)| !present.as_ref().eq_ignore_ascii_case(name));
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Getter for [(N, V)] {
    fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.iter()
            .filter(move |(present, _)| present.as_ref().eq_ignore_ascii_case(name))
            .map(|(_, value)| text(value.as_ref()))
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(name, _)| name.as_ref())
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Getter for Vec<(N, V)> {
    fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        Getter::get_all(self.as_slice(), name)
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        Getter::keys(self.as_slice())
    }
}
