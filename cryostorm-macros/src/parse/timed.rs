use super::attributes::attributes;
use super::buckets::{buckets, listed};
use super::metric::metric;
use super::name::metric_name;
use super::objective::{check_bound, latency};
use super::options::Options;
use super::spec::{
    ATTRIBUTES, BUCKETS, CRATE, DESCRIPTION, ERROR_TYPE, IN_FLIGHT, NAME, OBJECTIVE, Spec, UNIT,
};
use super::unit::unit_of_time;
use crate::diagnostics::Diagnostics;
use crate::model::{InFlight, Instrument, Timed};

pub(super) const OPTIONS: &[&Spec] =
    &[&NAME, &DESCRIPTION, &UNIT, &ATTRIBUTES, &BUCKETS, &IN_FLIGHT, &OBJECTIVE, &ERROR_TYPE, &CRATE];

pub(super) fn timed(options: &Options, diagnostics: &mut Diagnostics) -> Timed {
    let timed = Timed {
        metric: metric(unit_of_time(options, diagnostics), options, diagnostics),
        attributes: attributes(Instrument::Timed, options, diagnostics),
        buckets: buckets(options, diagnostics),
        in_flight: in_flight(options, diagnostics),
        objective: latency(options, diagnostics),
    };
    if let Timed { buckets: Some(buckets), objective: Some(objective), .. } = &timed
        && let Some(bounds) = listed(buckets)
    {
        check_bound(objective, &bounds, diagnostics);
    }
    timed
}

/// The `in_flight` option: alone, or with a name.
fn in_flight(options: &Options, diagnostics: &mut Diagnostics) -> Option<InFlight> {
    match options.is_bare(&IN_FLIGHT) {
        true => Some(InFlight::Default),
        false => metric_name(options, &IN_FLIGHT, diagnostics).map(InFlight::Named),
    }
}
