//! The options in the brackets of `#[task(…)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit, LitStr, MetaNameValue, Token};

/// What the author said: the task's name if given, and one builder call for each further option.
pub struct Options {
    pub name: Option<LitStr>,
    pub settings: Vec<TokenStream>,
}

const KNOWN: &str = "`name`, `retries`, `retry_delay`, `timeout`, `trigger`, `skip_on_upstream_skip`, `cache_for`, \
                     `cache_key` and `tags`";

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut options = Self {
            name: None,
            settings: Vec::new(),
        };
        let mut seen = Vec::new();
        for option in Punctuated::<MetaNameValue, Token![,]>::parse_terminated(input)? {
            let key = option
                .path
                .get_ident()
                .map(ToString::to_string)
                .unwrap_or_default();
            if seen.contains(&key) {
                return Err(syn::Error::new(
                    option.path.span(),
                    format!("the option `{key}` is given twice"),
                ));
            }
            options.take(&key, &option)?;
            seen.push(key);
        }
        Ok(options)
    }
}

impl Options {
    fn take(&mut self, key: &str, option: &MetaNameValue) -> syn::Result<()> {
        let value = &option.value;
        let setting = match key {
            "name" => {
                let name = text(value)?;
                if name.value().trim().is_empty() {
                    return Err(syn::Error::new(name.span(), "a task's name cannot be empty"));
                }
                self.name = Some(name);
                return Ok(());
            }
            "retries" => quote!(.retries(#value)),
            "retry_delay" => with_duration(&quote!(retry_delay), value)?,
            "timeout" => with_duration(&quote!(timeout), value)?,
            "cache_for" => with_duration(&quote!(cache_for), value)?,
            "cache_key" => {
                let key = text(value)?;
                quote!(.cache_key(#key))
            }
            "skip_on_upstream_skip" => quote!(.skip_on_upstream_skip(#value)),
            "trigger" => match value {
                Expr::Path(path) => quote!(.trigger(::flowdeck_engine::trigger::#path())),
                Expr::Call(call) => quote!(.trigger(::flowdeck_engine::trigger::#call)),
                other => {
                    let message = "a trigger is written as a name, `trigger = any_failed`, or as a call, \
                                   `trigger = some_failed(2)`";
                    return Err(syn::Error::new(other.span(), message));
                }
            },
            "tags" => quote!(.tags(#value)),
            _ => {
                let message = format!("a task has no option `{key}`. The options are {KNOWN}.");
                return Err(syn::Error::new(option.path.span(), message));
            }
        };
        self.settings.push(setting);
        Ok(())
    }
}

fn text(value: &Expr) -> syn::Result<LitStr> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => Ok(text.clone()),
        other => Err(syn::Error::new(other.span(), "expected a text in quotes")),
    }
}

fn with_duration(setter: &TokenStream, value: &Expr) -> syn::Result<TokenStream> {
    let text = text(value)?;
    let duration =
        crate::text::duration(&text.value()).map_err(|message| syn::Error::new(text.span(), message))?;
    let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    Ok(quote!(.#setter(::core::time::Duration::from_millis(#milliseconds))))
}
