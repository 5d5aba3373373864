//! A thread's own part of the metrics.

use std::sync::Arc;

use opentelemetry::KeyValue;

use super::super::declared::{self, AttributeSet, DeclaredCells, Kind};
use super::super::instruments::{Made, in_flight_metric};
use super::super::site::{CallSite, CounterSite, HistogramSite, Metric};
use super::counter::CounterCell;
use super::histogram::HistogramCell;
use super::in_flight::InFlightCell;
use super::series::{Cells, Series};

/// What one thread counts and measures. It outlives neither its thread nor its use, but its numbers do: when it is
/// dropped, the next thread or the next collection takes its cells over.
#[derive(Debug, Default)]
pub(crate) struct Shard {
    /// None where metrics are off, and when it is dropped.
    own: Option<Own>,
}

#[derive(Debug)]
struct Own {
    cells: ThreadCells,
    made: Arc<Made>,
}

/// The cells that a thread writes.
#[derive(Debug, Default)]
pub(super) struct ThreadCells {
    counters: Cells<CounterCell>,
    histograms: Cells<HistogramCell>,
    in_flight: Cells<InFlightCell>,
    declared: DeclaredCells,
}

impl Shard {
    pub(in crate::instrument) fn new(made: Arc<Made>) -> Self {
        let cells = made.ledger.take_idle().unwrap_or_default();
        Self { own: Some(Own { cells, made }) }
    }

    /// Whether there is anything to measure for.
    #[inline(always)]
    pub(in crate::instrument) fn is_on(&self) -> bool {
        self.own.is_some()
    }

    /// Counts calls of a function on its counter.
    #[inline(always)]
    pub(crate) fn count(
        &self,
        function: &'static CallSite,
        counter: &'static CounterSite,
        attributes: &[KeyValue],
        error_type: Option<&'static str>,
        by: u64,
    ) {
        let Some(Own { cells, made }) = &self.own else { return };
        let series = Series { function, fixed: counter.attributes, attributes, error_type };
        if let Some(cell) = cells.counters.find_plain(series) {
            return cell.add(by);
        }
        if let Some(cell) = cells.counters.find_keyed(series) {
            return cell.add(by);
        }
        let enrol = |cell| made.ledger.counters.enrol(cell);
        match cells.counters.meet(series, made.calls(counter), CounterCell::new, enrol) {
            Ok(cell) => cell.add(by),
            Err((calls, attributes)) => calls.add(by, &attributes),
        }
    }

    /// Counts a call that has no attributes of its own and went well, if there was one before.
    #[inline(always)]
    pub(crate) fn count_again(&self, function: &'static CallSite) -> bool {
        let series = Series::of_all(function, &[]);
        let cell = self.own.as_ref().and_then(|own| own.cells.counters.find_plain(series));
        cell.inspect(|cell| cell.add(1)).is_some()
    }

    /// Records a value of a declared metric, if this thread has a cell for it.
    #[inline(always)]
    pub(in crate::instrument) fn record_declared_again<K: Kind, S: AttributeSet>(
        &self,
        series: declared::Series<S>,
        value: K::Value,
    ) -> bool {
        self.own.as_ref().is_some_and(|own| own.cells.declared.record_again::<K, S>(series, value))
    }

    /// Records a value of a declared metric.
    pub(in crate::instrument) fn record_declared<K: Kind, S: AttributeSet>(
        &self,
        series: declared::Series<S>,
        value: K::Value,
    ) {
        let Some(Own { cells, made }) = &self.own else { return };
        cells.declared.record::<K, S>(series, value, made);
    }

    /// Measures a call of a function on its histogram.
    #[inline]
    pub(crate) fn record(
        &self,
        function: &'static CallSite,
        histogram: &'static HistogramSite,
        attributes: &[KeyValue],
        error_type: Option<&'static str>,
        nanos: u64,
    ) {
        let Some(Own { cells, made }) = &self.own else { return };
        let series = Series { function, fixed: histogram.attributes, attributes, error_type };
        if let Some(cell) = cells.histograms.find_plain(series) {
            return cell.record(nanos);
        }
        if let Some(cell) = cells.histograms.find_keyed(series) {
            return cell.record(nanos);
        }
        let enrol = |cell| made.ledger.histograms.enrol(cell);
        match cells.histograms.meet(series, made.duration(histogram), HistogramCell::new, enrol) {
            Ok(cell) => cell.record(nanos),
            Err((durations, attributes)) => durations.record(nanos, &attributes),
        }
    }

    /// Counts a call of a function as one more, or one less, that is under way, where its histogram asks for that.
    #[inline]
    pub(crate) fn step_in_flight(
        &self,
        function: &'static CallSite,
        histogram: &'static HistogramSite,
        attributes: &[KeyValue],
        step: i64,
    ) {
        if let Some(name) = histogram.in_flight {
            let series = Series { function, fixed: histogram.attributes, attributes, error_type: None };
            self.step(series, in_flight_metric(name), step);
        }
    }

    /// Counts a request as one more, or one less, that is under way.
    #[cfg(feature = "tower")]
    pub(crate) fn step_request(
        &self,
        site: &'static CallSite,
        metric: Metric,
        attributes: &[KeyValue],
        step: i64,
    ) {
        self.step(Series { function: site, fixed: &[], attributes, error_type: None }, metric, step);
    }

    #[inline(always)]
    fn step(&self, series: Series<'_>, metric: Metric, step: i64) {
        let Some(Own { cells, made }) = &self.own else { return };
        if let Some(cell) = cells.in_flight.find_plain(series) {
            return cell.step(step);
        }
        if let Some(cell) = cells.in_flight.find_keyed(series) {
            return cell.step(step);
        }
        let enrol = |cell| made.ledger.in_flight.enrol(cell);
        match cells.in_flight.meet(series, made.in_flight(metric), InFlightCell::new, enrol) {
            Ok(cell) => cell.step(step),
            Err((calls, attributes)) => calls.add(step, &attributes),
        }
    }
}

impl Drop for Shard {
    fn drop(&mut self) {
        if let Some(Own { cells, made }) = self.own.take() {
            made.ledger.put_idle(cells);
        }
    }
}
