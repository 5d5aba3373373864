//! Which span spawned a task of tokio, to tell of functions that lost it: see
//! [`warn_of_lost_context`](crate::task::warn_of_lost_context).

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::hash::BuildHasher as _;
use std::panic::Location;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use opentelemetry::Context;
use opentelemetry::trace::{SpanId, TraceContextExt as _, TraceId};
use rustc_hash::FxBuildHasher;
use tokio::task::{self, Id};

use crate::diagnostics;
use crate::propagation::RemoteLink;
use crate::trace::SpanRequest;

use super::site::CallSite;
use super::tracers::Begun;

/// Whether tokio can tell of tasks, in a build that is not for release. In any other, nothing of this is left.
const IS_POSSIBLE: bool = cfg!(all(debug_assertions, tokio_unstable));

/// Whether anybody asked.
static IS_ASKED: AtomicBool = AtomicBool::new(false);

/// The latest tasks, each at the place that its id gives it. It is made when somebody asks.
static TASKS: Mutex<Vec<Option<SpawnedTask>>> = Mutex::new(Vec::new());

/// How many tasks are known at a time. One that outlives so many others may be forgotten, so that a warning fails to
/// come, but never one comes that is wrong.
const KNOWN_TASKS: usize = 4096;

/// A task and the span that was current where it was spawned.
#[derive(Clone, Debug)]
struct SpawnedTask {
    id: Id,
    place: &'static Location<'static>,
    spawner: Spawner,
}

#[derive(Clone, Debug)]
struct Spawner {
    trace_id: TraceId,
    span_id: SpanId,
    /// That of a span of ours that records.
    name: Option<Cow<'static, str>>,
}

/// The name of a span, in its context and those made of it: OpenTelemetry's API tells no name.
#[derive(Debug)]
struct SpanName {
    span_id: SpanId,
    name: Cow<'static, str>,
}

/// Tells of a task, where it is spawned and before it runs.
pub(crate) fn task_spawned(id: Id, place: &'static Location<'static>) {
    IS_ASKED.store(true, Ordering::Relaxed);
    let spawner = super::context().and_then(|context| Spawner::of(&context));
    let mut tasks = TASKS.lock().unwrap_or_else(PoisonError::into_inner);
    tasks.resize(KNOWN_TASKS, None);
    if let Some(known) = tasks.get_mut(index(id)) {
        *known = spawner.map(|spawner| SpawnedTask { id, place, spawner });
    }
}

fn index(id: Id) -> usize {
    // The remainder is less than the length, whatever the width of a number.
    (FxBuildHasher.hash_one(id) % KNOWN_TASKS as u64) as usize
}

impl SpawnedTask {
    /// The one that runs here, if a span spawned it.
    fn current() -> Option<Self> {
        let id = task::try_id()?;
        let tasks = TASKS.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.get(index(id))?.clone().filter(|task| task.id == id)
    }
}

impl Spawner {
    fn of(context: &Context) -> Option<Self> {
        let span = context.span();
        let span_context = span.span_context();
        let (trace_id, span_id) = (span_context.trace_id(), span_context.span_id());
        let name = context.get::<SpanName>().filter(|name| name.span_id == span_id);
        span_context.is_valid().then(|| Self { trace_id, span_id, name: name.map(|name| name.name.clone()) })
    }
}

impl fmt::Display for Spawner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "`{name}` ")?;
        }
        write!(f, "(span {} of trace {})", self.span_id, self.trace_id)
    }
}

/// Whether somebody wants to know of tasks that lost their spawner.
#[inline(always)]
pub(super) fn is_asked() -> bool {
    IS_POSSIBLE && IS_ASKED.load(Ordering::Relaxed)
}

/// A span that is about to begin while somebody asks.
pub(super) struct Watched {
    name: Option<Cow<'static, str>>,
}

impl Watched {
    /// None where nobody asks.
    #[inline(always)]
    pub(super) fn new(
        site: Option<&'static CallSite>,
        request: Option<&SpanRequest>,
        has_explicit_parent: bool,
    ) -> Option<Self> {
        is_asked().then(|| Self::asked(site, request, has_explicit_parent))
    }

    #[cold]
    fn asked(
        site: Option<&'static CallSite>,
        request: Option<&SpanRequest>,
        has_explicit_parent: bool,
    ) -> Self {
        if let Some(site) = site.filter(|site| !has_explicit_parent && !site.is_root())
            && let Some(warning) = Warning::of(site)
            && warning.is_first()
        {
            diagnostics::report_aside(move || warning.to_string());
        }
        let name = request.and_then(SpanRequest::name).cloned();
        Self { name: name.or_else(|| site.map(|site| site.span_name().into())) }
    }

    /// Leaves its name to tasks that it spawns.
    pub(super) fn begun(self, begun: &mut Begun) {
        if let Some(name) = self.name.filter(|_| begun.has_span)
            && let Some(context) = begun.context.take()
        {
            let span_id = context.span().span_context().span_id();
            begun.context = Some(context.with_value(SpanName { span_id, name }));
        }
    }
}

/// That a function runs without the parent that its spawner had.
#[derive(Debug)]
struct Warning {
    site: &'static CallSite,
    task: SpawnedTask,
}

impl Warning {
    fn of(site: &'static CallSite) -> Option<Self> {
        // A trace that begins here and is linked to a caller's lost nobody.
        let has_parent =
            |context: &Context| context.span().span_context().is_valid() || RemoteLink::of(context).is_some();
        let task = if Context::map_current(has_parent) { None } else { SpawnedTask::current() };
        task.map(|task| Self { site, task })
    }

