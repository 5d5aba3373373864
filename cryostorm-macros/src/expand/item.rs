use super::function::function;
use super::off::off;
use super::unchanged::{resolved, unchanged};
use crate::model::{Function, Instrumentation, Item, Shape};
use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote;
use std::iter;

/// Whether attributes do anything.
#[derive(Clone, Copy)]
pub(crate) enum Mode {
    On,
    /// The feature `static-off`.
    Off,
}

/// What stands in place of `item`: the same with its functions wrapped, or, where its attributes are wrong, as the user
/// wrote it with what is wrong about them.
///
/// Emitting it in that case too keeps one mistake from causing errors wherever the item is used.
pub(crate) fn item(item: &Item, mode: Mode, error: Option<syn::Error>) -> TokenStream {
    let Some(error) = error else {
        return match mode {
            Mode::On => written(item, function),
            Mode::Off => written(item, off),
        };
    };
    let (item, errors) = (written(item, unchanged), error.to_compile_error());
    quote!(#item #errors)
}

/// The item, each of its functions as `each` writes it.
fn written(item: &Item, each: fn(&Function, &Instrumentation) -> TokenStream) -> TokenStream {
    match &item.shape {
        Shape::Function(function) if !item.instrumentation.is_empty() => {
            each(function, &item.instrumentation)
        }
        Shape::Block(block) => {
            let members = block.members.iter().map(|member| written(member, each)).collect();
            let mut members = Group::new(Delimiter::Brace, members);
            members.set_span(block.braces);
            // Beside the block, which has no place for imports; neither has a member without a body.
            let bodiless = block.members.iter().filter(|member| member.function().is_none());
            let absorbed = iter::once(item).chain(bodiless).flat_map(|item| &item.instrumentation.absorbed);
            let (head, resolved) = (&block.head, resolved(absorbed));
            quote!(#head #members #resolved)
        }
        _ => item.tokens.clone(),
    }
}
