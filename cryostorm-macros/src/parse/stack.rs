use super::counted::counted;
use super::error_type::{error_type, written_error_type};
use super::options::Options;
use super::runtime::crate_path;
use super::timed::timed;
use super::traced::traced;
use crate::diagnostics::Diagnostics;
use crate::model::{Instrument, Instrumentation, Runtime};
use crate::tokens::{is_punct, visible};
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use std::rc::Rc;

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
    /// The one that is being expanded.
    pub(super) fn outermost(instrument: Instrument, span: Span, arguments: TokenStream) -> Self {
        Self { instrument, arguments, span, path: None, is_list: true }
    }

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

/// What the attributes of one item ask for, in place of what `inherited` has of the same instruments.
pub(super) fn instrumentation(
    stack: Vec<Invocation>,
    inherited: Instrumentation,
    diagnostics: &mut Diagnostics,
) -> Instrumentation {
    check_stack(&stack, diagnostics);
    let mut instrumentation = Instrumentation { absorbed: Vec::new(), ..inherited };
    if !stack.is_empty() {
        instrumentation.error_type = None;
    }
    let (mut runtime, mut named) = (None, None);
    for invocation in stack {
        let options = Options::read(invocation.instrument.into(), invocation.arguments, diagnostics);
        match invocation.instrument {
            Instrument::Traced => instrumentation.traced = Some(Rc::new(traced(&options, diagnostics))),
            Instrument::Counted => instrumentation.counted = Some(Rc::new(counted(&options, diagnostics))),
            Instrument::Timed => instrumentation.timed = Some(Rc::new(timed(&options, diagnostics))),
        }
        instrumentation.absorbed.extend(invocation.path);
        share(&mut runtime, crate_path(&options, diagnostics), diagnostics, |first| {
            format!("stacked attributes share one runtime: write `crate = {first}`")
        });
        share(&mut named, written_error_type(&options, diagnostics), diagnostics, |_| {
            "stacked attributes share one `error_type`: keep one of them".to_owned()
        });
    }
    if let Some(path) = runtime {
        instrumentation.runtime = Runtime::of_crate(&path);
    }
    if let Some(error_type) = named.and_then(|written| error_type(written, diagnostics)) {
        instrumentation.error_type = Some(Rc::new(error_type));
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

/// Reports attributes that are given twice, or as no list.
fn check_stack(stack: &[Invocation], diagnostics: &mut Diagnostics) {
    for (index, Invocation { instrument, span, is_list, .. }) in stack.iter().enumerate() {
        if stack.iter().take(index).any(|earlier| earlier.instrument == *instrument) {
            diagnostics.at(*span, format_args!("`{instrument}` is given twice: merge the two into one"));
        }
        if !is_list {
            let message = format_args!(
                "the options of `{instrument}` stand in parentheses: write `#[{}(name = \"..\")]`",
                instrument.name()
            );
            diagnostics.at(*span, message);
        }
    }
}
