//! Which words of a user are kept, and how: with a letter before them that says where they stand.

use crate::fold::Folder;
use crate::numbers;
use crate::user::User;

/// More forms than these are not kept of one user: a note of ten thousand characters has about as many.
const MOST_FORMS: usize = 2_000;

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Name,
    Company,
    Rest,
}

impl Place {
    pub(crate) const ALL: [Self; 3] = [Self::Name, Self::Company, Self::Rest];

    /// What stands before a word of that place in the index.
    pub(crate) fn mark(self) -> char {
        match self {
            Self::Name => 'n',
            Self::Company => 'c',
            Self::Rest => 'r',
        }
    }
}

/// Collects the words of users; keeps its room between them.
#[derive(Debug, Default)]
pub(crate) struct Words {
    folder: Folder,
    text: String,
    /// Where each word stands in `text`.
    spans: Vec<(usize, usize)>,
    /// The words, each once, and then the numbers, with blanks between them.
    pub line: String,
    /// Where the numbers begin in `line`.
    numbers: usize,
}

impl Words {
    /// Takes the words of a user: [`Words::each`] and [`Words::line`] are theirs then.
    pub(crate) fn take(&mut self, user: &User) {
        self.text.clear();
        self.spans.clear();
        self.add(Place::Name, &user.name);
        self.add(Place::Name, &user.screen_name);
        self.add(Place::Company, &user.company);
        self.add(Place::Rest, &user.position);
        self.add(Place::Rest, &user.email);
        for value in user.fields.values() {
            self.add(Place::Rest, value);
        }
        // Last, as it may be the longest.
        self.add(Place::Rest, &user.note);
        let text = &self.text;
        let of = |span: &(usize, usize)| &text[span.0..span.1];
        self.spans.sort_unstable_by(|one, other| of(one).cmp(of(other)));
        self.spans.dedup_by(|one, other| of(one) == of(other));
        self.line.clear();
        for span in &self.spans {
            self.line.push_str(of(span));
            self.line.push(' ');
        }
        self.numbers = self.line.len();
        numbers::each_word(&user.phones, |word| {
            self.line.push_str(word);
            self.line.push(' ');
        });
    }

    fn add(&mut self, place: Place, text: &str) {
        if text.is_empty() {
            return;
        }
        let (into, spans) = (&mut self.text, &mut self.spans);
        self.folder.each(text, |form| {
            let from = into.len();
            into.push(place.mark());
            into.push_str(form.text);
            spans.push((from, into.len()));
            spans.len() < MOST_FORMS
        });
    }

    /// Each word of a text once, with its mark.
    pub(crate) fn each(&self) -> impl Iterator<Item = &str> {
        self.line[..self.numbers].split_terminator(' ')
    }
}
