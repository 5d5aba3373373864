use super::entries::entries;
use super::number::number;
use super::options::Options;
use super::spec::{OBJECTIVE, SUCCESS, Spec};
use crate::diagnostics::Diagnostics;
use crate::model::{Instrument, Latency};
use crate::tokens::{is_punct, is_word};
use proc_macro2::{Literal, TokenStream, TokenTree};

/// The `objective(success = ..)` option.
pub(super) fn success(options: &Options, diagnostics: &mut Diagnostics) -> Option<Literal> {
    let [success] = numbers(options, &SUCCESS, ["success"], diagnostics)?;
    share(success, diagnostics)
}

/// The `objective(latency = .., target = ..)` option.
pub(super) fn latency(options: &Options, diagnostics: &mut Diagnostics) -> Option<Latency> {
    let [latency, target] = numbers(options, &OBJECTIVE, ["latency", "target"], diagnostics)?;
    Some(Latency { latency: float(&latency)?, target: share(target, diagnostics)? })
}

/// The numbers of a list that has each of these keys once.
fn numbers<const N: usize>(
    options: &Options,
    spec: &Spec,
    keys: [&str; N],
    diagnostics: &mut Diagnostics,
) -> Option<[Literal; N]> {
    let list = options.list(spec, diagnostics)?;
    let written = entries(list.clone(), diagnostics);
    let find = |key: &str| {
        written.iter().find_map(|entry| match entry.as_slice() {
            [TokenTree::Ident(name), equals, TokenTree::Literal(literal)]
                if name == key && is_punct(equals, '=') && number(literal).is_some() =>
            {
                Some(literal.clone())
            }
            _ => None,
        })
    };
    let found: Vec<_> = keys.iter().filter_map(|key| find(key)).collect();
    match <[Literal; N]>::try_from(found) {
        Ok(found) if written.len() == N => Some(found),
        _ => {
            let message = match other(spec, &written) {
                Some((key, owner, other)) => format!(
                    "`{key}` is of the objective of `{owner}`: write `{}` there, or here for example `{}`",
                    other.example, spec.example
                ),
                None => format!("an objective has numbers by name: write for example `{}`", spec.example),
            };
            match list.is_empty() {
                true => options.blame(spec, message, diagnostics),
                false => diagnostics.on(list, message),
            }
            None
        }
    }
}

/// The key in a list that tells the objective of another attribute, and which that is.
fn other(spec: &Spec, written: &[Vec<TokenTree>]) -> Option<(&'static str, Instrument, &'static Spec)> {
    const OBJECTIVES: [(&str, Instrument, &Spec); 2] =
        [("latency", Instrument::Timed, &OBJECTIVE), ("success", Instrument::Counted, &SUCCESS)];
    let is_written = |key| written.iter().flat_map(|entry| entry.first()).any(|first| is_word(first, key));
    OBJECTIVES.into_iter().find(|(key, _, other)| other.example != spec.example && is_written(key))
}

/// Reports a latency that none of these bounds is, in the same unit.
pub(super) fn check_bound(objective: &Latency, bounds: &[f64], diagnostics: &mut Diagnostics) {
    let Some(latency) = number(&objective.latency).filter(|latency| !bounds.contains(latency)) else {
        return;
    };
    let below = bounds.iter().rev().find(|bound| **bound < latency);
    let above = bounds.iter().find(|bound| **bound > latency);
    let nearest: Vec<_> =
        below.into_iter().chain(above).map(|bound| format!("`latency = {bound}`")).collect();
    let message = format_args!(
        "no bucket ends at {latency}, so what took longer is not told apart: write {}, or {latency} among the `buckets`",
        nearest.join(" or ")
    );
    diagnostics.at(objective.latency.span(), message);
}

/// A share of all calls.
fn share(literal: Literal, diagnostics: &mut Diagnostics) -> Option<Literal> {
    let value = number(&literal)?;
    if value <= 0.0 || value >= 1.0 {
        let message = "this is a share of all calls: write a number above 0 and below 1, such as 0.999";
        diagnostics.on(TokenStream::from(TokenTree::Literal(literal)), message);
        return None;
    }
    float(&literal)
}

/// The same number as an `f64`.
fn float(literal: &Literal) -> Option<Literal> {
    let mut float = Literal::f64_unsuffixed(number(literal)?);
    float.set_span(literal.span());
    Some(float)
}
