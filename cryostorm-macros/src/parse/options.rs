use super::entries::entries;
use super::stack::Invocation;
use super::suggestion::nearest;
use super::{counted, timed, traced};
use crate::diagnostics::Diagnostics;
use crate::model::Instrument;
use crate::tokens::is_punct;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// One option of an attribute, by name and by how it is written.
pub(super) struct Spec {
    pub(super) name: &'static str,
    pub(super) example: &'static str,
}

pub(super) const NAME: Spec = Spec { name: "name", example: "name = \"..\"" };
pub(super) const KIND: Spec = Spec { name: "kind", example: "kind = Client" };
pub(super) const ATTRIBUTES: Spec = Spec { name: "attributes", example: "attributes(key = value)" };
pub(super) const CRATE: Spec = Spec { name: "crate", example: "crate = path" };

/// The options that `instrument` accepts.
fn accepted(instrument: Instrument) -> &'static [&'static Spec] {
    match instrument {
        Instrument::Traced => traced::OPTIONS,
        Instrument::Counted => counted::OPTIONS,
        Instrument::Timed => timed::OPTIONS,
    }
}

/// The options of one attribute: known ones only, none twice.
pub(super) struct Options {
    written: Vec<Written>,
}

struct Written {
    key: Ident,
    form: Form,
}

enum Form {
    /// `key`
    Bare,
    /// `key = value`
    Assigned(TokenStream),
    /// `key(list)`
    List(TokenStream),
}

impl Options {
    pub(super) fn read(invocation: &Invocation, diagnostics: &mut Diagnostics) -> Self {
        let mut options = Self { written: Vec::new() };
        for entry in entries(invocation.arguments.clone(), diagnostics) {
            options.add(invocation.instrument, &entry, diagnostics);
        }
        options
    }

    fn add(&mut self, instrument: Instrument, entry: &[TokenTree], diagnostics: &mut Diagnostics) {
        let Some(Written { key, form }) = written(entry) else {
            return malformed(instrument, entry, diagnostics);
        };
        if !accepted(instrument).iter().any(|spec| key == spec.name) {
            diagnostics.at(key.span(), unknown(instrument, &key));
        } else if self.written.iter().any(|earlier| earlier.key == key) {
            diagnostics.at(key.span(), format_args!("`{key}` is given twice: keep one"));
        } else {
            self.written.push(Written { key, form });
        }
    }

    /// The value of an option that is written `name = value`.
    pub(super) fn value(&self, spec: &Spec, diagnostics: &mut Diagnostics) -> Option<TokenStream> {
        let Written { key, form } = self.get(spec)?;
        match form {
            Form::Assigned(value) if !value.is_empty() => return Some(value.clone()),
            Form::List(list) => diagnostics.on(
                list_or_key(list, key),
                format_args!("`{key}` takes one value: write `{}`", spec.example),
            ),
            _ => diagnostics.at(key.span(), format_args!("`{key}` needs a value: write `{}`", spec.example)),
        }
        None
    }

    /// The contents of an option that is written `name(..)`.
    pub(super) fn list(&self, spec: &Spec, diagnostics: &mut Diagnostics) -> Option<TokenStream> {
        let Written { key, form } = self.get(spec)?;
        if let Form::List(list) = form {
            return Some(list.clone());
        }
        diagnostics.at(key.span(), format_args!("`{key}` takes a list: write `{}`", spec.example));
        None
    }

    fn get(&self, spec: &Spec) -> Option<&Written> {
        self.written.iter().find(|written| written.key == spec.name)
    }
}

fn written(entry: &[TokenTree]) -> Option<Written> {
    let (TokenTree::Ident(key), rest) = entry.split_first()? else { return None };
    let form = match rest {
        [] => Form::Bare,
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            Form::List(group.stream())
        }
        [equals, value @ ..] if is_punct(equals, '=') => Form::Assigned(value.iter().cloned().collect()),
        _ => return None,
    };
    Some(Written { key: key.clone(), form })
}

fn list_or_key(list: &TokenStream, key: &Ident) -> TokenStream {
    if list.is_empty() { TokenTree::Ident(key.clone()).into() } else { list.clone() }
}

fn malformed(instrument: Instrument, entry: &[TokenTree], diagnostics: &mut Diagnostics) {
    let tokens: TokenStream = entry.iter().cloned().collect();
    let message = match entry {
        [TokenTree::Literal(literal)] if literal.to_string().ends_with('"') => {
            format!("an option needs its name: write `name = {literal}`")
        }
        _ => format!("expected an option: {}", accepts(instrument)),
    };
    diagnostics.on(tokens, message);
}

fn unknown(instrument: Instrument, key: &Ident) -> String {
    let word = key.to_string();
    let names: Vec<_> = accepted(instrument).iter().map(|spec| spec.name).collect();
    let elsewhere = || {
        let takes_it = |other: &Instrument| accepted(*other).iter().any(|spec| spec.name == word);
        Instrument::ALL.into_iter().find(takes_it)
    };
    let hint = match (nearest(&word, &names), elsewhere()) {
        (Some(name), _) => format!("did you mean `{name}`? "),
        (None, Some(other)) => format!("it is an option of `{other}`; "),
        (None, None) => String::new(),
    };
    format!("unknown option `{word}`: {hint}{}", accepts(instrument))
}

fn accepts(instrument: Instrument) -> String {
    let examples: Vec<_> = accepted(instrument).iter().map(|spec| format!("`{}`", spec.example)).collect();
    format!("`{instrument}` accepts {}", examples.join(", "))
}
