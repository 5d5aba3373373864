use super::options::{CRATE, Options};
use crate::diagnostics::Diagnostics;
use proc_macro2::{TokenStream, TokenTree};
use syn::Token;
use syn::parse::{ParseStream, Parser};

/// The `crate` option: the path of a re-export of the runtime crate.
pub(super) fn crate_path(options: &Options, diagnostics: &mut Diagnostics) -> Option<TokenStream> {
    let path = options.value(&CRATE, diagnostics)?;
    if is_path.parse2(path.clone()).is_ok() {
        return Some(path);
    }
    let example = match syn::parse2::<syn::LitStr>(path.clone()) {
        Ok(quoted) if !quoted.value().is_empty() => {
            format!("without quotes: write `crate = {}`", quoted.value())
        }
        _ => "to the `cryostorm` crate: write for example `crate = ::facade::cryostorm`".to_owned(),
    };
    diagnostics.on(path, format_args!("`crate` takes a path {example}"));
    None
}

fn is_path(input: ParseStream<'_>) -> syn::Result<()> {
    input.parse::<Option<Token![::]>>()?;
    loop {
        segment(input)?;
        if input.is_empty() {
            return Ok(());
        }
        input.parse::<Token![::]>()?;
    }
}

fn segment(input: ParseStream<'_>) -> syn::Result<()> {
    input.step(|cursor| match cursor.token_tree() {
        // `$crate` of `macro_rules` is one identifier that syn does not take for one.
        Some((TokenTree::Ident(_), rest)) => Ok(((), rest)),
        _ => Err(cursor.error("expected a path segment")),
    })
}
