use super::options::Options;
use super::spec::Spec;
use super::suggestion::nearest;
use crate::diagnostics::Diagnostics;
use crate::tokens::visible;
use proc_macro2::{Ident, TokenTree};

/// An option that is one of a few words: the word, and what it stands for. `noun` says what the words are.
pub(super) fn choice<T: Copy>(
    options: &Options,
    spec: &Spec,
    noun: &str,
    choices: &[(&'static str, T)],
    diagnostics: &mut Diagnostics,
) -> Option<(Ident, T)> {
    let value = options.value(spec, diagnostics)?;
    let tokens = visible(&value);
    if let [TokenTree::Ident(word)] = tokens.as_slice()
        && let Some((_, meaning)) = choices.iter().find(|(choice, _)| word == choice)
    {
        return Some((word.clone(), *meaning));
    }
    let word = match tokens.as_slice() {
        // `SpanKind::Client` and `"client"` name a kind too, though not as it is written.
        [.., TokenTree::Ident(word)] => word.to_string(),
        [TokenTree::Literal(literal)] => literal.to_string().trim_matches('"').to_owned(),
        _ => String::new(),
    };
    let words: Vec<_> = choices.iter().map(|(choice, _)| *choice).collect();
    match nearest(&word, &words) {
        Some(word) => {
            diagnostics.on(value, format_args!("unknown {noun}: did you mean `{} = {word}`?", spec.name));
        }
        None => diagnostics.on(value, format_args!("unknown {noun}: write one of `{}`", words.join("`, `"))),
    }
    None
}
