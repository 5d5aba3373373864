use crate::diagnostics::Diagnostics;
use crate::model::{Block, Function, Instrument, Instrumentation, Rendering, Shape, Work};
use proc_macro2::Ident;

/// Where an attribute stands that asks for a function to be instrumented, which tells how the function gets out of it.
#[derive(Clone, Copy)]
pub(super) enum Asking {
    OnFunction(Instrument),
    OnBlock(Instrument),
}

/// Reports an item that `instrument` cannot be put on.
pub(super) fn check_item(
    instrument: Instrument,
    shape: &Shape,
    instrumentation: &Instrumentation,
    diagnostics: &mut Diagnostics,
) {
    match shape {
        Shape::Function(function) => {
            check_function(Asking::OnFunction(instrument), function, instrumentation, diagnostics);
        }
        Shape::Block(block) => check_block(instrument, block, diagnostics),
        Shape::Declaration(name) => {
            let message = format_args!(
                "`{name}` has no body to instrument: put `{instrument}` on the implementation, or give it a default \
                 body"
            );
            diagnostics.at(name.span(), message);
        }
        Shape::Other(kind @ "a module", span) => {
            let message = format_args!(
                "`{instrument}` does not go on {kind}: put it on the functions or `impl` blocks inside"
            );
            diagnostics.at(*span, message);
        }
        Shape::Other(kind, span) => {
            let message = format_args!(
                "`{instrument}` goes on a function, an `impl` block or a trait, and {kind} is none: move it to one"
            );
            diagnostics.at(*span, message);
        }
    }
}

/// Reports a function that cannot be instrumented.
pub(super) fn check_function(
    asking: Asking,
    function: &Function,
    instrumentation: &Instrumentation,
    diagnostics: &mut Diagnostics,
) {
    let (Asking::OnFunction(instrument) | Asking::OnBlock(instrument)) = asking;
    let remedy = |of_function: &str| match asking {
        Asking::OnFunction(_) => of_function.to_owned(),
        Asking::OnBlock(_) => "write `#[cryostorm(skip)]` on this method".to_owned(),
    };
    if let Some(keyword) = &function.constness {
        let message = format_args!(
            "a `const fn` cannot be instrumented, as it may run in the compiler: {}",
            remedy(&format!("remove `const` or `{instrument}`"))
        );
        diagnostics.at(keyword.span(), message);
    }
    for text in borrowed_texts(function, instrumentation) {
        let message = format_args!(
            "each distinct text is a time series of its own: write an enum that derives `MetricAttribute` or a \
             `&'static str`; for any text declare a metric in `#[cryostorm::metrics]`, whose argument is \
             `#[attribute(unbounded(limit = 100))] {text}: &str`"
        );
        diagnostics.at(text.span(), message);
    }
    let is_stream = function.asyncness.is_none()
        && function.output.deferred().is_some_and(|deferred| deferred.work == Work::Stream);
    if let Some(observation) = instrumentation.observations().next().filter(|_| is_stream) {
        let message = format_args!(
            "a stream ends without a value to observe: {}",
            remedy("set the attribute by `cryostorm::current_span()` in the stream")
        );
        diagnostics.at(observation.key.span(), message);
    }
    if let Some(span) = function.track_caller()
        && (function.output.may_fail() || instrumentation.is_observed())
    {
        let message = format_args!(
            "`#[track_caller]` does not see through `{instrument}` on a function that may fail: {}",
            remedy("remove one of the two")
        );
        diagnostics.at(span, message);
    }
}

/// The attributes of metrics that are texts which callers lend.
fn borrowed_texts(function: &Function, instrumentation: &Instrumentation) -> Vec<Ident> {
    let counted = instrumentation.counted.iter().flat_map(|counted| &counted.attributes);
    let timed = instrumentation.timed.iter().flat_map(|timed| &timed.attributes);
    let values = counted.chain(timed).filter(|attribute| attribute.rendering == Rendering::Value);
    let named = values.filter_map(|attribute| syn::parse2::<Ident>(attribute.value.clone()).ok());
    named.filter(|name| function.borrows_text(name)).collect()
}

/// Reports a block without a method to instrument.
fn check_block(instrument: Instrument, block: &Block, diagnostics: &mut Diagnostics) {
    if block.members.iter().any(|member| !member.instrumentation.is_empty()) {
        return;
    }
    let is_skipped = block.members.iter().any(|member| member.function().is_some());
    let message = match (is_skipped, block.keyword == "trait") {
        (true, _) => format!("every method of this block is skipped: remove `{instrument}`"),
        (false, true) => format!(
            "no method of this trait has a body to instrument: put `{instrument}` on the implementations, or give \
             methods a default body"
        ),
        (false, false) => format!(
            "no method is written in this block, so there is nothing to instrument: remove `{instrument}`"
        ),
    };
    diagnostics.at(block.keyword.span(), message);
}
