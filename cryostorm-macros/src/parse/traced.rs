use super::attributes::attributes;
use super::name::span_name;
use super::options::{ATTRIBUTES, CRATE, KIND, NAME, Options, Spec};
use super::suggestion::nearest;
use crate::diagnostics::Diagnostics;
use crate::model::{Instrument, Traced};
use crate::tokens::visible;
use proc_macro2::{Ident, TokenTree};

pub(super) const OPTIONS: &[&Spec] = &[&NAME, &KIND, &ATTRIBUTES, &CRATE];

const KINDS: [&str; 5] = ["Internal", "Server", "Client", "Producer", "Consumer"];

pub(super) fn traced(options: &Options, diagnostics: &mut Diagnostics) -> Traced {
    Traced {
        name: span_name(options, diagnostics),
        kind: kind(options, diagnostics),
        attributes: attributes(Instrument::Traced, options, diagnostics),
    }
}

fn kind(options: &Options, diagnostics: &mut Diagnostics) -> Option<Ident> {
    let value = options.value(&KIND, diagnostics)?;
    let tokens = visible(&value);
    let word = match tokens.as_slice() {
        [TokenTree::Ident(kind)] if KINDS.iter().any(|known| kind == known) => return Some(kind.clone()),
        // `SpanKind::Client` and `"client"` name a kind too, though not as it is written.
        [.., TokenTree::Ident(kind)] => kind.to_string(),
        [TokenTree::Literal(literal)] => literal.to_string().trim_matches('"').to_owned(),
        _ => String::new(),
    };
    match nearest(&word, &KINDS) {
        Some(kind) => diagnostics.on(value, format_args!("unknown span kind: did you mean `kind = {kind}`?")),
        None => {
            diagnostics.on(value, format_args!("unknown span kind: write one of `{}`", KINDS.join("`, `")))
        }
    }
    None
}
