//! How a call starts.

use opentelemetry::Context;

use crate::trace::{Foreseen, Parent, SpanTracer};

use super::local::{self, Here};
use super::running::{Fill, Running};
use super::site::CallSite;
use super::spawner;

/// Where a call stays while it goes on. It is filled in there, because to move it would take longer.
pub(super) trait Place {
    /// Room for one that begins.
    fn make(&mut self) -> &mut Running;

    /// Takes the room back, because it did not begin.
    fn clear(&mut self);
}

/// What became of a call that was to start.
pub(super) enum Started {
    /// Nothing observes it.
    Not,
    /// It is not recorded, and how it ends is of no consequence: it has ids and no more.
    Refused(Foreseen),
    /// It goes on, in its place.
    Running,
}

/// Starts a call, unless nothing observes it.
#[inline(always)]
pub(super) fn start(site: &'static CallSite, fill: Fill<'_>, place: &mut impl Place, started: &mut Started) {
    if let Some(fill) = fill {
        *started = begin(place, |running| running.start(site, fill));
    } else if site.span.is_none() || !local::with_context(|here| start_here(&here, site, place, started)) {
        *started = start_plain(site, place);
    }
}

/// Starts a call that says nothing of itself, if nobody's code but ours has a say in what becomes of it. Most calls in a
/// trace that is not sampled end here, before anything is made for them. What becomes of it is written where it stays.
#[inline(always)]
fn start_here(
    here: &Here<'_>,
    site: &'static CallSite,
    place: &mut impl Place,
    started: &mut Started,
) -> bool {
    let Here { local, current } = here;
    let Some(tracer) = local.tracer() else { return false };
    if site.counts_in_flight() || tracer.asks_others() || spawner::is_asked() {
        return false;
    }
    let parent = Parent::new(current, site.is_root());
    let foreseen = tracer.foresee_under(&parent);
    if !foreseen.may_be_recorded() && !local.measures(site) && !local.logs(site) {
        if !foreseen.changes_nothing() {
            *started = Started::Refused(foreseen);
        }
        return true;
    }
    *started = begin(place, |running| {
        running.begin(local, site, true, None, |begun| {
            tracer.begin_under(&parent, Some(site), None, foreseen, begun);
        });
    });
    true
}

/// The same, whoever has a say in it.
#[inline(never)]
fn start_plain(site: &'static CallSite, place: &mut impl Place) -> Started {
    local::with(|local| begin(place, |running| running.begin_plain(local, site))).unwrap_or(Started::Not)
}

#[inline(always)]
fn begin(place: &mut impl Place, begin: impl FnOnce(&mut Running)) -> Started {
    let running = place.make();
    begin(running);
    if running.is_on() {
        return Started::Running;
    }
    place.clear();
    Started::Not
}

/// What is current while a call lasts that is not recorded. Looked up anew, because a context that is handed on from where
/// the call was refused takes longer to move than to make.
#[inline(always)]
pub(super) fn refused(site: &CallSite, foreseen: Foreseen) -> Context {
    Context::map_current(|current| SpanTracer::refuse(&Parent::new(current, site.is_root()), foreseen))
}
