use super::attributes::attributes;
use super::choice::choice;
use super::name::{name, span_name};
use super::observations::{err, ok};
use super::options::Options;
use super::spec::{
    ATTRIBUTES, CONTEXT, CRATE, ERR, ERROR_TYPE, IF, KIND, LINKS, NAME, OK, RECORD_ERROR, ROOT, Spec, TRACER,
};
use crate::diagnostics::Diagnostics;
use crate::model::{Instrument, Parent, RecordError, Traced};
use proc_macro2::Ident;

pub(super) const OPTIONS: &[&Spec] = &[
    &NAME,
    &KIND,
    &ATTRIBUTES,
    &LINKS,
    &ROOT,
    &CONTEXT,
    &OK,
    &ERR,
    &ERROR_TYPE,
    &RECORD_ERROR,
    &IF,
    &TRACER,
    &CRATE,
];

const KINDS: [(&str, ()); 5] =
    [("Internal", ()), ("Server", ()), ("Client", ()), ("Producer", ()), ("Consumer", ())];

const RECORDS: [(&str, RecordError); 4] = [
    ("event", RecordError::Event),
    ("log", RecordError::Log),
    ("both", RecordError::Both),
    ("none", RecordError::None),
];

pub(super) fn traced(options: &Options, diagnostics: &mut Diagnostics) -> Traced {
    let attributes = attributes(Instrument::Traced, options, diagnostics);
    Traced {
        name: span_name(options, diagnostics),
        kind: kind(options, diagnostics),
        links: options.value(&LINKS, diagnostics),
        parent: parent(options, diagnostics),
        ok: ok(&attributes, options, diagnostics),
        err: err(&attributes, options, diagnostics),
        record_error: record_error(options, diagnostics),
        condition: options.value(&IF, diagnostics),
        tracer: name(options, &TRACER, diagnostics),
        attributes,
    }
}

fn kind(options: &Options, diagnostics: &mut Diagnostics) -> Option<Ident> {
    choice(options, &KIND, "span kind", &KINDS, diagnostics).map(|(kind, ())| kind)
}

fn record_error(options: &Options, diagnostics: &mut Diagnostics) -> Option<RecordError> {
    choice(options, &RECORD_ERROR, "way to record an error", &RECORDS, diagnostics).map(|(_, record)| record)
}

/// The `root` and `context` options.
fn parent(options: &Options, diagnostics: &mut Diagnostics) -> Option<Parent> {
    options.exclude([&ROOT, &CONTEXT], diagnostics);
    let context = options.value(&CONTEXT, diagnostics).map(Parent::Context);
    if options.flag(&ROOT, diagnostics) { Some(Parent::Root) } else { context }
}
