//! The labels that agents pick as a call's outcome: by their titles, as another account has other ids.

use crate::view::{CommandError, TroubleView};
use calls::{MOST_LABELS, one_line};

/// The longest title that is kept, characters.
const LONGEST: usize = 100;

/// Those that are offered: a file of the office may hold anything.
pub(crate) fn usable(labels: &[String]) -> Vec<String> {
    let mut usable: Vec<String> = Vec::new();
    for label in labels.iter().map(|label| label.trim()) {
        let sound = !label.is_empty() && label.chars().count() <= LONGEST && one_line(label) == label;
        if sound && usable.len() < MOST_LABELS && !usable.iter().any(|known| known == label) {
            usable.push(label.to_owned());
        }
    }
    usable
}

/// What the editor returned, as kept.
///
/// # Errors
/// `badSetting` about `labels` where there are more than digits, or one that no case can have.
pub fn settled(labels: &[String]) -> Result<Vec<String>, CommandError> {
    let kept = usable(labels);
    if kept.len() == labels.len() {
        Ok(kept)
    } else {
        Err(CommandError {
            trouble: TroubleView::BadSetting,
            about: Some("labels".into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_nine_at_most_each_once_and_fit_to_be_shown() {
        let labels = |titles: &[&str]| titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>();
        assert_eq!(settled(&labels(&["Счёт", " Жалоба "])).unwrap(), ["Счёт", "Жалоба"]);
        for wrong in [
            &["Счёт", "Счёт"][..],
            &[""],
            &["a\nb"],
            &["a\u{202e}b"],
            &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
        ] {
            assert_eq!(settled(&labels(wrong)).unwrap_err().about.as_deref(), Some("labels"), "{wrong:?}");
        }
        assert_eq!(usable(&labels(&["", "Счёт", "Счёт"])), ["Счёт"]);
    }
}
