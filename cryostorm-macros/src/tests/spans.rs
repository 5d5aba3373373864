use super::{Instrument, assert_accepted, assert_refused};
use quote::quote;

#[test]
fn names_are_literals_formats_or_constants() {
    assert_accepted(
        Instrument::Traced,
        [
            quote!(name = "charge {order_id} {total:>8.2} {{}}"),
            quote!(name = "{{"),
            quote!(name = "{été}{_a1}{a:?}"),
            quote!(name = NAME),
            quote!(name = Self::NAME),
            quote!(name = ::names::charge),
        ],
    );
    let name_it = "name an argument, as in `{order_id}`";
    assert_refused(
        Instrument::Traced,
        [
            (quote!(name = "a {}"), "`{}` in this name does not name an argument"),
            (quote!(name = "a {0}"), "`{0}` in this name does not name an argument"),
            (quote!(name = "a {:?}"), name_it),
            (quote!(name = "a {order.id}"), name_it),
            (quote!(name = "a {order"), "a `{` in this name is not closed"),
            (quote!(name = "a {b {c}"), "a `{` in this name is not closed"),
            (quote!(name = "a }"), "a `}` in this name closes nothing: write `}}` for a brace"),
            (quote!(name = charge), "`name` takes a string literal: write `name = \"charge\"`"),
            (quote!(name = f::<u8>), "`name` takes a string literal: write `name = \"..\"`"),
            (quote!(name = " "), "`name` is empty: write some text, or leave `name` out"),
            (quote!(tracer = ""), "`tracer` is empty"),
            (quote!(tracer = 1), "`tracer` takes a string literal"),
        ],
    );
}

#[test]
fn a_span_has_one_parent() {
    assert_accepted(Instrument::Traced, [quote!(root), quote!(context = parent.clone())]);
    assert_refused(
        Instrument::Traced,
        [
            (quote!(root, context = a), "`root` and `context` exclude each other: keep one"),
            (quote!(context = a, root), "`context` and `root` exclude each other: keep one"),
            (quote!(root = true), "`root` takes no value: write `root`"),
            (quote!(root()), "`root` takes no value: write `root`"),
            (quote!(context), "`context` needs a value: write `context = parent`"),
        ],
    );
}

#[test]
fn words_are_lower_case() {
    assert_accepted(
        Instrument::Traced,
        [
            quote!(record_error = event),
            quote!(record_error = log),
            quote!(record_error = both),
            quote!(record_error = none),
        ],
    );
    assert_refused(
        Instrument::Traced,
        [
            (quote!(record_error = Event), "did you mean `record_error = event`?"),
            (quote!(record_error = "log"), "did you mean `record_error = log`?"),
            (quote!(record_error = RecordError::Both), "did you mean `record_error = both`?"),
            (quote!(record_error = true), "write one of `event`, `log`, `both`, `none`"),
            (quote!(record_error), "`record_error` needs a value: write `record_error = event`"),
        ],
    );
}
