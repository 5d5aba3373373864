//! What the project means to reach, as data.

use crate::contender::Contender::{self, *};
use crate::measure::Measured;
use crate::row::Row;
use crate::table::{Cell, Figure};

pub struct Target {
    pub row: Row,
    pub ours: Cell,
    pub against: Against,
    /// The greatest median.
    pub at_most: f64,
}

pub enum Against {
    /// The ratio of CPU time of the calling thread.
    Peer(Cell),
    /// That ratio, after the plain call's time has been taken from both.
    PeerOverPlain(Cell),
    /// The figure itself.
    Nothing(&'static str, Figure),
}

const fn peer(row: Row, ours: Contender, peer: Contender, at_most: f64) -> Target {
    on_threads(row, Cell::of(ours, 1), Cell::of(peer, 1), at_most)
}

const fn on_threads(row: Row, ours: Cell, peer: Cell, at_most: f64) -> Target {
    Target { row, ours, against: Against::Peer(peer), at_most }
}

const fn allocations(row: Row, at_most: f64) -> Target {
    let figure: Figure = |measured: &Measured| measured.allocations;
    Target { row, ours: Cell::of(Cryostorm, 1), against: Against::Nothing("allocations", figure), at_most }
}

/// What becomes of the exporter behind the queue is nothing to the caller.
const fn as_ever(row: Row, exporter: Contender, threads: usize) -> Target {
    on_threads(row, Cell::of(exporter, threads), Cell::of(Cryostorm, threads), 1.15)
}

pub const TARGETS: [Target; 40] = [
    Target {
        row: Row::Off,
        ours: Cell::of(Cryostorm, 1),
        against: Against::PeerOverPlain(Cell::of(Tracing, 1)),
        at_most: 1.0,
    },
    peer(Row::UnsampledRoot, Cryostorm, Sdk, 0.40),
    peer(Row::UnsampledChild, Cryostorm, Sdk, 0.15),
    peer(Row::UnsampledChild, Cryostorm, FastraceOrphan, 1.5),
    // The SDK's span without the attributes that ours has: the harder of the two.
    peer(Row::Child, Cryostorm, Sdk, 0.40),
    peer(Row::Child, Cryostorm, SdkEqual, 0.40),
    peer(Row::Child, Cryostorm, Tracing, 0.12),
    peer(Row::Child, Cryostorm, Fastrace, 0.50),
    peer(Row::ChildWithTwo, Cryostorm, Sdk, 0.45),
    peer(Row::ChildWithTwo, Cryostorm, SdkEqual, 0.45),
    on_threads(Row::ChildThreads, Cell::of(Cryostorm, 2), Cell::of(Cryostorm, 1), 1.15),
    on_threads(Row::CountedThreads, Cell::of(Cryostorm, 2), Cell::of(Cryostorm, 1), 1.15),
    on_threads(Row::TimedThreads, Cell::of(Cryostorm, 2), Cell::of(Cryostorm, 1), 1.15),
    allocations(Row::Child, 2.0),
    allocations(Row::ChildWithTwo, 2.0),
    allocations(Row::Counted, 0.0),
    allocations(Row::Timed, 0.0),
    peer(Row::Counted, Cryostorm, SdkBound, 1.3),
    on_threads(Row::CountedThreads, Cell::of(Cryostorm, 2), Cell::of(SdkBound, 2), 0.6),
    peer(Row::Timed, Cryostorm, SdkBound, 0.6),
    on_threads(Row::TimedThreads, Cell::of(Cryostorm, 2), Cell::of(SdkBound, 2), 0.5),
    peer(Row::AllThree, Cryostorm, CryostormTraced, 1.25),
    peer(Row::Declared, Cryostorm, SdkBound, 1.3),
    on_threads(Row::DeclaredThreads, Cell::of(Cryostorm, 2), Cell::of(SdkBound, 2), 0.6),
    peer(Row::DeclaredEnums, Cryostorm, Sdk, 0.15),
    peer(Row::DeclaredText, Cryostorm, Sdk, 0.6),
    allocations(Row::DeclaredEnums, 0.0),
    allocations(Row::DeclaredText, 0.0),
    as_ever(Row::Increment, ExporterPanics, 1),
    as_ever(Row::Increment, ExporterHangs, 1),
    as_ever(Row::Increment, ExporterGone, 1),
    as_ever(Row::Observe, ExporterPanics, 1),
    as_ever(Row::Observe, ExporterHangs, 1),
    as_ever(Row::Observe, ExporterGone, 1),
    as_ever(Row::IncrementThreads, ExporterPanics, 2),
    as_ever(Row::IncrementThreads, ExporterHangs, 2),
    as_ever(Row::IncrementThreads, ExporterGone, 2),
    as_ever(Row::ObserveThreads, ExporterPanics, 2),
    as_ever(Row::ObserveThreads, ExporterHangs, 2),
    as_ever(Row::ObserveThreads, ExporterGone, 2),
];
