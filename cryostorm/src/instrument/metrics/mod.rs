//! What annotated calls count and measure, kept per thread until a collection asks for it.
//!
//! A *cell* is one series of one thread. Only that thread writes it, with plain stores, so that threads never wait for
//! each other, nor for a collection. A *shard* is where a thread finds its cells. The *ledger* knows the cells of all
//! threads; before each collection it tells the SDK's instruments what the cells have more than the last time, and the
//! SDK does the rest: temporality, limits, several readers.

mod counter;
mod extremes;
mod histogram;
mod in_flight;
mod ledger;
mod replay;
mod series;
mod shard;
mod table;
#[cfg(test)]
mod tests;

pub(super) use counter::CounterCell;
pub(super) use in_flight::InFlightCell;
pub(crate) use ledger::Ledger;
pub(crate) use replay::Buckets;
pub(in crate::instrument) use series::Series;
pub(crate) use shard::Shard;
pub(super) use table::Table;
