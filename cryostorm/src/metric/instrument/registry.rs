//! The instruments that code has asked for by name.

use std::any::Any;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use opentelemetry::Context;

use crate::catalogue::catalogue;
use crate::instrument::{Instruments, may_observe};

use super::InstrumentError;
use super::wanted::{Described, Wanted};

/// How many names there can be, so that a program that makes them up does not grow without bound.
const LIMIT: usize = 10_000;

static REGISTRY: Mutex<Option<Registry>> = Mutex::new(None);

#[derive(Default)]
struct Registry {
    /// The Telemetry in force, if it has metrics.
    in_force: Option<(u64, Instruments)>,
    /// By name, in small letters.
    known: HashMap<String, Known>,
}

/// What all who ask for one name have in common.
struct Known {
    described: Arc<Described>,
    /// Of the one type that goes with the kind.
    handle: Box<dyn Any + Send + Sync>,
    maker: Arc<Maker>,
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
type Make = dyn Fn(u64, &Instruments) + Send + Sync;

impl Maker {
    pub(super) fn shared(make: impl Fn(u64, &Instruments) + Send + Sync + 'static) -> Self {
        Self { make: Box::new(make), is_observed: false, made: AtomicU64::new(0) }
    }

    pub(super) fn observed(make: impl Fn(u64, &Instruments) + Send + Sync + 'static) -> Self {
        Self { make: Box::new(make), is_observed: true, made: AtomicU64::new(0) }
    }

    /// Numbers of Telemetries only rise, so a greater one is newer.
    fn make_once(&self, telemetry: u64, instruments: &Instruments) {
        if self.is_observed {
            if self.made.fetch_max(telemetry, Ordering::AcqRel) < telemetry {
                (self.make)(telemetry, instruments);
            }
        } else if self.made.load(Ordering::Acquire) < telemetry {
            (self.make)(telemetry, instruments);
            // Not before: whoever asks meanwhile is to have it when it has the handle, and the SDK makes it once.
            self.made.fetch_max(telemetry, Ordering::AcqRel);
        }
    }
}

/// The handle of that instrument, which `create` makes if there is none.
pub(super) fn shared<H: Clone + Send + Sync + 'static>(
    wanted: Wanted,
    create: impl FnOnce(Arc<Described>) -> (H, Maker),
) -> Result<H, InstrumentError> {
    wanted.check()?;
    let (handle, maker, in_force) = {
        let mut registry = lock();
        let registry = registry.get_or_insert_default();
        let (handle, maker) = registry.known(wanted, create)?;
        (handle, maker, registry.in_force.clone())
    };
    // Not while telemetry is suppressed, as in callbacks: the SDK makes no instrument while it collects, and would wait for
    // itself. It is made with the next Telemetry, or when somebody asks for it again.
    if let Some((telemetry, instruments)) = in_force.filter(|_| may_observe()) {
        make_all(&[maker], telemetry, &instruments);
    }
    Ok(handle)
}

/// Without the lock: the SDK may wait for a collection, and that for a callback. Suppressed, because what the SDK says
/// meanwhile may be counted by an instrument that would be made for it, without end.
fn make_all(makers: &[Arc<Maker>], telemetry: u64, instruments: &Instruments) {
    let _suppressed = may_observe().then(Context::enter_telemetry_suppressed_scope);
    makers.iter().for_each(|maker| maker.make_once(telemetry, instruments));
}

impl Registry {
    fn known<H: Clone + Send + Sync + 'static>(
        &mut self,
        wanted: Wanted,
        create: impl FnOnce(Arc<Described>) -> (H, Maker),
    ) -> Result<(H, Arc<Maker>), InstrumentError> {
        let is_full = self.known.len() >= LIMIT;
        match self.known.entry(wanted.name.to_ascii_lowercase()) {
            Entry::Occupied(entry) => {
                let Known { described, handle, maker } = entry.get();
                wanted.is(described)?;
                match handle.downcast_ref::<H>() {
                    Some(handle) => Ok((handle.clone(), Arc::clone(maker))),
                    // The kind tells the type.
                    None => Err(wanted.conflict("kind", &described.kind, &wanted.kind)),
                }
            }
            Entry::Vacant(_) if is_full => {
                Err(InstrumentError::TooMany { name: wanted.name.to_string(), limit: LIMIT })
            }
            Entry::Vacant(entry) => {
                // What the program declares has the name too, though nobody has asked for it here.
                let catalogue = catalogue();
                let is_it = |name: &str| name.eq_ignore_ascii_case(&wanted.name);
                let declared = catalogue.metrics.iter().find(|declared| is_it(&declared.name));
                declared.map(|declared| wanted.is_declared(declared)).transpose()?;
                let described = Arc::new(wanted.described(declared));
                let (handle, maker) = create(Arc::clone(&described));
                let maker = Arc::new(maker);
                entry.insert(Known {
                    described,
                    handle: Box::new(handle.clone()),
                    maker: Arc::clone(&maker),
                });
                Ok((handle, maker))
            }
        }
    }
}

/// Makes what code asked for before this Telemetry was in force.
pub(crate) fn enter(telemetry: u64, instruments: &Instruments) {
    let makers: Vec<_> = {
        let mut registry = lock();
        let registry = registry.get_or_insert_default();
        registry.in_force = Some((telemetry, instruments.clone()));
        registry.known.values().map(|known| Arc::clone(&known.maker)).collect()
    };
    make_all(&makers, telemetry, instruments);
}

/// Makes no more for a Telemetry that is not in force any longer.
pub(crate) fn leave(telemetry: u64) {
    let left = lock().as_mut().and_then(|registry| registry.in_force.take_if(|(id, _)| *id == telemetry));
    // Without the lock.
    drop(left);
}

fn lock() -> MutexGuard<'static, Option<Registry>> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}
