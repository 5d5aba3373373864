//! The one place that finds the Telemetry in force, and what each thread has of it.

use std::cell::RefCell;
use std::fmt;
use std::panic::catch_unwind;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use opentelemetry::{Context, ContextGuard};

use crate::telemetry::{Telemetry, WeakTelemetry};
use crate::trace::{EndedSpan, SpanBuffer};

use super::call::State;
use super::clock::{Ticks, WallClock};
use super::instruments::Instruments;
use super::metrics::Shard;
use super::pool::Pool;
use super::running::Rest;
use super::signals::Signals;
use super::site::CallSite;
use super::tracers::Tracers;

/// Which Telemetry is in force, and which of its signals are on; 0 where none is. All that a call costs that nobody
/// observes is to look at this.
static STATE: AtomicU64 = AtomicU64::new(0);

/// Read once by each thread.
static INSTALLED: RwLock<Option<Telemetry>> = RwLock::new(None);

/// The one that was in force before: spans of it may end late, and are counted while somebody has it.
static LATEST: RwLock<WeakTelemetry> = RwLock::new(WeakTelemetry::NONE);

/// A signal in [`STATE`].
pub(super) const SPANS: u64 = 1;
pub(super) const METRICS: u64 = 2;
pub(super) const LOGS: u64 = 4;
const SIGNALS: u64 = SPANS | METRICS | LOGS;

/// A number for a Telemetry that no other has.
pub(crate) fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Whether nothing observes the calls of a function.
#[inline]
pub(super) fn is_off(site: &CallSite) -> bool {
    STATE.load(Ordering::Relaxed) & site.signals() == 0
}

/// What one thread has of the Telemetry in force.
pub(crate) struct Local {
    pub(crate) telemetry: Telemetry,
    id: u64,
    /// The spans that ended here, where they go the short way.
    spans: Option<Arc<SpanBuffer>>,
    shard: Option<Shard>,
}

impl Local {
    fn new(telemetry: Telemetry) -> Self {
        let spans = match &telemetry.signals().tracers {
            Some(Tracers::Own(tracer)) => Some(tracer.buffer()),
            Some(Tracers::Sdk(_)) | None => None,
        };
        let shard = telemetry.signals().metrics.as_ref().map(Instruments::shard);
        Self { id: telemetry.signals().id, spans, shard, telemetry }
    }

    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// Where this thread measures.
    pub(super) fn shard(&self) -> Option<&Shard> {
        self.shard.as_ref()
    }

    pub(crate) fn signals(&self) -> &Signals {
        self.telemetry.signals()
    }
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        if let Some(spans) = &self.spans {
            spans.close();
        }
    }
}

thread_local! {
    /// Made after the thread's context, and so dropped before it.
    static THREAD: Thread = Thread {
        has_context: catch_unwind(|| drop(Context::current())).is_ok(),
        local: RefCell::new(None),
        wall: WallClock::default(),
        states: Pool::default(),
        rests: Pool::default(),
    };
}

struct Thread {
    /// Not where the thread first asks while it is ending.
    has_context: bool,
    local: RefCell<Option<Rc<Local>>>,
    wall: WallClock,
    states: Pool<State>,
    rests: Pool<Rest>,
}

/// What a call finds where it begins.
pub(super) struct Here<'a> {
    pub(super) local: &'a Local,
    /// What is current.
    pub(super) current: &'a Context,
    /// Boxes for what stands behind it.
    pub(super) states: &'a Pool<State>,
}

impl Thread {
    #[inline(always)]
    fn with<R>(&self, state: u64, look: impl FnOnce(&Rc<Local>) -> R) -> Option<R> {
        if !self.has_context || Context::is_current_telemetry_suppressed() {
            return None;
        }
        let known = self.local.borrow();
        let new;
        let local = match known.as_ref() {
            Some(local) if local.id == state / (SIGNALS + 1) => local,
            _ => {
                drop(known);
                new = self.renew()?;
                &new
            }
        };
        Some(look(local))
    }

