use super::{Instrument, assert_accepted, assert_refused, messages};
use crate::expand::Mode;
use crate::expansion;
use proc_macro2::Span;
use quote::quote;

#[test]
fn options_of_others_are_recognized() {
    assert_refused(
        Instrument::Traced,
        [
            (
                quote!(skip(a)),
                "unknown option `skip`: arguments are recorded only when named, so leave it out; `#[traced]` accepts `name`, `kind`,",
            ),
            (quote!(fields(a = 1)), "write `attributes(key = value)`; "),
            (quote!(ret), "write `ok(key = |value| ..)`; "),
            (quote!(level = "info"), "there are no levels, so leave it out; "),
            (quote!(parent = a), "write `context = parent`; "),
            (quote!(follows_from = a), "write `links = &contexts`; "),
            (quote!(boundaries = [1]), "write `buckets = [0.1, 0.5, 1]` in `#[timed]`; "),
            (quote!(on = err), "it is an option of `#[counted]`; "),
            (quote!(unit = "s"), "it is an option of `#[counted]` and `#[timed]`; "),
            (quote!(nmae = "a"), "did you mean `name = \"..\"`? "),
            (quote!(Root), "did you mean `root`? "),
            (quote!(kind: Client), "`kind` is not written like this: write `kind = Client`"),
        ],
    );
    assert_refused(
        Instrument::Counted,
        [
            (quote!(ok(a = b)), "it is an option of `#[traced]`; "),
            (quote!(ret), "write `ok(key = |value| ..)` in `#[traced]`; "),
            (quote!(labels(a = 1)), "write `attributes(key = value)`; "),
        ],
    );
}

#[test]
fn an_error_type_is_shared() {
    assert_accepted(
        Instrument::Counted,
        [
            quote!(error_type = "timeout"),
            quote!(error_type = |error| error.kind()),
            quote!(error_type = KIND),
        ],
    );
    assert_refused(
        Instrument::Counted,
        [
            (quote!(error_type = ""), "`error_type` is empty"),
            (quote!(error_type = 3), "`error_type` is text, or makes text of an error"),
            (quote!(error_type), "`error_type` needs a value: write `error_type = |error| ..`"),
        ],
    );
    let stack = |below| {
        let arguments = quote!(error_type = kind);
        expansion(Mode::On, Instrument::Traced, Span::call_site(), arguments, below).to_string()
    };
    let same = stack(quote!(
        #[counted(error_type = kind)]
        fn charge() {}
    ));
    assert!(!same.contains("compile_error"), "{same}");
    let other = stack(quote!(
        #[counted(error_type = other)]
        fn charge() {}
    ));
    assert!(other.contains("stacked attributes share one `error_type`: keep one of them"), "{other}");
}

#[test]
fn half_typed_options_are_answered_once() {
    for instrument in Instrument::ALL {
        for name in ["name", "attributes", "crate", "error_type", "unit", "ok", "err", "if", "by", "buckets"]
        {
            let option: proc_macro2::TokenStream = name.parse().unwrap();
            assert!(messages(instrument, quote!(#option =)).len() == 1, "{name}");
            assert!(messages(instrument, quote!(#option)).len() == 1, "{name}");
        }
    }
}
