//! What all spans of a call site have in common, encoded once.

use std::collections::HashMap;
use std::ptr;

use opentelemetry::KeyValue;
use rustc_hash::FxBuildHasher;

use crate::instrument::CallSite;

use super::span::{ATTRIBUTES, NAME};
use super::{attributes, wire};

/// The call sites seen so far, by their address: they are data of the binary.
#[derive(Default)]
pub(super) struct Sites {
    known: HashMap<usize, StaticPart, FxBuildHasher>,
}

/// The fields of a span that its call site determines.
pub(super) struct StaticPart {
    /// The attributes, and after them the name.
    encoded: Vec<u8>,
    attributes_len: usize,
    /// The attributes once more, to compare with.
    pub(super) attributes: Vec<KeyValue>,
}

impl Sites {
    /// A bound for what would otherwise grow with what is linked in while the program runs.
    const MOST: usize = 16 * 1024;

    pub(super) fn static_part(&mut self, site: &'static CallSite) -> &StaticPart {
        let address = ptr::from_ref(site).addr();
        if self.known.len() >= Self::MOST && !self.known.contains_key(&address) {
            self.known.clear();
        }
        self.known.entry(address).or_insert_with(|| StaticPart::new(site))
    }
}

impl StaticPart {
    fn new(site: &CallSite) -> Self {
        let all: Vec<_> = site.attributes().collect();
        let attributes = attributes::last_of_each(all.iter());
        let mut encoded = Vec::new();
        attributes.iter().for_each(|attribute| attributes::put(&mut encoded, ATTRIBUTES, attribute));
        let attributes_len = encoded.len();
        wire::text(&mut encoded, NAME, site.span_name());
        Self { encoded, attributes_len, attributes }
    }

    pub(super) fn with_name(&self) -> &[u8] {
        &self.encoded
    }

    pub(super) fn without_name(&self) -> &[u8] {
        self.encoded.get(..self.attributes_len).unwrap_or_default()
    }

    pub(super) fn name(&self) -> &[u8] {
        self.encoded.get(self.attributes_len..).unwrap_or_default()
    }
}
