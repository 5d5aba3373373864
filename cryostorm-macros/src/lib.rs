//! The attributes of cryostorm: `traced`, `counted` and `timed`.
//!
//! Use them through the `cryostorm` crate, which re-exports them beside the runtime that their expansions call.
//!
//! An expansion takes three steps. `parse` reads tokens, `model` holds what was read once it is known to be sound, and
//! `expand` writes tokens. Errors of all three go through `diagnostics`, which reports them together.

mod diagnostics;
mod expand;
mod model;
mod parse;
#[cfg(test)]
mod tests;
mod tokens;

use crate::diagnostics::Diagnostics;
use crate::model::Instrument;
use proc_macro::TokenStream;
use proc_macro2::Span;

/// Opens a span for each call of a function.
///
/// The span is current while the function runs, and while the future of an `async fn` is polled. Its status tells how
/// the call ended: an `Err`, a panic and a future dropped half-way are recorded on it. A function that returns an
/// `impl Future` or a boxed one is done when that future is.
///
/// ```text
/// #[traced(kind = Client, attributes(order.id = order_id, total = %total))]
/// async fn charge(order_id: u64, total: Amount) -> Result<Receipt, ChargeError> { … }
/// ```
///
/// | option | what it sets | default |
/// |---|---|---|
/// | `name = "literal"` | the name of the span | `module::path::function`; in a block `module::path::Type::method` |
/// | `kind = Client` | `Internal`, `Server`, `Client`, `Producer` or `Consumer` | `Internal` |
/// | `attributes(key = value, ..)` | attributes of the span | none: arguments are recorded only when named |
/// | `crate = path` | where the `cryostorm` crate is found | `::cryostorm` |
///
/// A key is a dotted identifier (`user.id`) or a string literal (`"user-id"`). A value is an expression over the
/// arguments, evaluated before the body starts; `%value` records its `Display` text, `?value` its `Debug` text.
///
/// On an `impl` block or a trait it applies to each method that has a body. A method's own `#[traced]` replaces that of
/// the block, options and all; `#[cryostorm(skip)]` exempts a method from the attributes of the block.
///
/// The attribute stacks with `counted` and `timed` in any order: the function is wrapped once.
#[proc_macro_attribute]
pub fn traced(arguments: TokenStream, item: TokenStream) -> TokenStream {
    instrumented(Instrument::Traced, arguments, item)
}

/// Counts the calls of a function, apart by how they ended.
///
/// ```text
/// #[counted(name = "orders.charged", attributes(channel = "web"))]
/// fn charge(order_id: u64) -> Result<Receipt, ChargeError> { … }
/// ```
///
/// | option | what it sets | default |
/// |---|---|---|
/// | `name = "literal"` | the name of the counter | `function.calls` |
/// | `attributes(key = value, ..)` | attributes of the counter | none |
/// | `crate = path` | where the `cryostorm` crate is found | `::cryostorm` |
///
/// Keys are written as for `traced`. Values come from bounded sets, such as literals, bools and enums without
/// fields: each new value is a new time series, so `%value` and `?value` are refused.
///
/// On an `impl` block or a trait it applies to each method that has a body. A method's own `#[counted]` replaces that of
/// the block, options and all; `#[cryostorm(skip)]` exempts a method from the attributes of the block.
///
/// The attribute stacks with `traced` and `timed` in any order: the function is wrapped once.
#[proc_macro_attribute]
pub fn counted(arguments: TokenStream, item: TokenStream) -> TokenStream {
    instrumented(Instrument::Counted, arguments, item)
}

/// Measures how long each call of a function takes, in seconds.
///
/// An `async fn` is measured from its first poll until it completes or is dropped.
///
/// ```text
/// #[timed(name = "orders.charge.duration", attributes(channel = "web"))]
/// fn charge(order_id: u64) -> Result<Receipt, ChargeError> { … }
/// ```
///
/// | option | what it sets | default |
/// |---|---|---|
/// | `name = "literal"` | the name of the histogram | `function.duration` |
/// | `attributes(key = value, ..)` | attributes of the histogram | none |
/// | `crate = path` | where the `cryostorm` crate is found | `::cryostorm` |
///
/// Keys and values are written as for `counted`.
///
/// On an `impl` block or a trait it applies to each method that has a body. A method's own `#[timed]` replaces that of
/// the block, options and all; `#[cryostorm(skip)]` exempts a method from the attributes of the block.
///
/// The attribute stacks with `traced` and `counted` in any order: the function is wrapped once.
#[proc_macro_attribute]
pub fn timed(arguments: TokenStream, item: TokenStream) -> TokenStream {
    instrumented(Instrument::Timed, arguments, item)
}

fn instrumented(instrument: Instrument, arguments: TokenStream, item: TokenStream) -> TokenStream {
    expansion(instrument, Span::call_site(), arguments.into(), item.into()).into()
}

/// What stands in place of `item`, whose outermost attribute of ours is `instrument(arguments)` at `span`.
fn expansion(
    instrument: Instrument,
    span: Span,
    arguments: proc_macro2::TokenStream,
    item: proc_macro2::TokenStream,
) -> proc_macro2::TokenStream {
    let mut diagnostics = Diagnostics::new();
    let item = parse::item(instrument, span, arguments, item, &mut diagnostics);
    expand::item(&item, diagnostics.finish().err())
}
