//! Where a thread finds the cell of a series.

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::ptr;
use std::sync::Arc;

use opentelemetry::KeyValue;
use rustc_hash::FxHasher;

use super::super::site::{CallSite, StaticAttribute};
use super::table::Table;

/// What tells the series of one instrument apart: the function, and what is not the same at each of its calls.
#[derive(Clone, Copy, Debug)]
pub(in crate::instrument) struct Series<'a> {
    pub(super) function: &'static CallSite,
    pub(super) attributes: &'a [KeyValue],
    pub(super) error_type: Option<&'static str>,
}

impl Series<'static> {
    /// That of calls without attributes of their own that went well.
    pub(in crate::instrument) fn of_all(function: &'static CallSite) -> Self {
        Self { function, attributes: &[], error_type: None }
    }
}

impl Series<'_> {
    /// All attributes of the series, with those that are the same at each call.
    pub(in crate::instrument) fn attributes(&self, fixed: &[StaticAttribute]) -> Vec<KeyValue> {
        // Requests are of no function.
        let function = Some(self.function.function).filter(|function| !function.is_empty());
        let function = function.map(|function| KeyValue::new("code.function.name", function));
        let failure = self.error_type.map(|error_type| KeyValue::new("error.type", error_type));
        let fixed = fixed.iter().copied().map(StaticAttribute::to_key_value);
        fixed.chain(self.attributes.iter().cloned()).chain(function).chain(failure).collect()
    }

    fn is_plain(&self) -> bool {
        self.attributes.is_empty() && self.error_type.is_none()
    }

    fn site(&self) -> usize {
        ptr::from_ref(self.function).addr()
    }

    fn hash(&self) -> u64 {
        let mut hasher = FxHasher::default();
        self.site().hash(&mut hasher);
        self.attributes.hash(&mut hasher);
        self.error_type.hash(&mut hasher);
        hasher.finish()
    }
}

/// The cells of one kind. Functions are told apart by the addresses of their call sites: should one have two, there are
/// two cells of one series, and the SDK adds up what is in them.
#[derive(Debug)]
pub(super) struct Cells<C> {
    /// Of calls without attributes that went well, which is most of them.
    plain: Table<Plain<C>>,
    keyed: Table<Keyed<C>>,
    keyed_count: Cell<usize>,
}

#[derive(Debug)]
struct Plain<C> {
    site: usize,
    cell: Arc<C>,
}

#[derive(Debug)]
struct Keyed<C> {
    site: usize,
    attributes: Box<[KeyValue]>,
    error_type: Option<&'static str>,
    cell: Arc<C>,
}

/// As many series as the SDK keeps apart in one instrument.
pub(super) const KEYED_LIMIT: usize = 2000;

impl<C> Default for Cells<C> {
    fn default() -> Self {
        Self { plain: Table::default(), keyed: Table::default(), keyed_count: Cell::default() }
    }
}

impl<C> Cells<C> {
    /// The cell of a series of calls without attributes that went well, if there is one yet.
    #[inline(always)]
    pub(super) fn find_plain(&self, series: Series<'_>) -> Option<&C> {
        if !series.is_plain() {
            return None;
        }
        let site = series.site();
        self.plain.find(spread(site), |plain| plain.site == site).map(|plain| &*plain.cell)
    }

    /// The cell of any other series. Where there is none yet, it is made and handed to `enrol`; none when there are too
    /// many. Not inlined: the little that [`find_plain`](Self::find_plain) does would be lost in preparing for this.
    #[inline(never)]
    pub(super) fn get(
        &self,
        series: Series<'_>,
        make: impl FnOnce() -> C,
        enrol: impl FnOnce(Arc<C>),
    ) -> Option<&C> {
        if series.is_plain() {
            self.add_plain(series, make, enrol)
        } else {
            self.get_keyed(series, make, enrol)
        }
    }

    #[cold]
    fn add_plain(
        &self,
        series: Series<'_>,
        make: impl FnOnce() -> C,
        enrol: impl FnOnce(Arc<C>),
    ) -> Option<&C> {
        let site = series.site();
        let plain = Plain { site, cell: Arc::new(make()) };
        let Plain { cell, .. } = self.plain.insert(spread(site), plain)?;
        enrol(Arc::clone(cell));
        Some(cell)
    }

    fn get_keyed(
        &self,
        series: Series<'_>,
        make: impl FnOnce() -> C,
        enrol: impl FnOnce(Arc<C>),
    ) -> Option<&C> {
        let hash = series.hash();
        match self.keyed.find(hash, |keyed| keyed.is(series)) {
            Some(found) => Some(&found.cell),
            None => self.add_keyed(series, hash, make, enrol),
        }
    }

    #[cold]
    fn add_keyed(
        &self,
        series: Series<'_>,
        hash: u64,
        make: impl FnOnce() -> C,
        enrol: impl FnOnce(Arc<C>),
    ) -> Option<&C> {
        if self.keyed_count.get() >= KEYED_LIMIT {
            return None;
        }
        let Series { attributes, error_type, .. } = series;
        let keyed =
            Keyed { site: series.site(), attributes: attributes.into(), error_type, cell: Arc::new(make()) };
        let Keyed { cell, .. } = self.keyed.insert(hash, keyed)?;
        self.keyed_count.set(self.keyed_count.get() + 1);
        enrol(Arc::clone(cell));
        Some(cell)
    }
}

impl<C> Keyed<C> {
    fn is(&self, series: Series<'_>) -> bool {
        self.site == series.site()
            && *self.attributes == *series.attributes
            && self.error_type == series.error_type
    }
}

/// By the golden ratio: addresses that lie side by side come to lie apart, in the high bits.
fn spread(address: usize) -> u64 {
    (address as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
