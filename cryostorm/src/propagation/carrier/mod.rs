//! What carries context from one program to another.

mod environment;
#[cfg(feature = "http")]
mod headers;
mod list;
mod map;

use opentelemetry::propagation::{Extractor, Injector};

pub use environment::Environment;

/// How many values of one header are looked at: one more than any format takes, so that it can tell.
const MOST_VALUES: usize = 65;
/// How many names are looked at.
const MOST_NAMES: usize = 1024;

/// What context can be written into: the headers of a request, the metadata of a message, the environment of a child
/// process.
///
/// Implemented for `HashMap<String, String>`, for lists of names and bytes such as Kafka's headers, for
/// [`Command`](std::process::Command), with the cargo feature `http` for `http::HeaderMap`, with `tonic` for tonic's
/// `MetadataMap`, and for whatever OpenTelemetry can write into, as `dyn Injector`.
#[diagnostic::on_unimplemented(
    message = "context cannot be written into `{Self}`",
    note = "`http::HeaderMap` needs cryostorm's cargo feature `http`, and tonic's `MetadataMap` the feature `tonic`",
    note = "of a type that implements OpenTelemetry's `Injector`, hand in `&mut carrier as &mut dyn Injector`"
)]
pub trait Setter {
    /// Writes a header in place of all that have this name. What the carrier cannot hold is left out.
    fn set(&mut self, name: &str, value: String);

    /// Removes all headers of this name, in whatever case.
    fn remove(&mut self, name: &str);
}

/// What context can be read from: the counterpart of [`Setter`], implemented for the same types, and for
/// [`Environment`], which a process has from its parent.
#[diagnostic::on_unimplemented(
    message = "context cannot be read from `{Self}`",
    note = "`http::HeaderMap` needs cryostorm's cargo feature `http`, and tonic's `MetadataMap` the feature `tonic`",
    note = "of a type that implements OpenTelemetry's `Extractor`, hand in `&carrier as &dyn Extractor`"
)]
pub trait Getter {
    /// All values of the headers of this name, in whatever case, in their order. One that is not text is
    /// U+FFFD, which no format accepts: one left out might not be missed.
    fn get_all(&self, name: &str) -> impl Iterator<Item = &str>;

    /// The names of all headers.
    fn keys(&self) -> impl Iterator<Item = &str>;
}

/// The bytes of a value as text.
fn text(value: &[u8]) -> &str {
    std::str::from_utf8(value).unwrap_or("\u{FFFD}")
}

impl Setter for dyn Injector + '_ {
    fn set(&mut self, name: &str, value: String) {
        Injector::set(self, name, value);
    }

    /// Does nothing: OpenTelemetry's trait has no way to.
    fn remove(&mut self, _name: &str) {}
}

impl Getter for dyn Extractor + '_ {
    fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        Extractor::get_all(self, name).into_iter().flatten()
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        Extractor::keys(self).into_iter()
    }
}

/// A carrier as OpenTelemetry's propagators write into it.
pub(crate) struct Writing<'a, C: ?Sized>(pub(crate) &'a mut C);

impl<C: Setter + ?Sized> Injector for Writing<'_, C> {
    fn set(&mut self, name: &str, value: String) {
        self.0.set(name, value);
    }
}

/// A carrier as OpenTelemetry's propagators read from it.
pub(crate) struct Reading<'a, C: ?Sized>(pub(crate) &'a C);

impl<C: Getter + ?Sized> Extractor for Reading<'_, C> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get_all(name).next()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().take(MOST_NAMES).collect()
    }

    fn get_all(&self, name: &str) -> Option<Vec<&str>> {
        let values = || self.0.get_all(name).take(MOST_VALUES);
        // Counted, so that no more memory is asked for than that.
        let mut all = Vec::with_capacity(values().count());
        all.extend(values());
        (!all.is_empty()).then_some(all)
    }
}
