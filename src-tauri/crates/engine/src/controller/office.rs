//! What the office publishes for all its desks: when it is looked for, what becomes of what is found, and publishing it.
//!
//! It is looked for with each reading of the account, each quarter of an hour, and when a person opens the page about it. A good
//! document takes effect as settings that somebody saved would; a bad one changes nothing but what the page says.

use crate::controller::Controller;
use crate::controller::message::{OfficeDraft, OfficeWanted, Reply};
use crate::controller::tasks::{News, Work};
use crate::links::office::{self, Found, Published};
use crate::settings::Settings;
use crate::settings::layers::Layer;
use crate::settings::published::{Document, KEYS, Publication, lines, publishable};
use crate::settings::source::{SETTING as PLACE, Source};
use crate::time::{ms, now};
use crate::view::{CommandError, OfficeFault, OfficeMay, OfficeRow, OfficeTrouble, OfficeView, OfficeWish, TroubleView};
use calls::{Moment, one_line};
use jiff::Timestamp;
use omnidesk::{Priority, Purpose};
use serde_json::Map;
use store::Write;

/// Where publications are kept, and the layer that follows from them.
const KEPT: &str = "office";
const LAYER: &str = "published";
/// How often it is looked for where nobody asks, ms.
const EVERY: i64 = 15 * 60_000;
/// The longest name of an author that is written, characters.
const LONGEST_AUTHOR: usize = 100;

/// Publications as the controller holds them.
#[derive(Default)]
pub(crate) struct OfficeWatch {
    publication: Publication,
    wrong: Option<OfficeTrouble>,
    read_at: Option<Moment>,
    next: Option<Moment>,
    /// Omnidesk refused to let this agent publish.
    refused: bool,
}

impl OfficeWatch {
    /// Whether it is to be looked for now; from now on it is later.
    fn take_due(&mut self, at: Moment) -> bool {
        let is_due = self.next.is_some_and(|next| next <= at);
        if is_due {
            self.looks(at);
        }
        is_due
    }

    /// It is being looked for.
    fn looks(&mut self, at: Moment) {
        self.next = Some(at.plus_ms(EVERY));
    }

    /// When it is looked for next.
    pub(crate) fn wake_at(&self) -> Option<Moment> {
        self.next
    }

    /// A desk clock that was set back by so many ms.
    pub(crate) fn clock_set_back(&mut self, by: i64) {
        self.next = self.next.map(|next| next.plus_ms(-by));
    }
}

/// What somebody wants to publish.
pub(crate) enum OfficeDraftOf {
    /// This computer's settings.
    Here(OfficeWish),
    /// What was published before the last, while this number stands.
    Before(u32),
}

impl Controller {
    /// As an earlier run left it.
    pub(crate) fn restore_office(&mut self) {
        self.office_watch.publication = Publication::restored(self.store.setting(KEPT).ok().flatten().as_deref());
        self.office_watch.looks(now());
        if !matches!(self.office_source(), Source::Omnidesk) {
            // Nobody need be connected first.
            self.office_watch.next = Some(now());
        }
        if self.office_watch.publication.in_force().is_some() {
            self.hold_published();
        }
    }

    /// Where the office publishes; nowhere, where that cannot be read.
    fn office_source(&self) -> Source {
        Source::of(&self.settings).unwrap_or(Source::Off)
    }

    /// Looks for it when its time has come.
    pub(crate) fn follow_office(&mut self, at: Moment) {
        if self.office_watch.take_due(at) {
            let source = self.office_source();
            let client = self
                .omnidesk
                .client_for(Priority::Background, Purpose::Office)
                .filter(|_| self.omnidesk.is_up());
            self.tasks.begin(Work::ReadOffice, async move {
                News::Office(office::read(&source, client.as_ref()).await)
            });
        }
    }

    /// Where it is read beside the account.
    pub(crate) fn office_beside_account(&mut self) -> Source {
        let source = self.office_source();
        if source == Source::Omnidesk {
            self.office_watch.looks(now());
            return source;
        }
        Source::Off
    }

