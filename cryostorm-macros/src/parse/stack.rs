use super::counted::counted;
use super::error_type::error_type;
use super::item::item;
use super::options::Options;
use super::runtime::crate_path;
use super::timed::timed;
use super::traced::traced;
use crate::diagnostics::Diagnostics;
use crate::model::{Deferred, Instrument, Instrumentation, Item, Runtime, Shape};
use crate::tokens::{is_punct, visible};
use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// One attribute of ours, as it is written on an item.
pub(super) struct Invocation {
    pub(super) instrument: Instrument,
    pub(super) arguments: TokenStream,
    span: Span,
    /// How the user names the attribute, unless the compiler has resolved that already.
    path: Option<TokenStream>,
    /// Whether the arguments are in delimiters, or absent.
    is_list: bool,
}

impl Invocation {
    /// The attribute of ours in the brackets of `#[..]`: a bare name of one, or such a name in a crate of ours. Others
    /// may have attributes of these names too.
    pub(super) fn of_attribute(brackets: &Group) -> Option<Self> {
        let tokens = visible(&brackets.stream());
        let length = tokens.iter().take_while(|token| is_path_token(token)).count();
        let (path, rest) = tokens.split_at(length);
        let Some(TokenTree::Ident(last)) = path.last() else { return None };
        let is_crate =
            |token: &TokenTree| ["cryostorm", "$crate"].iter().any(|name| token.to_string() == *name);
        if path.len() > 1 && !path.iter().any(is_crate) {
            return None;
        }
        let (arguments, is_list) = match rest {
            [] => (TokenStream::new(), true),
            [TokenTree::Group(group)] => (group.stream(), true),
            _ => (TokenStream::new(), false),
        };
        Some(Self {
            instrument: Instrument::named(&last.to_string())?,
            arguments,
            span: last.span(),
            path: Some(path.iter().cloned().collect()),
            is_list,
        })
    }
}

fn is_path_token(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(_)) || is_punct(token, ':')
}

/// The attributes of ours on one item: the one that is being expanded, then the others as they are written.
pub(crate) struct Stack {
    invocations: Vec<Invocation>,
}

/// Reads the item, with the stack of attributes that it carries below `instrument(arguments)`.
pub(crate) fn stacked(
    instrument: Instrument,
    span: Span,
    arguments: TokenStream,
    tokens: TokenStream,
    diagnostics: &mut Diagnostics,
) -> (Stack, Item) {
    let outermost = Invocation { instrument, arguments, span, path: None, is_list: true };
    let (item, below) = item(&tokens);
    let mut invocations = vec![outermost];
    for invocation in below {
        let instrument = invocation.instrument;
        if invocations.iter().any(|earlier| earlier.instrument == instrument) {
            diagnostics.at(
                invocation.span,
                format_args!("`{instrument}` is on this function twice: merge the two into one"),
            );
        }
        if !invocation.is_list {
            diagnostics.at(
                invocation.span,
                format_args!(
                    "the options of `{instrument}` stand in parentheses: write `#[{}(name = \"..\")]`",
                    instrument.name()
                ),
            );
        }
        invocations.push(invocation);
    }
    (Stack { invocations }, item)
}

/// What the stack asks for on `item`.
pub(crate) fn instrumentation(stack: Stack, item: &Item, diagnostics: &mut Diagnostics) -> Instrumentation {
    let mut instrumentation = Instrumentation::default();
    let mut runtime: Option<TokenStream> = None;
    for (index, invocation) in stack.invocations.into_iter().enumerate() {
        if index == 0 {
            check_item(invocation.instrument, item, diagnostics);
        }
        let options = Options::read(&invocation, diagnostics);
        match invocation.instrument {
            Instrument::Traced => instrumentation.traced = Some(traced(&options, diagnostics)),
            Instrument::Counted => instrumentation.counted = Some(counted(&options, diagnostics)),
            Instrument::Timed => instrumentation.timed = Some(timed(&options, diagnostics)),
        }
        instrumentation.absorbed.extend(invocation.path);
        share(&mut runtime, crate_path(&options, diagnostics), diagnostics, |first| {
            format!("attributes of one function share one runtime: write `crate = {first}`")
        });
        share(&mut instrumentation.error_type, error_type(&options, diagnostics), diagnostics, |_| {
            "attributes of one function share one `error_type`: keep one of them".to_owned()
        });
    }
    if let Some(path) = runtime {
        instrumentation.runtime = Runtime::of_crate(&path);
    }
    instrumentation
}

/// Takes an option that belongs to the whole stack, or reports that it differs from what stands in an attribute before.
fn share(
    shared: &mut Option<TokenStream>,
    given: Option<TokenStream>,
    diagnostics: &mut Diagnostics,
    message: impl Fn(String) -> String,
) {
    match (&shared, given) {
        (Some(first), Some(given)) if first.to_string() != given.to_string() => {
            diagnostics.on(given, message(first.to_string().replace(' ', "")));
        }
        (None, given) => *shared = given,
        _ => {}
    }
}

/// Reports an item that cannot be instrumented.
fn check_item(instrument: Instrument, item: &Item, diagnostics: &mut Diagnostics) {
    match &item.shape {
        Shape::Function(function) => {
            if let Some(keyword) = &function.constness {
                let message = format_args!(
                    "a `const fn` cannot be instrumented, as it may run in the compiler: remove `const` or `{instrument}`"
                );
                diagnostics.at(keyword.span(), message);
            }
            if function.asyncness.is_none()
                && let Some(Deferred::Stream(span)) = function.output.deferred()
            {
                let message = format_args!(
                    "`{instrument}` does not see the items of a stream yet: put it on what makes or takes them"
                );
                diagnostics.at(span, message);
            }
            if let Some(span) = function.track_caller() {
                let message = format_args!(
                    "`#[track_caller]` does not see through `{instrument}`: remove one of the two"
                );
                diagnostics.at(span, message);
            }
        }
        Shape::Declaration(name) => {
            let message = format_args!(
                "`{name}` has no body to instrument: put `{instrument}` on the implementation, or give it a default \
                 body"
            );
            diagnostics.at(name.span(), message);
        }
        Shape::Other(kind @ ("an `impl` block" | "a trait" | "a module"), span) => {
            diagnostics.at(
                *span,
                format_args!("`{instrument}` does not go on {kind} yet: put it on the functions inside"),
            );
        }
        Shape::Other(kind, span) => {
            diagnostics.at(
                *span,
                format_args!(
                    "`{instrument}` goes on a function, and {kind} is not one: move it to a function"
                ),
            );
        }
    }
}
