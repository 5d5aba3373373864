use super::options::Options;
use super::path::segments;
use super::spec::CRATE;
use crate::diagnostics::Diagnostics;
use proc_macro2::TokenStream;

/// The `crate` option: the path of a re-export of the runtime crate.
pub(super) fn crate_path(options: &Options, diagnostics: &mut Diagnostics) -> Option<TokenStream> {
    let path = options.value(&CRATE, diagnostics)?;
    if segments(&path).is_some() {
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
