use super::declared::annotated;
use super::literal::text;
use super::options::Options;
use super::spec::{Grammar, LIMIT, NAME, RANGE, UNBOUNDED};
use crate::diagnostics::Diagnostics;
use crate::model::{Argument, Values};
use crate::tokens::{comma_separated, is_borrowed_text, is_punct, is_word, visible};
use proc_macro2::{Group, Ident, Literal, TokenStream, TokenTree};
use syn::LitStr;
use syn::ext::IdentExt;

const ATTRIBUTE: Grammar = Grammar { name: "attribute", options: &[&NAME, &RANGE, &UNBOUNDED] };
const OF_UNBOUNDED: Grammar = Grammar { name: "attribute(unbounded(..))", options: &[&LIMIT] };

const INTEGERS: [&str; 12] =
    ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];

/// As many series as a metric has at most, beside that of what is too much.
const MOST_SERIES: usize = 1999;

/// The arguments of a metric's function. What observes a metric is kept, so its attributes are bounded.
pub(super) fn arguments(list: &Group, is_observable: bool, diagnostics: &mut Diagnostics) -> Vec<Argument> {
    let mut arguments: Vec<Argument> = Vec::new();
    for tokens in comma_separated(list.stream()) {
        let Some(argument) = argument(&tokens, diagnostics) else { continue };
        let key = argument.key.value();
        if arguments.iter().any(|earlier| earlier.key.value() == key) {
            diagnostics.at(argument.key.span(), format_args!("the key `{key}` is given twice: keep one"));
        }
        if is_observable && matches!(argument.values, Values::Unbounded { .. }) {
            let message = "what is observed goes on for good, and so has no unbounded attributes: write an enum or a \
                           range";
            diagnostics.on(&argument.ty, message);
        }
        arguments.push(argument);
    }
    arguments
}

fn argument(tokens: &[TokenTree], diagnostics: &mut Diagnostics) -> Option<Argument> {
    let (options, others, rest) = annotated(ATTRIBUTE, tokens, diagnostics);
    let [TokenTree::Ident(name), colon, ty @ ..] = rest else { return malformed(rest, diagnostics) };
    if !is_punct(colon, ':') || ty.is_empty() || name == "self" {
        return malformed(rest, diagnostics);
    }
    if !others.is_empty() {
        diagnostics.on(others, "an argument that is an attribute has only `#[attribute(..)]`: remove this");
    }
    let key = text(&options, &NAME, diagnostics)
        .unwrap_or_else(|| LitStr::new(&name.unraw().to_string(), name.span()));
    let ty: TokenStream = ty.iter().cloned().collect();
    let values = values(name, &ty, &options, diagnostics).unwrap_or(Values::Wrong);
    Some(Argument { name: name.clone(), key, ty, values })
}

fn malformed(tokens: &[TokenTree], diagnostics: &mut Diagnostics) -> Option<Argument> {
    let message = match tokens.iter().any(|token| is_word(token, "self")) {
        true => "a metric has no `self`: remove this",
        false => "an argument is a name and a type: write for example `model: Model`",
    };
    diagnostics.on(tokens.iter().cloned().collect::<TokenStream>(), message);
    None
}

