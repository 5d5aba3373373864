use super::attributes::attributes;
use super::choice::choice;
use super::metric::metric;
use super::number::number;
use super::objective::success;
use super::options::Options;
use super::spec::{ATTRIBUTES, BY, CRATE, DESCRIPTION, ERROR_TYPE, NAME, ON, SUCCESS, Spec, UNIT};
use super::unit::unit;
use crate::diagnostics::Diagnostics;
use crate::model::{Counted, Instrument, On};
use crate::tokens::{is_punct, visible};
use proc_macro2::{Literal, TokenStream, TokenTree};

pub(super) const OPTIONS: &[&Spec] =
    &[&NAME, &DESCRIPTION, &UNIT, &ATTRIBUTES, &ON, &BY, &SUCCESS, &ERROR_TYPE, &CRATE];

const OUTCOMES: [(&str, On); 3] = [("call", On::Call), ("ok", On::Ok), ("err", On::Err)];

pub(super) fn counted(options: &Options, diagnostics: &mut Diagnostics) -> Counted {
    Counted {
        metric: metric(unit(options, diagnostics), options, diagnostics),
        attributes: attributes(Instrument::Counted, options, diagnostics),
        on: on(options, diagnostics),
        by: by(options, diagnostics),
        objective: objective(options, diagnostics),
    }
}

/// The `objective` option, which needs both those that succeed and those that do not.
fn objective(options: &Options, diagnostics: &mut Diagnostics) -> Option<Literal> {
    options.exclude([&ON, &SUCCESS], diagnostics);
    success(options, diagnostics)
}

fn on(options: &Options, diagnostics: &mut Diagnostics) -> On {
    choice(options, &ON, "outcome", &OUTCOMES, diagnostics).map(|(_, on)| on).unwrap_or_default()
}

/// The `by` option: any expression, though not a literal that no counter can rise by.
fn by(options: &Options, diagnostics: &mut Diagnostics) -> Option<TokenStream> {
    let value = options.value(&BY, diagnostics)?;
    let message = match visible(&value).as_slice() {
        [minus, TokenTree::Literal(_)] if is_punct(minus, '-') => {
            "a counter never falls: write an amount above 0"
        }
        [TokenTree::Literal(literal)] if number(literal) == Some(0.0) => {
            "this counts nothing: write an amount above 0, or leave `by` out to count calls"
        }
        _ => return Some(value),
    };
    diagnostics.on(&value, message);
    Some(value)
}
