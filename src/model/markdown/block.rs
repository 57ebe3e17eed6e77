//! Blocks of markdown, line by line: headings, lists, tables, code, quotations, paragraphs.

use super::inline::inline;
use super::{Mark, Markup};

/// Lists and quotations within one another beyond this depth are read as plain paragraphs.
const DEEPEST: usize = 12;

/// The blocks of some lines.
pub(super) fn blocks(lines: &[&str], depth: usize) -> Vec<Markup> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        at += block(&lines[at..], depth, &mut found);
    }
    found
}

/// Reads the block that begins with the first line; answers how many lines it takes.
fn block(lines: &[&str], depth: usize, found: &mut Vec<Markup>) -> usize {
    let line = lines[0];
    let body = line.trim_start();
    if body.is_empty() {
        return 1;
    }
    if indent(line) >= 4 {
        return indented(lines, found);
    }
    if let Some((sign, length)) = fence(body) {
        return fenced(lines, sign, length, found);
    }
    if let Some((level, words)) = heading(body) {
        found.push(Markup::Part(Mark::Heading(level), inline(words)));
        return 1;
    }
    if is_rule(body) {
        found.push(Markup::Rule);
        return 1;
    }
    if depth < DEEPEST {
        if body.starts_with('>') {
            return quote(lines, depth, found);
        }
        if let Some(first) = Marker::of(line) {
            return list(lines, first, depth, found);
        }
    }
    if let Some(columns) = columns(lines) {
        return table(lines, &columns, found);
    }
    paragraph(lines, found)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Whether a line begins something else than the paragraph before it.
fn begins_block(line: &str) -> bool {
    let body = line.trim_start();
    indent(line) < 4
        && (fence(body).is_some()
            || heading(body).is_some()
            || is_rule(body)
            || body.starts_with('>')
            || Marker::of(line).is_some_and(|marker| marker.may_interrupt(line)))
}

fn code(language: &str, lines: &[&str], margin: usize) -> Markup {
    let mut text = String::new();
    for line in lines {
        text.push_str(&line[indent(line).min(margin)..]);
        text.push('\n');
    }
    Markup::Part(Mark::CodeBlock(language.to_owned()), vec![Markup::Text(text)])
}

fn indented(lines: &[&str], found: &mut Vec<Markup>) -> usize {
    let is_in = |line: &&&str| indent(line) >= 4 || line.trim().is_empty();
    let mut count = lines.iter().take_while(is_in).count();
    while lines[count - 1].trim().is_empty() {
        count -= 1;
    }
    found.push(code("", &lines[..count], 4));
    count
}

/// The sign and the length of a fence around code.
fn fence(body: &str) -> Option<(char, usize)> {
    let sign = body.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let rest = body.trim_start_matches(sign);
    let length = body.len() - rest.len();
    (length >= 3 && !(sign == '`' && rest.contains('`'))).then_some((sign, length))
}

fn fenced(lines: &[&str], sign: char, length: usize, found: &mut Vec<Markup>) -> usize {
    let is_end = |line: &&str| {
        let rest = line.trim_start().trim_start_matches(sign);
        line.trim_start().len() - rest.len() >= length && rest.trim().is_empty()
    };
    let inside = lines[1..].iter().take_while(|line| !is_end(line)).count();
    let about = lines[0].trim_start().trim_start_matches(sign);
    let language = about.split_whitespace().next().unwrap_or_default();
    found.push(code(language, &lines[1..=inside], indent(lines[0])));
    (inside + 2).min(lines.len())
}

fn heading(body: &str) -> Option<(u8, &str)> {
    let rest = body.trim_start_matches('#');
    let level = body.len() - rest.len();
    let is_heading = (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with(' '));
    let words = rest.trim();
    // A heading may be closed by the same signs.
    let closed = words.trim_end_matches('#');
    let words = if closed.is_empty() || closed.ends_with(' ') {
        closed.trim_end()
    } else {
        words
    };
    let level = u8::try_from(level).ok()?;
    is_heading.then_some((level, words))
}

fn is_rule(body: &str) -> bool {
    let sign = body.chars().next().unwrap_or(' ');
    matches!(sign, '-' | '*' | '_')
        && body.chars().all(|c| c == sign || c == ' ')
        && body.chars().filter(|c| *c == sign).count() >= 3
}

fn quote(lines: &[&str], depth: usize, found: &mut Vec<Markup>) -> usize {
    let mut inside = Vec::new();
    for line in lines {
        let body = line.trim_start();
        match body.strip_prefix('>') {
            Some(rest) if indent(line) < 4 => inside.push(rest.strip_prefix(' ').unwrap_or(rest)),
            // A paragraph may go on without the sign.
            _ if !body.is_empty() && !begins_block(line) => inside.push(body),
            _ => break,
        }
    }
    found.push(Markup::Part(Mark::Quote, blocks(&inside, depth + 1)));
    inside.len()
}

/// What begins an item of a list.
#[derive(Clone, Copy)]
struct Marker {
    /// `-`, `*`, `+`, or what follows a number: `.` or `)`.
    sign: u8,
    number: Option<u64>,
    /// Where the item's words begin.
    content: usize,
}

impl Marker {
    fn of(line: &str) -> Option<Self> {
        let start = indent(line);
        let body = &line[start..];
        let digits = body.len() - body.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let sign = *body.as_bytes().get(digits)?;
        let fits = if digits == 0 {
            b"-*+".contains(&sign)
        } else {
            b".)".contains(&sign)
        };
        if !fits || digits > 9 || start >= 4 {
            return None;
        }
        let rest = &body[digits + 1..];
        let space = indent(rest);
        if space == 0 && !rest.is_empty() {
            return None;
        }
        // Many spaces belong to code within the item.
        let space = if space > 4 || rest.trim().is_empty() {
            1
        } else {
            space
        };
        Some(Self {
            sign,
            number: body[..digits].parse().ok(),
            content: start + digits + 1 + space,
        })
    }

    fn is_of_list(self, first: Self) -> bool {
        self.sign == first.sign && self.number.is_some() == first.number.is_some()
    }

    /// Whether it begins a list right after a paragraph: a number at the start of a line of prose does not.
    fn may_interrupt(self, line: &str) -> bool {
        self.number.is_none_or(|number| number == 1) && line.len() > self.content
    }
}

fn list(lines: &[&str], first: Marker, depth: usize, found: &mut Vec<Markup>) -> usize {
    let mut items = Vec::new();
    let mut is_loose = false;
    let mut at = 0;
    while let Some(marker) = lines.get(at).and_then(|line| Marker::of(line)) {
        if !marker.is_of_list(first) || is_rule(lines[at].trim_start()) {
            break;
        }
        let mut inside = vec![lines[at].get(marker.content..).unwrap_or_default()];
        let mut was_blank = false;
        at += 1;
        while let Some(line) = lines.get(at) {
            if line.trim().is_empty() {
                was_blank = true;
                inside.push("");
            } else if indent(line) >= marker.content {
                // A line that stands deeper belongs to a list within the item.
                is_loose |= was_blank && indent(line) < marker.content + 2;
                was_blank = false;
                inside.push(&line[marker.content..]);
            } else if !was_blank && !begins_block(line) && Marker::of(line).is_none() {
                inside.push(line.trim_start());
            } else {
                break;
            }
            at += 1;
        }
        let goes_on = lines.get(at).and_then(|line| Marker::of(line));
        is_loose |= was_blank && goes_on.is_some_and(|next| next.is_of_list(first));
        items.push(item(&inside, depth));
    }
    let items = items.into_iter().map(|pieces| {
        let pieces = pieces.into_iter().flat_map(|piece| match piece {
            Markup::Part(Mark::Paragraph, words) if !is_loose => words,
            piece => vec![piece],
        });
        Markup::Part(Mark::Item, pieces.collect())
    });
    found.push(Markup::Part(Mark::List(first.number), items.collect()));
    at
}

fn item(lines: &[&str], depth: usize) -> Vec<Markup> {
    let boxes = [("[ ] ", false), ("[x] ", true), ("[X] ", true)];
    for (sign, is_done) in boxes {
        if let Some(rest) = lines[0].strip_prefix(sign) {
            let mut lines = lines.to_vec();
            lines[0] = rest;
            let mut pieces = vec![Markup::Check(is_done)];
            pieces.extend(blocks(&lines, depth + 1));
            return pieces;
        }
    }
    blocks(lines, depth + 1)
}

/// The cells of a line of a table.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        let is_last = signs.peek().is_none();
        match (sign, cells.last_mut()) {
            ('\\', Some(cell)) if signs.peek() == Some(&'|') => {
                signs.next();
                cell.push('|');
            }
            ('|', _) if is_last => {}
            ('|', _) => cells.push(String::new()),
            (_, Some(cell)) => cell.push(sign),
            _ => {}
        }
    }
    cells
}

