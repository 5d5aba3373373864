//! All of what a function expands to: `items/<name>.rs`, which begins with one attribute of ours, expands to
//! `snapshots/<name>.rs`. Those that are called `static_off_..` are expanded as with that feature.
//!
//! `SNAPSHOTS=overwrite cargo test -p cryostorm-macros` writes the snapshots again.

use crate::expand::Mode;
use crate::model::Instrument;
use crate::{declarations, expansion, metric_enum};
use proc_macro2::{Span, TokenStream, TokenTree};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

#[test]
fn expansions_are_as_they_were() {
    let expanded: BTreeMap<_, _> =
        files("items").into_iter().map(|(name, item)| (name.clone(), printed(&name, &item))).collect();
    if env::var_os("SNAPSHOTS").is_some_and(|mode| mode == "overwrite") {
        let directory = directory("snapshots");
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir(&directory).unwrap();
        for (name, text) in &expanded {
            fs::write(directory.join(name), text).unwrap();
        }
    }
    let snapshots = files("snapshots");
    assert_eq!(Vec::from_iter(snapshots.keys()), Vec::from_iter(expanded.keys()));
    for (name, text) in expanded {
        assert!(text == snapshots[&name], "{name} is now\n{text}");
    }
}

fn directory(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/tests").join(name)
}

/// The texts of the files in a directory, by their names.
fn files(name: &str) -> BTreeMap<String, String> {
    let file = |entry: fs::DirEntry| {
        (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap())
    };
    fs::read_dir(directory(name)).unwrap().map(|entry| file(entry.unwrap())).collect()
}

/// What the first attribute of `item` makes of it.
fn printed(name: &str, item: &str) -> String {
    let mode = if name.starts_with("static_off") { Mode::Off } else { Mode::On };
    let mut tokens = item.parse::<TokenStream>().unwrap().into_iter().skip(1);
    let Some(TokenTree::Group(brackets)) = tokens.next() else { panic!("{item}") };
    let attribute = Vec::from_iter(brackets.stream());
    let (name, arguments) = match attribute.as_slice() {
        [name] => (name, TokenStream::new()),
        [name, TokenTree::Group(arguments)] => (name, arguments.stream()),
        _ => panic!("{item}"),
    };
    let (span, item) = (Span::call_site(), tokens.collect());
    let expanded = match name.to_string().as_str() {
        "metrics" => declarations(mode, span, arguments, item),
        "derive" => metric_enum(item),
        name => expansion(mode, Instrument::named(name).unwrap(), span, arguments, item),
    };
    prettyplease::unparse(&syn::parse2(expanded).unwrap())
}
