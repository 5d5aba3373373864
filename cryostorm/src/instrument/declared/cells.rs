//! What one thread has of the declared metrics.

use std::cell::OnceCell;
use std::fmt;
use std::sync::Arc;

use super::super::cardinality::overflow;
use super::super::instruments::Made;
use super::super::linked::declared_metrics;
use super::super::metrics::Table;
use super::kind::{Kept, Kind};
use super::series::{AttributeSet, Key, Series, hash};
use super::stream::Stream;

/// The cells of all metrics, by their slots.
pub(in crate::instrument) struct DeclaredCells {
    by_slot: Box<[OnceCell<Kept>]>,
}

/// The cells of one metric.
pub(crate) struct Cells<K: Kind> {
    stream: Arc<Stream<K>>,
    /// Where the attributes have no texts.
    by_index: Box<[OnceCell<K::Cell>]>,
    /// Where they have.
    by_text: Option<Table<OfText<K::Cell>>>,
    overflow: OnceCell<K::Cell>,
}

struct OfText<C> {
    key: Key,
    cell: C,
}

impl Default for DeclaredCells {
    fn default() -> Self {
        Self { by_slot: declared_metrics().iter().map(|_| OnceCell::new()).collect() }
    }
}

impl DeclaredCells {
    #[inline(always)]
    pub(in crate::instrument) fn record<K: Kind, S: AttributeSet>(
        &self,
        series: Series<S>,
        value: K::Value,
        made: &Made,
    ) {
        if !self.record_again::<K, S>(series, value) {
            self.meet::<K, S>(series, value, made);
        }
    }

    /// Records a value of a series that this thread has a cell of.
    #[inline(always)]
    pub(in crate::instrument) fn record_again<K: Kind, S: AttributeSet>(
        &self,
        series: Series<S>,
        value: K::Value,
    ) -> bool {
        let cells = self.by_slot.get(series.metric.slot()).and_then(OnceCell::get).and_then(K::cells);
        let cell = cells.and_then(|cells| cells.find(&series.set));
        cell.inspect(|cell| K::record(cell, value)).is_some()
    }

    /// Records a value of a series that this thread has no cell of. Not inlined, so that it costs the others nothing.
    #[cold]
    #[inline(never)]
    fn meet<K: Kind, S: AttributeSet>(&self, series: Series<S>, value: K::Value, made: &Made) {
        let Series { metric, set } = series;
        let set = set.cut();
        let place = self.by_slot.get(metric.slot());
        let known = || place.and_then(OnceCell::get).and_then(K::cells);
        if known().is_none()
            && let Some(stream) = made.streams.get::<K>(metric, made)
            && let Some(place) = place
        {
            // Not `get_or_init`: what the SDK says while it makes an instrument may come back here.
            let _ = place.set(K::kept(Cells::new(stream)));
        }
        match known() {
            Some(cells) => cells.meet(&set, value, made),
            None => {
                if let Some(stream) = made.streams.get::<K>(metric, made) {
                    stream.tell(&set, value);
                }
            }
        }
    }
}

impl<K: Kind> Cells<K> {
    fn new(stream: Arc<Stream<K>>) -> Self {
        let metric = stream.metric;
        let has_texts = metric.has_texts();
        let combinations = if has_texts { 0 } else { metric.combinations() };
        Self {
            stream,
            by_index: (0..combinations).map(|_| OnceCell::new()).collect(),
            by_text: has_texts.then(Table::default),
            overflow: OnceCell::new(),
        }
    }

    #[inline(always)]
    fn find<S: AttributeSet>(&self, set: &S) -> Option<&K::Cell> {
        match S::HAS_TEXTS {
            false => self.by_index.get(set.index() as usize)?.get(),
            true => self
                .by_text
                .as_ref()?
                .find(hash(set), |of_text| of_text.key.is(set))
                .map(|of_text| &of_text.cell),
        }
    }

    fn meet<S: AttributeSet>(&self, set: &S, value: K::Value, made: &Made) {
        // What was too long may be known by its beginning. Not by `find`, which is compiled for one caller.
        let known =
            self.by_text.as_ref().and_then(|texts| texts.find(hash(set), |of_text| of_text.key.is(set)));
        if let Some(OfText { cell, .. }) = known {
            return K::record(cell, value);
        }
        let new = |attributes| K::cell(&self.stream.instrument, attributes, &made.ledger);
        let place = self.by_index.get(set.index() as usize);
        if !self.stream.admits(set) {
            // Not `get_or_init`, here and below: what the SDK says meanwhile may come back here.
            if self.overflow.get().is_none() {
                let _ = self.overflow.set(new(overflow().to_vec()));
            }
            if let Some(cell) = self.overflow.get() {
                K::record(cell, value);
                // There are no more of them than there are indices. Texts are not remembered.
                let _ = place.map(|place| place.set(cell.clone()));
            }
            return;
        }
        let attributes = self.stream.attributes(set);
        match (&self.by_text, place) {
            (Some(table), _) if table.has_place(hash(set)) => {
                let cell = new(attributes);
                K::record(&cell, value);
                let _ = table.insert(hash(set), OfText { key: Key::of(set), cell });
            }
            (None, Some(place)) => {
                let cell = new(attributes);
                K::record(&cell, value);
                let _ = place.set(cell);
            }
            _ => K::tell(&self.stream.instrument, value, &attributes),
        }
    }
}

impl fmt::Debug for DeclaredCells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeclaredCells").field("metrics", &self.by_slot.len()).finish_non_exhaustive()
    }
}
