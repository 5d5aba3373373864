//! What a program hands over to be asked at each collection.

use std::collections::HashMap;
use std::fmt;
use std::mem;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use opentelemetry::metrics::{AsyncInstrument, Meter};
use opentelemetry::{Context, KeyValue};

use crate::diagnostics;
use crate::guarded::caught;

use super::super::cardinality::overflow;
use super::super::local;
use crate::catalogue::InstrumentKind;

use super::declaration::Number;
use super::index::outside;
use super::metric::DeclaredMetric;
use super::series::{AttributeSet, Key, Series};

/// A type of what is observed.
pub(crate) trait Observed: Copy + Send + Sync + 'static {
    fn closure(ask: impl Fn() -> Self + Send + Sync + 'static) -> Closure;

    /// That closure, if it is of this type.
    fn of(closure: &Closure) -> Option<&(dyn Fn() -> Self + Send + Sync)>;
}

/// What is asked, whatever the type of its answer.
pub(crate) enum Closure {
    U64(Box<dyn Fn() -> u64 + Send + Sync>),
    I64(Box<dyn Fn() -> i64 + Send + Sync>),
    F64(Box<dyn Fn() -> f64 + Send + Sync>),
}

macro_rules! observed {
    ($($type:ty: $variant:ident)*) => {$(
        impl Observed for $type {
            fn closure(ask: impl Fn() -> Self + Send + Sync + 'static) -> Closure {
                Closure::$variant(Box::new(ask))
            }

            fn of(closure: &Closure) -> Option<&(dyn Fn() -> Self + Send + Sync)> {
                match closure {
                    Closure::$variant(ask) => Some(ask),
                    _ => None,
                }
            }
        }
    )*};
}
observed!(u64: U64 i64: I64 f64: F64);

struct Observer {
    number: u64,
    key: Key,
    closure: Closure,
    has_panicked: AtomicBool,
}

/// The observers of one metric.
#[derive(Default)]
struct Observers {
    each: Vec<Arc<Observer>>,
    /// Whether there was one too many.
    refused: bool,
}

/// Of all metrics, by their addresses. Not part of an installation: what is observed stays so under the next.
static OBSERVERS: RwLock<Option<HashMap<usize, Observers>>> = RwLock::new(None);

/// What is being observed. It goes on until the process ends, also when this is dropped, unless it is
/// [stopped](Self::stop).
#[derive(Debug)]
pub struct Observation {
    metric: usize,
    number: u64,
}

impl Observation {
    /// Ends it: the closure is dropped, and the series has no more values. Where another closure has taken its place
    /// already, nothing happens.
    pub fn stop(self) {
        let ended = change(self.metric, |observers| {
            let position = observers.each.iter().position(|observer| observer.number == self.number)?;
            Some(observers.each.swap_remove(position))
        });
        // Dropped without the lock: what the closure holds may observe too.
        drop(ended);
    }
}

/// Asks `ask` for the value of a series from the next collection on, in place of what was asked before.
pub(crate) fn observe<T: Observed, S: AttributeSet>(
    series: Series<S>,
    ask: impl Fn() -> T + Send + Sync + 'static,
) -> Observation {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let Series { metric, set } = series;
    let set = set.cut();
    let observation =
        Observation { metric: ptr::from_ref(metric).addr(), number: NEXT.fetch_add(1, Ordering::Relaxed) };
    if cfg!(feature = "static-off") {
        return observation;
    }
    let observer = Arc::new(Observer {
        number: observation.number,
        key: Key::of(&set),
        closure: T::closure(ask),
        has_panicked: AtomicBool::new(false),
    });
    let earlier = change(observation.metric, |observers| {
        let count = observers.each.len();
        match observers.each.iter_mut().find(|known| known.key == observer.key) {
            Some(known) => Some(mem::replace(known, observer)),
            None if count < metric.limit() => {
                observers.each.push(observer);
                None
            }
            None => {
                observers.refused = true;
                Some(observer)
            }
        }
    });
    drop(earlier);
    observation
}

fn change<R>(metric: usize, work: impl FnOnce(&mut Observers) -> R) -> R {
    let mut all = OBSERVERS.write().unwrap_or_else(PoisonError::into_inner);
    work(all.get_or_insert_default().entry(metric).or_default())
}

/// Makes the SDK ask at each collection, if that is the metric's kind.
pub(super) fn register(metric: &'static DeclaredMetric, meter: &Meter) {
    macro_rules! build {
        ($builder:ident) => {{
            let described = metric.declaration.metric;
            let builder = meter.$builder(described.name).with_unit(described.unit);
            let builder = builder.with_description(described.description);
            let refusal = AtomicBool::new(false);
            let _ = builder.with_callback(move |instrument| ask_all(metric, &refusal, instrument)).build();
        }};
    }
    match (metric.declaration.kind, metric.declaration.number) {
        (InstrumentKind::ObservableCounter, Number::U64) => build!(u64_observable_counter),
        (InstrumentKind::ObservableCounter, Number::F64) => build!(f64_observable_counter),
        (InstrumentKind::ObservableUpDownCounter, Number::I64) => build!(i64_observable_up_down_counter),
        (InstrumentKind::ObservableUpDownCounter, Number::F64) => build!(f64_observable_up_down_counter),
        (InstrumentKind::ObservableGauge, Number::U64) => build!(u64_observable_gauge),
        (InstrumentKind::ObservableGauge, Number::I64) => build!(i64_observable_gauge),
        (InstrumentKind::ObservableGauge, Number::F64) => build!(f64_observable_gauge),
        _ => {}
    }
}

fn ask_all<T: Observed>(
    metric: &'static DeclaredMetric,
    told_refusal: &AtomicBool,
    instrument: &dyn AsyncInstrument<T>,
) {
    // Asked without the lock: a closure may observe too.
    let (each, refused) = {
        let all = OBSERVERS.read().unwrap_or_else(PoisonError::into_inner);
        let Some(observers) = all.as_ref().and_then(|all| all.get(&ptr::from_ref(metric).addr())) else {
            return;
        };
        (observers.each.clone(), observers.refused)
    };
    // An instrument that a closure made would wait for the collection that asks it.
    let _suppressed = local::may_observe().then(Context::enter_telemetry_suppressed_scope);
    for observer in &each {
        let Some(ask) = T::of(&observer.closure) else { continue };
        match caught(ask) {
            Some(value) => instrument.observe(value, &observer.attributes(metric)),
            None if !observer.has_panicked.swap(true, Ordering::Relaxed) => {
                diagnostics::report_aside(|| {
                    format!(
                        "what observes the metric {} panicked: it has no value until it is asked without a panic.",
                        metric.name()
                    )
                });
            }
            None => {}
        }
    }
    if refused && !told_refusal.swap(true, Ordering::Relaxed) {
        diagnostics::report_aside(|| {
            format!(
                "metric {} is observed for more than {} attribute sets: the others have no value.",
                metric.name(),
                metric.limit()
            )
        });
    }
}

impl Observer {
    fn attributes(&self, metric: &'static DeclaredMetric) -> Vec<KeyValue> {
        match outside(self.key.index) {
            Some(_) => overflow().to_vec(),
            None => metric.attributes(self.key.index, &self.key.texts()),
        }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observer").field("key", &self.key).finish_non_exhaustive()
    }
}
