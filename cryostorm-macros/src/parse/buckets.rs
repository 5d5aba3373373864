use super::entries::entries;
use super::number::number;
use super::operands::check_operands;
use super::options::Options;
use super::path::segments;
use super::spec::BUCKETS;
use crate::diagnostics::Diagnostics;
use crate::tokens::{is_punct, visible};
use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use quote::quote;

/// The `buckets` option: literals that rise, each made one of `f64`, or the path of a constant.
pub(super) fn buckets(options: &Options, diagnostics: &mut Diagnostics) -> Option<TokenStream> {
    let value = options.value(&BUCKETS, diagnostics)?;
    let example = BUCKETS.example;
    match visible(&value).as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Bracket => {
            Some(bounds(group, diagnostics))
        }
        _ if segments(&value).is_some() => Some(value),
        _ => {
            let message =
                format_args!("`buckets` takes numbers or a constant: write for example `{example}`");
            diagnostics.on(value, message);
            None
        }
    }
}

/// The bounds that were read from a list, unless all of them were wrong.
pub(super) fn listed(buckets: &TokenStream) -> Option<Vec<f64>> {
    let tokens = visible(buckets);
    let [TokenTree::Group(list)] = tokens.as_slice() else { return None };
    let literals = list.stream().into_iter().filter_map(|token| match token {
        TokenTree::Literal(literal) => number(&literal),
        _ => None,
    });
    let bounds: Vec<_> = literals.collect();
    (!bounds.is_empty()).then_some(bounds)
}

fn bounds(group: &Group, diagnostics: &mut Diagnostics) -> TokenStream {
    if group.stream().is_empty() {
        let message = format_args!("there is no bound in this list: write for example `{}`", BUCKETS.example);
        diagnostics.on(group, message);
    }
    let mut bounds: Vec<(Literal, f64)> = Vec::new();
    for entry in entries(group.stream(), diagnostics) {
        if !check_operands(&entry, diagnostics) {
            continue;
        }
        match bound(&entry, bounds.last()) {
            Ok(bound) => bounds.push(bound),
            Err(message) => diagnostics.on(entry.into_iter().collect::<TokenStream>(), message),
        }
    }
    let literals = bounds.iter().map(|(written, bound)| {
        let mut literal = Literal::f64_unsuffixed(*bound);
        literal.set_span(written.span());
        literal
    });
    quote!([#(#literals),*])
}

/// A bound as it is written, and its value.
fn bound(entry: &[TokenTree], previous: Option<&(Literal, f64)>) -> Result<(Literal, f64), String> {
    let is_number = || format!("a bucket bound is a number: write for example `{}`", BUCKETS.example);
    let literal = match entry {
        [TokenTree::Literal(literal)] => literal,
        [minus, TokenTree::Literal(literal)] if is_punct(minus, '-') => {
            return Err(format!("no bucket begins below 0: write a bound above -{literal}"));
        }
        _ => return Err(is_number()),
    };
    let bound = number(literal).ok_or_else(is_number)?;
    if !bound.is_finite() {
        return Err("bucket bounds are finite: the last bucket goes on to infinity by itself".to_owned());
    }
    match previous {
        Some((before, value)) if bound <= *value => {
            Err(format!("bucket bounds rise: {literal} is not above {before}"))
        }
        _ => Ok((literal.clone(), bound)),
    }
}