    /// Something was found, or not.
    pub(crate) fn office_read(&mut self, found: Option<Found>) {
        let Some(found) = found else { return };
        self.office_watch.read_at = Some(now());
        self.office_watch.wrong = match found {
            Ok(Some(document)) => {
                self.office_watch.publication.take(document);
                self.hold_published();
                None
            }
            Ok(None) => self.office_watch.publication.current().map(|_| OfficeTrouble {
                fault: OfficeFault::Gone,
                key: None,
                trouble: None,
            }),
            Err(wrong) => {
                tracing::info!(fault = ?wrong.fault, "what the office has published is not taken");
                Some(wrong)
            }
        };
    }

    /// The publication in force takes effect, as saved settings do.
    fn hold_published(&mut self) {
        let publication = &self.office_watch.publication;
        let mut layers = self.layers.clone();
        let is_new = layers.publish(publication.in_force().map_or_else(Layer::default, Document::layer));
        for (name, value) in [(KEPT, publication.kept()), (LAYER, layers.published_text())] {
            self.store.later(Write::Setting { name, value });
        }
        if !is_new {
            return;
        }
        tracing::info!(
            number = publication.in_force().map(|held| held.number),
            "what the office has published holds"
        );
        let before = self.settings.clone();
        self.adopt(layers);
        self.desk.set_policy(self.policy());
        if before.touches(&self.settings).omnidesk {
            // What is known of the account is read with these settings.
            self.omnidesk.hurry(now());
        }
        self.bind_fields();
        self.windows.stale();
    }

    /// New settings: another place, or another account, is another office.
    pub(crate) fn office_follows(&mut self, before: &Settings) {
        let is_other_place = before.office_settings != self.settings.office_settings;
        let is_other_account = before.leaves_account(&self.settings) && self.office_source() == Source::Omnidesk;
        if is_other_place || is_other_account {
            self.forget_published();
        }
    }

    /// Nothing is known to be published.
    pub(crate) fn forget_published(&mut self) {
        self.office_watch = OfficeWatch {
            next: Some(now()),
            ..OfficeWatch::default()
        };
        self.hold_published();
    }

    /// A person wants it looked for: by whom, and where.
    pub(crate) fn office_wanted(&mut self) -> OfficeWanted {
        self.office_watch.looks(now());
        OfficeWanted {
            source: self.office_source(),
            client: self
                .omnidesk
                .client_for(Priority::Interactive, Purpose::Office)
                .filter(|_| self.omnidesk.catalog().is_some()),
            generation: self.omnidesk.generation(),
        }
    }

    /// What would be published.
    ///
    /// # Errors
    /// `notOffered` where Ringside does not write; `gone` where there is none before; `badSetting` about the setting that cannot
    /// be published as it is, or about `tooLong`.
    pub(crate) fn office_draft(&mut self, wish: OfficeDraftOf) -> Result<OfficeDraft, CommandError> {
        let OfficeWanted {
            source,
            client,
            generation,
            ..
        } = self.office_wanted();
        if source != Source::Omnidesk {
            return Err(TroubleView::NotOffered.into());
        }
        let client = client.ok_or(CommandError::from(TroubleView::Unreachable))?;
        let publication = &self.office_watch.publication;
        let (settings, locked, seen) = match wish {
            OfficeDraftOf::Here(wish) => {
                let mut settings: Map<_, _> = publication.current().map(|stands| stands.aside().clone()).unwrap_or_default();
                for key in wish.keys {
                    let value = KEYS.contains(&key.as_str()).then(|| publishable(&self.settings, &key)).flatten();
                    settings.insert(key.clone(), value.ok_or_else(|| bad(&key))?);
                }
                (settings, wish.locked, wish.seen)
            }
            OfficeDraftOf::Before(seen) => {
                let before = publication.before().ok_or(CommandError::from(TroubleView::Gone))?;
                let (settings, locked) = before.content();
                (settings, locked, Some(seen))
            }
        };
        let known = [publication.current(), publication.before()];
        let highest = known.into_iter().flatten().map(|known| known.number).max().unwrap_or(0);
        let number = highest.checked_add(1).ok_or_else(|| bad(PLACE))?;
        let name = self.omnidesk.catalog_or_none().my_name().map(str::to_owned);
        let author: String = one_line(&name.unwrap_or_else(|| self.settings.email.clone()))
            .chars()
            .take(LONGEST_AUTHOR)
            .collect();
        let at = Timestamp::from_millisecond(now().0).unwrap_or_default();
        let document = Document::of(number, author.trim().to_owned(), at, settings, locked).map_err(|(fault, key)| match fault {
            OfficeFault::TooLong => bad("tooLong"),
            _ => bad(key.as_deref().unwrap_or(PLACE)),
        })?;
        Ok(OfficeDraft {
            document,
            seen,
            client,
            generation,
        })
    }

