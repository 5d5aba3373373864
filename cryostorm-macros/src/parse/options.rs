use super::entries::entries;
use super::mistakes::{malformed, unknown};
use super::operands::check_operands;
use super::spec::{Grammar, Spec};
use crate::diagnostics::Diagnostics;
use crate::tokens::is_punct;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use std::fmt::Display;

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
    Assigned(Vec<TokenTree>),
    /// `key(list)`
    List(TokenStream),
}

impl Options {
    pub(super) fn read(grammar: Grammar, arguments: TokenStream, diagnostics: &mut Diagnostics) -> Self {
        let mut options = Self { written: Vec::new() };
        options.extend(grammar, arguments, diagnostics);
        options
    }

    /// Those of the same attribute, given once more.
    pub(super) fn extend(&mut self, grammar: Grammar, arguments: TokenStream, diagnostics: &mut Diagnostics) {
        for entry in entries(arguments, diagnostics) {
            self.add(grammar, &entry, diagnostics);
        }
    }

    fn add(&mut self, grammar: Grammar, entry: &[TokenTree], diagnostics: &mut Diagnostics) {
        let Some(Written { key, form }) = written(entry) else {
            return malformed(grammar, entry, diagnostics);
        };
        if grammar.option(&key.to_string()).is_none() {
            unknown(grammar, &key, diagnostics);
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
            Form::Assigned(value) if !value.is_empty() => {
                return check_operands(value, diagnostics).then(|| value.iter().cloned().collect());
            }
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

    /// Reports what is wrong with an option, on its name.
    pub(super) fn blame(&self, spec: &Spec, message: impl Display, diagnostics: &mut Diagnostics) {
        if let Some(Written { key, .. }) = self.get(spec) {
            diagnostics.at(key.span(), message);
        }
    }

    /// Whether an option that is only its name is given.
    pub(super) fn flag(&self, spec: &Spec, diagnostics: &mut Diagnostics) -> bool {
        let Some(Written { key, form }) = self.get(spec) else { return false };
        if !matches!(form, Form::Bare) {
            diagnostics.at(
                key.span(),
                format_args!("`{key}` takes no value: write `{}`, or leave it out", spec.example),
            );
        }
        true
    }

    /// The name of an option, where it is given.
    pub(super) fn key(&self, spec: &Spec) -> Option<&Ident> {
        self.get(spec).map(|written| &written.key)
    }

    /// Whether an option is given, and as its name alone.
    pub(super) fn is_bare(&self, spec: &Spec) -> bool {
        self.get(spec).is_some_and(|written| matches!(written.form, Form::Bare))
    }

    /// Reports the later one of two options that exclude each other.
    pub(super) fn exclude(&self, specs: [&Spec; 2], diagnostics: &mut Diagnostics) {
        let mut given =
            self.written.iter().filter(|written| specs.iter().any(|spec| written.key == spec.name));
        if let (Some(first), Some(second)) = (given.next(), given.next()) {
            let message = format_args!("`{}` and `{}` exclude each other: keep one", first.key, second.key);
            diagnostics.at(second.key.span(), message);
        }
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
        [equals, value @ ..] if is_punct(equals, '=') => Form::Assigned(value.to_vec()),
        _ => return None,
    };
    Some(Written { key: key.clone(), form })
}

fn list_or_key(list: &TokenStream, key: &Ident) -> TokenStream {
    if list.is_empty() { TokenTree::Ident(key.clone()).into() } else { list.clone() }
}
