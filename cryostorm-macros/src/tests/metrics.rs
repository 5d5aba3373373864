use super::{Instrument, assert_accepted, assert_refused};
use quote::quote;

#[test]
fn counters_rise() {
    assert_accepted(
        Instrument::Counted,
        [
            quote!(by = 2),
            quote!(by = items.len()),
            quote!(on = ok, by = a - 0),
            quote!(on = call),
            quote!(on = err),
        ],
    );
    assert_refused(
        Instrument::Counted,
        [
            (quote!(by = 0), "this counts nothing"),
            (quote!(by = 0.0f64), "this counts nothing"),
            (quote!(by = -1), "a counter never falls"),
            (quote!(by), "`by` needs a value: write `by = amount`"),
            (quote!(on = Err), "unknown outcome: did you mean `on = err`?"),
            (quote!(on = failure), "unknown outcome: write one of `call`, `ok`, `err`"),
        ],
    );
}

#[test]
fn metrics_are_named_and_described() {
    assert_accepted(
        Instrument::Timed,
        [
            quote!(name = NAME, description = "How {long}.", in_flight),
            quote!(in_flight = "orders.active"),
            quote!(in_flight = names::ACTIVE),
        ],
    );
    assert_refused(
        Instrument::Timed,
        [
            (quote!(name = "a{b}"), "all calls share one metric, so its name has no arguments"),
            (quote!(in_flight = "a b"), "write for example `in_flight = \"a_b\"`"),
            (quote!(in_flight = ""), "`in_flight` is empty"),
            (quote!(in_flight()), "`in_flight` takes one value: write `in_flight = \"..\"`"),
            (quote!(description = ""), "`description` is empty: write some text, or leave `description` out"),
            (
                quote!(description = TEXT),
                "`description` takes a string literal: write `description = \"..\"`",
            ),
            (quote!(description("a")), "`description` takes one value: write `description = \"..\"`"),
        ],
    );
}
