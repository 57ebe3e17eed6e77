//! Tables: columns aligned by what is in them, so that they read well and cut well.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::ink::{Ink, harmless};

/// How a column's cells are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// As they are.
    Plain,
    /// The name of a state.
    State,
    /// The level of a log entry.
    Level,
    /// Of less interest.
    Faint,
}

/// A table: a heading for each column, and rows of equally many cells.
#[derive(Debug)]
pub struct Table {
    columns: Vec<(&'static str, Column)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table with these columns.
    pub fn new(columns: &[(&'static str, Column)]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row. Cells are made harmless and keep to one line.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows
            .push(cells.into_iter().map(|cell| harmless(&cell, false)).collect());
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The table as text, two blanks between columns, nothing behind the last one.
    pub fn render(&self, ink: Ink) -> String {
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|i| {
                let cells = self
                    .rows
                    .iter()
                    .filter_map(|row| row.get(i))
                    .map(|cell| cell.width());
                cells.chain([self.columns[i].0.width()]).max().unwrap_or(0)
            })
            .collect();
        let mut text = String::new();
        let heading: Vec<String> = self.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        write_row(&mut text, &heading, &widths, |_, cell| ink.bold(cell));
        for row in &self.rows {
            write_row(&mut text, row, &widths, |i, cell| match self.columns[i].1 {
                Column::Plain => cell.to_owned(),
                Column::State => ink.state(cell),
                Column::Level => ink.level(cell),
                Column::Faint => ink.faint(cell),
            });
        }
        text
    }
}

fn write_row(text: &mut String, cells: &[String], widths: &[usize], paint: impl Fn(usize, &str) -> String) {
    for (i, cell) in cells.iter().enumerate() {
        text.push_str(&paint(i, cell));
        if i + 1 < cells.len() {
            let padding = widths[i].saturating_sub(cell.width()) + 2;
            // Writing to a String cannot fail.
            let _ = write!(text, "{:padding$}", "");
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_by_their_widest_cell() {
        let mut table = Table::new(&[
            ("NAME", Column::Plain),
            ("STATE", Column::State),
            ("ID", Column::Faint),
        ]);
        table.row(["日本".to_owned(), "Success".to_owned(), "1".to_owned()]);
        table.row(["long-haul".to_owned(), "Failed".to_owned(), "2\n3".to_owned()]);
        assert_eq!(
            table.render(Ink::none()),
            "NAME       STATE    ID\n日本       Success  1\nlong-haul  Failed   2⏎3\n"
        );
    }
}
