use super::Output;
use crate::tokens::{comma_separated, is_borrowed_text, is_punct};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use syn::LitStr;

/// A function with a body, taken apart as far as an expansion needs.
///
/// The body stays unparsed: half-typed code in it must reach the compiler as it stands, so that completion works.
pub(crate) struct Function {
    /// The attributes that are not ours, with those that opened the body.
    pub(crate) attributes: TokenStream,
    /// From the visibility up to the body.
    pub(crate) signature: TokenStream,
    pub(crate) name: Ident,
    /// The type or trait whose block the function is a method of, when the attribute is on that block.
    pub(crate) owner: Option<Ident>,
    pub(crate) constness: Option<Ident>,
    pub(crate) asyncness: Option<Ident>,
    /// What stands between the parentheses after the name.
    pub(crate) parameters: TokenStream,
    /// The parameters that are variables which the body may change.
    pub(crate) mutable: Vec<Ident>,
    pub(crate) output: Output,
    pub(crate) body: Group,
}

impl Function {
    /// Where the function asks for its caller's location, which the closure around its body would hide.
    pub(crate) fn track_caller(&self) -> Option<Span> {
        self.attributes.clone().into_iter().find_map(|token| match token {
            TokenTree::Group(brackets) => match brackets.stream().into_iter().next() {
                Some(TokenTree::Ident(name)) if name == "track_caller" => Some(name.span()),
                _ => None,
            },
            _ => None,
        })
    }

    /// Whether a parameter is a text that the caller lends.
    pub(crate) fn borrows_text(&self, name: &Ident) -> bool {
        comma_separated(self.parameters.clone()).iter().any(|parameter| {
            let colon = parameter.iter().position(|token| is_punct(token, ':')).unwrap_or_default();
            match parameter.split_at_checked(colon) {
                Some(([.., TokenTree::Ident(own)], [_, ty @ ..])) => own == name && is_borrowed_text(ty),
                _ => false,
            }
        })
    }

    /// The first paragraph of the documentation.
    pub(crate) fn summary(&self) -> Option<String> {
        summary(&self.attributes)
    }
}

/// The first paragraph of the documentation among attributes.
pub(crate) fn summary(attributes: &TokenStream) -> Option<String> {
    let is_blank = |line: &String| line.trim().is_empty();
    let lines = attributes.clone().into_iter().filter_map(|token| match token {
        TokenTree::Group(brackets) => documentation(brackets.stream()),
        _ => None,
    });
    let text: String = lines.collect::<Vec<_>>().join("\n");
    let paragraph = text.lines().map(str::to_owned).skip_while(is_blank).take_while(|line| !is_blank(line));
    let summary = paragraph.map(|line| line.trim().to_owned()).collect::<Vec<_>>().join(" ");
    (!summary.is_empty()).then_some(summary)
}

/// The text of `doc = "text"`.
fn documentation(attribute: TokenStream) -> Option<String> {
    let [TokenTree::Ident(name), equals, text] = <[_; 3]>::try_from(Vec::from_iter(attribute)).ok()? else {
        return None;
    };
    (name == "doc" && is_punct(&equals, '='))
        .then(|| syn::parse2::<LitStr>(text.into()).ok())?
        .map(|text| text.value())
}
