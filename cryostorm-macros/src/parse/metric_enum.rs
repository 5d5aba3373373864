use super::declared::annotated;
use super::function::is_qualifier;
use super::literal::text;
use super::options::Options;
use super::runtime::crate_path;
use super::spec::{CRATE, Grammar, NAME, RENAME_ALL};
use super::suggestion::nearest;
use crate::diagnostics::Diagnostics;
use crate::model::{MetricEnum, Runtime};
use crate::tokens::{is_punct, is_word, visible};
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::LitStr;
use syn::ext::IdentExt;

const OF_ENUM: Grammar = Grammar { name: "metric_attribute", options: &[&RENAME_ALL, &CRATE] };
const OF_VARIANT: Grammar = Grammar { name: "metric_attribute", options: &[&NAME] };

/// How the words of a variant are written, by names that others use too.
const CASES: [(&str, Case); 8] = [
    ("snake_case", SNAKE),
    ("kebab-case", Case { each: lower, first: lower, between: "-" }),
    ("lowercase", Case { each: lower, first: lower, between: "" }),
    ("UPPERCASE", Case { each: upper, first: upper, between: "" }),
    ("camelCase", Case { each: capital, first: lower, between: "" }),
    ("PascalCase", Case { each: capital, first: capital, between: "" }),
    ("SCREAMING_SNAKE_CASE", Case { each: upper, first: upper, between: "_" }),
    ("SCREAMING-KEBAB-CASE", Case { each: upper, first: upper, between: "-" }),
];

const SNAKE: Case = Case { each: lower, first: lower, between: "_" };

#[derive(Clone, Copy)]
struct Case {
    each: fn(&str) -> String,
    first: fn(&str) -> String,
    between: &'static str,
}

fn lower(word: &str) -> String {
    word.to_lowercase()
}

fn upper(word: &str) -> String {
    word.to_uppercase()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + &letters.as_str().to_lowercase()
}

impl Case {
    fn of(self, variant: &str) -> String {
        let words = words(variant);
        let written =
            |(index, word): (usize, &String)| if index == 0 { (self.first)(word) } else { (self.each)(word) };
        words.iter().enumerate().map(written).collect::<Vec<_>>().join(self.between)
    }
}

/// The words of a name: each begins with a capital that does not follow one, or goes before what does.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut begins = true;
    for (index, letter) in letters.iter().enumerate() {
        if *letter == '_' {
            begins = true;
            continue;
        }
        let follows_small = index
            .checked_sub(1)
            .and_then(|before| letters.get(before))
            .is_some_and(|before| !before.is_uppercase());
        let goes_before_small = letters.get(index + 1).is_some_and(|after| after.is_lowercase());
        begins |= letter.is_uppercase() && (follows_small || goes_before_small);
        match words.last_mut() {
            Some(word) if !begins => word.push(*letter),
            _ => words.push(letter.to_string()),
        }
        begins = false;
    }
    words
}

/// The enum that derives `MetricAttribute`.
pub(crate) fn metric_enum(item: TokenStream, diagnostics: &mut Diagnostics) -> Option<MetricEnum> {
    let tokens = visible(&item);
    let (options, _, rest) = annotated(OF_ENUM, &tokens, diagnostics);
    let runtime = crate_path(&options, diagnostics).map(|path| Runtime::of_crate(&path)).unwrap_or_default();
    let start = rest.iter().position(|token| !is_qualifier(token))?;
    let (keyword, name, generics, body) = match rest.get(start..)? {
        [keyword, TokenTree::Ident(name), generics @ .., TokenTree::Group(body)] => {
            (keyword, name, generics, body)
        }
        [keyword, ..] => {
            diagnostics.at(keyword.span(), NOT_AN_ENUM);
            return None;
        }
        [] => return None,
    };
    if !is_word(keyword, "enum") {
        diagnostics.at(keyword.span(), NOT_AN_ENUM);
        return None;
    }
    if !generics.is_empty() {
        let message = "an enum without fields needs no generics: remove these";
        diagnostics.on(generics.iter().cloned().collect::<TokenStream>(), message);
        return None;
    }
    let case = case(&options, diagnostics);
    let mut variants: Vec<(TokenStream, LitStr)> = Vec::new();
    let tokens: Vec<_> = body.stream().into_iter().collect();
    for tokens in tokens.split(|token| is_punct(token, ',')).filter(|tokens| !tokens.is_empty()) {
        let Some((variant, value)) = variant(tokens, case, diagnostics) else { continue };
        if let Some((other, _)) = variants.iter().find(|(_, known)| known.value() == value.value()) {
            let message = format_args!("`{other}` is named {:?} too: choose another `name`", value.value());
            diagnostics.at(value.span(), message);
        }
        variants.push((variant, value));
    }
    if variants.is_empty() {
        diagnostics.at(name.span(), "there is no value in this enum: write its variants");
    }
    Some(MetricEnum { runtime, name: name.clone(), variants })
}

const NOT_AN_ENUM: &str = "the values of a metric's attribute are the variants of an enum: write one";

fn case(options: &Options, diagnostics: &mut Diagnostics) -> Case {
    let Some(given) = text(options, &RENAME_ALL, diagnostics) else { return SNAKE };
    let names = CASES.map(|(name, _)| name);
    if let Some((_, case)) = CASES.iter().find(|(name, _)| given.value() == *name) {
        return *case;
    }
    let message = match nearest(&given.value(), &names) {
        Some(name) => format!("unknown case: did you mean `rename_all = {name:?}`?"),
        None => format!("unknown case: write one of `{}`", names.join("`, `")),
    };
    diagnostics.at(given.span(), message);
    SNAKE
}

/// The pattern of a variant, and the name that it has as a value.
fn variant(tokens: &[TokenTree], case: Case, diagnostics: &mut Diagnostics) -> Option<(TokenStream, LitStr)> {
    let (options, _, rest) = annotated(OF_VARIANT, tokens, diagnostics);
    let [TokenTree::Ident(name), rest @ ..] = rest else { return None };
    let mut pattern = name.to_token_stream();
    if let [TokenTree::Group(fields), ..] = rest {
        let message = format_args!(
            "each distinct value is a time series of its own, so `{name}` has no fields: remove these"
        );
        diagnostics.at(fields.span(), message);
        pattern.extend(quote!({ .. }));
    }
    let value = text(&options, &NAME, diagnostics);
    let value = value.unwrap_or_else(|| LitStr::new(&case.of(&name.unraw().to_string()), name.span()));
    Some((pattern, value))
}
