use super::options::Options;
use super::pairs::{Pair, pairs, text};
use super::spec::ATTRIBUTES;
use crate::diagnostics::Diagnostics;
use crate::model::{Attribute, Instrument, Rendering};
use crate::tokens::is_literal;
use proc_macro2::TokenTree;

/// The `attributes(..)` option.
pub(super) fn attributes(
    instrument: Instrument,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Vec<Attribute> {
    let Some(list) = options.list(&ATTRIBUTES, diagnostics) else { return Vec::new() };
    let proposal = |named: &[TokenTree]| if named.is_empty() { "value".to_owned() } else { text(named) };
    let pairs = pairs(list, proposal, diagnostics);
    let on_metric = instrument != Instrument::Traced;
    let attribute = |Pair { key, sigil, rendering, value }: Pair| {
        if on_metric && let Some(sigil) = &sigil {
            let message = format_args!(
                "metric attributes come from bounded sets, and `{sigil}` makes any text: write a literal, a bool or an \
                 enum without fields, or move this one to `{}`",
                Instrument::Traced
            );
            diagnostics.on(sigil, message);
        }
        let is_bounded = on_metric && sigil.is_none() && is_literal(&value);
        let rendering = if is_bounded { Rendering::Literal } else { rendering };
        Attribute { key, rendering, value: value.into_iter().collect() }
    };
    pairs.into_iter().map(attribute).collect()
}
