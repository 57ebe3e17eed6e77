//! Writes the type that stands beside a task's function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned;
use syn::{Attribute, ItemFn, ReturnType, Type};

use crate::arguments::{Argument, arguments, owned_form};
use crate::options::Options;

/// The function as it was, and the type of the same name with `definition`, `call` and `map`.
pub fn expand(options: &Options, function: &ItemFn) -> syn::Result<TokenStream> {
    let signature = &function.sig;
    if let Some(keyword) = &signature.asyncness {
        return Err(syn::Error::new(
            keyword.span(),
            "a task is a plain function: tasks run in parallel on threads",
        ));
    }
    if !signature.generics.params.is_empty() {
        let message = "a task cannot be generic: a flow has to know the types of its inputs and result";
        return Err(syn::Error::new(signature.generics.span(), message));
    }
    let arguments = arguments(signature)?;
    let name = &signature.ident;
    let visibility = &function.vis;
    let documentation: Vec<&Attribute> = function
        .attrs
        .iter()
        .filter(|a| a.path().is_ident("doc"))
        .collect();
    let conditions: Vec<&Attribute> = function
        .attrs
        .iter()
        .filter(|a| a.path().is_ident("cfg"))
        .collect();
    let documentation = if documentation.is_empty() {
        let text = format!("The task `{name}`.");
        quote!(#[doc = #text])
    } else {
        quote!(#(#documentation)*)
    };

    let result = Result::of(&signature.output);
    let value = result.value_type();
    let definition = definition(options, name, &arguments, &result);
    let call = adder(name, visibility, &arguments, &value, &Adder::Call);
    let map = if arguments.is_empty() {
        TokenStream::new()
    } else {
        adder(name, visibility, &arguments, &value, &Adder::Map)
    };
    Ok(quote! {
        #function

        #(#conditions)*
        #documentation
        #[allow(non_camel_case_types, dead_code)]
        #visibility struct #name { _no_value: () }

        #(#conditions)*
        #[allow(dead_code, clippy::too_many_arguments)]
        impl #name {
            /// The task outside any flow.
            #visibility fn definition() -> ::flowdeck_engine::TaskDefinition {
                #definition
            }
            #call
            #map
        }
    })
}

/// What a function answers: a value, or a `Result`.
enum Result {
    Value(TokenStream),
    /// A reference to something that lives for ever; a handle's type is what it refers to, owned.
    Reference(TokenStream),
    Fallible(TokenStream),
}

impl Result {
    fn of(output: &ReturnType) -> Self {
        match output {
            ReturnType::Default => Self::Value(quote!(())),
            ReturnType::Type(_, answer) => {
                if let Type::Reference(reference) = &**answer {
                    return Self::Reference(owned_form(&reference.elem));
                }
                let last = match &**answer {
                    Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
                    _ => None,
                };
                // An alias such as `io::Result<T>` keeps the word; so does the engine's own `Outcome<T>`.
                match last.as_deref() {
                    Some("Result" | "Outcome") => Self::Fallible(quote!(#answer)),
                    _ => Self::Value(quote!(#answer)),
                }
            }
        }
    }

    fn value_type(&self) -> TokenStream {
        match self {
            Self::Value(value) => value.clone(),
            Self::Reference(owned) => owned.clone(),
            Self::Fallible(answer) => quote!(<#answer as ::flowdeck_engine::TaskResult>::Value),
        }
    }
}

fn definition(options: &Options, name: &Ident, arguments: &[Argument], result: &Result) -> TokenStream {
    let names: Vec<String> = arguments.iter().map(Argument::text).collect();
    let locals: Vec<Ident> = (0..arguments.len())
        .map(|i| Ident::new(&format!("__input_{i}"), Span::mixed_site()))
        .collect();
    let types = arguments.iter().map(|argument| &argument.owned);
    let passed = arguments.iter().zip(&locals).map(|(argument, local)| {
        if argument.by_reference {
            quote!(&#local)
        } else {
            quote!(#local)
        }
    });
    let outcome = match result {
        Result::Value(_) | Result::Reference(_) => {
            quote!(::flowdeck_engine::value_outcome(#name(#(#passed),*)))
        }
        Result::Fallible(_) => quote!(::flowdeck_engine::TaskResult::into_outcome(#name(#(#passed),*))),
    };
    let task_name = options
        .name
        .as_ref()
        .map_or_else(|| name.unraw().to_string(), syn::LitStr::value);
    let settings = &options.settings;
    quote! {
        ::flowdeck_engine::TaskDefinition::new(#task_name, &[#(#names),*], |__inputs| {
            #(let #locals: #types = __inputs.take(#names)?;)*
            #outcome
        })
        #(#settings)*
    }
}

enum Adder {
    Call,
    Map,
}

/// `fn call(flow, inputs…) -> Handle<T>` or `fn map(flow, inputs…) -> Mapped<T>`.
fn adder(
    name: &Ident,
    visibility: &syn::Visibility,
    arguments: &[Argument],
    value: &TokenStream,
    adder: &Adder,
) -> TokenStream {
    // A hygienic name, so that an input called `flow` stays possible.
    let flow = Ident::new("__flow", Span::mixed_site());
    let names: Vec<&Ident> = arguments.iter().map(|argument| &argument.name).collect();
    let texts: Vec<String> = arguments.iter().map(Argument::text).collect();
    let types: Vec<&TokenStream> = arguments.iter().map(|argument| &argument.owned).collect();
    match adder {
        Adder::Call => quote! {
            /// Adds the task to a flow. Each input is a constant or the handle of another task's result.
            #visibility fn call(
                #flow: &::flowdeck_engine::FlowBuilder,
                #(#names: impl ::flowdeck_engine::IntoInput<#types>),*
            ) -> ::flowdeck_engine::Handle<#value> {
                let inputs = ::std::vec![
                    #((#texts, ::flowdeck_engine::IntoInput::<#types>::into_input(#names))),*
                ];
                #flow.call(#name::definition(), inputs)
            }
        },
        Adder::Map => quote! {
            /// Adds the task to a flow so that it runs once for each element of its list inputs. Inputs that
            /// are not lists of the argument's type are the same for every child.
            #visibility fn map(
                #flow: &::flowdeck_engine::FlowBuilder,
                #(#names: impl ::flowdeck_engine::IntoMapInput<#types>),*
            ) -> ::flowdeck_engine::Mapped<#value> {
                let inputs = ::std::vec![
                    #((#texts, ::flowdeck_engine::IntoMapInput::<#types>::into_map_input(#names))),*
                ];
                #flow.map(#name::definition(), inputs)
            }
        },
    }
}
