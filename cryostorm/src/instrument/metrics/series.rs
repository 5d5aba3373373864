//! Where a thread finds the cell of a series.

use std::cell::{Cell, OnceCell};
use std::hash::{Hash, Hasher};
use std::ptr;
use std::sync::Arc;

use opentelemetry::{Key, KeyValue};
use rustc_hash::FxHasher;

use super::super::cardinality::{Admission, Part, Point, overflow};
use super::super::instruments::Limited;
use super::super::site::{CallSite, StaticAttribute};
use super::table::Table;

/// What tells the series of one instrument apart: the function, and what is not the same at each of its calls.
#[derive(Clone, Copy, Debug)]
pub(in crate::instrument) struct Series<'a> {
    pub(super) function: &'static CallSite,
    /// The attributes that are the same at each of its calls.
    pub(super) fixed: &'static [StaticAttribute],
    pub(super) attributes: &'a [KeyValue],
    pub(super) error_type: Option<&'static str>,
}

impl Series<'static> {
    /// That of calls without attributes of their own that went well.
    pub(in crate::instrument) fn of_all(
        function: &'static CallSite,
        fixed: &'static [StaticAttribute],
    ) -> Self {
        Self { function, fixed, attributes: &[], error_type: None }
    }
}

/// With the attributes that are the same at each call.
impl Point for Series<'_> {
    fn each(&self, tell: &mut dyn FnMut(&Key, Part<'_>)) {
        let Self { function, fixed, attributes, error_type } = *self;
        let mut tell_text =
            |key, text: &'static str| tell(&Key::from_static_str(key), Part::Value(&text.into()));
        // Requests are of no function.
        if !function.function.is_empty() {
            tell_text("code.function.name", function.function);
        }
        if let Some(error_type) = error_type {
            tell_text("error.type", error_type);
        }
        fixed.iter().for_each(|attribute| attribute.each(tell));
        attributes.each(tell);
    }
}

impl Series<'_> {
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
    /// Of calls without attributes that went well, which is most of them, by their sites.
    plain: Table<ByAddress<C>>,
    keyed: Table<Keyed<C>>,
    keyed_count: Cell<usize>,
    /// Of metrics that have too many series, by their admissions.
    overflow: OnceCell<Table<ByAddress<C>>>,
}

#[derive(Debug)]
struct ByAddress<C> {
    address: usize,
    cell: Arc<C>,
}

#[derive(Debug)]
struct Keyed<C> {
    site: usize,
    attributes: Box<[KeyValue]>,
    error_type: Option<&'static str>,
    cell: Arc<C>,
}

/// The most series with attributes that a thread has cells for, of all metrics. The SDK is told of others at once.
pub(super) const KEYED_LIMIT: usize = 2000;

/// An instrument and the attributes to tell it at once, where there is no place for a cell.
type Untaken<I> = (I, Vec<KeyValue>);

impl<C> Default for Cells<C> {
    fn default() -> Self {
        Self {
            plain: Table::default(),
            keyed: Table::default(),
            keyed_count: Cell::default(),
            overflow: OnceCell::new(),
        }
    }
}

impl<C> Cells<C> {
    /// The cell of a series of calls without attributes that went well, if there is one yet.
    #[inline(always)]
    pub(super) fn find_plain(&self, series: Series<'_>) -> Option<&C> {
        if !series.is_plain() {
            return None;
        }
        self.plain.find_address(series.site()).map(|cell| &**cell)
    }

    /// The cell of any other series, if there is one yet. Not inlined: the little that [`find_plain`](Self::find_plain) does
    /// would be lost in preparing for this.
    #[inline(never)]
    pub(super) fn find_keyed(&self, series: Series<'_>) -> Option<&C> {
        if series.is_plain() {
            return None;
        }
        self.keyed.find(series.hash(), |keyed| keyed.is(series)).map(|keyed| &*keyed.cell)
    }

    /// The cell of a series that there is none of yet: one of its own, which is handed to `enrol`, or that of all that is too
    /// much.
    #[cold]
    #[inline(never)]
    pub(super) fn meet<I: Clone>(
        &self,
        series: Series<'_>,
        Limited { instrument, admission }: Limited<I>,
        make: fn(I, Vec<KeyValue>) -> C,
        enrol: impl Fn(Arc<C>),
    ) -> Result<&C, Untaken<I>> {
        let new = |attributes| {
            let cell = Arc::new(make(instrument.clone(), attributes));
            enrol(Arc::clone(&cell));
            cell
        };
        if admission.admits(&series) {
            let attributes = series.to_vec();
            let taken = self.has_place(series).then(|| self.put(series, new(attributes.clone()))).flatten();
            return taken.ok_or((instrument, attributes));
        }
        let Some(cell) = self.overflow_of(&admission, new) else {
            return Err((instrument, overflow().to_vec()));
        };
        // There are no more of these than there are functions. Others are not remembered.
        if series.is_plain() {
            self.put(series, Arc::clone(cell));
        }
        Ok(cell)
    }

    fn has_place(&self, series: Series<'_>) -> bool {
        match series.is_plain() {
            true => self.plain.has_place(spread(series.site())),
            false => self.keyed_count.get() < KEYED_LIMIT && self.keyed.has_place(series.hash()),
        }
    }

    fn put(&self, series: Series<'_>, cell: Arc<C>) -> Option<&C> {
        let Series { attributes, error_type, .. } = series;
        if series.is_plain() {
            return self.plain.insert_address(series.site(), cell).map(|cell| &**cell);
        }
        let keyed = Keyed { site: series.site(), attributes: attributes.into(), error_type, cell };
        let Keyed { cell, .. } = self.keyed.insert(series.hash(), keyed)?;
        self.keyed_count.set(self.keyed_count.get() + 1);
        Some(cell)
    }

    /// The cell of all that is too much for a metric.
    fn overflow_of(
        &self,
        admission: &Arc<Admission>,
        new: impl FnOnce(Vec<KeyValue>) -> Arc<C>,
    ) -> Option<&Arc<C>> {
        let (cells, address) = (self.overflow.get_or_init(Table::default), Arc::as_ptr(admission).addr());
        cells.find_address(address).or_else(|| {
            cells
                .has_place(spread(address))
                .then(|| cells.insert_address(address, new(overflow().to_vec())))?
        })
    }
}

impl<C> Table<ByAddress<C>> {
    #[inline(always)]
    fn find_address(&self, address: usize) -> Option<&Arc<C>> {
        self.find(spread(address), |known| known.address == address).map(|known| &known.cell)
    }

    fn insert_address(&self, address: usize, cell: Arc<C>) -> Option<&Arc<C>> {
        self.insert(spread(address), ByAddress { address, cell }).map(|known| &known.cell)
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
