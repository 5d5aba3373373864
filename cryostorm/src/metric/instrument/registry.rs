//! The instruments that code has asked for by name.

use std::any::Any;
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cryostorm_exporter::MetricName;
use opentelemetry::metrics::Meter;

use crate::catalogue::{InstrumentKind, catalogue};
use crate::instrument::may_observe;

use super::InstrumentError;

/// How many names there can be, so that a program that makes them up does not grow without bound.
const LIMIT: usize = 10_000;
/// How many may tell what one instrument observes: each is kept for good.
const OBSERVERS: usize = 1_000;

static REGISTRY: Mutex<Option<Registry>> = Mutex::new(None);

#[derive(Default)]
struct Registry {
    /// The Telemetry in force, if it has metrics.
    in_force: Option<(u64, Meter)>,
    /// By name, in small letters.
    known: HashMap<String, Known>,
}

/// What all who ask for one name have in common.
struct Known {
    kind: InstrumentKind,
    unit: Cow<'static, str>,
    /// Of the one type that goes with the kind. None where there is nothing to measure with.
    handle: Option<Box<dyn Any + Send + Sync>>,
    makers: Vec<Arc<Maker>>,
}

/// Makes an instrument for each Telemetry that comes into force.
pub(super) struct Maker {
    make: Box<Make>,
    /// Whether to make one twice does harm: each would be asked what it observes.
    is_observed: bool,
    /// The latest that it made one for.
    made: AtomicU64,
}

/// Makes one for the Telemetry of that number.
type Make = dyn Fn(u64, &Meter) + Send + Sync;

impl Maker {
    pub(super) fn shared(make: impl Fn(u64, &Meter) + Send + Sync + 'static) -> Self {
        Self { make: Box::new(make), is_observed: false, made: AtomicU64::new(0) }
    }

    pub(super) fn observed(make: impl Fn(u64, &Meter) + Send + Sync + 'static) -> Self {
        Self { make: Box::new(make), is_observed: true, made: AtomicU64::new(0) }
    }

    /// Numbers of Telemetries only rise, so a greater one is newer.
    fn make_once(&self, telemetry: u64, meter: &Meter) {
        if self.is_observed {
            if self.made.fetch_max(telemetry, Ordering::AcqRel) < telemetry {
                (self.make)(telemetry, meter);
            }
        } else if self.made.load(Ordering::Acquire) < telemetry {
            (self.make)(telemetry, meter);
            // Not before: whoever asks meanwhile is to have it when it has the handle, and the SDK makes it once.
            self.made.fetch_max(telemetry, Ordering::AcqRel);
        }
    }
}

/// The handle of that instrument, which `create` makes if there is none.
pub(super) fn shared<H: Clone + Send + Sync + 'static>(
    kind: InstrumentKind,
    name: &str,
    unit: Cow<'static, str>,
    create: impl FnOnce() -> (H, Maker),
) -> Result<H, InstrumentError> {
    with_known(kind, name, unit, |known| {
        if let Some(handle) = known.handle.as_ref().and_then(|handle| handle.downcast_ref::<H>()) {
            return handle.clone();
        }
        let (handle, maker) = create();
        known.handle = Some(Box::new(handle.clone()));
        known.makers.push(Arc::new(maker));
        handle
    })
}

/// One more who tells what that instrument observes.
pub(super) fn observed(
    kind: InstrumentKind,
    name: &str,
    unit: Cow<'static, str>,
    maker: Maker,
) -> Result<(), InstrumentError> {
    with_known(kind, name, unit, |known| {
        let has_room = known.makers.len() < OBSERVERS;
        if has_room {
            known.makers.push(Arc::new(maker));
        }
        has_room
            .then_some(())
            .ok_or_else(|| InstrumentError::TooMany { name: name.to_owned(), limit: OBSERVERS })
    })?
}

fn with_known<R>(
    kind: InstrumentKind,
    name: &str,
    unit: Cow<'static, str>,
    look: impl FnOnce(&mut Known) -> R,
) -> Result<R, InstrumentError> {
    check(name, &unit)?;
    let (answer, makers, in_force) = {
        let mut registry = lock();
        let registry = registry.get_or_insert_default();
        let known = registry.known(kind, name, unit)?;
        (look(known), known.makers.clone(), registry.in_force.clone())
    };
    // Not while telemetry is suppressed, as in callbacks: the SDK makes no instrument while it collects, and would wait for
    // itself. It is made with the next Telemetry, or when somebody asks for it again.
    if let Some((telemetry, meter)) = in_force.filter(|_| may_observe()) {
        makers.iter().for_each(|maker| maker.make_once(telemetry, &meter));
    }
    Ok(answer)
}

impl Registry {
    fn known(
        &mut self,
        kind: InstrumentKind,
        name: &str,
        unit: Cow<'static, str>,
    ) -> Result<&mut Known, InstrumentError> {
        let is_full = self.known.len() >= LIMIT;
        match self.known.entry(name.to_ascii_lowercase()) {
            Entry::Occupied(entry) => {
                let known = entry.into_mut();
                same(name, (known.kind, &known.unit), (kind, &unit))?;
                Ok(known)
            }
            Entry::Vacant(_) if is_full => {
                Err(InstrumentError::TooMany { name: name.to_owned(), limit: LIMIT })
            }
            Entry::Vacant(entry) => {
                // What the program declares has the name too, though nobody has asked for it here.
                for declared in &catalogue().metrics {
                    if declared.name.eq_ignore_ascii_case(name) {
                        same(name, (declared.kind, &declared.unit), (kind, &unit))?;
                    }
                }
                Ok(entry.insert(Known { kind, unit, handle: None, makers: Vec::new() }))
            }
        }
    }
}

/// Whether an instrument that exists is the one that is asked for.
fn same(
    name: &str,
    existing: (InstrumentKind, &str),
    wanted: (InstrumentKind, &str),
) -> Result<(), InstrumentError> {
    let conflict = |field, existing: &dyn fmt::Display, wanted: &dyn fmt::Display| {
        let (existing, wanted) = (existing.to_string(), wanted.to_string());
        Err(InstrumentError::Conflict { name: name.to_owned(), field, existing, wanted })
    };
    if existing.0 != wanted.0 {
        return conflict("kind", &existing.0, &wanted.0);
    }
    if existing.1 != wanted.1 {
        return conflict("unit", &existing.1, &wanted.1);
    }
    Ok(())
}

/// Makes what code asked for before this Telemetry was in force.
pub(crate) fn enter(telemetry: u64, meter: &Meter) {
    let makers: Vec<_> = {
        let mut registry = lock();
        let registry = registry.get_or_insert_default();
        registry.in_force = Some((telemetry, meter.clone()));
        registry.known.values().flat_map(|known| known.makers.iter().cloned()).collect()
    };
    // Without the lock: the SDK may wait for a collection, and that for a callback.
    makers.iter().for_each(|maker| maker.make_once(telemetry, meter));
}

/// Makes no more for a Telemetry that is not in force any longer.
pub(crate) fn leave(telemetry: u64) {
    if let Some(registry) = lock().as_mut() {
        registry.in_force.take_if(|(id, _)| *id == telemetry);
    }
}

fn lock() -> MutexGuard<'static, Option<Registry>> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

fn check(name: &str, unit: &str) -> Result<(), InstrumentError> {
    MetricName::new(name.to_owned())?;
    if unit.len() > 63 || !unit.is_ascii() {
        let unit = unit.chars().take(64).collect();
        return Err(InstrumentError::Unit { name: name.to_owned(), unit });
    }
    Ok(())
}
