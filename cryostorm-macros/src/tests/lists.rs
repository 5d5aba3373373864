use super::{Instrument, assert_accepted, assert_refused};
use crate::diagnostics::Diagnostics;
use crate::model::{Instrumentation, Observer, Rendering};
use crate::parse::item;
use proc_macro2::{Span, TokenStream};
use quote::quote;

fn read(instrument: Instrument, arguments: TokenStream) -> Instrumentation {
    let mut diagnostics = Diagnostics::new();
    let function = quote!(
        fn charge() {}
    );
    let instrumentation =
        item(instrument, Span::call_site(), arguments, function, &mut diagnostics).instrumentation;
    diagnostics.finish().unwrap();
    instrumentation
}

#[test]
fn a_closure_is_taken_apart() {
    for (written, parts) in [
        (quote!(|value| value.len()), Some((quote!(value), quote!(value.len())))),
        (quote!(|(a, b)| a | b), Some((quote!((a, b)), quote!(a | b)))),
        (
            quote!(move |Receipt { id, .. }: &Receipt| id),
            Some((quote!(Receipt { id, .. }: &Receipt), quote!(id))),
        ),
        (
            quote!(|value: &HashMap<A, B>| value.len()),
            Some((quote!(value: &HashMap<A, B>), quote!(value.len()))),
        ),
        (quote!(|value| |other| other), Some((quote!(value), quote!(|other| other)))),
        (quote!(|value| -> usize { value.len() }), None),
        (quote!(Vec::len), None),
        (quote!(observer(1, 2)), None),
        (quote!(|value), None),
    ] {
        let traced = read(Instrument::Traced, quote!(ok(size = ?#written))).traced.unwrap();
        let [observation] = traced.ok.as_slice() else { panic!("{written}") };
        assert!(observation.key.value() == "size" && observation.rendering == Rendering::Debug);
        match (&observation.observer, parts) {
            (Observer::Closure { pattern, body }, Some((expected_pattern, expected_body))) => {
                assert_eq!(pattern.to_string(), expected_pattern.to_string());
                assert_eq!(body.to_string(), expected_body.to_string());
            }
            (Observer::Callable(callable), None) => assert_eq!(callable.to_string(), written.to_string()),
            _ => panic!("{written}"),
        }
    }
}

#[test]
fn observers_are_checked() {
    assert_refused(
        Instrument::Traced,
        [
            (
                quote!(ok(a = || 1)),
                "a closure of `ok` takes one argument, a reference to the returned value: write `key = |value| ..`",
            ),
            (
                quote!(err(a = |a, b| 1)),
                "a closure of `err` takes one argument, a reference to the error: write `key = |error| ..`",
            ),
            (quote!(ok(a = |value|)), "this closure has no body"),
            (quote!(ok(a = "x")), "`ok` takes a function of the returned value: write `key = |value| ..`"),
            (quote!(err(a = %-1)), "`err` takes a function of the error: write `key = |error| ..`"),
            (quote!(ok(len)), "an attribute is a key and a value: write `len = |value| ..`"),
            (quote!(ok(|value| value == 1)), "an attribute is a key and a value: write `key = |value| ..`"),
            (
                quote!(ok(size: |value| 1)),
                "between a key and its value stands `=`: write `size = |value| ..`",
            ),
            (quote!(ok(size =)), "this key has no value: write `size = |value| ..`"),
            (quote!(ok(a = f, a = g)), "the key `a` is given twice: keep one"),
            (quote!(attributes(a = 1), err(a = f)), "the key `a` is in `attributes` already: keep one"),
            (quote!(ok(error.type = f)), "`error.type` is set on every call"),
            (quote!(ok = f), "`ok` takes a list: write `ok(key = |value| ..)`"),
            (quote!(err = f), "`err` takes a list: write `err(key = |error| ..)`"),
            (
                quote!(err),
                "errors are recorded without `err`: leave it out, or write `err(key = |error| ..)`",
            ),
            (quote!(err(Display)), "errors are recorded without `err`: leave it out"),
        ],
    );
    assert_accepted(Instrument::Traced, [quote!(ok(a = f), err(a = f)), quote!(ok())]);
}

#[test]
fn buckets_become_floats() {
    let timed = read(Instrument::Timed, quote!(buckets = [0, 0.5, 1u8, 1_000.0f64, 0x1000])).timed.unwrap();
    assert_eq!(
        timed.buckets.as_ref().unwrap().to_string(),
        quote!([0.0, 0.5, 1.0, 1000.0, 4096.0]).to_string()
    );
    assert_accepted(
        Instrument::Timed,
        [quote!(buckets = BOUNDS), quote!(buckets = [1,]), quote!(buckets = a::B)],
    );
}

#[test]
fn buckets_rise() {
    assert_refused(
        Instrument::Timed,
        [
            (quote!(buckets = [1, 0.5]), "bucket bounds rise: 0.5 is not above 1"),
            (quote!(buckets = [1, 1.0, 2]), "bucket bounds rise: 1.0 is not above 1"),
            (quote!(buckets = [-1, 2]), "no bucket begins below 0: write a bound above -1"),
            (quote!(buckets = [1e999]), "bucket bounds are finite"),
            (
                quote!(buckets = [1, "2"]),
                "a bucket bound is a number: write for example `buckets = [0.1, 0.5, 1]`",
            ),
            (quote!(buckets = [1 2]), "expected a comma or an operator before `2`"),
            (quote!(buckets = []), "there is no bound in this list"),
            (quote!(buckets = [,]), "nothing stands before this comma"),
            (quote!(buckets = &[1]), "`buckets` takes numbers or a constant"),
            (quote!(buckets = "1"), "`buckets` takes numbers or a constant"),
            (quote!(buckets(1, 2)), "`buckets` takes one value: write `buckets = [0.1, 0.5, 1]`"),
        ],
    );
}