    #[inline(always)]
    fn with_context<R>(&self, state: u64, look: impl FnOnce(Here<'_>) -> Option<R>) -> Option<R> {
        if !self.has_context {
            return None;
        }
        let local = self.local.borrow();
        let local = local.as_ref().filter(|local| local.id == state / (SIGNALS + 1))?;
        Context::map_current(|current| {
            let is_on = !current.is_telemetry_suppressed();
            is_on.then(|| look(Here { local, current, states: &self.states })).flatten()
        })
    }

    #[inline(always)]
    fn with_shard_of<R>(&self, id: u64, look: impl FnOnce(&Shard) -> R) -> Option<R> {
        if !self.has_context || Context::is_current_telemetry_suppressed() {
            return None;
        }
        // To look is enough, but a count of those who look would have each call wait for the one before.
        let local = self.local.try_borrow_mut().ok()?;
        local.as_ref().filter(|local| local.id == id)?.shard.as_ref().map(look)
    }

    #[cold]
    fn renew(&self) -> Option<Rc<Local>> {
        let installed = INSTALLED.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        let local = Rc::new(Local::new(installed));
        // Not kept while somebody further out looks at the earlier one.
        if let Ok(mut own) = self.local.try_borrow_mut() {
            let earlier = own.replace(Rc::clone(&local));
            // Outlives the borrow: an end hands out what the thread still has.
            drop(own);
            drop(earlier);
        }
        Some(local)
    }
}

/// Looks at what this thread has of the installed Telemetry: nothing before installation, after shutdown, and where
/// [`context`] is none. Takes a closure, so that it is compiled into whatever looks.
#[inline(always)]
pub(super) fn with<R>(look: impl FnOnce(&Rc<Local>) -> R) -> Option<R> {
    match STATE.load(Ordering::Acquire) {
        0 => None,
        state => THREAD.try_with(|thread| thread.with(state, look)).ok().flatten(),
    }
}

/// The same with the context that is current, both looked up once. Nothing when the thread first looks. None must be made
/// current meanwhile, which nobody's code but ours knows.
#[inline(always)]
pub(super) fn with_context<R>(look: impl FnOnce(Here<'_>) -> Option<R>) -> Option<R> {
    match STATE.load(Ordering::Acquire) {
        0 => None,
        state => THREAD.try_with(|thread| thread.with_context(state, look)).ok().flatten(),
    }
}

/// Looks at what this thread measures for that Telemetry, where it did so before and is not looking already. Where the
/// Telemetry is no longer in force, that is what nobody collects.
#[inline(always)]
pub(super) fn with_shard_of<R>(id: u64, look: impl FnOnce(&Shard) -> R) -> Option<R> {
    THREAD.try_with(|thread| thread.with_shard_of(id, look)).ok().flatten()
}

/// Has the metrics of that Telemetry told by a thread that is ending, and has nothing of its own any more: it borrows a place to
/// measure. Only where the others found nothing. Whether telemetry is suppressed there nobody can tell.
#[cold]
#[inline(never)]
pub(super) fn tell_while_ending(id: u64, tell: &dyn Fn(&Shard)) {
    if is_ending() {
        tell_from_elsewhere(id, tell);
    }
}

/// The same from wherever nothing can be looked up: a thread that is ending, or one where telemetry is suppressed.
#[cold]
#[inline(never)]
pub(super) fn tell_from_elsewhere(id: u64, tell: &dyn Fn(&Shard)) {
    if id == 0 {
        return;
    }
    let installed = INSTALLED.read().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(telemetry) = installed.filter(|telemetry| telemetry.signals().id == id)
        && let Some(instruments) = &telemetry.signals().metrics
    {
        tell(&instruments.shard());
    }
}

/// The same, to be kept.
pub(crate) fn current() -> Option<Rc<Local>> {
    with(Rc::clone)
}

/// The context that telemetry is recorded in. None where telemetry is suppressed, so that exporters do not observe
/// themselves, and in a thread that is ending, whose context is gone: asking for it would abort the process.
pub(crate) fn context() -> Option<Context> {
    may_observe().then(Context::current)
}

/// The context to be taken elsewhere, also where telemetry is suppressed, which it then is there too. Empty in a thread
/// that is ending.
pub(crate) fn carried() -> Context {
    if has_context() { Context::current() } else { Context::new() }
}

/// Makes a context from elsewhere current, unless the thread is ending.
pub(crate) fn attach(context: Context) -> Option<ContextGuard> {
    has_context().then(|| context.attach())
}

/// Whether this code may be observed: see [`context`].
#[inline]
pub(crate) fn may_observe() -> bool {
    has_context() && !Context::is_current_telemetry_suppressed()
}

/// Whether the thread has a context, which it has until it ends.
#[inline]
fn has_context() -> bool {
    THREAD.try_with(|thread| thread.has_context).unwrap_or(false)
}

/// Whether this code may be measured by what needs no context: see [`may_observe`].
#[inline]
pub(crate) fn may_measure() -> bool {
    may_observe() || is_ending()
}

/// Whether this thread is ending, so that neither its context nor what it has of a Telemetry is there.
#[inline]
fn is_ending() -> bool {
    THREAD.try_with(|thread| !thread.has_context).unwrap_or(true)
}

/// The wall time at these ticks: see [`WallClock::at`].
#[inline(always)]
pub(crate) fn wall_time(ticks: Ticks) -> SystemTime {
    THREAD.try_with(|thread| thread.wall.at(ticks)).unwrap_or_else(|_| WallClock::default().at(ticks))
}

/// The wall time so long after a start: see [`WallClock::end`].
#[inline(always)]
pub(super) fn end_time(start: SystemTime, nanos: u64) -> SystemTime {
    THREAD
        .try_with(|thread| thread.wall.end(start, nanos))
        .unwrap_or_else(|_| WallClock::default().end(start, nanos))
}

/// A box for what stands behind a call, most often one that was there before.
#[inline(always)]
pub(super) fn new_state() -> Box<State> {
    THREAD.try_with(|thread| thread.states.take()).unwrap_or_default()
}

/// Keeps a box for a later call.
#[inline(always)]
pub(super) fn keep_state(over: Box<State>) {
    let _ = THREAD.try_with(|thread| thread.states.keep(over));
}

/// A box for what few calls have, most often one that was there before.
pub(super) fn new_rest() -> Box<Rest> {
    THREAD.try_with(|thread| thread.rests.take()).unwrap_or_default()
}

/// Keeps it for a later call.
pub(super) fn keep_rest(mut rest: Box<Rest>) {
    rest.clear();
    let _ = THREAD.try_with(|thread| thread.rests.keep(rest));
}

/// Hands over a span of that Telemetry that has ended. After shutdown it is counted as lost, and at once.
pub(crate) fn deliver(id: u64, span: EndedSpan) {
    let mut span = Some(span);
    let _ = THREAD.try_with(|thread| {
        let local = thread.local.borrow();
        let local = local.as_ref().filter(|local| local.id == id && is_in_force(id));
        if let Some(spans) = local.and_then(|local| local.spans.as_ref())
            && let Some(span) = span.take()
        {
            spans.push(span);
        }
    });
    if let Some(span) = span {
        deliver_from_elsewhere(id, span);
    }
}

/// From a thread that has nothing of that Telemetry: it did not start the span, or it is ending. Or when the Telemetry is
/// no longer in force.
#[cold]
fn deliver_from_elsewhere(id: u64, span: EndedSpan) {
    let is_it = |telemetry: &Telemetry| telemetry.signals().id == id;
    let installed = INSTALLED.read().unwrap_or_else(PoisonError::into_inner).clone().filter(is_it);
    let latest = || LATEST.read().unwrap_or_else(PoisonError::into_inner).upgrade().filter(is_it);
    if let Some(telemetry) = installed.or_else(latest)
        && let Some(Tracers::Own(tracer)) = &telemetry.signals().tracers
    {
        tracer.deliver(span);
    }
}

/// The one that is installed, whatever this thread may observe.
#[cfg(any(feature = "log", feature = "tracing"))]
pub(crate) fn installed() -> Option<Telemetry> {
    INSTALLED.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Whether that Telemetry is the one in force.
pub(crate) fn is_in_force(id: u64) -> bool {
    id_in_force() == id
}

/// The number of the Telemetry in force.
#[inline]
pub(crate) fn id_in_force() -> u64 {
    STATE.load(Ordering::Acquire) / (SIGNALS + 1)
}

/// Makes it the one in force.
pub(crate) fn install(telemetry: Telemetry) {
    let signals = telemetry.signals();
    let state = signals.id * (SIGNALS + 1) + signals.mask();
    *INSTALLED.write().unwrap_or_else(PoisonError::into_inner) = Some(telemetry);
    STATE.store(state, Ordering::Release);
}

/// Leaves none in force, if it was this one.
pub(crate) fn uninstall(telemetry: &Telemetry) -> bool {
    let mut installed = INSTALLED.write().unwrap_or_else(PoisonError::into_inner);
    if !installed.as_ref().is_some_and(|other| other.is(telemetry)) {
        return false;
    }
    *LATEST.write().unwrap_or_else(PoisonError::into_inner) = telemetry.downgrade();
    STATE.store(0, Ordering::Release);
    *installed = None;
    true
}
