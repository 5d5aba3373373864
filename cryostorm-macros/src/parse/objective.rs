use super::entries::entries;
use super::number::number;
use super::options::Options;
use super::spec::{OBJECTIVE, SUCCESS, Spec};
use crate::diagnostics::Diagnostics;
use crate::model::Latency;
use crate::tokens::is_punct;
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
            let message =
                format_args!("an objective has numbers by name: write for example `{}`", spec.example);
            match list.is_empty() {
                true => options.blame(spec, message, diagnostics),
                false => diagnostics.on(list, message),
            }
            None
        }
    }
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
