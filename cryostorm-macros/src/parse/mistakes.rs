use super::operands::adjacent;
use super::spec::Grammar;
use super::suggestion::{Foreign, foreign, nearest};
use crate::diagnostics::Diagnostics;
use crate::model::Instrument;
use proc_macro2::{Ident, TokenStream, TokenTree};

/// Reports what is not written like an option.
pub(super) fn malformed(grammar: Grammar, entry: &[TokenTree], diagnostics: &mut Diagnostics) {
    let option = |tokens: &[TokenTree]| match tokens {
        [TokenTree::Ident(word), ..] => grammar.option(&word.to_string()),
        _ => None,
    };
    if let (Some(_), Some(rest @ [next, ..])) = (option(entry), adjacent(entry))
        && option(rest).is_some()
    {
        return diagnostics.on(next, format_args!("expected a comma before `{next}`"));
    }
    let message = match (entry, option(entry)) {
        ([TokenTree::Literal(literal)], _) if literal.to_string().ends_with('"') => match grammar.text() {
            Some(spec) => format!("an option needs its name: write `{} = {literal}`", spec.name),
            None => format!("expected an option: {}", accepts(grammar)),
        },
        (_, Some(spec)) => format!("`{}` is not written like this: write `{}`", spec.name, spec.example),
        _ => format!("expected an option: {}", accepts(grammar)),
    };
    diagnostics.on(entry.iter().cloned().collect::<TokenStream>(), message);
}

/// Reports an option that `grammar` does not have.
pub(super) fn unknown(grammar: Grammar, key: &Ident, diagnostics: &mut Diagnostics) {
    let word = key.to_string();
    let hint = match (owners(&word), foreign(grammar, &word)) {
        (Some(owners), _) => format!("it is an option of {owners}; "),
        (None, Some(Foreign::Advice(advice))) => format!("{advice}; "),
        (None, Some(Foreign::Option(spec))) if grammar.option(spec.name).is_some() => {
            format!("write `{}`; ", spec.example)
        }
        (None, Some(Foreign::Option(spec))) if grammar.is_of_calls() => {
            let owners = owners(spec.name).unwrap_or_default();
            format!("write `{}` in {owners}; ", spec.example)
        }
        _ => misspelled(grammar, &word),
    };
    diagnostics.at(key.span(), format_args!("unknown option `{word}`: {hint}{}", accepts(grammar)));
}

fn misspelled(grammar: Grammar, word: &str) -> String {
    let names: Vec<_> = grammar.options.iter().map(|spec| spec.name).collect();
    match nearest(word, &names).and_then(|name| grammar.option(name)) {
        Some(spec) => format!("did you mean `{}`? ", spec.example),
        None => String::new(),
    }
}

/// The attributes that have an option.
fn owners(name: &str) -> Option<String> {
    let owners = Instrument::ALL.into_iter().map(Grammar::from).filter(|owner| owner.option(name).is_some());
    let owners: Vec<_> = owners.map(|owner| format!("`{owner}`")).collect();
    (!owners.is_empty()).then(|| owners.join(" and "))
}

fn accepts(grammar: Grammar) -> String {
    let names: Vec<_> = grammar.options.iter().map(|spec| format!("`{}`", spec.name)).collect();
    format!("`{grammar}` accepts {}", names.join(", "))
}
