//! Text from outside within a line of the desktop's (tray, notifications). A name written from right to left would turn
//! the signs and digits beside it; between two marks it turns nothing but itself. The interface does the same
//! (`ui/src/lib/bidi.ts`). Only what is shown is marked.

/// «First strong isolate»: what follows has a direction of its own.
const FSI: char = '\u{2068}';
/// «Pop directional isolate»: here it ends.
const PDI: char = '\u{2069}';

/// As it stands within a line.
pub fn isolated(text: &str) -> String {
    if text.chars().any(turns) {
        format!("{FSI}{}{PDI}", closed(text))
    } else {
        text.to_owned()
    }
}

/// Letters written from right to left, and the marks that change the direction.
fn turns(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// A mark of its own neither ends ours early nor outlasts it.
fn closed(text: &str) -> String {
    let mut open = 0_usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            PDI if open == 0 => continue,
            PDI => open -= 1,
            '\u{2066}'..=FSI => open += 1,
            _ => {}
        }
        out.push(c);
    }
    out.extend(std::iter::repeat_n(PDI, open));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_from_the_right_turns_nothing_but_itself() {
        for name in ["שרה כהן", "مريم 5", "\u{202e}abc", "Anna שרה"] {
            assert_eq!(isolated(name), format!("\u{2068}{name}\u{2069}"));
        }
        assert_eq!(isolated("Иванов & Co, +7 (900) 1"), "Иванов & Co, +7 (900) 1");
    }

    #[test]
    fn a_texts_own_marks_neither_end_ours_early_nor_outlast_it() {
        assert_eq!(isolated("א\u{2069}5"), "\u{2068}א5\u{2069}");
        assert_eq!(isolated("\u{2067}א"), "\u{2068}\u{2067}א\u{2069}\u{2069}");
        assert_eq!(isolated("\u{2068}א\u{2069}"), "\u{2068}\u{2068}א\u{2069}\u{2069}");
    }
}
