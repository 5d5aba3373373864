//! What each thread has of the Telemetry in force.

use std::cell::RefCell;
use std::fmt;
use std::panic::catch_unwind;
use std::rc::Rc;

use opentelemetry::{Context, ContextGuard};

use crate::export::Lane;
use crate::telemetry::Telemetry;
use crate::trace::{EndedSpan, SpanItem, SpanTracer};

use super::call::State;
use super::in_force::{self, LOGS, METRICS, is_in_force};
use super::instruments::Instruments;
use super::metrics::Shard;
use super::pool::Pool;
use super::running::Rest;
use super::signals::Signals;
use super::site::CallSite;
use super::tracers::Tracers;

/// What one thread has of the Telemetry in force.
pub(crate) struct Local {
    pub(crate) telemetry: Telemetry,
    id: u64,
    /// Our own tracer, where that serves: here, because each look further away takes a call longer.
    tracer: Option<SpanTracer>,
    /// The spans that ended here, where they go the short way.
    spans: Option<Lane<SpanItem>>,
    shard: Shard,
}

impl Local {
    fn new(telemetry: Telemetry) -> Self {
        let tracer = match &telemetry.signals().tracers {
            Some(Tracers::Own(tracer)) => Some(tracer.clone()),
            Some(Tracers::Sdk(_)) | None => None,
        };
        let spans = tracer.as_ref().map(SpanTracer::lane);
        let shard = telemetry.signals().metrics.as_ref().map(Instruments::shard).unwrap_or_default();
        Self { id: telemetry.signals().id, tracer, spans, shard, telemetry }
    }

    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// Our own tracer, where that serves.
    #[inline]
    pub(super) fn tracer(&self) -> Option<&SpanTracer> {
        self.tracer.as_ref()
    }

    /// Where this thread measures.
    #[inline(always)]
    pub(super) fn shard(&self) -> Option<&Shard> {
        Some(&self.shard).filter(|shard| shard.is_on())
    }

    /// Whether metrics have something of a function's calls.
    #[inline]
    pub(super) fn measures(&self, site: &CallSite) -> bool {
        self.id & site.signals() & METRICS != 0
    }

    /// Whether failures of a function are logged.
    #[inline]
    pub(super) fn logs(&self, site: &CallSite) -> bool {
        self.id & site.signals() & LOGS != 0
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

thread_local! {
    /// Made after the thread's context, and so dropped before it.
    static THREAD: Thread = Thread {
        has_context: catch_unwind(|| drop(Context::current())).is_ok(),
        local: RefCell::new(None),
        states: Pool::default(),
        rests: Pool::default(),
    };
}

struct Thread {
    /// Not where the thread first asks while it is ending.
    has_context: bool,
    /// None where there is no context.
    local: RefCell<Option<Rc<Local>>>,
    states: Pool<State>,
    rests: Pool<Rest>,
}

/// What a call finds where it begins.
pub(super) struct Here<'a> {
    pub(super) local: &'a Local,
    /// What is current.
    pub(super) current: &'a Context,
}

impl Thread {
    #[inline(always)]
    fn with<R>(&self, id: u64, look: impl FnOnce(&Rc<Local>) -> R) -> Option<R> {
        if !self.has_context || Context::is_current_telemetry_suppressed() {
            return None;
        }
        let known = self.local.borrow();
        let new;
        let local = match known.as_ref() {
            Some(local) if local.id == id => local,
            _ => {
                drop(known);
                new = self.renew()?;
                &new
            }
        };
        Some(look(local))
    }

    #[inline(always)]
    fn with_context(&self, id: u64, look: impl FnOnce(Here<'_>) -> bool) -> bool {
        let local = self.local.borrow();
        let Some(local) = local.as_ref().filter(|local| local.id == id) else {
            return false;
        };
        Context::map_current(|current| !current.is_telemetry_suppressed() && look(Here { local, current }))
    }

    #[inline(always)]
    fn with_shard_of<R>(&self, id: u64, look: impl FnOnce(&Shard) -> R) -> Option<R> {
        if !self.has_context || Context::is_current_telemetry_suppressed() {
            return None;
        }
        // To look is enough, but a count of those who look would have each call wait for the one before.
        let local = self.local.try_borrow_mut().ok()?;
        local.as_ref().filter(|local| local.id == id)?.shard().map(look)
    }

    #[cold]
    fn renew(&self) -> Option<Rc<Local>> {
        let installed = in_force::installed()?;
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
    let id = in_force::id()?;
    THREAD.try_with(|thread| thread.with(id, look)).ok().flatten()
}

/// The same with the context that is current, both looked up once; the answer is that of `look`. False when the thread
/// first looks. No other must be made current meanwhile, which nobody's code but ours knows.
#[inline(always)]
pub(super) fn with_context(look: impl FnOnce(Here<'_>) -> bool) -> bool {
    let Some(id) = in_force::id() else { return false };
    THREAD.try_with(|thread| thread.with_context(id, look)).unwrap_or(false)
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
    if let Some(telemetry) = in_force::installed().filter(|telemetry| telemetry.signals().id == id)
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

/// Hands over a span that ended. After shutdown it is counted as lost, and at once.
#[inline(always)]
pub(crate) fn hand_over(span: EndedSpan) {
    let id = span.telemetry();
    let mut span = Some(span);
    let _ = THREAD.try_with(|thread| {
        let local = thread.local.borrow();
        let local = local.as_ref().filter(|local| local.id == id && is_in_force(id));
        if let Some(spans) = local.and_then(|local| local.spans.as_ref())
            && let Some(span) = span.take()
        {
            spans.push(span.into());
        }
    });
    if let Some(span) = span {
        deliver_from_elsewhere(span);
    }
}

/// From a thread that has nothing of that Telemetry: it did not start the span, or it is ending. Or when the Telemetry is
/// no longer in force.
#[cold]
fn deliver_from_elsewhere(span: EndedSpan) {
    let id = span.telemetry();
    let is_it = |telemetry: &Telemetry| telemetry.signals().id == id;
    let installed = in_force::installed().filter(is_it);
    if let Some(telemetry) = installed.or_else(|| in_force::latest().filter(is_it))
        && let Some(Tracers::Own(tracer)) = &telemetry.signals().tracers
    {
        tracer.deliver(span);
    }
}