/// Whether each column is aligned to the right, when a table begins here: the second line says so.
fn columns(lines: &[&str]) -> Option<Vec<bool>> {
    let [head, line, ..] = lines else { return None };
    if !head.contains('|') || !line.contains('-') || !line.chars().all(|c| "|:- ".contains(c)) {
        return None;
    }
    let columns: Option<Vec<bool>> = cells(line)
        .iter()
        .map(|cell| {
            let cell = cell.trim();
            let dashes = cell.trim_start_matches(':').trim_end_matches(':');
            let is_column = !dashes.is_empty() && dashes.chars().all(|c| c == '-');
            is_column.then(|| cell.ends_with(':') && !cell.starts_with(':'))
        })
        .collect();
    columns.filter(|columns| columns.len() == cells(head).len())
}

fn table(lines: &[&str], columns: &[bool], found: &mut Vec<Markup>) -> usize {
    let row = |mark: Mark, line: &str| {
        // A row may be shorter than the head. Filled up, a wide head and many short rows would be billions of cells.
        let cells = columns
            .iter()
            .zip(cells(line))
            .map(|(is_right, words)| Markup::Part(Mark::TableCell(*is_right), inline(words.trim())));
        Markup::Part(mark, cells.collect())
    };
    let is_row = |line: &&&str| !line.trim().is_empty() && !begins_block(line);
    let count = lines[2..].iter().take_while(is_row).count() + 2;
    let mut rows = vec![row(Mark::TableHead, lines[0])];
    rows.extend(lines[2..count].iter().map(|line| row(Mark::TableRow, line)));
    found.push(Markup::Part(Mark::Table, rows));
    count
}

fn paragraph(lines: &[&str], found: &mut Vec<Markup>) -> usize {
    let mut words = lines[0].trim_start().to_owned();
    let mut count = 1;
    while let Some(line) = lines.get(count) {
        let body = line.trim();
        if body.is_empty() {
            break;
        }
        // A line of signs below makes it a heading.
        for (sign, level) in [('=', 1), ('-', 2)] {
            if indent(line) < 4 && body.chars().all(|c| c == sign) {
                found.push(Markup::Part(Mark::Heading(level), inline(words.trim_end())));
                return count + 1;
            }
        }
        if begins_block(line) || columns(&lines[count..]).is_some() {
            break;
        }
        words.push('\n');
        words.push_str(line.trim_start());
        count += 1;
    }
    found.push(Markup::Part(Mark::Paragraph, inline(words.trim_end())));
    count
}
