use super::options::{NAME, Options};
use crate::diagnostics::Diagnostics;
use crate::tokens::visible;
use proc_macro2::TokenTree;
use syn::LitStr;

/// The longest name that OpenTelemetry allows an instrument.
const LONGEST: usize = 255;

/// The `name` option of a span: any text.
pub(super) fn span_name(options: &Options, diagnostics: &mut Diagnostics) -> Option<LitStr> {
    let value = options.value(&NAME, diagnostics)?;
    let Ok(name) = syn::parse2::<LitStr>(value.clone()) else {
        let example = match visible(&value).as_slice() {
            [TokenTree::Ident(word)] => word.to_string(),
            _ => "..".to_owned(),
        };
        diagnostics.on(value, format_args!("`name` takes a string literal: write `name = {example:?}`"));
        return None;
    };
    if name.value().is_empty() {
        diagnostics.at(name.span(), "the name is empty: write one, or leave `name` out for the default");
        return None;
    }
    Some(name)
}

/// The `name` option of a metric: OpenTelemetry's syntax of instrument names.
pub(super) fn metric_name(options: &Options, diagnostics: &mut Diagnostics) -> Option<LitStr> {
    let name = span_name(options, diagnostics)?;
    if let Err(message) = check_metric_name(&name.value()) {
        diagnostics.at(name.span(), message);
    }
    Some(name)
}

fn check_metric_name(name: &str) -> Result<(), String> {
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || "_.-/".contains(character);
    if let Some(character) = name.chars().find(|character| !is_allowed(*character)) {
        let allowed: String =
            name.chars().map(|character| if is_allowed(character) { character } else { '_' }).collect();
        return Err(format!(
            "a metric name has no {character:?} in it, only ASCII letters, digits, `_`, `.`, `-` and `/`: \
             write for example `name = {allowed:?}`"
        ));
    }
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Err(format!("a metric name starts with an ASCII letter: {name:?} does not"));
    }
    if name.len() > LONGEST {
        return Err(format!("a metric name has at most {LONGEST} characters: this one has {}", name.len()));
    }
    Ok(())
}
