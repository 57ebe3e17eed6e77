//! How wide a text will be, and a text that fits: SVG cannot shorten one by itself, and asking the browser for
//! each of a thousand cards would take longer than drawing them. It is asked once, how wide its font is.

use leptos::prelude::document;

/// Letters as they occur in names of tasks.
const SAMPLE: &str = "load_customer_orders_by_region_0042";

/// How wide the letters of the interface's font are, by the widths assumed here: 1 when they are as assumed, or
/// cannot be measured.
#[must_use]
pub fn measured_letters() -> f64 {
    let measure = || {
        let ruler = document().create_element("span").ok()?;
        ruler.set_class_name("schematic__ruler");
        ruler.set_text_content(Some(SAMPLE));
        document().body()?.append_child(&ruler).ok()?;
        let width = ruler.get_bounding_client_rect().width();
        ruler.remove();
        (width > 0.0).then(|| width / text_width(SAMPLE, 13.0))
    };
    measure().map_or(1.0, |letters| letters.clamp(0.7, 1.6))
}

/// About how wide a text is in the interface's font, in pixels.
#[must_use]
pub fn text_width(text: &str, size: f64) -> f64 {
    text.chars().map(|letter| letter_width(letter) * size).sum()
}

/// The text, or as much of it as fits with an ellipsis. The beginning and the end stay: task names often differ
/// in a number at the end.
#[must_use]
pub fn fitted(text: &str, size: f64, room: f64) -> String {
    if text_width(text, size) <= room {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let room = room - letter_width('…') * size;
    let mut tail = Vec::new();
    let mut used = 0.0;
    for &letter in letters.iter().rev().take(4) {
        used += letter_width(letter) * size;
        tail.push(letter);
    }
    let mut shown = String::new();
    for &letter in &letters[..letters.len() - tail.len()] {
        used += letter_width(letter) * size;
        if used > room {
            break;
        }
        shown.push(letter);
    }
    shown.push('…');
    shown.extend(tail.into_iter().rev());
    shown
}

/// In parts of the font's size, a little more than usual fonts need.
fn letter_width(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.3,
        'f' | 'r' | 't' | 'I' | ' ' | '(' | ')' | '[' | ']' | '/' | '-' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.92,
        letter if letter.is_ascii_uppercase() => 0.7,
        letter if letter.is_ascii() => 0.6,
        // Latin, Greek and Cyrillic letters end below U+0590; what follows may be twice as wide.
        letter if letter < '\u{590}' => 0.65,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_stays() {
        assert_eq!(fitted("get_sum", 13.0, 100.0), "get_sum");
    }

    #[test]
    fn a_long_one_keeps_its_beginning_and_its_end() {
        let shown = fitted("load_customer_orders_of_region_0042", 13.0, 150.0);
        assert!(shown.starts_with("load_") && shown.ends_with("…0042"), "{shown}");
        assert!(text_width(&shown, 13.0) <= 150.0);
    }

    #[test]
    fn no_room_leaves_the_end() {
        assert_eq!(fitted("abcdefgh", 13.0, 0.0), "…efgh");
        assert_eq!(fitted("", 13.0, 0.0), "");
    }
}
