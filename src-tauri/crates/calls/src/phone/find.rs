//! All numbers in a text, with their inner numbers and places.
//!
//! Digits that only blanks, brackets, dashes, dots and slashes part form a *run*. A run is cut into numbers so that as few
//! digits as possible are left over; where some are left over, only numbers that say by a plus or a prefix how they are meant
//! are believed, as the rest may be a card, an account, a sum. Digits that belong to something else by what stands around
//! them (a date, a time, an address, «заказ 4471», «1250 руб») are *barred*: part of no number.

use super::inner::{self, Behind};
use super::number::Number;
use super::reading::{self, Reading, Row};
use super::region::Region;
use super::sign::{self, Sign, signs};
use std::ops::Range;

/// Longer texts are read up to here, bytes.
const LONGEST: usize = 8_000;
/// Most groups of digits that are looked at together.
const GROUPS: usize = 40;
/// Most signs between two groups of one number.
const BETWEEN: usize = 5;
/// Most digits that may be left over behind a slash: «200-00-07/08».
const TAIL: usize = 4;

/// A number in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundNumber {
    /// The number, read from its own place alone.
    pub number: Number,
    /// Where it stands, bytes; its inner number and what belongs to its link included.
    pub span: Range<usize>,
}

/// All numbers in a text, in order and without overlaps. Digits whose country is not certain are among them, as a guess
/// ([`Number::readings`]).
///
/// ```
/// use calls::{Region, numbers_in};
/// let found = numbers_in("моб. 8 (916) 200-00-07, раб. 8 (495) 765-43-21 доб. 12", Region::default());
/// let read: Vec<_> = found.iter().map(|found| (found.number.e164(), found.number.extension())).collect();
/// assert_eq!(read, [(Some("+79162000007"), None), (Some("+74957654321"), Some("12"))]);
/// assert!(numbers_in("заказ 4471 от 12.11", Region::default()).is_empty());
/// ```
#[must_use]
pub fn numbers_in(text: &str, region: Region) -> Vec<FoundNumber> {
    let end = (0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    let text = &text[..end.unwrap_or(0)];
    let signs = signs(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(run) = next_run(&signs, at) {
        at = run.end();
        let behind = inner::behind(&signs, at, |at| begins_number(&signs, at, region));
        let parts = parts(&run, &behind, region);
        let last = parts
            .last()
            .filter(|part| part.groups.end == run.groups.len())
            .map(|part| part.groups.start);
        for part in parts {
            let is_last = Some(part.groups.start) == last;
            let mut row = run.row(&signs, &part.groups);
            if is_last {
                at = behind.end.max(at);
                row.end = at;
            }
            let span = sign::span(&signs, row);
            let extension = behind.inner.clone().filter(|_| is_last);
            found.push(FoundNumber {
                number: Number::found(&text[span.clone()], part.reading, extension),
                span,
            });
        }
    }
    found
}

/// Whether a number begins here: then it is nobody's inner number.
fn begins_number(signs: &[Sign], at: usize, region: Region) -> bool {
    next_run(signs, at).is_some_and(|run| {
        let found = parts(&run, &Behind::default(), region);
        run.groups[0].at.start == at && found.iter().any(|part| matches!(part.reading, Reading::Certain { .. }))
    })
}

/// Digits in one piece.
#[derive(Debug)]
struct Group {
    digits: String,
    /// Its signs.
    at: Range<usize>,
    /// Belongs to something else than a number.
    barred: bool,
    /// A slash stands before it.
    slashed: bool,
}

/// Groups that may be one number or several.
#[derive(Debug)]
struct Run {
    /// The first sign, a plus or a bracket in front included.
    start: usize,
    plus: bool,
    groups: Vec<Group>,
}

/// A number in a run.
struct Part {
    groups: Range<usize>,
    reading: Reading,
}

impl Run {
    fn end(&self) -> usize {
        self.groups.last().map_or(self.start, |group| group.at.end)
    }

    /// The signs of some groups: with the bracket that opens before them if it closes within, and the one that closes behind.
    fn row(&self, signs: &[Sign], groups: &Range<usize>) -> Range<usize> {
        let (first, last) = (&self.groups[groups.start], &self.groups[groups.end - 1]);
        let inside = |from: usize, c: char| signs[from..last.at.end].iter().any(|sign| sign.c == c);
        let mut start = first.at.start;
        while start
            > self
                .start
                .max(groups.start.checked_sub(1).map_or(0, |before| self.groups[before].at.end))
        {
            match signs[start - 1].c {
                '+' | ' ' => start -= 1,
                '(' if inside(first.at.start, ')') => start -= 1,
                _ => break,
            }
        }
        let lead = signs[start..first.at.start].iter().take_while(|sign| sign.c == ' ').count();
        start + lead..last.at.end
    }

    fn digits(&self, groups: Range<usize>) -> String {
        self.groups[groups].iter().map(|group| group.digits.as_str()).collect()
    }
}

/// The next run at or behind a place.
fn next_run(signs: &[Sign], from: usize) -> Option<Run> {
    let first = (from..signs.len()).find(|at| signs[*at].c.is_ascii_digit())?;
    let (start, plus) = lead(signs, from, first);
    let mut groups: Vec<Group> = Vec::new();
    let mut at = first;
    let mut slashed = false;
    loop {
        let end = (at..signs.len()).find(|at| !signs[*at].c.is_ascii_digit()).unwrap_or(signs.len());
        groups.push(Group {
            digits: signs[at..end].iter().map(|sign| sign.c).collect(),
            at: at..end,
            barred: false,
            slashed,
        });
        let joiner = signs[end..].iter().take_while(|sign| " -.()/~".contains(sign.c)).count();
        let next = end + joiner;
        let goes_on = (1..=BETWEEN).contains(&joiner) && signs.get(next).is_some_and(|sign| sign.c.is_ascii_digit());
        if !goes_on || groups.len() >= GROUPS {
            break;
        }
        slashed = signs[end..next].iter().any(|sign| sign.c == '/');
        at = next;
    }
    let mut run = Run { start, plus, groups };
    super::bars::bar(&mut run.groups_to_bar(), signs, plus);
    Some(run)
}

impl Run {
    fn groups_to_bar(&mut self) -> Vec<super::bars::Digits<'_>> {
        let bars = self.groups.iter_mut().map(|group| super::bars::Digits {
            digits: &group.digits,
            at: group.at.clone(),
            barred: &mut group.barred,
        });
        bars.collect()
    }
}

/// Where a run begins whose first digit is at `first`, and whether with a plus: «+7», «(+7», «+ (7», «(495)».
fn lead(signs: &[Sign], from: usize, first: usize) -> (usize, bool) {
    let before = |at: usize| at.checked_sub(1).filter(|before| *before >= from).map(|before| signs[before].c);
    let mut at = first;
    let mut start = first;
    for _ in 0..3 {
        match before(at) {
            Some('+') => return (at - 1, true),
            Some('(') => {
                at -= 1;
                start = at;
            }
            Some(' ') => at -= 1,
            _ => break,
        }
    }
    (start, false)
}

/// The numbers of a run.
fn parts(run: &Run, behind: &Behind, region: Region) -> Vec<Part> {
    let all = 0..run.groups.len();
    let free = run.groups.iter().all(|group| !group.barred);
    if let (true, false, Some(context)) = (free, run.plus, &behind.context) {
        let reading = reading::in_context(&run.digits(all.clone()), context);
        if !matches!(reading, Reading::Nothing) {
            return vec![Part { groups: all, reading }];
        }
    }
    if free && let reading @ Reading::Certain { .. } = read(run, all.clone(), region) {
        return vec![Part { groups: all, reading }];
    }
    let cut = best_cut(run, region);
    let covered = |at: usize| cut.iter().any(|part| part.groups.contains(&at));
    let explained = |(at, group): (usize, &Group)| covered(at) || is_tail(group);
    let left_over = !run.groups.iter().enumerate().all(explained);
    let believed = |part: &Part| !left_over || matches!(part.reading, Reading::Certain { complete: true, .. });
    cut.into_iter().filter(believed).collect()
}

fn read(run: &Run, groups: Range<usize>, region: Region) -> Reading {
    let first = &run.groups[groups.start];
    let row = Row {
        plus: run.plus && groups.start == 0,
        eight_apart: first.digits == "8",
        slashed: run.groups[groups.clone()].iter().skip(1).any(|group| group.slashed),
        digits: &run.digits(groups),
    };
    reading::read(row, region)
}

/// The end of a second number that differs only there: it is none by itself.
fn is_tail(group: &Group) -> bool {
    group.slashed && group.digits.len() <= TAIL
}

/// How good a way to cut is: digits left over, guesses, parts; fewer is better.
type Cost = (usize, usize, usize);

/// The best way to cut a run, from the end to the beginning.
fn best_cut(run: &Run, region: Region) -> Vec<Part> {
    let count = run.groups.len();
    let mut best: Vec<(Cost, Option<(usize, Reading)>)> = vec![((0, 0, 0), None); count + 1];
    for start in (0..count).rev() {
        let ((left, guesses, parts), _) = best[start + 1];
        let mut choice = ((left + run.groups[start].digits.len(), guesses, parts), None);
        let mut digits = 0;
        for (end, ((left, guesses, parts), _)) in best.iter().enumerate().skip(start + 1) {
            let group = &run.groups[end - 1];
            digits += group.digits.len();
            if group.barred || digits > reading::MOST {
                break;
            }
            let guess = match read(run, start..end, region) {
                Reading::Nothing => continue,
                reading @ Reading::Certain { .. } => (0, reading),
                reading @ Reading::Guess(_) => (1, reading),
            };
            let cost = (*left, guesses + guess.0, parts + 1);
            if cost < choice.0 {
                choice = (cost, Some((end, guess.1)));
            }
        }
        best[start] = choice;
    }
    let mut parts = Vec::new();
    let mut at = 0;
    while at < count {
        match best[at].1.take() {
            Some((end, reading)) => {
                parts.push(Part { groups: at..end, reading });
                at = end;
            }
            None => at += 1,
        }
    }
    parts
}
