//! One SQL statement in the making: its parameters and the names of its tables. Text of clients only ever becomes a parameter.

use crate::store::Value;

/// Collects what a statement binds. Parts of the text are plain strings that refer to it.
#[derive(Default)]
pub struct Statement {
    params: Vec<Value>,
    aliases: usize,
}

impl Statement {
    /// Binds a value and answers its placeholder.
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.params.push(value.into());
        format!("?{}", self.params.len())
    }

    /// A name for one more use of a table.
    pub fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("t{}", self.aliases)
    }

    /// The bound values in the order of their placeholders.
    pub fn into_params(self) -> Vec<Value> {
        self.params
    }
}

/// A column of an aliased table. Both names are ours: columns come from the catalogue.
pub fn column(alias: &str, name: &str) -> String {
    format!("{alias}.\"{name}\"")
}
