//! «Фразы»: the office's texts for gists, with fields for what is known of a call (`calls::fill_phrase`).

use crate::view::{CommandError, PhraseRow, TroubleView};
use calls::visible;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Bounds of what is kept and offered: phrases, characters of a name, characters of a text.
const MOST: usize = 100;
const LONGEST_TITLE: usize = 60;
const LONGEST_TEXT: usize = 4_000;

/// One phrase as kept in the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Phrase {
    /// Its name, by whose first letters it is found.
    pub title: String,
    /// Its text, with fields such as `{имя}`.
    pub text: String,
}

impl Phrase {
    /// Whether an editor would have taken it. A file of the office may hold anything.
    fn is_sound(&self) -> bool {
        let title = self.title.trim();
        let named = !title.is_empty() && title.chars().count() <= LONGEST_TITLE && !title.chars().any(char::is_control);
        named && !self.text.trim().is_empty() && self.text.chars().count() <= LONGEST_TEXT
    }
}

/// Those that are offered: of two with one title, the first.
pub(crate) fn usable(phrases: &[Phrase]) -> impl Iterator<Item = &Phrase> {
    let mut titles = BTreeSet::new();
    let is_first = move |phrase: &&Phrase| titles.insert(phrase.title.trim().to_lowercase());
    phrases.iter().filter(|phrase| phrase.is_sound()).filter(is_first).take(MOST)
}

/// What the editor returned, as kept.
///
/// # Errors
/// `badSetting` about `phrases` where there are too many, else about the first that has no name or text, too long a one,
/// or another's name: `title-2`, `text-2`, counted from 0.
pub fn settled(rows: &[PhraseRow]) -> Result<Vec<Phrase>, CommandError> {
    let bad = |about: String| CommandError {
        trouble: TroubleView::BadSetting,
        about: Some(about),
    };
    if rows.len() > MOST {
        return Err(bad("phrases".into()));
    }
    let mut titles = BTreeSet::new();
    let mut kept = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        let phrase = Phrase {
            title: row.title.trim().to_owned(),
            text: visible(&row.text).trim().to_owned(),
        };
        if phrase.text.is_empty() || phrase.text.chars().count() > LONGEST_TEXT {
            return Err(bad(format!("text-{n}")));
        }
        if !phrase.is_sound() || !titles.insert(phrase.title.to_lowercase()) {
            return Err(bad(format!("title-{n}")));
        }
        kept.push(phrase);
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(title: &str, text: &str) -> PhraseRow {
        PhraseRow {
            title: title.into(),
            text: text.into(),
            unknown: Vec::new(),
        }
    }

    #[test]
    fn the_editor_is_told_which_phrase_is_wrong_and_nothing_unknown_is_taken_out() {
        for (rows, about) in [
            (vec![row("", "x")], "title-0"),
            (vec![row("Счёт", "x"), row(" счёт ", "y")], "title-1"),
            (vec![row("Счёт", " \n")], "text-0"),
            (vec![row("Счёт", &"я".repeat(4_001))], "text-0"),
            (vec![row(&"я".repeat(61), "x")], "title-0"),
            (vec![row("a\nb", "x")], "title-0"),
            ((0..101).map(|n| row(&n.to_string(), "x")).collect(), "phrases"),
        ] {
            let refused = settled(&rows).unwrap_err();
            assert_eq!((refused.trouble, refused.about.as_deref()), (TroubleView::BadSetting, Some(about)));
        }
        let kept = settled(&[row(" Договор ", " По договору {договор}\r\n{имя}\u{202e} ")]).unwrap();
        assert_eq!(
            kept,
            [Phrase {
                title: "Договор".into(),
                text: "По договору {договор}\n{имя}".into()
            }]
        );
    }

    #[test]
    fn what_an_offices_file_holds_beyond_the_bounds_is_not_offered() {
        let phrase = |title: &str, text: &str| Phrase {
            title: title.into(),
            text: text.into(),
        };
        let mut office = vec![phrase("", "x"), phrase("Пусто", ""), phrase("Счёт", "Просит счёт")];
        office.extend((0..200).map(|n| phrase(&n.to_string(), "x")));
        let offered: Vec<&Phrase> = usable(&office).collect();
        assert_eq!((offered.len(), offered[0].title.as_str()), (100, "Счёт"));
    }
}
