//! The reading of one root field: its statement, and how the rows it answers are printed.

use super::statement::Query;
use crate::error::Error;
use crate::store::Db;
use crate::store::functions::{TOO_MANY_ROWS, print_object};

/// One object or a list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// The first row, or null.
    One,
    /// All rows, and an error when there are more than this.
    Many(i64),
}

/// A root field, compiled.
pub struct Read {
    /// One row for each object.
    pub query: Query,
    /// How a row is printed.
    pub shape: String,
    /// How many of its cells are values of the shape.
    pub values: usize,
    /// Whether one object is answered or a list.
    pub answers: Answers,
}

impl Read {
    /// Runs the statement and appends the JSON of its answer, straight from the cells.
    pub fn run(&self, db: &mut dyn Db, out: &mut String) -> Result<(), Error> {
        let mut count = 0;
        let room = db.room();
        let Query { sql, params } = &self.query;
        if self.answers != Answers::One {
            out.push('[');
        }
        db.for_each(sql, params, &mut |cells| {
            match self.answers {
                Answers::One if count > 0 => return Ok(()),
                Answers::Many(most) if count == most => {
                    return Err(Error::internal(format!("{TOO_MANY_ROWS}{most}")));
                }
                _ => {}
            }
            if count > 0 {
                out.push(',');
            }
            count += 1;
            let values = cells[..self.values].iter().copied();
            print_object(out, &self.shape, values, &room).map_err(Error::Internal)
        })?;
        match self.answers {
            Answers::Many(_) => out.push(']'),
            Answers::One if count == 0 => out.push_str("null"),
            Answers::One => {}
        }
        Ok(())
    }
}