    /// Whether it is the first of its function.
    fn is_first(&self) -> bool {
        static TOLD: Mutex<Option<HashSet<&str>>> = Mutex::new(None);
        let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
        told.get_or_insert_default().insert(self.site.function)
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CallSite { function, file, line, .. } = self.site;
        let SpawnedTask { place, spawner, .. } = &self.task;
        write!(
            f,
            "`{function}` ({file}:{line}) runs without a parent, in a task that was spawned at {place} inside {spawner}. \
             Spawn it there with `cryostorm::task::spawn(..)` or as `future.with_current_context()`; if it is to start a \
             trace of its own, write `#[traced(root)]`. This is said once for each function."
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::MutexGuard;

    use opentelemetry::context::FutureExt as _;
    use opentelemetry::trace::{SpanContext, TraceFlags, TraceState};
    use tokio::runtime::{Builder, Runtime};
    use tokio::sync::oneshot;

    use opentelemetry_sdk::propagation::TraceContextPropagator;

    use crate::instrument::SpanSite;
    use crate::propagation::Trust;

    use super::*;

    static SITE: CallSite =
        CallSite::new("shop::refresh", "src/cache.rs", 12, Some(&SpanSite::NEW), None, None);

    /// A runtime, and that no other test puts its tasks at the places of this one's.
    fn runtime() -> (Runtime, MutexGuard<'static, ()>) {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        (Builder::new_multi_thread().worker_threads(2).build().unwrap(), alone)
    }

    fn spawner(name: Option<&'static str>) -> Context {
        let (trace_id, span_id) = (TraceId::from(1), SpanId::from(2));
        let ids = SpanContext::new(trace_id, span_id, TraceFlags::SAMPLED, false, TraceState::NONE);
        let context = Context::new().with_remote_span_context(ids);
        match name {
            Some(name) => context.with_value(SpanName { span_id, name: name.into() }),
            None => context,
        }
    }

    /// What is said of a function in a task that is spawned in that context: what tokio's hook would do.
    async fn told(context: Context, carries: bool) -> Option<Warning> {
        async move {
            let (go, gate) = oneshot::channel();
            let context = if carries { Context::current() } else { Context::new() };
            let task = async {
                gate.await.unwrap();
                Warning::of(&SITE)
            };
            let task = tokio::spawn(task.with_context(context));
            task_spawned(task.id(), Location::caller());
            go.send(()).unwrap();
            task.await.unwrap()
        }
        .with_context(context)
        .await
    }

    #[test]
    fn a_function_that_lost_its_spawner_is_told_of_with_all_that_helps_to_find_it() {
        let (runtime, _alone) = runtime();
        let warning = runtime.block_on(told(spawner(Some("shop::place")), false)).unwrap().to_string();
        let start = format!(
            "`shop::refresh` (src/cache.rs:12) runs without a parent, in a task that was spawned at {}:",
            file!()
        );
        assert!(warning.starts_with(&start), "{warning}");
        let spawner =
            "inside `shop::place` (span 0000000000000002 of trace 00000000000000000000000000000001). ";
        assert!(warning.contains(spawner), "{warning}");
    }

    #[test]
    fn a_span_of_others_is_told_of_by_its_ids_and_not_by_the_name_of_another() {
        let (runtime, _alone) = runtime();
        let warning = runtime.block_on(told(spawner(None), false)).unwrap().to_string();
        assert!(warning.contains("inside (span 0000000000000002 of trace"), "{warning}");
        let stale = spawner(None).with_value(SpanName { span_id: SpanId::from(3), name: "stale".into() });
        let warning = runtime.block_on(told(stale, false)).unwrap().to_string();
        assert!(!warning.contains("stale"), "{warning}");
    }

    #[test]
    fn nothing_is_told_where_the_context_was_kept_or_there_was_no_spawner() {
        let (runtime, _alone) = runtime();
        assert!(runtime.block_on(told(spawner(None), true)).is_none());
        assert!(runtime.block_on(told(Context::new(), false)).is_none());
        assert!(Warning::of(&SITE).is_none(), "outside of tasks");
        let unknown = runtime.spawn(async { Warning::of(&SITE) });
        assert!(runtime.block_on(unknown).unwrap().is_none(), "a task that nobody told of");
    }

    #[test]
    fn nothing_is_told_of_a_trace_that_begins_with_a_link() {
        let (runtime, _alone) = runtime();
        let ids = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let headers = HashMap::from([("traceparent".to_owned(), ids.to_owned())]);
        let linked = Trust::Link.extract(&TraceContextPropagator::new(), Context::new(), &headers);
        let told = |inside: Context| {
            let spawn = async move {
                let task = tokio::spawn(async { Warning::of(&SITE) }.with_context(inside));
                task_spawned(task.id(), Location::caller());
                task.await.unwrap()
            };
            // On this thread, where the task runs only when it is waited for.
            Builder::new_current_thread().build().unwrap().block_on(spawn.with_context(spawner(None)))
        };
        assert!(told(Context::new()).is_some());
        assert!(told(linked).is_none());
        drop(runtime);
    }

    #[test]
    fn what_is_known_of_tasks_does_not_grow() {
        let (runtime, _alone) = runtime();
        runtime.block_on(async {
            for _ in 0..KNOWN_TASKS * 2 {
                let task = tokio::spawn(async {});
                task_spawned(task.id(), Location::caller());
            }
        });
        assert_eq!(TASKS.lock().unwrap().len(), KNOWN_TASKS);
    }
}