/// What an argument of that type can be.
fn values(
    name: &Ident,
    ty: &TokenStream,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Values> {
    let tokens = visible(ty);
    let kind = match tokens.as_slice() {
        [TokenTree::Ident(word)] if word == "bool" => Kind::Boolean,
        [TokenTree::Ident(word)] if INTEGERS.iter().any(|integer| word == integer) => Kind::Integer,
        text if is_borrowed_text(text) => Kind::Text,
        [and, quote, _, text] if is_punct(and, '&') && is_punct(quote, '\'') && is_word(text, "str") => {
            Kind::Static
        }
        [TokenTree::Ident(word)] if ["f32", "f64", "char"].iter().any(|free| word == free) => Kind::Free,
        [.., TokenTree::Ident(word)] if word == "String" || word == "str" => Kind::Owned,
        [TokenTree::Ident(word), ..] if ["impl", "dyn", "fn"].iter().any(|other| word == other) => Kind::Free,
        _ => Kind::Other,
    };
    let bound = |spec, is_right: bool, what: &str, diagnostics: &mut Diagnostics| {
        if let Some(key) = options.key(spec).filter(|_| !is_right) {
            diagnostics.at(key.span(), format_args!("`{key}` is for {what}: remove it here"));
        }
    };
    bound(&RANGE, matches!(kind, Kind::Integer), "integers", diagnostics);
    let is_text = matches!(kind, Kind::Text | Kind::Static | Kind::Owned);
    bound(&UNBOUNDED, is_text, "texts", diagnostics);
    let has_limit = options.key(&UNBOUNDED).is_some();
    let message = match kind {
        Kind::Boolean => return Some(Values::Boolean),
        Kind::Other => return Some(Values::Known),
        Kind::Integer if options.key(&RANGE).is_some() => return range(options, diagnostics),
        Kind::Text | Kind::Static if has_limit => return unbounded(options, diagnostics),
        Kind::Static => return Some(Values::Text),
        Kind::Integer => format!(
            "each distinct value is a time series of its own: write which there are, as in `#[attribute(range = 0..=9)] \
             {name}: {ty}`"
        ),
        Kind::Owned if has_limit => format!("a metric borrows its texts: write `{name}: &str`"),
        Kind::Text | Kind::Owned => format!(
            "each distinct text is a time series of its own: write an enum that derives `MetricAttribute`, or how many \
             there may be, as in `#[attribute(unbounded(limit = 100))] {name}: &str`"
        ),
        Kind::Free => {
            "each distinct value is a time series of its own: write a `bool`, an integer with a range, or an \
                       enum that derives `MetricAttribute`"
                .to_owned()
        }
    };
    diagnostics.on(ty, message);
    None
}

enum Kind {
    Boolean,
    Integer,
    /// `&'static str`
    Static,
    /// `&str`
    Text,
    /// `String`
    Owned,
    /// What has no bounded set of values.
    Free,
    /// An enum, most likely: its type tells.
    Other,
}

/// The `range` option: whole numbers that rise.
fn range(options: &Options, diagnostics: &mut Diagnostics) -> Option<Values> {
    let value = options.value(&RANGE, diagnostics)?;
    let tokens = visible(&value);
    let range = dots(&tokens).and_then(|(first, last, is_inclusive)| {
        let (first, last) = (integer(first)?, integer(last)?);
        Some((first, if is_inclusive { last } else { last.checked_sub(1)? }))
    });
    let message = match range {
        Some((first, last)) if first <= last => {
            let numbers = last.abs_diff(first).saturating_add(1);
            if numbers <= MOST_SERIES as u64 {
                return Some(Values::Range { first, last });
            }
            &format!(
                "each distinct value is a time series of its own, and a metric has at most {MOST_SERIES}: this range \
                 has {numbers}, so write a smaller one"
            )
        }
        Some(_) => "there is no number in this range: write the least first, as in `range = 0..=9`",
        None => "`range` takes two whole numbers: write for example `range = 0..=9`",
    };
    diagnostics.on(value, message);
    None
}

/// What stands on both sides of `..` or `..=`.
fn dots(tokens: &[TokenTree]) -> Option<(&[TokenTree], &[TokenTree], bool)> {
    let position = tokens.iter().position(|token| is_punct(token, '.'))?;
    let (first, rest) = tokens.split_at_checked(position)?;
    match rest {
        [_, dot, equals, last @ ..] if is_punct(dot, '.') && is_punct(equals, '=') => {
            Some((first, last, true))
        }
        [_, dot, last @ ..] if is_punct(dot, '.') => Some((first, last, false)),
        _ => None,
    }
}

fn integer(tokens: &[TokenTree]) -> Option<i64> {
    let parse = |literal: &Literal| syn::parse2::<syn::LitInt>(TokenTree::from(literal.clone()).into()).ok();
    match tokens {
        [TokenTree::Literal(literal)] => parse(literal)?.base10_parse().ok(),
        [minus, TokenTree::Literal(literal)] if is_punct(minus, '-') => {
            format!("-{}", parse(literal)?.base10_digits()).parse().ok()
        }
        _ => None,
    }
}

/// The `unbounded(limit = ..)` option.
fn unbounded(options: &Options, diagnostics: &mut Diagnostics) -> Option<Values> {
    let list = options.list(&UNBOUNDED, diagnostics)?;
    let own = Options::read(OF_UNBOUNDED, list, diagnostics);
    let Some(value) = own.value(&LIMIT, diagnostics) else {
        if let Some(key) = options.key(&UNBOUNDED).filter(|_| own.key(&LIMIT).is_none()) {
            diagnostics.at(key.span(), "`unbounded` needs a limit: write `unbounded(limit = 100)`");
        }
        return None;
    };
    match integer(&visible(&value)).and_then(|limit| usize::try_from(limit).ok()) {
        Some(limit @ 1..=MOST_SERIES) => Some(Values::Unbounded { limit }),
        _ => {
            let message = format_args!(
                "the limit is how many series the metric has at most: a number from 1 to {MOST_SERIES}"
            );
            diagnostics.on(value, message);
            None
        }
    }
}
