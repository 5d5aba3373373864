//! The headers of HTTP requests, and the metadata of gRPC, which are the same.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Getter, Setter, text};

impl Setter for HeaderMap {
    fn set(&mut self, name: &str, value: String) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            // Where there are as many headers as there can be, it is one more that is left out.
            let _ = self.try_insert(name, value);
        }
    }

    fn remove(&mut self, name: &str) {
        HeaderMap::remove(self, name);
    }
}

impl Getter for HeaderMap {
    fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        HeaderMap::get_all(self, name).iter().map(|value| text(value.as_bytes()))
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        HeaderMap::keys(self).map(HeaderName::as_str)
    }
}

#[cfg(feature = "tonic")]
impl Setter for tonic::metadata::MetadataMap {
    fn set(&mut self, name: &str, value: String) {
        Setter::set(self.as_mut(), name, value);
    }

    fn remove(&mut self, name: &str) {
        Setter::remove(self.as_mut(), name);
    }
}

#[cfg(feature = "tonic")]
impl Getter for tonic::metadata::MetadataMap {
    fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        Getter::get_all(self.as_ref(), name)
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        Getter::keys(self.as_ref())
    }
}
