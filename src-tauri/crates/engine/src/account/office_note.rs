//! A publication as the note of a company in Omnidesk.
//!
//! Omnidesk keeps notes as people's text: it may escape signs, turn ends of lines into tags, cut what is long. So the document
//! stands there in letters that nobody changes (base64 of the kind for addresses, in lines of 76), with how many they are, and
//! above it for whoever opens the record what it is.

use crate::account::plain::strip_tags;
use crate::settings::published::{Document, LONGEST, Wrong};
use crate::view::OfficeFault;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// The name that the record is found by.
pub(crate) const NAME: &str = "Не изменять: настройки Ringside";
const SAID: &str = "Здесь программы Ringside хранят настройки отдела. Их меняют в Ringside: Настройки, «Настройки отдела».\n\
                    Settings of Ringside for the whole office. Do not edit; change them in Ringside.\n";
const BEGINNING: &str = "[ringside ";
const END: char = ']';
const LINE: usize = 76;

/// As it is written into the note.
pub(crate) fn written(document: &Document) -> String {
    let letters = BASE64_URL_SAFE_NO_PAD.encode(document.text());
    let mut note = format!("{SAID}{BEGINNING}{}:", letters.len());
    for line in letters.as_bytes().chunks(LINE) {
        note.push('\n');
        note.extend(line.iter().copied().map(char::from));
    }
    note.push(END);
    note
}

/// What a note says; none where it says nothing.
///
/// # Errors
/// Why it is refused, and the setting it is about.
pub(crate) fn read(note: &str) -> Result<Option<Document>, Wrong> {
    // Letters are a third longer than what they stand for; tags and signs of its own come on top.
    if note.len() > 3 * LONGEST {
        return Err((OfficeFault::TooLong, None));
    }
    let text = strip_tags(note);
    if text.is_empty() {
        return Ok(None);
    }
    let not_one = (OfficeFault::NotOne, None);
    let (_, rest) = text.split_once(BEGINNING).ok_or_else(|| not_one.clone())?;
    let (length, rest) = rest.split_once(':').ok_or((OfficeFault::Cut, None))?;
    let length: usize = length.parse().map_err(|_| not_one.clone())?;
    let (letters, _) = rest.split_once(END).ok_or((OfficeFault::Cut, None))?;
    let letters: String = letters.split_whitespace().collect();
    if letters.len() < length {
        return Err((OfficeFault::Cut, None));
    }
    if letters.len() > length {
        return Err(not_one);
    }
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(letters).map_err(|_| not_one.clone())?;
    let text = String::from_utf8(bytes).map_err(|_| not_one)?;
    Document::read(&text).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> Document {
        let text = json!({"ringside": "office-settings", "schema": 1, "number": 7, "author": "Анна <b>Соколова</b>",
            "at": "2026-11-30T10:00:00Z", "settings": {"phrases": [{"title": "Счёт & «акт»", "text": "<i>Просит</i>\n\"счёт\" ]"}]}});
        Document::read(&text.to_string()).unwrap()
    }

    #[test]
    fn a_note_comes_back_whatever_omnidesk_does_to_peoples_text() {
        let note = written(&document());
        assert!(note.starts_with("Здесь") && note.lines().all(|line| line.chars().count() < 120));
        let escaped = html_escape::encode_text(&note).replace('«', "&laquo;");
        for kept in [
            note.clone(),
            note.replace('\n', "\r\n"),
            note.replace('\n', "<br />\n"),
            note.replace('\n', " "),
            format!("<div><p>{}</p></div>", escaped.replace('\n', "</p><p>")),
            format!("  {note}\n\nкто-то дописал"),
        ] {
            assert_eq!(read(&kept), Ok(Some(document())), "{kept}");
        }
    }

    #[test]
    fn a_note_that_was_cut_or_changed_is_refused_and_an_empty_one_says_nothing() {
        for empty in ["", " \n", "<p></p>", "<br>"] {
            assert_eq!(read(empty), Ok(None));
        }
        let note = written(&document());
        for (at, _) in note.char_indices() {
            let cut = read(&note[..at]);
            let fault = cut.map_err(|(fault, _)| fault);
            assert!(
                matches!(fault, Ok(None) | Err(OfficeFault::Cut | OfficeFault::NotOne)),
                "{at}: {fault:?}"
            );
        }
        let begins = note.find(BEGINNING).unwrap();
        assert_eq!(read(&note[..begins + 20]), Err((OfficeFault::Cut, None)));
        for (changed, fault) in [
            ("звонить Ивану".to_owned(), OfficeFault::NotOne),
            (note.replacen("[ringside ", "[ringside x", 1), OfficeFault::NotOne),
            (format!("{}AAAA]", &note[..note.len() - 1]), OfficeFault::NotOne),
            (note.replacen("\n", "\n*", 3), OfficeFault::NotOne),
            ("я".repeat(100_000), OfficeFault::TooLong),
        ] {
            assert_eq!(read(&changed), Err((fault, None)), "{changed:.60}");
        }
        for hostile in hostile::texts() {
            // Nothing of it is taken, and nothing breaks.
            assert!(!matches!(read(&hostile.text), Ok(Some(_))), "{}", hostile.name);
        }
    }
}
