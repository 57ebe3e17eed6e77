//! One SQL statement in the making: its parameters and the names of its tables. Text of clients only ever becomes a parameter.

use super::errors::GraphqlError;
use crate::store::Value;

/// Collects what a statement binds. Parts of the text are plain strings that refer to it.
#[derive(Default)]
pub struct Statement {
    params: Vec<Value>,
    aliases: usize,
    reach: usize,
}

/// How many relationships a condition may reach through. SQLite refuses expressions nested deeper than 1,000, and each
/// relationship takes about twenty.
const FARTHEST_REACH: usize = 16;

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

    /// Runs `inside` one relationship farther away from the row a condition is about.
    pub fn reach<T>(
        &mut self,
        inside: impl FnOnce(&mut Statement) -> Result<T, GraphqlError>,
    ) -> Result<T, GraphqlError> {
        if self.reach == FARTHEST_REACH {
            return Err(GraphqlError::bad_input(format!(
                "The condition reaches through more than {FARTHEST_REACH} relationships, the most allowed."
            )));
        }
        self.reach += 1;
        let result = inside(self);
        self.reach -= 1;
        result
    }

    /// The finished statement. Conditions that turned out to be none leave parameters behind that nothing refers to;
    /// they are dropped, and the others are numbered in the order of the text.
    pub fn finish(self, text: &str) -> Query {
        let mut values: Vec<Option<Value>> = self.params.into_iter().map(Some).collect();
        let mut numbers = vec![0; values.len()];
        let mut params = Vec::new();
        let mut parts = text.split('?');
        let mut sql = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let index = part[..digits]
                .parse::<usize>()
                .unwrap_or_default()
                .saturating_sub(1);
            if let Some(value) = values.get_mut(index).and_then(Option::take) {
                params.push(value);
                numbers[index] = params.len();
            }
            sql.push('?');
            sql.push_str(&numbers.get(index).copied().unwrap_or_default().to_string());
            sql.push_str(&part[digits..]);
        }
        Query { sql, params }
    }
}

/// A statement ready to run: its text depends on the shape of the request only, so that prepared statements are used
/// again, and what it binds.
#[derive(Debug)]
pub struct Query {
    /// The text.
    pub sql: String,
    /// The parameters.
    pub params: Vec<Value>,
}

/// A column of an aliased table. Both names are ours: columns come from the catalogue.
pub fn column(alias: &str, name: &str) -> String {
    format!("{alias}.\"{name}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_nobody_refers_to_are_dropped() {
        let mut statement = Statement::default();
        let placeholders: Vec<_> = (0..12).map(|n: i64| statement.bind(n)).collect();
        let text = format!(
            "a = {} AND b = {} OR a = {}",
            placeholders[11], placeholders[2], placeholders[11]
        );
        let query = statement.finish(&text);
        assert_eq!(query.sql, "a = ?1 AND b = ?2 OR a = ?1");
        assert_eq!(query.params, [Value::Integer(11), Value::Integer(2)]);
    }
}
