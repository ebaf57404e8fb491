//! What the windows ask, answered.

use crate::account::catalog::Catalog;
use crate::controller::Controller;
use crate::controller::message::{Message, Recalled, Reply, ToHangUp};
use crate::links::omnidesk::Access;
use crate::people::card::Card;
use crate::people::entry;
use crate::time::now;
use crate::view::{CaseRow, ChannelView, CommandError, TroubleView, UserView};
use calls::{Act, AgentAction, DutyKind, Input, ReminderAct, UserId};
use std::ops::ControlFlow;
use std::sync::Arc;

impl Controller {
    pub(crate) async fn on_message(&mut self, message: Message) -> ControlFlow<()> {
        let message = match message {
            Message::OfAccount { generation, message } if generation == self.omnidesk.generation() => *message,
            message => message,
        };
        match message {
            Message::OfAccount { .. } => {}
            Message::View(reply) => answer(reply, self.view()),
            Message::Health(reply) => answer(reply, Box::new(self.health())),
            Message::Act { leg, action, reply } => {
                let done = match action {
                    AgentAction::SendDraft => {
                        self.done_typing(&leg);
                        self.done_picking(&leg);
                        Ok(())
                    }
                    action => {
                        if let AgentAction::LinkUser { user } = action {
                            // Whom a search found is among all users, not yet in memory.
                            self.recall(user);
                        }
                        let done = self.feed(Input::Agent { leg: leg.clone(), action });
                        self.typed(&leg);
                        done
                    }
                };
                answer(reply, done);
            }
            Message::ClosePopup => {
                self.windows.show_sample(None);
                self.popup.close(self.desk.calls());
                self.put_reminders_by();
                self.knows_of_missed();
            }
            Message::HidePersonal { hide, reply } => {
                let done = self.hide_personal(hide);
                answer(reply, done);
            }
            Message::FirstInTray(reply) => {
                let is_first = self.is_first_in_tray();
                answer(reply, is_first);
            }
            Message::Pause { length, reply } => {
                let done = match length {
                    Some(length) => self.pause(length),
                    None => self.resume(),
                };
                answer(reply, done);
            }
            Message::KnowsOfMissed => self.knows_of_missed(),
            Message::DoneWith(leg) => {
                if let Some(call) = self.desk.call(&leg) {
                    self.popup.done_with(call);
                }
            }
            Message::Dial {
                number,
                case,
                agreed,
                reply,
            } => {
                let dialled = self.dial(&number, case, agreed);
                answer(reply, dialled);
            }
            // Nobody who waits: the window asks by now.
            Message::DialLink { reply, .. } if reply.is_closed() => {}
            Message::DialLink { keys, reply } => {
                let dialled = self.dial_link(&keys);
                answer(reply, dialled);
            }
            Message::NotPlaced { leg, trouble } => self.not_placed(leg, trouble),
            Message::HangUp { leg, reply } => {
                let own = self.desk.call(&leg).filter(|call| call.is_live());
                let pbx = self.pbx.line().cloned();
                let to_hang_up = own.map(|call| ToHangUp {
                    pbx,
                    leg: call.current_leg().clone(),
                });
                answer(reply, to_hang_up);
            }
            Message::ReadNumber { text, reply } => answer(reply, self.read_number(&text)),
            Message::LookingAt(route) => self.popup.looking_at(route),
            Message::AwaitTrial(on) => self.popup.await_trial(on),
            Message::PopupPainted { leg, at } => self.latency.painted(&leg, at),
            Message::HoldPopup(on) => self.popup.hold(on, now()),
            Message::Form { user, call, reply } => {
                let form = self.user_form(user, call);
                answer(reply, form);
            }
            Message::EditUser {
                user,
                call,
                changes,
                reply,
            } => {
                let edited = self.edit_user(user, call, *changes);
                answer(reply, edited);
            }
            Message::Fields(reply) => answer(reply, self.fields_view()),
            Message::FieldsRead { fields, reply } => {
                self.take_fields(fields);
                answer(reply, self.fields_view());
            }
            Message::SaveFields { fields, reply } => {
                let saved = self.keep_fields(fields);
                answer(reply, saved);
            }
            Message::PickLabels { leg, labels, reply } => {
                let picked = self.pick_labels(leg, labels);
                answer(reply, picked);
            }
            Message::Claim { leg, on, reply } => {
                let done = self.claim(leg, on);
                answer(reply, done);
            }
            Message::MissedShown(reply) => {
                let waiting = self.whom_missed_to_ask_of();
                answer(reply, waiting);
            }
            Message::ClaimsRead(rows) => self.claims_read(&rows),
            Message::Labels { fresh, reply } => answer(reply, self.labels_view(fresh)),
            Message::SaveLabels { labels, reply } => {
                let saved = self.keep_labels(labels);
                answer(reply, saved);
            }
            Message::When { text, reply } => answer(reply, self.when_view(&text)),
            Message::WhenChoices(reply) => answer(reply, self.when_choices()),
            Message::Remind { leg, when, what, reply } => {
                let set = self.remind(leg, &when, what);
                answer(reply, set);
            }
            Message::Reminder { key, when, reply } => {
                let done = match when {
                    Some(when) => self.remind_later(key, &when),
                    None => self.feed(Input::Reminder {
                        key,
                        act: ReminderAct::Done,
                    }),
                };
                answer(reply, done);
            }
            Message::PhrasesFor { leg, reply } => answer(reply, self.phrases_for(&leg)),
            Message::Phrases(reply) => answer(reply, self.phrases_view()),
            Message::SavePhrases { phrases, reply } => {
                let saved = self.keep_phrases(phrases);
                answer(reply, saved);
            }
            Message::ExportFields(reply) => answer(reply, crate::settings::fields::export(&self.settings.fields)),
            Message::ExportAside(reply) => {
                let text = self.export_aside();
                answer(reply, text);
            }
            Message::ShowSample => self.show_sample(),
            Message::Reconnect => self.reconnect(),
            Message::GiveUp { seq, reply } => {
                let given_up = self.give_up(seq);
                answer(reply, given_up);
            }
            Message::Retry { seq, reply } => {
                let entry = self.outbox.retry(seq, now()).cloned();
                self.windows.stale();
                let done = entry
                    .ok_or_else(|| CommandError::from(TroubleView::Gone))
                    .and_then(|entry| self.keep_entry_now(&entry));
                answer(reply, done);
            }
            Message::OfficeWanted(reply) => {
                let wanted = self.office_wanted();
                answer(reply, wanted);
            }
            Message::OfficeLooked { generation, found, reply } => self.office_looked(generation, found, reply),
            Message::OfficeDraft { wish, reply } => {
                let draft = self.office_draft(wish);
                answer(reply, draft);
            }
            Message::OfficePublished {
                generation,
                published,
                reply,
            } => {
                let done = self.office_was_published(generation, *published);
                answer(reply, done);
            }
            Message::OfficeGo { back, reply } => {
                let gone = self.office_go(back);
                answer(reply, gone);
            }
            Message::Settings(reply) => self.settings_asked(reply),
            Message::SaveSettings { settings, typed, reply } => self.save(*settings, typed, reply).await,
            Message::Tried { settings, typed, reply } => answer(reply, self.with_typed(&settings, typed)),
            Message::FoundBySearch { cards, reply } => answer(reply, self.found_by_search(&cards)),
            Message::Read { cards, user, reply } => {
                cards.into_iter().for_each(|card| self.keep(card));
                let recalled = self.recalled(user);
                answer(reply, recalled);
            }
            Message::Recall { user, reply } => {
                let recalled = self.recalled(user);
                answer(reply, recalled);
            }
            Message::RecallLatest { user, reply } => {
                self.recalls.wait(user, reply);
                self.answer_recalls();
            }
            Message::FoundHere { people, reply } => {
                let catalog = self.omnidesk.catalog_or_none();
                let cards = people.into_iter().map(|user| entry::card(user, &catalog));
                answer(reply, cards.map(|card| self.completed(card)).collect());
            }
            Message::CallsOfCase { case, reply } => answer(reply, self.calls_of_case(case)),
            Message::CasesRead { user, rows, whole } => self.cases_read(user, &rows, whole),
            Message::OwnCase { case, reply } => {
                let page = self.own_case_page(case);
                answer(reply, page);
            }
            Message::CaseShown { case, reply } => {
                answer(reply, self.cases_shown.recent(case, now()).cloned());
            }
            Message::WrittenElsewhere { leg } => self.another_writes(&leg),
            Message::Stop(reply) => {
                answer(reply, ());
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    fn cases_read(&mut self, user: Option<UserId>, rows: &[CaseRow], whole: bool) {
        let at = now();
        for row in rows {
            if let Ok(id) = row.id.parse() {
                self.cases_shown.show(id, row.facts(id), at);
                if user.is_none() {
                    self.own_case_read(id);
                }
            }
        }
        self.claims_read(rows);
        let Some(user) = user else { return };
        if whole {
            self.facts.cases_read(user, rows, at);
            self.windows.stale();
        }
        self.missed_in(user, rows);
        self.recall(user);
        let case = rows.first().cloned();
        if self.people.card(user).is_some_and(|card| card.last_case != case) {
            self.amend(user, |card| card.last_case.clone_from(&case));
        }
    }

    fn recalled(&mut self, user: UserId) -> Recalled {
        self.recall(user);
        self.people.get(user).cloned()
    }

    /// Pages that wait for a look-up which is over.
    pub(crate) fn answer_recalls(&mut self) {
        let over: Vec<UserId> = self.recalls.users().filter(|user| !self.is_being_looked_up(*user)).collect();
        for user in over {
            self.recall(user);
            self.recalls.answer(user, self.people.get(user));
        }
    }

    /// The account as it is now, for everything that follows.
    pub(crate) fn take_catalog(&mut self, catalog: Arc<Catalog>) {
        self.outbox.let_cases_wait(catalog.channel_state() == ChannelView::Gone);
        self.omnidesk.take_catalog(catalog);
        self.bind_fields();
        self.omnidesk.open(self.settings.omnidesk_base(), self.settings.region());
    }

    /// A person wants both links tried at once.
    fn reconnect(&mut self) {
        self.pbx.reconnect_now();
        self.omnidesk.hurry(now());
        self.outbox.hurry(now());
    }

    /// A person gives something owed up.
    fn give_up(&mut self, seq: i64) -> Result<(), CommandError> {
        let given_up = self.outbox.give_up(seq, now());
        self.windows.stale();
        if given_up.is_empty() {
            return Err(TroubleView::Gone.into());
        }
        let mut kept = Ok(());
        for entry in given_up {
            kept = kept.and(self.keep_entry_now(&entry));
            if let DutyKind::EditUser { user, .. } = entry.duty.kind {
                // It was shown as if it were so.
                self.read_person(user);
            }
        }
        kept
    }

    /// Which of a case's messages tell of our calls. A call that the case was opened for is told by the first
    /// message; of others only what we know to have written, so that nobody else's words are taken for it.
    fn calls_of_case(&self, case: u64) -> Vec<(Option<u64>, String)> {
        let calls = self
            .desk
            .calls()
            .filter(|call| call.filing.case.as_ref().is_some_and(|facts| facts.id.0 == case));
        calls
            .filter_map(|call| {
                let of_call = |entry: &&store::Entry| entry.duty.leg == call.leg;
                let told = |entry: &&store::Entry| match &entry.duty.kind {
                    DutyKind::AddNote { .. } => !entry.duty.is_addition(),
                    // A missed call that was noted in a case that was there.
                    DutyKind::OpenCase { .. } => entry.result.as_ref().is_some_and(|result| result.joined),
                    _ => false,
                };
                let message = |entry: &store::Entry| entry.result.as_ref()?.message;
                let about = self.outbox.entries().filter(of_call).filter(told).filter_map(message).last();
                let opened = call.filing.outcome.map(|outcome| outcome.act);
                let opened_for_it = call.handling.created_live || matches!(opened, Some(Act::OpenCase | Act::FinishCase));
                let name = call.leg.as_str().to_owned();
                (about.is_some() || opened_for_it).then(|| {
                    let added = self.outbox.entries().filter(of_call).filter(|entry| entry.duty.is_addition());
                    let added: Vec<u64> = added.filter_map(message).collect();
                    std::iter::once(about)
                        .chain(added.into_iter().map(Some))
                        .map(move |id| (id, name.clone()))
                        .collect::<Vec<_>>()
                })
            })
            .flatten()
            .collect()
    }
}

fn answer<T>(reply: Reply<T>, value: T) {
    // A window that is gone needs no answer.
    let _ = reply.send(value);
}

/// For pages: a person of a list, as the windows show it.
pub(crate) fn user_view(card: &Card, access: &Access) -> UserView {
    card.view(&access.catalog, access.region)
}