    /// Somebody here has tried to publish; where another account is connected by now, nobody here is told more.
    ///
    /// # Errors
    /// What came of it, see [`office::publish`].
    pub(crate) fn office_was_published(&mut self, generation: u32, published: Published) -> Result<Box<OfficeView>, CommandError> {
        let Published { found, done } = published;
        if generation != self.omnidesk.generation() {
            return done.map(|()| self.office_view());
        }
        self.office_read(found);
        match &done {
            Ok(()) => {
                let mut layers = self.layers.clone();
                layers.follow_published();
                if layers != self.layers {
                    self.adopt(layers);
                    self.bind_fields();
                    self.save_settings();
                }
            }
            Err(error) => self.office_watch.refused |= error.trouble == TroubleView::Forbidden,
        }
        done.map(|()| self.office_view())
    }

    /// This computer goes back to what was published before, or forth again.
    ///
    /// # Errors
    /// `refused` about `locked` where the office's file says where it publishes; `gone` where there is none.
    pub(crate) fn office_go(&mut self, back: bool) -> Result<Box<OfficeView>, CommandError> {
        if back && self.layers.is_fixed(PLACE) {
            return Err(CommandError {
                trouble: TroubleView::Refused,
                about: Some("locked".into()),
            });
        }
        if !self.office_watch.publication.go(back) {
            return Err(TroubleView::Gone.into());
        }
        self.hold_published();
        Ok(self.office_view())
    }

    /// For the page about it.
    pub(crate) fn office_view(&self) -> Box<OfficeView> {
        let watch = &self.office_watch;
        let publication = &watch.publication;
        let source = self.office_source();
        let built_in = Settings::default();
        let row = |key: &&str| {
            let published = publication.current().and_then(|stands| stands.value(key));
            let here = publishable(&self.settings, key);
            OfficeRow {
                key: (*key).to_owned(),
                published: published.map(|value| lines(key, value)),
                is_set: here != publishable(&built_in, key),
                own: published.is_some() && self.layers.is_own(key),
                here: here.map(|value| lines(key, &value)),
            }
        };
        Box::new(OfficeView {
            from: source.view(),
            place: self.settings.office_settings.clone(),
            fixed: self.layers.is_fixed(PLACE),
            stands: publication.current().map(Document::view),
            before: publication.before().map(Document::view),
            back: publication.is_back(),
            read_at: watch.read_at.map(ms),
            wrong: watch.wrong.clone(),
            may: match source {
                Source::Omnidesk if watch.refused => OfficeMay::Refused,
                Source::Omnidesk if !self.omnidesk.is_up() => OfficeMay::NoOmnidesk,
                Source::Omnidesk => OfficeMay::Try,
                Source::Off | Source::Address(_) | Source::File(_) => OfficeMay::ReadOnly,
            },
            rows: KEYS.iter().map(row).collect(),
        })
    }

    /// A look that a person wanted has ended, unless another account is connected by now.
    pub(crate) fn office_looked(&mut self, generation: u32, found: Option<Found>, reply: Reply<Box<OfficeView>>) {
        if generation == self.omnidesk.generation() {
            self.office_read(found);
        }
        // A window that is gone needs no answer.
        let _ = reply.send(self.office_view());
    }
}

fn bad(about: &str) -> CommandError {
    CommandError {
        trouble: TroubleView::BadSetting,
        about: Some(about.into()),
    }
}

#[cfg(test)]
mod tests;
