use super::format::is_format;
use super::literal::{has_text, string, unquoted};
use super::options::Options;
use super::path::segments;
use super::spec::{NAME, Spec};
use crate::diagnostics::Diagnostics;
use crate::model::Name;

/// The longest name that OpenTelemetry allows an instrument.
const LONGEST: usize = 255;

/// An option that is a string literal with some text in it, or the path of a constant.
pub(super) fn name(options: &Options, spec: &Spec, diagnostics: &mut Diagnostics) -> Option<Name> {
    let value = options.value(spec, diagnostics)?;
    if segments(&value).is_some() && unquoted(&value).is_none() {
        return Some(Name::Constant(value));
    }
    let literal = string(spec, value, diagnostics)?;
    has_text(spec, &literal, diagnostics).then_some(Name::Literal(literal))
}

/// The `name` option of a span: any text, with the values of arguments in it.
pub(super) fn span_name(options: &Options, diagnostics: &mut Diagnostics) -> Option<Name> {
    let name = name(options, &NAME, diagnostics)?;
    let Name::Literal(literal) = name else { return Some(name) };
    match is_format(&literal.value()) {
        Ok(true) => Some(Name::Format(literal)),
        Ok(false) => Some(Name::Literal(literal)),
        Err(message) => {
            diagnostics.at(literal.span(), message);
            None
        }
    }
}

/// An option that names a metric: OpenTelemetry's syntax of instrument names.
pub(super) fn metric_name(options: &Options, spec: &Spec, diagnostics: &mut Diagnostics) -> Option<Name> {
    let name = name(options, spec, diagnostics)?;
    if let Name::Literal(literal) = &name
        && let Err(message) = check_metric_name(spec, &literal.value())
    {
        diagnostics.at(literal.span(), message);
    }
    Some(name)
}

pub(super) fn check_metric_name(spec: &Spec, name: &str) -> Result<(), String> {
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || "_.-/".contains(character);
    if name.contains('{') {
        return Err(
            "all calls share one metric, so its name has no arguments: write them in `attributes(..)`"
                .to_owned(),
        );
    }
    if let Some(character) = name.chars().find(|character| !is_allowed(*character)) {
        let allowed: String =
            name.chars().map(|character| if is_allowed(character) { character } else { '_' }).collect();
        return Err(format!(
            "a metric name has no {character:?} in it, only ASCII letters, digits, `_`, `.`, `-` and `/`: \
             write for example `{} = {allowed:?}`",
            spec.name
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
