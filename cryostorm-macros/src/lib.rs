//! The attributes of cryostorm: `traced`, `counted`, `timed` and `metrics`.
//!
//! Use them through the `cryostorm` crate, which re-exports them beside the runtime that their expansions call.
//!
//! An expansion takes three steps. `parse` reads tokens, `model` holds what was read once it is known to be sound, and
//! `expand` writes tokens. Errors of all three go through `diagnostics`, which reports them together.

#![forbid(unsafe_code)]

mod diagnostics;
mod expand;
mod model;
mod parse;
#[cfg(test)]
mod tests;
mod tokens;

use crate::diagnostics::Diagnostics;
use crate::expand::Mode;
use crate::model::Instrument;
use proc_macro::TokenStream;
use proc_macro2::Span;
use quote::quote;

// Their documentation is that of the re-exports, whose examples can run.
#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn traced(arguments: TokenStream, item: TokenStream) -> TokenStream {
    instrumented(Instrument::Traced, arguments, item)
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn counted(arguments: TokenStream, item: TokenStream) -> TokenStream {
    instrumented(Instrument::Counted, arguments, item)
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn timed(arguments: TokenStream, item: TokenStream) -> TokenStream {
    instrumented(Instrument::Timed, arguments, item)
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn metrics(arguments: TokenStream, item: TokenStream) -> TokenStream {
    declarations(mode(), Span::call_site(), arguments.into(), item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_derive(MetricAttribute, attributes(metric_attribute))]
pub fn metric_attribute(item: TokenStream) -> TokenStream {
    metric_enum(item.into()).into()
}

fn instrumented(instrument: Instrument, arguments: TokenStream, item: TokenStream) -> TokenStream {
    expansion(mode(), instrument, Span::call_site(), arguments.into(), item.into()).into()
}

fn mode() -> Mode {
    if cfg!(feature = "static-off") { Mode::Off } else { Mode::On }
}

/// What stands in place of `item`, whose outermost attribute of ours is `instrument(arguments)` at `span`.
fn expansion(
    mode: Mode,
    instrument: Instrument,
    span: Span,
    arguments: proc_macro2::TokenStream,
    item: proc_macro2::TokenStream,
) -> proc_macro2::TokenStream {
    let mut diagnostics = Diagnostics::new();
    let item = parse::item(instrument, span, arguments, item, &mut diagnostics);
    expand::item(&item, mode, diagnostics.finish().err())
}

/// What stands in place of a module that `metrics(arguments)` at `span` is on.
fn declarations(
    mode: Mode,
    span: Span,
    arguments: proc_macro2::TokenStream,
    item: proc_macro2::TokenStream,
) -> proc_macro2::TokenStream {
    let mut diagnostics = Diagnostics::new();
    let declarations = parse::declarations(span, arguments, item.clone(), &mut diagnostics);
    let errors = diagnostics.finish().err().map(|error| error.to_compile_error());
    let module = declarations.map_or(item, |declarations| expand::declarations(&declarations, mode));
    quote!(#module #errors)
}

/// What an enum that derives `MetricAttribute` implements.
fn metric_enum(item: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let mut diagnostics = Diagnostics::new();
    let implemented = parse::metric_enum(item, &mut diagnostics).map(|parsed| expand::metric_enum(&parsed));
    let errors = diagnostics.finish().err().map(|error| error.to_compile_error());
    quote!(#implemented #errors)
}
