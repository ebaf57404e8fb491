//! One form for all the ways in which a word may be spelt: «Иванов», "ivanov" and "IVANOV" are one word, and so are «Щукин»,
//! "Shchukin" and "Schukin", «Наталья» and "Natalia", «Семён» and "Semyon".
//!
//! What is kept and what is sought are folded alike, so that nothing has to be tried in several spellings. A form is made
//! of the letters `a`-`z`, some of which stand for a sound of two letters: `w` for ш and щ, `q` for ч, `x` for ж, `c` for ц,
//! `h` for х. Where a spelling leaves two readings open ("Jukov" may be Жуков or Юков, "MTC" may be МТС), a word has a
//! second form, and is found by either. Forms are for finding: what is shown is always the text itself.
//!
//! Letters of other scripts stay what they are, without accents and case. What is no letter or digit parts words; digits and
//! letters part each other; each ideograph is a word of its own, as those who write them leave no blanks.

mod cyrillic;
mod latin;
mod layout;
mod letters;
mod prefix;
mod skeleton;

pub use layout::other_layout;
pub use prefix::prefixes;

use letters::{Letter, Script};
use skeleton::Skeleton;

/// What a word is longer than this is not looked at.
pub(crate) const LONGEST_WORD: usize = 40;

/// A form of a word in a text.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    /// Where the word begins in the text, in UTF-16 units, as the windows count.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// The form: never empty, only letters and digits.
    pub text: &'a str,
    /// For each sign of the form where what it stands for ends in the text, in UTF-16 units.
    pub ends: &'a [u32],
    /// How many letters or digits the word has in the text.
    pub letters: usize,
}

/// Folds texts; keeps its room between them.
#[derive(Debug, Default)]
pub struct Folder {
    letters: Vec<Letter>,
    skeleton: Skeleton,
    text: String,
    ends: Vec<u32>,
}

impl Folder {
    /// Gives every form of every word of a text, the forms of one word after each other. Ends early where `each` says so,
    /// by `false`.
    pub fn each(&mut self, text: &str, mut each: impl FnMut(Form<'_>) -> bool) {
        // Who ended early has left something.
        self.text.clear();
        let mut rest = letters::Reader::new(text);
        while let Some((start, end)) = rest.word(&mut self.letters) {
            let readings = Readings::of(&self.letters);
            let mut first_end = 0;
            for reading in readings.list() {
                self.fold(*reading);
                // A second form that is the first one is none.
                let again = first_end > 0 && self.text[first_end..] == self.text[..first_end];
                if again || self.text.len() == first_end {
                    continue;
                }
                let form = Form {
                    start,
                    end,
                    text: &self.text[first_end..],
                    ends: &self.ends,
                    letters: self.letters.len(),
                };
                if !each(form) {
                    return;
                }
                if first_end == 0 {
                    first_end = self.text.len();
                } else {
                    self.text.truncate(first_end);
                }
            }
            self.text.clear();
        }
    }

    /// Appends the form of the word in `letters` to `text`, and sets `ends`.
    fn fold(&mut self, reading: Reading) {
        self.skeleton.clear();
        let mut from = 0;
        while from < self.letters.len() {
            let script = self.letters[from].script_in(reading);
            let run = self.letters[from..].iter().take_while(|letter| letter.script_in(reading) == script);
            let to = from + run.count();
            let letters = &self.letters[from..to];
            match script {
                Script::Cyrillic => cyrillic::read(letters, reading, &mut self.skeleton),
                Script::Latin => latin::read(letters, reading, to == self.letters.len(), &mut self.skeleton),
                Script::Other | Script::Digit => letters.iter().for_each(|letter| self.skeleton.raw(letter.sign, letter.end)),
            }
            from = to;
        }
        self.ends.clear();
        for (sign, end) in self.skeleton.signs() {
            self.text.push(sign);
            self.ends.push(end);
        }
    }
}

/// How the letters of a word are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Each as it is.
    Plain,
    /// Latin letters that look like Cyrillic ones are those.
    AsCyrillic,
    /// Cyrillic letters that look like Latin ones are those.
    AsLatin,
    /// `j` is ж and `c` is ц, as some write them.
    Jc,
}

/// In which ways a word is read.
struct Readings {
    ways: [Reading; 2],
    count: usize,
}

impl Readings {
    fn one(way: Reading) -> Self {
        Self {
            ways: [way, way],
            count: 1,
        }
    }

    fn two(first: Reading, second: Reading) -> Self {
        Self {
            ways: [first, second],
            count: 2,
        }
    }

    fn list(&self) -> &[Reading] {
        &self.ways[..self.count]
    }

    fn of(letters: &[Letter]) -> Self {
        let (mut latin, mut cyrillic, mut only_latin, mut only_cyrillic) = (0, 0, 0, 0);
        for letter in letters {
            match letter.script() {
                Script::Latin => {
                    latin += 1;
                    only_latin += usize::from(letter.twin().is_none());
                }
                Script::Cyrillic => {
                    cyrillic += 1;
                    only_cyrillic += usize::from(letter.twin().is_none());
                }
                Script::Other | Script::Digit => return Self::one(Reading::Plain),
            }
        }
        match (latin > 0, cyrillic > 0, only_latin > 0, only_cyrillic > 0) {
            (true, true, false, true) => Self::one(Reading::AsCyrillic),
            (true, true, true, false) => Self::one(Reading::AsLatin),
            (true, true, false, false) => Self::two(Reading::AsCyrillic, Reading::AsLatin),
            (true, false, false, _) if latin > 1 => Self::two(Reading::Plain, Reading::AsCyrillic),
            (false, true, _, false) if cyrillic > 1 => Self::two(Reading::Plain, Reading::AsLatin),
            (true, false, ..) if latin > 3 && latin::is_open(letters) => Self::two(Reading::Plain, Reading::Jc),
            _ => Self::one(Reading::Plain),
        }
    }
}

/// The forms of all words of a text, each word's together.
#[must_use]
pub fn forms(text: &str) -> Vec<Vec<String>> {
    let mut words: Vec<Vec<String>> = Vec::new();
    let mut last = None;
    Folder::default().each(text, |form| {
        match words.last_mut().filter(|_| last == Some(form.start)) {
            Some(word) => word.push(form.text.to_owned()),
            None => words.push(vec![form.text.to_owned()]),
        }
        last = Some(form.start);
        true
    });
    words
}

#[cfg(test)]
mod tests;
