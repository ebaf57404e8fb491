//! Digits that belong to something else than a number, by what stands around them.

use super::sign::Sign;
use super::words;
use std::ops::Range;

/// A group of digits of a run, which may be barred.
pub(super) struct Digits<'a> {
    pub digits: &'a str,
    pub at: Range<usize>,
    pub barred: &'a mut bool,
}

/// Bars the groups of a run that are a date, a time, an address, an amount, a document. A plus or a bracketed area says
/// that a number follows, whatever stands before.
pub(super) fn bar(run: &mut [Digits<'_>], signs: &[Sign], plus: bool) {
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return;
    };
    let (start, end) = (first.at.start, last.at.end);
    let area = signs[first.at.end..]
        .iter()
        .find(|sign| sign.c != ' ')
        .is_some_and(|sign| sign.c == '(');
    let bracketed = area || before(signs, start) == Some('(');
    if is_in_other_link(signs, start) {
        run.iter_mut().for_each(|group| *group.barred = true);
        return;
    }
    bar_addresses(run, signs);
    bar_dates(run, signs);
    if let Some(first) = run.first_mut() {
        *first.barred |= !plus && (is_time(signs, first) || is_glued(signs, start) || (!bracketed && is_counted_before(signs, start)));
    }
    if let Some(last) = run.last_mut() {
        let glued = !plus && !bracketed && is_glued_behind(signs, end);
        *last.barred |= (!plus && is_time(signs, last)) || glued || is_counted_behind(signs, end);
    }
}

fn before(signs: &[Sign], at: usize) -> Option<char> {
    at.checked_sub(1).map(|before| signs[before].c)
}

/// The word that ends at a place, and where it begins.
fn word_before(signs: &[Sign], end: usize) -> (String, usize) {
    let length = signs[..end].iter().rev().take_while(|sign| sign.c.is_alphabetic()).count();
    let word = signs[end - length..end].iter().map(|sign| sign.c).collect();
    (word, end - length)
}

fn word_behind(signs: &[Sign], start: usize) -> String {
    let letters = signs[start..].iter().take_while(|sign| sign.c.is_alphabetic());
    letters.map(|sign| sign.c).collect()
}

/// «A89161234567», «INV-4471»: letters in front without a blank, unless they only say that a number follows.
fn is_glued(signs: &[Sign], at: usize) -> bool {
    let hyphen = matches!(before(signs, at), Some('-' | '_'));
    let (word, _) = word_before(signs, at - usize::from(hyphen));
    !word.is_empty() && !words::is_label(&word)
}

fn is_glued_behind(signs: &[Sign], end: usize) -> bool {
    let word = word_behind(signs, end);
    let joins = ["и", "или", "or", "and", "та"].contains(&word.to_lowercase().as_str());
    !(word.is_empty() || joins || words::is_inner(&word) || words::is_pause(&word) || words::is_label(&word))
}

/// «заказ № 4471», «ИНН: 7707083893», «$ 12 500».
fn is_counted_before(signs: &[Sign], start: usize) -> bool {
    let mut at = start;
    let mut numbered = false;
    while let Some(c) = before(signs, at).filter(|c| " :.№#=«\"-".contains(*c)) {
        numbered |= matches!(c, '№' | '#');
        at -= 1;
    }
    let (word, _) = word_before(signs, at);
    let sign = before(signs, at).is_some_and(|c| words::MONEY.contains(&c) || matches!(c, '*' | '_'));
    sign || words::counts_others(&word) || (numbered && !words::is_label(&word))
}

/// «12 500 руб», «18 %».
fn is_counted_behind(signs: &[Sign], end: usize) -> bool {
    let at = end + signs[end..].iter().take_while(|sign| sign.c == ' ').count();
    let sign = signs.get(at).is_some_and(|sign| words::MONEY.contains(&sign.c));
    sign || words::is_unit(&word_behind(signs, at))
}

/// «12:30»: a colon with digits on the other side.
fn is_time(signs: &[Sign], group: &Digits<'_>) -> bool {
    let digit = |at: usize| signs.get(at).is_some_and(|sign| sign.c.is_ascii_digit());
    let colon = |at: usize| signs.get(at).is_some_and(|sign| sign.c == ':');
    let (start, end) = (group.at.start, group.at.end);
    let before = start >= 2 && colon(start - 1) && digit(start - 2);
    before || (group.digits.len() <= 2 && colon(end) && digit(end + 1))
}

fn between<'a>(signs: &'a [Sign], one: &Digits<'_>, next: &Digits<'_>) -> &'a [Sign] {
    &signs[one.at.end..next.at.start]
}

fn only(signs: &[Sign], wanted: char) -> bool {
    signs.len() == 1 && signs[0].c == wanted
}

/// «10.0.0.5»
fn bar_addresses(run: &mut [Digits<'_>], signs: &[Sign]) {
    let byte = |group: &Digits<'_>| group.digits.len() <= 3 && group.digits.parse::<u8>().is_ok();
    for at in 0..run.len().saturating_sub(3) {
        let four = &run[at..at + 4];
        let dotted = four.windows(2).all(|pair| only(between(signs, &pair[0], &pair[1]), '.'));
        if dotted && four.iter().all(byte) {
            run[at..at + 4].iter_mut().for_each(|group| *group.barred = true);
        }
    }
}

/// «12.11.2026», «2026-11-12», «12/11/26», by itself between blanks. Two digits of a year with dashes may end a number.
fn bar_dates(run: &mut [Digits<'_>], signs: &[Sign]) {
    let number = |group: &Digits<'_>| group.digits.parse::<u32>().unwrap_or(0);
    for at in 0..run.len().saturating_sub(2) {
        let three = &run[at..at + 3];
        let sign = between(signs, &three[0], &three[1]).first().map_or(' ', |sign| sign.c);
        let tied = three.windows(2).all(|pair| only(between(signs, &pair[0], &pair[1]), sign)) && "./-".contains(sign);
        let lengths = [0, 1, 2].map(|at| three[at].digits.len());
        let (day, month) = match lengths {
            [1 | 2, 1 | 2, 4] => (number(&three[0]), number(&three[1])),
            [1 | 2, 1 | 2, 2] if sign != '-' && at == 0 => (number(&three[0]), number(&three[1])),
            [4, 2, 2] => (number(&three[2]), number(&three[1])),
            _ => continue,
        };
        let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && !"-./".contains(c));
        let alone = apart(before(signs, three[0].at.start)) && apart(signs.get(three[2].at.end).map(|sign| sign.c).filter(|c| *c != '.'));
        if tied && alone && (1..=31).contains(&day) && (1..=12).contains(&month) {
            run[at..at + 3].iter_mut().for_each(|group| *group.barred = true);
        }
    }
}

fn is_in_other_link(signs: &[Sign], at: usize) -> bool {
    let blank = |sign: &&Sign| !matches!(sign.c, ' ' | '\n' | ',' | '"' | '<' | '>');
    let ahead = signs[..at].iter().rev().take_while(blank).count();
    let behind = signs[at..].iter().take_while(blank).count();
    let piece: String = signs[at - ahead..at + behind].iter().map(|sign| sign.c).collect();
    words::is_other_link(&piece)
}
