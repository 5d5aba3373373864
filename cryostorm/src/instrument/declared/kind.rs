//! The kinds of instruments that values are recorded on, and what a thread keeps for a series of each.

use std::sync::Arc;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{
    BoundCounter, BoundGauge, BoundHistogram, BoundUpDownCounter, Counter, Gauge, Histogram, Meter,
    UpDownCounter,
};

use super::super::instruments::Made;
use super::super::metrics::{CounterCell, InFlightCell, Ledger};
use super::cells::Cells;
use crate::catalogue::InstrumentKind;

use super::declaration::{Declaration, Number};
use super::metric::DeclaredMetric;

/// A kind of instrument with the type of its values.
pub(crate) trait Kind: Sized + 'static {
    type Value: Copy;
    type Instrument: Send + Sync + 'static;
    /// What a thread keeps for a series. Clones share it.
    type Cell: Clone;

    /// Whether nothing but the cell has to do with a record: no code of the SDK, which may come back to this thread.
    const IS_PLAIN: bool;

    fn instrument(meter: &Meter, declaration: &Declaration) -> Self::Instrument;

    fn cell(instrument: &Self::Instrument, attributes: Vec<KeyValue>, ledger: &Ledger) -> Self::Cell;

    fn record(cell: &Self::Cell, value: Self::Value);

    /// Records without a cell.
    fn tell(instrument: &Self::Instrument, value: Self::Value, attributes: &[KeyValue]);

    fn kept(cells: Cells<Self>) -> Kept;

    /// Those cells, if they are of this kind.
    fn cells(kept: &Kept) -> Option<&Cells<Self>>;
}

macro_rules! kinds {
    ($(
        $name:ident, plain: $plain:literal:
        $value:ty, $instrument:ident, $cell:ty, $method:ident by $builder:ident$(.$option:ident)?;
        $make:expr;
        $record:expr;
    )*) => {
        /// The cells of one metric, of whatever kind it is.
        pub(crate) enum Kept {
            $($name(Cells<$name>),)*
        }

        $(
            pub(crate) struct $name;

            impl Kind for $name {
                type Value = $value;
                type Instrument = $instrument<$value>;
                type Cell = $cell;

                const IS_PLAIN: bool = $plain;

                fn instrument(meter: &Meter, declaration: &Declaration) -> Self::Instrument {
                    let metric = declaration.metric;
                    let builder = meter.$builder(metric.name)$(.$option(declaration.bounds()))?;
                    builder.with_unit(metric.unit).with_description(metric.description).build()
                }

                fn cell(instrument: &Self::Instrument, attributes: Vec<KeyValue>, ledger: &Ledger) -> Self::Cell {
                    let make: fn(&Self::Instrument, Vec<KeyValue>, &Ledger) -> Self::Cell = $make;
                    make(instrument, attributes, ledger)
                }

                #[inline(always)]
                fn record(cell: &Self::Cell, value: $value) {
                    let record: fn(&Self::Cell, $value) = $record;
                    record(cell, value);
                }

                fn tell(instrument: &Self::Instrument, value: $value, attributes: &[KeyValue]) {
                    instrument.$method(value, attributes);
                }

                fn kept(cells: Cells<Self>) -> Kept {
                    Kept::$name(cells)
                }

                #[inline(always)]
                fn cells(kept: &Kept) -> Option<&Cells<Self>> {
                    match kept {
                        Kept::$name(cells) => Some(cells),
                        _ => None,
                    }
                }
            }
        )*
    };
}

kinds! {
    // Kept by the thread until a collection asks: an addition costs no more than that.
    U64Counter, plain: true: u64, Counter, Arc<CounterCell>, add by u64_counter;
    |counter, attributes, ledger| ledger.counter(counter.clone(), attributes);
    |cell, value| cell.add(value);

    // Additions and subtractions apart, as what one thread takes away another may have added.
    I64UpDownCounter, plain: true: i64, UpDownCounter, Arc<InFlightCell>, add by i64_up_down_counter;
    |counter, attributes, ledger| ledger.up_down_counter(counter.clone(), attributes);
    |cell, value| cell.step(value);

    // The SDK's own for these: sums of fractions depend on their order, and a gauge has no value of one thread.
    F64Counter, plain: false: f64, Counter, BoundCounter<f64>, add by f64_counter;
    |counter, attributes, _| counter.bind(&attributes);
    |cell, value| cell.add(value);

    F64UpDownCounter, plain: false: f64, UpDownCounter, BoundUpDownCounter<f64>, add by f64_up_down_counter;
    |counter, attributes, _| counter.bind(&attributes);
    |cell, value| cell.add(value);

    U64Gauge, plain: false: u64, Gauge, BoundGauge<u64>, record by u64_gauge;
    |gauge, attributes, _| gauge.bind(&attributes);
    |cell, value| cell.record(value);

    I64Gauge, plain: false: i64, Gauge, BoundGauge<i64>, record by i64_gauge;
    |gauge, attributes, _| gauge.bind(&attributes);
    |cell, value| cell.record(value);

    F64Gauge, plain: false: f64, Gauge, BoundGauge<f64>, record by f64_gauge;
    |gauge, attributes, _| gauge.bind(&attributes);
    |cell, value| cell.record(value);

    U64Histogram, plain: false: u64, Histogram, BoundHistogram<u64>, record by u64_histogram.with_boundaries;
    |histogram, attributes, _| histogram.bind(&attributes);
    |cell, value| cell.record(value);

    F64Histogram, plain: false: f64, Histogram, BoundHistogram<f64>, record by f64_histogram.with_boundaries;
    |histogram, attributes, _| histogram.bind(&attributes);
    |cell, value| cell.record(value);
}

/// Makes the instrument of a metric, and the series of a sum at zero where they are known.
pub(super) fn begin(metric: &'static DeclaredMetric, made: &Made) {
    fn at<K: Kind>(zero: Option<K::Value>, metric: &'static DeclaredMetric, made: &Made) {
        if let Some(stream) = made.streams.get::<K>(metric, made)
            && let Some(zero) = zero.filter(|_| metric.starts_at_zero())
        {
            stream.begin(zero);
        }
    }
    match (metric.declaration.kind, metric.declaration.number) {
        (InstrumentKind::Counter, Number::U64) => at::<U64Counter>(Some(0), metric, made),
        (InstrumentKind::Counter, Number::F64) => at::<F64Counter>(Some(0.0), metric, made),
        (InstrumentKind::UpDownCounter, Number::I64) => at::<I64UpDownCounter>(Some(0), metric, made),
        (InstrumentKind::UpDownCounter, Number::F64) => at::<F64UpDownCounter>(Some(0.0), metric, made),
        (InstrumentKind::Gauge, Number::U64) => at::<U64Gauge>(None, metric, made),
        (InstrumentKind::Gauge, Number::I64) => at::<I64Gauge>(None, metric, made),
        (InstrumentKind::Gauge, Number::F64) => at::<F64Gauge>(None, metric, made),
        (InstrumentKind::Histogram, Number::U64) => at::<U64Histogram>(None, metric, made),
        (InstrumentKind::Histogram, Number::F64) => at::<F64Histogram>(None, metric, made),
        _ => {}
    }
}
