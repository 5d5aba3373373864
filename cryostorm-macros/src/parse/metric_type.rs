use super::suggestion::nearest;
use crate::diagnostics::Diagnostics;
use crate::model::MetricType;
use crate::tokens::{is_punct, visible};
use proc_macro2::{Ident, TokenStream, TokenTree};

/// The instruments, and the numbers that each has.
const INSTRUMENTS: [(&str, &[&str]); 7] = [
    ("Counter", &["u64", "f64"]),
    ("UpDownCounter", &["i64", "f64"]),
    ("Gauge", &["u64", "i64", "f64"]),
    ("Histogram", &["u64", "f64"]),
    ("ObservableCounter", &["u64", "f64"]),
    ("ObservableUpDownCounter", &["i64", "f64"]),
    ("ObservableGauge", &["u64", "i64", "f64"]),
];

/// The instrument that the return type of the function `name` says.
pub(super) fn metric_type(
    name: &Ident,
    written: &[TokenTree],
    diagnostics: &mut Diagnostics,
) -> Option<MetricType> {
    let tokens: TokenStream = written.iter().cloned().collect();
    if tokens.is_empty() {
        let message = format_args!(
            "the return type of `{name}` says what it records: write for example `-> Counter<u64>`"
        );
        diagnostics.at(name.span(), message);
        return None;
    }
    let tokens_visible = visible(&tokens);
    let path = tokens_visible.iter().take_while(|token| !is_punct(token, '<')).count();
    let (path, arguments) = tokens_visible.split_at_checked(path).unwrap_or_default();
    let Some(TokenTree::Ident(instrument)) = path.last() else {
        diagnostics.on(tokens, unknown(""));
        return None;
    };
    let word = instrument.to_string();
    let Some((_, numbers)) = INSTRUMENTS.iter().find(|(known, _)| word == *known) else {
        diagnostics.on(tokens, unknown(&word));
        return None;
    };
    let number = match arguments {
        [open, TokenTree::Ident(number), close] if is_punct(open, '<') && is_punct(close, '>') => {
            Some(number)
        }
        _ => None,
    };
    match number.filter(|number| numbers.iter().any(|known| *number == known)) {
        Some(number) => Some(MetricType { instrument: instrument.clone(), number: number.clone() }),
        None => {
            let choices: Vec<_> = numbers.iter().map(|number| format!("`{word}<{number}>`")).collect();
            diagnostics
                .on(tokens, format_args!("`{word}` has numbers of one type: write {}", choices.join(" or ")));
            None
        }
    }
}

fn unknown(word: &str) -> String {
    let names = INSTRUMENTS.map(|(name, _)| name);
    let example = |name: &str| {
        let numbers = INSTRUMENTS.iter().find(|(known, _)| *known == name).map(|(_, numbers)| *numbers);
        format!("{name}<{}>", numbers.unwrap_or_default().first().copied().unwrap_or("u64"))
    };
    match nearest(word, &names) {
        Some(name) => format!("unknown instrument: did you mean `{}`?", example(name)),
        None => format!(
            "the function of a metric returns an instrument: one of `{}`",
            names.map(example).join("`, `")
        ),
    }
}
