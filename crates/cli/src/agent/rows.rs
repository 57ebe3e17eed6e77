//! Rows of flow runs, read one by one: one that nobody can read keeps an agent from none of the others.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tracing::warn;

/// Reads rows, and remembers which it could not read, so that each is told of once and not at every look.
#[derive(Debug, Default)]
pub struct Rows {
    odd: BTreeSet<String>,
}

impl Rows {
    /// The rows that have the form wanted. Each has the `id` of a flow run and, for people, its `name`.
    pub fn read<T: DeserializeOwned>(&mut self, rows: Vec<Value>) -> Vec<T> {
        let known = std::mem::take(&mut self.odd);
        let mut read = Vec::new();
        for row in rows {
            let text = |key: &str| row[key].as_str().unwrap_or("?").to_owned();
            let (id, name) = (text("id"), text("name"));
            match serde_json::from_value(row) {
                Ok(row) => read.push(row),
                Err(error) => {
                    if !known.contains(&id) {
                        warn!("flow run '{name}' ({id}) cannot be read and is left alone: {error}");
                    }
                    self.odd.insert(id);
                }
            }
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_that_cannot_be_read_is_remembered_as_long_as_it_is_there() {
        let mut rows = Rows::default();
        #[derive(serde::Deserialize)]
        struct Row {
            n: u8,
        }
        let mut read = |answer: Value| -> (Vec<u8>, usize) {
            let read: Vec<Row> = rows.read(serde_json::from_value(answer).unwrap());
            (read.iter().map(|row| row.n).collect(), rows.odd.len())
        };
        let odd = json!({"id": "a", "name": "otter", "n": "one"});
        assert_eq!(read(json!([odd, {"id": "b", "n": 2}])), (vec![2], 1));
        assert_eq!(read(json!([odd])), (vec![], 1));
        assert_eq!(read(json!([])), (vec![], 0));
    }
}
