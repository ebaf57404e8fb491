//! The log's own lines, without what might be somebody's.
//!
//! A line of ours is a message, which is a text of the sources (a test reads them all), and fields behind it. Of a field that
//! is on the list the value is told; of any other, such as an error, only that it was there, and nothing of what follows it,
//! as nobody knows where a text of somebody's ends. What is left goes by a second wall: words that are not like ours are
//! numbered.

use std::collections::HashMap;
use std::path::Path;

/// Whose lines are told: what libraries write is not ours to vouch for.
const OURS: [&str; 7] = ["ringside_lib", "ringside", "engine", "pbx", "omnidesk", "store", "calls"];
/// Fields whose values are numbers, words of the sources, or a call's id, which is Asterisk's or a fingerprint.
pub(super) const TOLD: [&str; 31] = [
    "act",
    "attempts",
    "call",
    "caller",
    "case",
    "closes_missed",
    "code",
    "deed",
    "direction",
    "disposition",
    "duties",
    "entry",
    "fault",
    "files",
    "kind",
    "ms",
    "next",
    "of",
    "read",
    "reason",
    "recording",
    "row",
    "rows",
    "rule",
    "status",
    "talk_s",
    "trouble",
    "unseen",
    "wait_s",
    "what",
    "window",
];
/// What stands for a value that is not told.
const HIDDEN: &str = "(set)";
/// So much of the log's end, bytes.
const MOST: usize = 512 * 1024;
/// A longer line goes on unsaid, bytes.
const LONGEST: usize = 1_000;
/// A word with so many digits may be a number of somebody's.
const DIGITS: usize = 5;

/// The last lines of the files in this folder, oldest first.
pub fn lines(folder: &Path) -> Vec<String> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .map(|files| files.flatten().map(|file| file.path()).collect())
        .unwrap_or_default();
    // The day is part of the name.
    files.sort();
    let mut texts: Vec<String> = Vec::new();
    let mut size = 0;
    for file in files.iter().rev().filter(|file| file.extension().is_some_and(|kind| kind == "log")) {
        if size >= MOST {
            break;
        }
        let text = end_of(file);
        size += text.len();
        texts.push(text);
    }
    texts.reverse();
    told(&texts.concat())
}

/// The end of a file, whole lines.
fn end_of(file: &Path) -> String {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let mut bytes = Vec::new();
    let mut cut = false;
    let _ = std::fs::File::open(file).and_then(|mut file| {
        let size = file.metadata()?.len();
        let from = size.saturating_sub(MOST as u64);
        cut = from > 0;
        file.seek(SeekFrom::Start(from))?;
        file.take(MOST as u64).read_to_end(&mut bytes)
    });
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match text.find('\n') {
        Some(first) if cut => text[first + 1..].to_owned(),
        _ => text,
    }
}

/// What may be told of a log.
pub(super) fn told(log: &str) -> Vec<String> {
    let mut words = HashMap::new();
    let mut lines: Vec<String> = log.lines().filter_map(|line| line_told(line, &mut words)).collect();
    let mut size = 0;
    let from = lines.iter().rposition(|line| {
        size += line.len();
        size > MOST
    });
    lines.split_off(from.map_or(0, |last| last + 1))
}

/// A line of ours at INFO or above; none for any other. What is no line of the log's form is part of some other one.
fn line_told(line: &str, words: &mut HashMap<String, usize>) -> Option<String> {
    let (at, rest) = line.split_once(' ')?;
    at.parse::<jiff::Timestamp>().ok()?;
    let (level, rest) = rest.trim_start().split_once(' ')?;
    let (target, rest) = rest.split_once(": ")?;
    let of = target.split("::").next()?;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:".contains(&byte));
    if !["INFO", "WARN", "ERROR"].contains(&level) || !OURS.contains(&of) || !plain(target) {
        return None;
    }
    let mut end = rest.len().min(LONGEST);
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    // Half a word might not be known for what it is.
    let whole = if end < rest.len() {
        rest[..end].rfind(' ').unwrap_or_default()
    } else {
        end
    };
    let (listed, hidden) = listed(&rest[..whole]);
    let hidden = hidden.map(|key| format!("{key}={HIDDEN}")).unwrap_or_default();
    Some(format!("{at} {level} {target}: {}{hidden}", without_persons(listed, words)))
}

/// The part before the first field that is not on the list, and that one's name.
fn listed(text: &str) -> (&str, Option<&str>) {
    let is_name = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let mut at = 0;
    for word in text.split_inclusive(' ') {
        if let Some((name, _)) = word.split_once('=')
            && !TOLD.contains(&name)
        {
            return (&text[..at], Some(if is_name(name) { name } else { "field" }));
        }
        at += word.len();
    }
    (text, None)
}

/// Each word that might be somebody's becomes a number, the same word the same one, so that one can follow a call.
fn without_persons(text: &str, words: &mut HashMap<String, usize>) -> String {
    let parts_words = |c: char| c.is_whitespace() || c.is_control() || "\"'(){}[]<>,;=|".contains(c);
    let mut told = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let number = number_at(rest);
        let length = if number > 0 {
            number
        } else {
            rest.find(parts_words)
                .filter(|length| *length > 0)
                .unwrap_or(match parts_words(first) {
                    true => first.len_utf8(),
                    false => rest.len(),
                })
        };
        let (word, behind) = rest.split_at(length);
        if number > 0 || (!parts_words(first) && is_personal(word)) {
            let next = words.len() + 1;
            told.push_str(&format!("‹{}›", words.entry(word.to_owned()).or_insert(next)));
        } else {
            told.extend(word.chars().map(|c| if c.is_ascii() && !c.is_control() { c } else { ' ' }));
        }
        rest = behind;
    }
    told
}

/// How long the number is that the text begins with as people write one, in groups; 0 for none, and for a part of a word.
fn number_at(text: &str) -> usize {
    let span = text
        .find(|c: char| !c.is_ascii_digit() && !" ()+-.".contains(c))
        .unwrap_or(text.len());
    let length = text[..span].rfind(|c: char| c.is_ascii_digit()).map_or(0, |last| last + 1);
    let digits = text.bytes().take(length).filter(u8::is_ascii_digit).count();
    let goes_on = text[length..].starts_with(|c: char| c.is_alphanumeric() || "_:@/".contains(c));
    let begins = text.starts_with(|c: char| c.is_ascii_digit() || "+(".contains(c));
    if begins && !goes_on && digits >= DIGITS { length } else { 0 }
}

/// Letters that our lines are not written in, addresses (those with colons, too), paths, names of hosts, and anything with many
/// digits.
fn is_personal(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let dotted = word.trim_end_matches('.').split('.').collect::<Vec<_>>();
    let is_number = dotted.len() <= 2 && dotted.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    // A colon ends a word of ours; in one it parts an address.
    let is_address = word.trim_end_matches(':').contains(':') || word.starts_with("::");
    !word.is_ascii() || digits >= DIGITS || word.contains(['@', '/', '\\', '%', '+']) || (dotted.len() > 1 && !is_number) || is_address
}
