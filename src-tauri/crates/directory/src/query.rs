//! What somebody has typed, taken apart: words, and digits, which may be a number, words of a text («Д-2024»), or some of them
//! this and the others that.

use crate::fold::Folder;
use crate::numbers;

/// More of what was typed is not looked at, characters: nobody types that, a paste may be anything.
const LONGEST: usize = 300;
/// More words are not looked for; who has the first ones is found.
const MOST_WORDS: usize = 8;
/// So many groups of digits are looked for as words.
const MOST_GROUPS: usize = 8;
/// So many of them are likely words («Д-2024/17»).
const FEW_GROUPS: usize = 2;
/// The fewest digits by which a number is looked for, where nothing else is known of whose it is.
pub(crate) const FEWEST_DIGITS: usize = 3;

/// A text, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Query {
    /// Words with letters.
    pub words: Vec<Word>,
    /// Digits that stand together, no letters between them.
    pub runs: Vec<Run>,
}

/// Digits that stand together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Run {
    /// How they are likely meant: as one number, as one word or two.
    pub ways: Vec<Way>,
    /// How else they may be meant, if hardly anybody is found so: more words take long to look for, and few people type them.
    pub rarer: Vec<Way>,
}

/// A word that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub text: String,
    /// How many letters it has.
    pub letters: usize,
}

/// One way to take digits that stand together: all of it is to be there. With nothing in it, everybody is meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Way {
    /// What stands in a text.
    pub words: Vec<String>,
    /// Last or first digits of numbers.
    pub numbers: Vec<String>,
}

impl Query {
    pub(crate) fn of(typed: &str) -> Self {
        let typed = cut(typed);
        let mut query = Self::default();
        // The digits that stand together so far, and how many words with letters came before them.
        let mut runs: Vec<(usize, Vec<String>)> = Vec::new();
        let units: Vec<u16> = typed.encode_utf16().collect();
        let mut last = None;
        Folder::default().each(typed, |form| {
            if last == Some(form.start) {
                return true;
            }
            last = Some(form.start);
            if form.text.bytes().all(|byte| byte.is_ascii_digit()) {
                let group = form.text.to_owned();
                match runs.last_mut().filter(|(before, _)| *before == query.words.len()) {
                    Some((_, groups)) => groups.push(group),
                    None => runs.push((query.words.len(), vec![group])),
                }
            } else if query.words.len() + runs.len() < MOST_WORDS {
                let word = units.get(form.start as usize..form.end as usize).unwrap_or_default();
                query.words.push(Word {
                    text: String::from_utf16_lossy(word),
                    letters: form.letters,
                });
            } else {
                return false;
            }
            true
        });
        runs.truncate(MOST_WORDS);
        let beside_words = !query.words.is_empty();
        query.runs = runs.iter().map(|(_, groups)| Run::of(groups, beside_words)).collect();
        query
    }
}

/// What of a text is looked at.
pub(crate) fn cut(typed: &str) -> &str {
    typed.char_indices().nth(LONGEST).map_or(typed, |(end, _)| &typed[..end])
}

impl Run {
    fn of(groups: &[String], beside_words: bool) -> Self {
        let mut run = Self::default();
        // Every number may be begun so.
        if beside_words && matches!(groups.concat().as_str(), "7" | "8") {
            run.ways.push(Way::default());
        }
        // Beside a name one digit is enough to go on with.
        run.ways
            .extend(Way::of(&[], &[groups], if beside_words { 1 } else { FEWEST_DIGITS }));
        let words = &groups[..groups.len().min(MOST_GROUPS)];
        let of_words = if groups.len() > FEW_GROUPS { &mut run.rarer } else { &mut run.ways };
        of_words.extend(Way::of(words, &[], 0));
        for at in 1..groups.len() {
            let (left, right) = groups.split_at(at);
            if left.len() <= FEW_GROUPS {
                run.rarer.extend(Way::of(left, &[right], FEWEST_DIGITS));
            }
            if right.len() <= FEW_GROUPS {
                run.rarer.extend(Way::of(right, &[left], FEWEST_DIGITS));
            }
            run.rarer.extend(Way::of(&[], &[left, right], FEWEST_DIGITS));
        }
        run
    }

    /// All ways.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Way> {
        self.ways.iter().chain(&self.rarer)
    }
}

impl Way {
    /// Some groups as words, others as numbers of so many digits at least; none where they are no numbers.
    fn of(words: &[String], numbers: &[&[String]], fewest: usize) -> Option<Self> {
        let numbers: Vec<String> = numbers.iter().map(|digits| digits.concat()).collect();
        let are_numbers = numbers.iter().all(|one| (fewest..=numbers::LONGEST).contains(&one.len()));
        are_numbers.then(|| Self {
            words: words.to_vec(),
            numbers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ways of the only run: words, and numbers after a `#`.
    fn ways_of(typed: &str) -> Vec<String> {
        let query = Query::of(typed);
        let told = |way: &Way| {
            let numbers = way.numbers.iter().map(|number| format!("#{number}"));
            way.words.iter().cloned().chain(numbers).collect::<Vec<_>>().join(" ")
        };
        let mut ways: Vec<String> = query.runs.iter().flat_map(Run::all).map(told).collect();
        ways.sort();
        ways
    }

    #[test]
    fn digits_are_a_number_or_words_or_some_of_both() {
        assert_eq!(ways_of("45"), ["45"]);
        assert_eq!(ways_of("456"), ["#456", "456"]);
        assert_eq!(ways_of("иванов 45"), ["#45", "45"]);
        assert_eq!(ways_of("иванов 8"), ["", "#8", "8"]);
        assert_eq!(ways_of("45 67"), ["#4567", "45 67"]);
        assert_eq!(
            ways_of("Д-2024 4567"),
            ["#2024 #4567", "#20244567", "2024 #4567", "2024 4567", "4567 #2024"]
        );
        assert!(ways_of("+7 (916) 123-45-67").contains(&"#79161234567".to_owned()));
        assert!(ways_of("8 9 1 6 1 2 3 4 5 6 7").contains(&"#89161234567".to_owned()));
        assert_eq!(ways_of(&"1 ".repeat(100)), ["1 1 1 1 1 1 1 1"], "no number is so long");
    }

    #[test]
    fn letters_part_digits_and_too_many_words_are_left_out() {
        let query = Query::of("4567 иванов 8 916");
        assert_eq!((query.words.len(), query.runs.len()), (1, 2));
        assert_eq!(Query::of(&"слово ".repeat(1_000)).words.len(), MOST_WORDS);
        let query = Query::of(&"сл 1234 ".repeat(1_000));
        assert!(query.words.len() + query.runs.len() <= MOST_WORDS + 1);
        assert_eq!(cut(&"🙂".repeat(10_000)).chars().count(), LONGEST);
        assert_eq!(cut("иванов"), "иванов");
        assert_eq!(Query::of("\0 \" * - : ( ) … 🙂"), Query::default());
    }
}
