use super::annotated::first_attribute;
use super::declared::declared;
use super::function::{body, is_qualifier, without_inner_attributes};
use super::literal::text;
use super::member::members;
use super::name::check_metric_name;
use super::options::Options;
use super::runtime::crate_path;
use super::spec::{CRATE, Grammar, PREFIX};
use crate::diagnostics::Diagnostics;
use crate::model::{Declarations, Declared, DeclaredMetric, Name, Runtime};
use crate::tokens::{contains_word, is_word, visible};
use proc_macro2::{Span, TokenStream, TokenTree};

const METRICS: Grammar = Grammar { name: "metrics", options: &[&PREFIX, &CRATE] };

/// The module that `#[metrics(arguments)]` at `span` stands on, if it is one.
pub(crate) fn declarations(
    span: Span,
    arguments: TokenStream,
    item: TokenStream,
    diagnostics: &mut Diagnostics,
) -> Option<Declarations> {
    let options = Options::read(METRICS, arguments, diagnostics);
    let prefix = text(&options, &PREFIX, diagnostics);
    if let Some(prefix) = &prefix
        && let Err(message) = check_prefix(&prefix.value())
    {
        diagnostics.at(prefix.span(), message);
    }
    let runtime = crate_path(&options, diagnostics).map(|path| Runtime::of_crate(&path)).unwrap_or_default();
    let tokens = visible(&item);
    let Some((last, head)) = tokens.split_last().filter(|(_, head)| is_module(head)) else {
        diagnostics.at(span, not_a_module());
        return None;
    };
    let Some(braces) = body(last) else {
        let message = "the metrics stand in the module: write `mod name { .. }` with the functions in it";
        diagnostics.at(last.span(), message);
        return None;
    };
    let (inner, braces) = without_inner_attributes(&braces);
    let prefix = prefix.map(|prefix| prefix.value());
    let items: Vec<_> = members(braces.stream())
        .into_iter()
        .map(|member| declared(prefix.as_deref(), member, diagnostics))
        .collect();
    check_names(&items, diagnostics);
    if !items.iter().any(|item| matches!(item, Declared::Metric(_) | Declared::Wrong)) {
        let message =
            "no metric is declared in this module: write for example `pub fn calls() -> Counter<u64>;`";
        diagnostics.at(span, message);
    }
    let head = inner.iter().chain(head).cloned().collect();
    Some(Declarations { runtime, head, items })
}

fn check_prefix(prefix: &str) -> Result<(), String> {
    match prefix.trim_end_matches('.') {
        "" => Err("a prefix is what stands before a dot: write for example `prefix = \"shop\"`".to_owned()),
        own if own != prefix => {
            Err(format!("a dot is put between prefix and name already: write `prefix = {own:?}`"))
        }
        own => check_metric_name(&PREFIX, own),
    }
}

fn not_a_module() -> String {
    format!(
        "`{METRICS}` goes on a module of functions without a body: write for example `mod orders {{ pub fn placed() -> \
         Counter<u64>; }}`"
    )
}

/// Whether what stands before the braces of an item is the head of a module.
fn is_module(head: &[TokenTree]) -> bool {
    let mut rest = head;
    while let Some((_, _, after)) = first_attribute(rest) {
        rest = after;
    }
    rest.iter().find(|token| !is_qualifier(token)).is_some_and(|keyword| is_word(keyword, "mod"))
}

/// Reports metrics of the same name, which for OpenTelemetry does not depend on the case of letters. Those that a `cfg`
/// may leave out need not be there together.
fn check_names(items: &[Declared], diagnostics: &mut Diagnostics) {
    let mut known: Vec<(String, &DeclaredMetric)> = Vec::new();
    for item in items {
        let Declared::Metric(metric) = item else { continue };
        let Name::Literal(name) = &metric.metric else { continue };
        let text = name.value().to_lowercase();
        let is_conditional = |metric: &DeclaredMetric| contains_word(metric.attributes.clone(), "cfg");
        let first = known.iter().find(|(other, _)| *other == text).map(|(_, first)| *first);
        match first.filter(|first| !is_conditional(first) && !is_conditional(metric)) {
            Some(first) => {
                let message = format_args!(
                    "the metric {:?} is declared by `{}` already: choose another name",
                    name.value(),
                    first.name
                );
                diagnostics.at(name.span(), message);
            }
            None => known.push((text, metric)),
        }
    }
}
