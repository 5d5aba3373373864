use super::options::Options;
use super::pairs::{Pair, pairs};
use super::spec::{ERR, OK, Spec};
use crate::diagnostics::Diagnostics;
use crate::model::{Attribute, Observation, Observer};
use crate::tokens::{Angles, is_literal, is_punct, is_word, visible};
use proc_macro2::{TokenStream, TokenTree};

/// What the options with observers have to be told apart in messages.
pub(super) struct Observed {
    pub(super) spec: &'static Spec,
    pub(super) what: &'static str,
    pub(super) example: &'static str,
}

const RETURNED: Observed = Observed { spec: &OK, what: "the returned value", example: "key = |value| .." };
const ERROR: Observed = Observed { spec: &ERR, what: "the error", example: "key = |error| .." };

/// The `ok(..)` option, beside the `attributes(..)` of the same span.
pub(super) fn ok(
    attributes: &[Attribute],
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Vec<Observation> {
    let list = options.list(&OK, diagnostics);
    observations(&RETURNED, list, attributes, diagnostics)
}

/// The `err(..)` option, beside the `attributes(..)` of the same span.
pub(super) fn err(
    attributes: &[Attribute],
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Vec<Observation> {
    let is_bare = options.is_bare(&ERR);
    let list = if is_bare { None } else { options.list(&ERR, diagnostics) };
    // As `tracing` has it.
    let is_format = |list: &TokenStream| matches!(&*list.to_string(), "Debug" | "Display");
    if is_bare || list.as_ref().is_some_and(is_format) {
        let example = ERR.example;
        let message = format_args!(
            "errors are recorded without `err`: leave it out, or write `{example}` for an attribute of the error"
        );
        options.blame(&ERR, message, diagnostics);
        return Vec::new();
    }
    observations(&ERROR, list, attributes, diagnostics)
}

fn observations(
    observed: &Observed,
    list: Option<TokenStream>,
    attributes: &[Attribute],
    diagnostics: &mut Diagnostics,
) -> Vec<Observation> {
    let Some(list) = list else { return Vec::new() };
    let example = observed.example.trim_start_matches("key = ");
    let mut observations = Vec::new();
    for Pair { key, rendering, value, .. } in pairs(list, |_| example.to_owned(), diagnostics) {
        let text = key.value();
        if attributes.iter().any(|attribute| attribute.key.value() == text) {
            diagnostics.at(key.span(), format_args!("the key `{text}` is in `attributes` already: keep one"));
        }
        let observer = observer(observed, &value, diagnostics);
        observations.extend(observer.map(|observer| Observation { key, rendering, observer }));
    }
    observations
}

/// What makes a value of a reference.
pub(super) fn observer(
    observed: &Observed,
    value: &[TokenTree],
    diagnostics: &mut Diagnostics,
) -> Option<Observer> {
    let Observed { spec, what, example } = observed;
    let written: TokenStream = value.iter().cloned().collect();
    let tokens = visible(&written);
    if is_literal(&tokens) {
        let message = format_args!("`{}` takes a function of {what}: write `{example}`", spec.name);
        diagnostics.on(written, message);
        return None;
    }
    let Some((parameters, body)) = closure(&tokens) else { return Some(Observer::Callable(written)) };
    let Some(pattern) = parameter(parameters) else {
        let message = format_args!(
            "a closure of `{}` takes one argument, a reference to {what}: write `{example}`",
            spec.name
        );
        let parameters: TokenStream = parameters.iter().cloned().collect();
        diagnostics.on(if parameters.is_empty() { written } else { parameters }, message);
        return None;
    };
    if body.is_empty() {
        diagnostics.on(written, format_args!("this closure has no body: write `{example}`"));
        return None;
    }
    if matches!(body, [dash, head, ..] if is_punct(dash, '-') && is_punct(head, '>')) {
        // Taken apart, there is nowhere to write its return type.
        return Some(Observer::Callable(written));
    }
    Some(Observer::Closure {
        pattern: pattern.iter().cloned().collect(),
        body: body.iter().cloned().collect(),
    })
}

/// The parameters of a closure, and what follows them.
fn closure(tokens: &[TokenTree]) -> Option<(&[TokenTree], &[TokenTree])> {
    let tokens = match tokens {
        [word, rest @ ..] if is_word(word, "move") => rest,
        tokens => tokens,
    };
    let [open, rest @ ..] = tokens else { return None };
    let close = rest.iter().position(|token| is_punct(token, '|'))?;
    is_punct(open, '|').then_some((rest.get(..close)?, rest.get(close + 1..)?))
}

/// The parameter, if it is the only one.
fn parameter(parameters: &[TokenTree]) -> Option<&[TokenTree]> {
    let mut angles = Angles::default();
    let mut parameters = parameters.split(|token| {
        let TokenTree::Punct(punct) = token else { return false };
        angles.follow(punct);
        angles.is_outside() && punct.as_char() == ','
    });
    let only = parameters.next().filter(|parameter| !parameter.is_empty())?;
    parameters.all(<[_]>::is_empty).then_some(only)
}
