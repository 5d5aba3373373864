//! Metrics that a program declares: what an expansion says of one, and how its values get to the SDK.
//!
//! A *declaration* is data of the binary. Each has a *slot*, its number in this process. Under each installation it has a
//! *stream*: the SDK's instrument, and the attribute sets that were let in. Each thread has *cells*, found by the slot and by
//! the *index* of the attribute set: the position in the product of all values that its attributes can have. Only texts are
//! found by their hash.

mod attribute;
mod cells;
mod declaration;
mod index;
mod kind;
mod metric;
mod observer;
mod series;
mod stream;

pub use attribute::MetricEnum;
pub use declaration::{Declaration, DeclaredAttribute, DeclaredValues, MetricSource, Number};
pub use index::Index;
pub use metric::DeclaredMetric;
pub use observer::Observation;
pub use series::{AttributeSet, Bounded, Texts};

pub(in crate::instrument) use cells::DeclaredCells;
pub(crate) use kind::{
    F64Counter, F64Gauge, F64Histogram, F64UpDownCounter, I64Gauge, I64UpDownCounter, Kind, U64Counter,
    U64Gauge, U64Histogram,
};
pub(crate) use observer::observe;
pub(crate) use series::Series;
pub(in crate::instrument) use stream::{Streams, announce};

use super::in_force::id_in_force;
use super::local;
use super::metrics::Shard;

/// Records a value of a declared metric, where metrics are on.
#[inline(always)]
pub(crate) fn record<K: Kind, S: AttributeSet>(series: Series<S>, value: K::Value) {
    if cfg!(feature = "static-off") {
        return;
    }
    let is_recorded = K::IS_PLAIN && {
        let again = |shard: &Shard| shard.record_declared_again::<K, S>(series, value);
        local::with_shard_of(id_in_force(), again).unwrap_or(false)
    };
    if !is_recorded {
        record_anew::<K, S>(series, value);
    }
}

/// Apart, because most values need no more than a cell that is there already.
#[inline(never)]
fn record_anew<K: Kind, S: AttributeSet>(series: Series<S>, value: K::Value) {
    let looked = local::with(|local| {
        if let Some(shard) = local.shard() {
            shard.record_declared::<K, S>(series, value);
        }
    });
    if looked.is_none() {
        local::tell_while_ending(id_in_force(), &|shard| {
            shard.record_declared::<K, S>(series, value);
        });
    }
}
