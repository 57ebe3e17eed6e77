//! The shape of an object in an answer: what `json_row` and `json_rows` print around and between the values.

use crate::store::functions::Kind;

/// Builds a shape and the list of SQL expressions that fill it, in step.
pub struct Shape {
    lines: String,
    literal: String,
    is_first: bool,
    values: Vec<String>,
}

impl Shape {
    /// An object with nothing in it yet.
    pub fn new() -> Shape {
        Shape {
            lines: String::new(),
            literal: String::from("{"),
            is_first: true,
            values: Vec::new(),
        }
    }

    fn key(&mut self, key: &str) {
        if !self.is_first {
            self.literal.push(',');
        }
        self.is_first = false;
        // A key is a GraphQL name: letters, digits and underscores, nothing to escape.
        self.literal.push('"');
        self.literal.push_str(key);
        self.literal.push_str("\":");
    }

    /// A value that the database computes.
    pub fn value(&mut self, key: &str, kind: Kind, sql: String) {
        self.key(key);
        self.lines.push(kind.letter());
        self.lines.push_str(&self.literal);
        self.lines.push('\n');
        self.literal.clear();
        self.values.push(sql);
    }

    /// A text that is always the same: `__typename`.
    pub fn constant(&mut self, key: &str, text: &str) {
        self.key(key);
        self.literal.push('"');
        self.literal.push_str(text);
        self.literal.push('"');
    }

    /// An object inside, filled by what follows until [`Shape::close`].
    pub fn open(&mut self, key: &str) {
        self.key(key);
        self.literal.push('{');
        self.is_first = true;
    }

    /// Ends the object opened last.
    pub fn close(&mut self) {
        self.literal.push('}');
        self.is_first = false;
    }

    /// The finished shape and its values.
    pub fn finish(mut self) -> (String, Vec<String>) {
        self.lines.push_str(&self.literal);
        self.lines.push('}');
        (self.lines, self.values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_has_a_line_for_each_value() {
        let mut shape = Shape::new();
        shape.constant("__typename", "flow");
        shape.value("id", Kind::Plain, "t.id".into());
        shape.open("aggregate");
        shape.value("count", Kind::Number, "count(*)".into());
        shape.close();
        let (lines, values) = shape.finish();
        assert_eq!(
            lines,
            "p{\"__typename\":\"flow\",\"id\":\nn,\"aggregate\":{\"count\":\n}}"
        );
        assert_eq!(values, ["t.id", "count(*)"]);
    }
}
