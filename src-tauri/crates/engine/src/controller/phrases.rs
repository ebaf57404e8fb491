//! «Фразы»: filled in for a call, and kept as an editor returns them.

use crate::account::texts;
use crate::controller::Controller;
use crate::settings::Settings;
use crate::settings::phrases::{Phrase, usable};
use crate::view::{CommandError, PhraseFieldView, PhraseLeft, PhraseRow, PhraseView, PhrasesView, TroubleView};
use calls::{Call, FilledPhrase, LegId, Number, PhraseField, fill_phrase, tidy_name, unknown_fields};

impl Controller {
    /// What a gist of this call may take; of a call that is gone, as they are written.
    pub(crate) fn phrases_for(&self, leg: &LegId) -> Vec<PhraseView> {
        let call = self.desk.call(leg);
        let known = |field| self.known_of(call?, field);
        let filled = usable(&self.settings.phrases).map(|phrase| view(phrase, fill_phrase(&phrase.text, known)));
        filled.collect()
    }

    fn known_of(&self, call: &Call, field: PhraseField) -> Option<String> {
        let user = || {
            let card = &self.people.get(call.user()?)?.card;
            Some(card.view(&self.omnidesk.catalog_or_none(), self.settings.region()))
        };
        let detail = &call.detail;
        match field {
            PhraseField::Name => Some(self.name_of(call)),
            PhraseField::Company => user()?.company,
            PhraseField::Number => Some(detail.number.pretty().to_owned()),
            PhraseField::Line => {
                let number = |line: &String| Number::read(line, self.settings.region()).pretty().to_owned();
                detail.queue.as_deref().map(tidy_name).or_else(|| detail.line.as_ref().map(number))
            }
            PhraseField::Date => Some(texts::day(detail.offered_at, &self.zone)),
            PhraseField::Time => Some(texts::time_of_day(detail.offered_at, &self.zone)),
            PhraseField::Agent => self.omnidesk.catalog_or_none().my_name().map(tidy_name),
        }
    }

    /// The other side's name, as far as anybody gave one; empty else.
    pub(crate) fn name_of(&self, call: &Call) -> String {
        let known = call.user().and_then(|user| self.people.get(user));
        let view = known.map(|known| known.card.view(&self.omnidesk.catalog_or_none(), self.settings.region()));
        let named = view.map(|view| view.name).filter(|name| !name.is_empty());
        named
            .or_else(|| call.detail.remote_name.as_deref().map(tidy_name))
            .unwrap_or_default()
    }

    pub(crate) fn phrases_view(&self) -> PhrasesView {
        let row = |phrase: &Phrase| PhraseRow {
            title: phrase.title.clone(),
            text: phrase.text.clone(),
            unknown: unknown_fields(&phrase.text),
        };
        let field = |field: PhraseField| {
            let (ru, en) = field.spellings();
            let (ru, en) = (format!("{{{ru}}}"), format!("{{{en}}}"));
            PhraseFieldView { ru, en }
        };
        PhrasesView {
            phrases: self.settings.phrases.iter().map(row).collect(),
            fields: PhraseField::ALL.map(field).to_vec(),
            locked: self.layers.is_locked("phrases"),
        }
    }

    /// # Errors
    /// `refused` about `locked` where the office has the last word; `storage`.
    pub(crate) fn keep_phrases(&mut self, phrases: Vec<Phrase>) -> Result<PhrasesView, CommandError> {
        let wished = Settings {
            phrases,
            ..self.settings.clone()
        };
        self.adopt(self.layers.changed(&self.settings, &wished)?);
        if self.save_settings() {
            Ok(self.phrases_view())
        } else {
            Err(TroubleView::Storage.into())
        }
    }
}

fn view(phrase: &Phrase, filled: FilledPhrase) -> PhraseView {
    // JavaScript counts a sign outside the first plane as two.
    let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
    let left = filled.left.map(|(before, field)| {
        let before: String = filled.text.chars().take(before).collect();
        let from = units(&before);
        PhraseLeft {
            from,
            to: from.saturating_add(units(&field)),
        }
    });
    PhraseView {
        title: phrase.title.clone(),
        text: filled.text,
        left,
    }
}
