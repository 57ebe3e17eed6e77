//! Which types a parameter's value can have, and what the server is told about them.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use flowdeck_vocabulary::ParameterType;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A type for a parameter's value. Implement it for your own: `impl ParameterValue for Settings {}`.
pub trait ParameterValue: Serialize + DeserializeOwned {
    /// The type in the words of JSON schema; `None` when any value may come.
    #[must_use]
    fn value_type() -> Option<ParameterType> {
        None
    }
}

macro_rules! types {
    ($($value_type:ident: $($type:ty),*;)*) => {$($(
        impl ParameterValue for $type {
            fn value_type() -> Option<ParameterType> {
                Some(ParameterType::$value_type)
            }
        }
    )*)*};
}

types! {
    Boolean: bool;
    Integer: i8, i16, i32, i64, u8, u16, u32, u64, usize, isize;
    Number: f32, f64;
    String: String, char, PathBuf;
}

impl ParameterValue for Value {}

impl<T: ParameterValue> ParameterValue for Option<T> {
    fn value_type() -> Option<ParameterType> {
        T::value_type()
    }
}

impl<T: Serialize + DeserializeOwned> ParameterValue for Vec<T> {
    fn value_type() -> Option<ParameterType> {
        Some(ParameterType::Array)
    }
}

impl<T: Serialize + DeserializeOwned> ParameterValue for BTreeMap<String, T> {
    fn value_type() -> Option<ParameterType> {
        Some(ParameterType::Object)
    }
}

impl<T: Serialize + DeserializeOwned> ParameterValue for HashMap<String, T> {
    fn value_type() -> Option<ParameterType> {
        Some(ParameterType::Object)
    }
}
