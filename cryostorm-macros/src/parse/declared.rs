use super::annotated::first_attribute;
use super::argument::arguments;
use super::attributes::attributes;
use super::buckets::buckets;
use super::function::{body, is_qualifier};
use super::literal::text;
use super::metric_type::metric_type;
use super::name::{check_metric_name, metric_name};
use super::options::Options;
use super::spec::{ATTRIBUTES, BUCKETS, DESCRIPTION, Grammar, NAME, UNIT};
use super::unit::unit;
use crate::diagnostics::Diagnostics;
use crate::model::{Attribute, Declared, DeclaredMetric, Instrument, Name, summary};
use crate::tokens::{is_punct, is_word, visible};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use syn::LitStr;
use syn::ext::IdentExt;

const METRIC: Grammar =
    Grammar { name: "metric", options: &[&NAME, &DESCRIPTION, &UNIT, &BUCKETS, &ATTRIBUTES] };

/// A member of a module of metrics.
pub(super) fn declared(prefix: Option<&str>, member: TokenStream, diagnostics: &mut Diagnostics) -> Declared {
    let tokens = visible(&member);
    let (options, attributes, item) = annotated(METRIC, &tokens, diagnostics);
    let start = item.iter().take_while(|token| is_qualifier(token)).count();
    let (qualifiers, rest) = item.split_at_checked(start).unwrap_or_default();
    let [keyword, TokenTree::Ident(name), signature @ ..] = rest else {
        return Declared::Other(member);
    };
    if !is_word(keyword, "fn") {
        return Declared::Other(member);
    }
    let visibility = visibility(name, qualifiers, diagnostics);
    let metric = function(name, signature, diagnostics).and_then(|(arguments_, output)| {
        let output = metric_type(name, output, diagnostics)?;
        if let Some(key) = options.key(&BUCKETS)
            && output.instrument != "Histogram"
        {
            diagnostics.at(key.span(), format_args!("`{}` has no buckets: remove this", output.instrument));
        }
        let description = text(&options, &DESCRIPTION, diagnostics)
            .unwrap_or_else(|| LitStr::new(&summary(&attributes).unwrap_or_default(), Span::mixed_site()));
        let (literals, arguments) =
            (literals(&options, diagnostics), arguments(arguments_, output.is_observable(), diagnostics));
        for literal in &literals {
            let key = literal.key.value();
            if arguments.iter().any(|argument| argument.key.value() == key) {
                diagnostics
                    .at(literal.key.span(), format_args!("an argument has the key `{key}` too: keep one"));
            }
        }
        Some(DeclaredMetric {
            metric: named(prefix, name, &options, diagnostics),
            description,
            unit: unit(&options, diagnostics),
            buckets: buckets(&options, diagnostics),
            literals,
            arguments,
            name: name.clone(),
            attributes,
            visibility,
            output,
        })
    });
    metric.map_or(Declared::Wrong, |metric| Declared::Metric(Box::new(metric)))
}

/// The options of an attribute of that grammar in front of `tokens`, the other attributes, and what follows them.
pub(super) fn annotated<'a>(
    grammar: Grammar,
    tokens: &'a [TokenTree],
    diagnostics: &mut Diagnostics,
) -> (Options, TokenStream, &'a [TokenTree]) {
    let mut options = Options::read(grammar, TokenStream::new(), diagnostics);
    let (mut others, mut rest) = (TokenStream::new(), tokens);
    while let Some((attribute, brackets, after)) = first_attribute(rest) {
        match visible(&brackets.stream()).as_slice() {
            [name, TokenTree::Group(list)] if is_word(name, grammar.name) => {
                options.extend(grammar, list.stream(), diagnostics);
            }
            [name] if is_word(name, grammar.name) => {}
            [name, ..] if is_word(name, grammar.name) => {
                let message = format_args!(
                    "the options of `{grammar}` stand in parentheses: write `#[{}(..)]`",
                    grammar.name
                );
                diagnostics.at(name.span(), message);
            }
            _ => others.extend(attribute.iter().cloned()),
        }
        rest = after;
    }
    (options, others, rest)
}

/// The visibility among what stands before `fn`; reports the rest of it.
fn visibility(name: &Ident, qualifiers: &[TokenTree], diagnostics: &mut Diagnostics) -> TokenStream {
    let is_visibility = |token: &TokenTree| match token {
        TokenTree::Group(group) => matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::None),
        token => is_word(token, "pub"),
    };
    let length = qualifiers.iter().take_while(|token| is_visibility(token)).count();
    let (visibility, rest) = qualifiers.split_at_checked(length).unwrap_or_default();
    if let Some(first) = rest.first() {
        diagnostics.at(first.span(), format_args!("`{name}` declares a metric: remove `{first}`"));
    }
    visibility.iter().cloned().collect()
}

/// The arguments and the return type of a function without a body.
fn function<'a>(
    name: &Ident,
    signature: &'a [TokenTree],
    diagnostics: &mut Diagnostics,
) -> Option<(&'a Group, &'a [TokenTree])> {
    let (last, signature) = signature.split_last()?;
    if let Some(body) = body(last) {
        let message = format_args!("`{name}` declares a metric, and so has no body: write `;` in its place");
        diagnostics.at(body.span(), message);
        return None;
    }
    match signature {
        [TokenTree::Group(arguments), rest @ ..] if arguments.delimiter() == Delimiter::Parenthesis => {
            match rest {
                [dash, head, output @ ..] if is_punct(dash, '-') && is_punct(head, '>') => {
                    Some((arguments, output))
                }
                _ => Some((arguments, &[])),
            }
        }
        generics => {
            let message = format_args!(
                "`{name}` declares one metric, and so has no generics: write a function for each type, and leave lifetimes \
                 out"
            );
            diagnostics.on(generics.first(), message);
            None
        }
    }
}

/// The name that is given, or that of the function after the prefix.
fn named(prefix: Option<&str>, function: &Ident, options: &Options, diagnostics: &mut Diagnostics) -> Name {
    if options.key(&NAME).is_some() {
        let given = metric_name(options, &NAME, diagnostics);
        return given.unwrap_or_else(|| Name::Literal(LitStr::new("wrong", function.span())));
    }
    let own = function.unraw().to_string();
    let name = prefix.map_or(own.clone(), |prefix| format!("{prefix}.{own}"));
    // What is wrong about the prefix was said.
    if let Err(message) = check_metric_name(&NAME, &own).and_then(|()| {
        check_metric_name(&NAME, &name).or_else(|error| if name.len() > 255 { Err(error) } else { Ok(()) })
    }) {
        diagnostics.at(function.span(), message);
    }
    Name::Literal(LitStr::new(&name, function.span()))
}

/// The `attributes` option: those that are the same for all values.
fn literals(options: &Options, diagnostics: &mut Diagnostics) -> Vec<Attribute> {
    let literals = attributes(Instrument::Counted, options, diagnostics);
    for attribute in literals.iter().filter(|attribute| attribute.static_type().is_none()) {
        let message = "this is the same for all values: write a literal, and what differs as an argument of the function";
        diagnostics.on(&attribute.value, message);
    }
    literals
}
