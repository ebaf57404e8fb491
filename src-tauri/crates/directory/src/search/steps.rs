//! What is looked for, the best first, as expressions of FTS5.

use super::Tier;
use crate::numbers;
use crate::query::FEWEST_DIGITS;
use crate::words::Place;

/// What may be meant by one word, by where it stands: expressions of FTS5.
pub(super) type Sought = Vec<(Place, String)>;

/// One way to take digits, sought.
pub(super) struct Digits {
    pub words: Vec<Sought>,
    pub numbers: Vec<String>,
}

/// A query, sought.
#[derive(Default)]
pub(super) struct Parts {
    pub words: Vec<Sought>,
    pub runs: Vec<Ways>,
}

/// Digits that stand together, sought: see [`query::Run`](crate::query::Run).
pub(super) struct Ways {
    pub ways: Vec<Digits>,
    pub rarer: Vec<Digits>,
}

/// What is looked for at once; earlier ones are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// A whole number, words anywhere.
    Number,
    /// All of it, digits as well, in texts as good as this.
    Words(Place),
    /// Words in texts as good as this, digits there or in numbers.
    WithNumber(Place),
    /// Anywhere, digits taken as they are rarely meant.
    Rarer,
}

impl Step {
    /// The best first: for words, for digits, or for both.
    pub(super) fn all(words: bool, digits: bool) -> &'static [Self] {
        match (words, digits) {
            (false, false) => &[],
            (true, false) => &[Self::Words(Place::Name), Self::Words(Place::Company), Self::Words(Place::Rest)],
            (false, true) => &[
                Self::Number,
                Self::Words(Place::Name),
                Self::Words(Place::Company),
                Self::WithNumber(Place::Rest),
            ],
            (true, true) => &[
                Self::Number,
                Self::WithNumber(Place::Name),
                Self::WithNumber(Place::Company),
                Self::WithNumber(Place::Rest),
            ],
        }
    }

    pub(super) fn tier(self) -> Tier {
        match self {
            Self::Number => Tier::Number,
            Self::Words(Place::Name) | Self::WithNumber(Place::Name) => Tier::Name,
            Self::Words(Place::Company) | Self::WithNumber(Place::Company) => Tier::Company,
            Self::Words(Place::Rest) | Self::WithNumber(Place::Rest) | Self::Rarer => Tier::Rest,
        }
    }

    /// Whether these digits of numbers say enough: a few, or none at all, are only taken for such at the end.
    fn is_enough(self, way: &Digits) -> bool {
        !matches!(self, Self::WithNumber(Place::Name | Place::Company))
            || (way.numbers.iter().all(|number| number.len() >= FEWEST_DIGITS) && !(way.words.is_empty() && way.numbers.is_empty()))
    }

    fn is_in(self, place: Place) -> bool {
        match self {
            Self::Number | Self::Rarer => true,
            Self::Words(worst) | Self::WithNumber(worst) => place <= worst,
        }
    }
}

impl Parts {
    /// Everybody who has all of it, as a step wants it; none where nobody can.
    pub(super) fn expression(&self, step: Step) -> Option<String> {
        // Whoever has the one word in a better place was found before.
        if let ([word], [], Step::Words(place)) = (self.words.as_slice(), self.runs.as_slice(), step) {
            return word.iter().find(|(one, _)| *one == place).map(|(_, way)| way.clone());
        }
        if step != Step::Number {
            return self.all(step, None);
        }
        let numbers = self
            .runs
            .iter()
            .enumerate()
            .flat_map(|(at, run)| run.ways.iter().map(move |way| (at, way)));
        let whole = numbers.filter(|(_, way)| way.is_whole_number());
        let each: Vec<String> = whole
            .filter_map(|chosen| Some(format!("({})", self.all(step, Some(chosen))?)))
            .collect();
        (!each.is_empty()).then(|| each.join(" OR "))
    }

    /// `chosen` is the run that is to be taken in this way, others in each that is likely.
    pub(super) fn all(&self, step: Step, chosen: Option<(usize, &Digits)>) -> Option<String> {
        let mut all = Vec::new();
        for word in &self.words {
            all.push(format!("({})", in_places(word, step)?));
        }
        for (at, run) in self.runs.iter().enumerate() {
            if let Some((_, way)) = chosen.filter(|(which, _)| *which == at) {
                all.extend(way.all(step, true)?);
                continue;
            }
            let ways: Vec<Vec<String>> = run.ways.iter().filter_map(|way| way.all(step, false)).collect();
            if ways.is_empty() {
                return None;
            }
            // One that asks for nothing is had by all.
            if ways.iter().all(|way| !way.is_empty()) {
                let ways: Vec<String> = ways.iter().map(|way| format!("({})", way.join(" AND "))).collect();
                all.push(format!("({})", ways.join(" OR ")));
            }
        }
        (!all.is_empty()).then(|| all.join(" AND "))
    }
}

impl Digits {
    fn is_whole_number(&self) -> bool {
        self.words.is_empty() && self.numbers.iter().any(|number| numbers::exactly(number).is_some())
    }

    /// What somebody has to have, as a step wants it; none where a step does not want it. A whole number is exactly that one
    /// where this way is `chosen` for it.
    fn all(&self, step: Step, chosen: bool) -> Option<Vec<String>> {
        if matches!(step, Step::Words(_)) && (self.words.is_empty() || !self.numbers.is_empty()) {
            return None;
        }
        if !step.is_enough(self) {
            return None;
        }
        let mut all = Vec::new();
        for number in &self.numbers {
            let exactly = numbers::exactly(number).filter(|_| chosen && step == Step::Number);
            let begun = || {
                numbers::starts(number)
                    .iter()
                    .map(|start| format!("\"{start}\" *"))
                    .collect::<Vec<_>>()
            };
            let ways = exactly.map_or_else(begun, |word| vec![format!("\"{word}\"")]);
            all.push(format!("({})", ways.join(" OR ")));
        }
        for word in &self.words {
            all.push(format!("({})", in_places(word, step)?));
        }
        Some(all)
    }
}

/// A word in the places of a step; none where it is in none of them.
fn in_places(word: &Sought, step: Step) -> Option<String> {
    let here: Vec<&str> = word
        .iter()
        .filter(|(place, _)| step.is_in(*place))
        .map(|(_, way)| way.as_str())
        .collect();
    (!here.is_empty()).then(|| here.join(" OR "))
}
