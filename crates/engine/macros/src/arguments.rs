//! The arguments of a task's function: their names, and the types their values are read into.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned;
use syn::{FnArg, Ident, Pat, Signature, Type};

/// One argument.
pub struct Argument {
    pub name: Ident,
    /// The type a value is read into: `String` for `&str`, `Vec<T>` for `&[T]`, `T` for `&T`.
    pub owned: TokenStream,
    /// Whether the function wants it by reference.
    pub by_reference: bool,
}

impl Argument {
    /// The name as people read it: `type` for `r#type`.
    pub fn text(&self) -> String {
        self.name.unraw().to_string()
    }
}

/// Reads the arguments of a function, or says which one cannot be an input of a task.
pub fn arguments(signature: &Signature) -> syn::Result<Vec<Argument>> {
    signature.inputs.iter().map(argument).collect()
}

fn argument(argument: &FnArg) -> syn::Result<Argument> {
    let FnArg::Typed(argument) = argument else {
        return Err(syn::Error::new(
            argument.span(),
            "a task is a free function: it cannot take `self`",
        ));
    };
    let Pat::Ident(pattern) = &*argument.pat else {
        let message = "an input of a task needs a plain name, because the name is how the flow knows it";
        return Err(syn::Error::new(argument.pat.span(), message));
    };
    let (owned, by_reference) = match &*argument.ty {
        Type::Reference(reference) if reference.mutability.is_some() => {
            let message = "an input of a task cannot be `&mut`: take it by value and return the new value";
            return Err(syn::Error::new(argument.ty.span(), message));
        }
        Type::Reference(reference) => (owned_form(&reference.elem), true),
        Type::ImplTrait(_) => {
            return Err(syn::Error::new(
                argument.ty.span(),
                "an input of a task needs a concrete type",
            ));
        }
        by_value => (quote!(#by_value), false),
    };
    Ok(Argument {
        name: pattern.ident.clone(),
        owned,
        by_reference,
    })
}

/// The type that owns what a reference refers to.
pub fn owned_form(referenced: &Type) -> TokenStream {
    match referenced {
        Type::Slice(slice) => {
            let element = &slice.elem;
            quote!(::std::vec::Vec<#element>)
        }
        Type::Path(path) if path.path.is_ident("str") => quote!(::std::string::String),
        Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Path") => {
            quote!(::std::path::PathBuf)
        }
        other => quote!(#other),
    }
}
