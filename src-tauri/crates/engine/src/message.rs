//! What the controller is told: by the windows, and by the work it started.

use crate::catalog::Catalog;
use crate::controller::{Controller, now};
use crate::deliver::{Delivery, Job, Tried};
use crate::fields::FieldSetting;
use crate::outbox::Attempt;
use crate::pages::Access;
use crate::people::Card;
use crate::present;
use crate::settings::Settings;
use crate::shell::{Mark, Secrets};
use crate::view::{
    CaseRow, CommandError, DeskView, DialPreview, FieldsView, Route, SettingsView, Stage, TroubleView, TypedSecrets, UserChanges, UserForm,
    UserView,
};
use calls::{AgentAction, CaseFacts, CaseTarget, DialTrouble, DutyKind, Input, LegId, Owner, PhoneKey, UserId};
use omnidesk::{CaseId, Priority};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// How long Omnidesk's word that nobody has a number is believed, ms.
const NOBODY: i64 = 600_000;

/// How long a case as a page showed it is good enough for attaching a call, ms: longer than most calls. What has
/// become of it since is found out when something is written to it.
const SHOWN_GOOD: i64 = 1_800_000;
/// At most this many cases are remembered for that, more or less.
const CASES_SHOWN: usize = 1_000;

/// Where an answer goes.
pub(crate) type Reply<T> = oneshot::Sender<T>;

pub(crate) enum Message {
    /// A window asks for the state.
    View(Reply<DeskView>),
    /// The agent did something with a call.
    Act {
        leg: LegId,
        action: AgentAction,
        reply: Reply<Result<(), CommandError>>,
    },
    /// The agent closed the popup.
    ClosePopup,
    /// The agent orders a call (S18), perhaps from a case.
    Dial {
        number: String,
        case: Option<omnidesk::Case>,
        reply: Reply<Result<String, CommandError>>,
    },
    /// The PBX did not place it.
    DialFailed { leg: LegId, trouble: DialTrouble },
    /// A window wants to hang up: through which PBX?
    HangUp { reply: Reply<Option<pbx::Pbx>> },
    /// The dial window asks how a text reads.
    ReadNumber { text: String, reply: Reply<DialPreview> },
    /// The page the agent sees.
    LookingAt(Option<Route>),
    /// The form over a user opens.
    Form {
        user: Option<UserId>,
        call: Option<LegId>,
        reply: Reply<Result<UserForm, CommandError>>,
    },
    /// The form over a user saves.
    EditUser {
        user: Option<UserId>,
        call: Option<LegId>,
        changes: Box<UserChanges>,
        reply: Reply<Result<(), CommandError>>,
    },
    /// The data fields as they stand.
    Fields(Reply<FieldsView>),
    /// Omnidesk's fields were read anew.
    FieldsRead {
        fields: Vec<omnidesk::CustomField>,
        reply: Reply<FieldsView>,
    },
    /// The administrator saves the data fields.
    SaveFields {
        fields: Vec<FieldSetting>,
        reply: Reply<Result<FieldsView, CommandError>>,
    },
    /// The data fields as a file's text.
    ExportFields(Reply<String>),
    /// «Показать пробный звонок».
    ShowSample,
    /// A person wants both links tried at once.
    Reconnect,
    /// A person gives something owed up.
    GiveUp { seq: i64, reply: Reply<Result<(), CommandError>> },
    /// A person decided to try again.
    Retry { seq: i64, reply: Reply<Result<(), CommandError>> },
    /// The settings screen opens.
    Settings(Reply<SettingsView>),
    /// The settings screen saves.
    SaveSettings {
        settings: Box<SettingsView>,
        typed: TypedSecrets,
        reply: Reply<Result<SettingsView, CommandError>>,
    },
    /// The settings screen tests: what would be used.
    Tried {
        settings: Box<SettingsView>,
        typed: TypedSecrets,
        reply: Reply<(Settings, Secrets)>,
    },
    /// A page read these people whole.
    Seen(Vec<Card>),
    /// A search saw these people in passing; what is known of them already is fuller.
    Glimpsed(Vec<Card>),
    /// A page asks for a person as last seen, with the time.
    Recall {
        user: UserId,
        reply: Reply<Option<(Card, bool, f64)>>,
    },
    /// A search in the local index: any of these ways, each word of it.
    Search { ways: Vec<Vec<String>>, reply: Reply<Vec<Card>> },
    /// A page asks which of a case's messages tell of our calls: the message (if known) and the call.
    CallsOfCase {
        case: u64,
        reply: Reply<Vec<(Option<u64>, String)>>,
    },
    /// A look-up came back.
    LookedUp {
        generation: u32,
        leg: LegId,
        key: PhoneKey,
        found: Result<Vec<Card>, omnidesk::Error>,
    },
    /// A page read these cases, newest first; with the person, when they are all of theirs.
    CasesRead { user: Option<UserId>, rows: Vec<CaseRow> },
    /// A case as a page showed it not long ago.
    CaseShown { case: u64, reply: Reply<Option<CaseFacts>> },
    /// The account was read.
    Catalog {
        generation: u32,
        catalog: Box<Result<Catalog, omnidesk::Error>>,
    },
    /// An attempt to deliver is over.
    Attempted { seq: i64, tried: Box<Tried> },
    /// The program ends.
    Stop(Reply<()>),
}

impl Controller {
    pub(crate) async fn on_message(&mut self, message: Message) -> ControlFlow<()> {
        match message {
            Message::View(reply) => answer(reply, self.view()),
            Message::Act { leg, action, reply } => {
                let done = self.feed(Input::Agent { leg, action });
                answer(reply, done);
            }
            Message::ClosePopup => {
                self.sample = None;
                self.shown_stale = true;
                self.popup.close(self.desk.calls());
            }
            Message::Dial { number, case, reply } => {
                let dialled = self.dial(&number, case);
                answer(reply, dialled);
            }
            Message::DialFailed { leg, trouble } => {
                self.ordered.remove(&leg);
                // Only an agent's action can be refused.
                let _ = self.feed(Input::DialFailed { leg, trouble });
            }
            Message::HangUp { reply } => answer(reply, self.pbx.clone()),
            Message::ReadNumber { text, reply } => answer(reply, self.read_number(&text)),
            Message::LookingAt(route) => self.popup.looking_at(route),
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
            Message::ExportFields(reply) => answer(reply, crate::fields::export(&self.settings.fields)),
            Message::ShowSample => self.show_sample(),
            Message::Reconnect => self.reconnect(),
            Message::GiveUp { seq, reply } => {
                let given_up = self.give_up(seq);
                answer(reply, given_up);
            }
            Message::Retry { seq, reply } => {
                let entry = self.outbox.retry(seq, now()).cloned();
                self.shown_stale = true;
                let done = entry
                    .ok_or_else(|| CommandError::from(TroubleView::Gone))
                    .and_then(|entry| self.store.save_entry(&entry).map_err(|_| CommandError::from(TroubleView::Storage)));
                answer(reply, done);
            }
            Message::Settings(reply) => {
                // The keychain may have come up since: asking again is the way out of that screen.
                if self.stage == Stage::NoKeychain {
                    self.connect().await;
                    self.shown_stale = true;
                }
                answer(reply, self.settings.view(&self.secrets, self.secret_store.place()));
            }
            Message::SaveSettings { settings, typed, reply } => {
                let saved = self.save(&settings, typed).await;
                answer(reply, saved);
            }
            Message::Tried { settings, typed, reply } => answer(reply, (self.settings.with(&settings), merged(&self.secrets, typed))),
            Message::Seen(cards) => cards.into_iter().for_each(|card| self.keep(card)),
            Message::Glimpsed(cards) => self.keep_new(cards),
            Message::Recall { user, reply } => {
                self.recall(user);
                answer(
                    reply,
                    self.people
                        .get(&user)
                        .map(|known| (known.card.clone(), known.fresh, present::ms(known.seen_at))),
                );
            }
            Message::Search { ways, reply } => {
                let people = ways.iter().flat_map(|words| self.store.search_people(words).unwrap_or_default());
                answer(reply, people.filter_map(|person| serde_json::from_str(&person.body).ok()).collect());
            }
            Message::CallsOfCase { case, reply } => answer(reply, self.calls_of_case(case)),
            Message::LookedUp {
                generation,
                leg,
                key,
                found,
            } => {
                if generation == self.generation {
                    self.looked_up(leg, key, found);
                }
            }
            Message::CasesRead { user, rows } => self.cases_read(user, &rows),
            Message::CaseShown { case, reply } => {
                let shown = self.cases_shown.get(&case).filter(|(_, at)| now().since(*at) < SHOWN_GOOD);
                answer(reply, shown.map(|(facts, _)| facts.clone()));
            }
            Message::Catalog { generation, catalog } => {
                if generation == self.generation {
                    self.on_catalog(*catalog);
                }
            }
            Message::Attempted { seq, tried } => {
                if let Some(error) = &tried.error {
                    self.omnidesk_fails(error);
                }
                self.attempted(seq, *tried);
            }
            Message::Stop(reply) => {
                answer(reply, ());
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    fn cases_read(&mut self, user: Option<UserId>, rows: &[CaseRow]) {
        let at = now();
        for row in rows {
            if let Ok(id) = row.id.parse() {
                self.cases_shown.insert(id, (row.facts(id), at));
            }
        }
        if self.cases_shown.len() > CASES_SHOWN {
            self.cases_shown.retain(|_, (_, shown)| at.since(*shown) < SHOWN_GOOD);
        }
        let Some(user) = user else { return };
        self.recall(user);
        let case = rows.first().cloned();
        if let Some(known) = self.people.get(&user).filter(|known| known.card.last_case != case) {
            let card = Card {
                last_case: case,
                ..known.card.clone()
            };
            self.keep(card);
        }
    }

    async fn save(&mut self, view: &SettingsView, typed: TypedSecrets) -> Result<SettingsView, CommandError> {
        let settings = self.settings.with(view);
        let secrets = merged(&self.secrets, typed);
        settings.pbx(&secrets)?;
        settings.omnidesk(&secrets)?;
        let (store, kept) = (self.secret_store.clone(), secrets.clone());
        let saved = tokio::time::timeout(Duration::from_secs(20), tokio::task::spawn_blocking(move || store.save(&kept))).await;
        if !matches!(saved, Ok(Ok(Ok(())))) {
            return Err(TroubleView::NoKeychain.into());
        }
        self.settings = settings;
        self.save_settings();
        self.connect().await;
        self.shown_stale = true;
        Ok(self.settings.view(&self.secrets, self.secret_store.place()))
    }

    fn on_catalog(&mut self, catalog: Result<Catalog, omnidesk::Error>) {
        match catalog {
            Ok(catalog) => {
                self.take_catalog(Arc::new(catalog));
                self.omnidesk_answers();
            }
            Err(error) => {
                self.omnidesk_fails(&error);
                if self.omnidesk_again.is_none() && !matches!(error, omnidesk::Error::Unauthorized) {
                    self.omnidesk_again = Some(now().plus_ms(30_000));
                }
            }
        }
        self.shown_stale = true;
    }

    /// The account as it is now, for everything that follows.
    pub(crate) fn take_catalog(&mut self, catalog: Arc<Catalog>) {
        self.catalog = Some(catalog.clone());
        self.bind_fields();
        if let (Some(client), Some(base)) = (&self.client, self.settings.omnidesk_base()) {
            self.access.send_replace(Some(Access {
                client: client.with_priority(Priority::Interactive),
                catalog,
                region: self.settings.region(),
                base,
            }));
        }
    }

    /// A person wants both links tried at once.
    fn reconnect(&mut self) {
        if let Some(pbx) = &self.pbx {
            pbx.reconnect_now();
        }
        self.omnidesk_again = self.client.is_some().then(now);
        self.outbox.hurry(now());
    }

    /// A person gives something owed up.
    fn give_up(&mut self, seq: i64) -> Result<(), CommandError> {
        let given_up = self.outbox.give_up(seq, now());
        self.shown_stale = true;
        if given_up.is_empty() {
            return Err(TroubleView::Gone.into());
        }
        for entry in given_up {
            self.store
                .save_entry(&entry)
                .map_err(|_| CommandError::from(TroubleView::Storage))?;
            if let DutyKind::EditUser { user, .. } = entry.duty.kind {
                // It was shown as if it were so.
                self.read_person(user);
            }
        }
        Ok(())
    }

    /// Starts what the outbox allows, once the account is known.
    pub(crate) fn pump_outbox(&mut self) {
        let (Some(client), Some(catalog)) = (self.client.clone(), self.catalog.clone()) else {
            return;
        };
        while let Some(entry) = self.outbox.start_next(now()) {
            let seq = entry.seq;
            // Counted and marked on disk before the attempt begins; without the mark nothing is sent.
            let marked = self.outbox.entry(entry.seq).map(|marked| self.store.save_entry(marked));
            if let Some(Err(error)) = marked {
                self.storage_trouble(&error);
                self.outbox.undo_start(entry.seq, now());
                return;
            }
            let job = self.job(entry);
            let card = match &job.kind {
                DutyKind::OpenCase {
                    owner: Owner::User { id, .. },
                    ..
                } => self.people.get(id).map(|known| known.card.clone()),
                _ => None,
            };
            let delivery = Delivery {
                client: client.with_priority(Priority::WriteBack),
                pbx: self.pbx.clone(),
                catalog: catalog.clone(),
                zone: self.zone.clone(),
                region: self.settings.region(),
                card,
            };
            let to_self = self.to_self.clone();
            self.shown_stale = true;
            tokio::spawn(async move {
                let tried = match tokio::spawn(async move { delivery.attempt(&job).await }).await {
                    Ok(tried) => tried,
                    // A panic of ours: nobody knows how far it came.
                    Err(_) => Tried {
                        attempt: Attempt::Passing {
                            trouble: "other".into(),
                            after_ms: None,
                            uncertain: true,
                        },
                        error: None,
                        card: None,
                    },
                };
                let tried = Box::new(tried);
                let _ = to_self.send(Message::Attempted { seq, tried }).await;
            });
        }
        if self.outbox.is_idle() && !self.idle_marked {
            self.idle_marked = true;
            self.shell.mark(Mark::OutboxEmpty);
        }
    }

    fn job(&self, entry: store::Entry) -> Job {
        let leg = entry.duty.leg.clone();
        let others = || {
            self.outbox
                .entries()
                .filter(|other| other.seq != entry.seq)
                .filter_map(|other| other.result.as_ref())
        };
        let first_message = |other: &&store::Entry| {
            let about = matches!(other.duty.kind, DutyKind::OpenCase { .. } | DutyKind::FinishText { .. });
            about && other.duty.leg == leg
        };
        let other_calls = self
            .desk
            .calls()
            .filter(|call| call.leg != leg)
            .filter_map(|call| call.case.as_ref());
        Job {
            opened: self.opened_case(&entry.duty.kind),
            moved: self.moved_case(&entry),
            ours: self.own_statuses(&entry),
            seen: self.was_about(&entry, |result| !result.gone),
            lost: self.was_about(&entry, |result| result.gone),
            nobody: self.is_nobodys(&entry.duty.kind),
            written: self
                .outbox
                .entries()
                .filter(first_message)
                .filter_map(|other| other.result.as_ref()?.text.clone())
                .last(),
            known_cases: others()
                .filter_map(|result| result.case.as_ref())
                .chain(other_calls)
                .map(|facts| facts.id.0)
                .collect(),
            known_messages: others().filter_map(|result| result.message).collect(),
            uncertain: entry.uncertain,
            first_tried: entry.first_tried_at.unwrap_or_else(now),
            created: entry.created_at,
            now: now(),
            kind: entry.duty.kind,
            leg,
        }
    }

    /// Where an earlier duty of the call found its case merged to. What is about a missed-call case is about another case.
    fn moved_case(&self, entry: &store::Entry) -> Option<CaseId> {
        let own = |key: &calls::DutyKey| !key.as_str().contains("missed");
        let earlier = self
            .outbox
            .entries()
            .filter(|other| other.duty.leg == entry.duty.leg && own(&other.duty.key));
        let moved = earlier.filter_map(|other| other.result.as_ref()?.moved.as_ref()).last();
        moved.filter(|_| own(&entry.duty.key)).map(|facts| CaseId(facts.id.0))
    }

    /// The statuses that this desk has given the case of an entry; the entry's own, when its answer was lost.
    fn own_statuses(&self, entry: &store::Entry) -> Vec<calls::CaseStatus> {
        let case = self.case_of(&entry.duty.kind);
        let given = |other: &&store::Entry| match other.seq == entry.seq {
            true => entry.uncertain,
            false => other.result.is_some() && case.is_some() && self.case_of(&other.duty.kind) == case,
        };
        let status = |other: &store::Entry| match &other.duty.kind {
            DutyKind::SetStatus { status, .. } => Some(*status),
            _ => None,
        };
        self.outbox.entries().filter(given).filter_map(status).collect()
    }

    /// Whether an earlier status of the call, about the same case as an entry, brought such a result.
    fn was_about(&self, entry: &store::Entry, fits: impl Fn(&calls::DutyResult) -> bool) -> bool {
        let case = self.case_of(&entry.duty.kind);
        let found = |other: &store::Entry| {
            let about = matches!(other.duty.kind, DutyKind::SetStatus { .. }) && other.duty.leg == entry.duty.leg;
            about && other.result.as_ref().is_some_and(&fits) && self.case_of(&other.duty.kind) == case
        };
        case.is_some() && self.outbox.entries().any(found)
    }

    fn case_of(&self, kind: &DutyKind) -> Option<CaseId> {
        match kind {
            DutyKind::SetStatus {
                case: CaseTarget::Existing(id),
                ..
            }
            | DutyKind::AddNote {
                case: CaseTarget::Existing(id),
                ..
            } => Some(CaseId(id.0)),
            _ => self.opened_case(kind),
        }
    }

    /// Whether Omnidesk said a moment ago that nobody has the number a case is opened for.
    fn is_nobodys(&self, kind: &DutyKind) -> bool {
        let DutyKind::OpenCase {
            owner: Owner::Phone { phone },
            ..
        } = kind
        else {
            return false;
        };
        self.nobody.get(phone).is_some_and(|at| now().since(*at) < NOBODY)
    }

    fn opened_case(&self, kind: &DutyKind) -> Option<CaseId> {
        let case = match kind {
            DutyKind::FinishText { case, .. }
            | DutyKind::AddNote { case, .. }
            | DutyKind::AddRecording { case, .. }
            | DutyKind::SetStatus { case, .. } => case,
            DutyKind::LinkPhone { .. } | DutyKind::OpenCase { .. } | DutyKind::EditUser { .. } => return None,
        };
        let CaseTarget::OpenedBy(key) = case else { return None };
        let own = self.outbox.result(key).and_then(|result| result.case.as_ref());
        let noted = || {
            self.desk
                .notes()
                .missed
                .iter()
                .find(|missed| missed.opened_by == *key)
                .and_then(|missed| missed.case.as_ref())
        };
        let of_call = || {
            self.desk
                .calls()
                .find(|call| key.as_str().strip_suffix("/case") == Some(call.leg.as_str()))
                .and_then(|call| call.case.as_ref())
        };
        own.or_else(noted).or_else(of_call).map(|facts| CaseId(facts.id.0))
    }

    fn attempted(&mut self, seq: i64, tried: Tried) {
        self.shown_stale = true;
        if matches!(tried.attempt, Attempt::Delivered(_)) {
            self.omnidesk_answers();
        }
        let Some(entry) = self.outbox.finish(seq, tried.attempt, now(), fastrand::f64()).cloned() else {
            return;
        };
        if let Err(error) = self.store.save_entry(&entry) {
            self.storage_trouble(&error);
        }
        let Some(result) = entry.result.clone() else {
            tracing::info!(
                key = entry.duty.key.as_str(),
                attempts = entry.attempts,
                trouble = entry.trouble,
                code = entry.code,
                "not delivered yet"
            );
            return;
        };
        self.mark_delivered(&entry);
        match tried.card {
            // What Omnidesk said of a user when it changed one is the newest.
            Some(card) if matches!(entry.duty.kind, DutyKind::EditUser { .. }) => self.keep(card),
            card => self.keep_new(card.into_iter().collect()),
        }
        if let Some(user) = result.user.filter(|user| !self.people.contains_key(user)) {
            self.read_person(user);
        }
        let _ = self.feed(Input::Done {
            key: entry.duty.key,
            leg: entry.duty.leg,
            result,
        });
    }

    fn mark_delivered(&self, entry: &store::Entry) {
        let Some(result) = &entry.result else { return };
        let leg = entry.duty.leg.clone();
        match &entry.duty.kind {
            DutyKind::OpenCase { .. } => {
                if let Some(facts) = &result.case {
                    self.shell.mark(Mark::CaseCreated {
                        leg: leg.clone(),
                        number: facts.number.clone(),
                    });
                }
            }
            DutyKind::SetStatus { status, .. } => {
                let status = match status {
                    calls::CaseStatus::Open => "open",
                    calls::CaseStatus::Waiting => "waiting",
                    calls::CaseStatus::Closed => "closed",
                };
                self.shell.mark(Mark::Status { leg: leg.clone(), status });
            }
            DutyKind::EditUser { .. }
            | DutyKind::LinkPhone { .. }
            | DutyKind::FinishText { .. }
            | DutyKind::AddNote { .. }
            | DutyKind::AddRecording { .. } => {}
        }
        if result.recording {
            self.shell.mark(Mark::RecordingAttached { leg });
        }
    }

    /// Omnidesk made a user from a number (S14): who is it now?
    fn read_person(&self, user: UserId) {
        let (Some(client), to_self) = (self.client.clone(), self.to_self.clone()) else {
            return;
        };
        tokio::spawn(async move {
            if let Ok(card) = crate::people::by_id(&client.with_priority(Priority::Background), user).await {
                let _ = to_self.send(Message::Seen(vec![card])).await;
            }
        });
    }

    fn calls_of_case(&self, case: u64) -> Vec<(Option<u64>, String)> {
        let calls = self
            .desk
            .calls()
            .filter(|call| call.case.as_ref().is_some_and(|facts| facts.id.0 == case));
        calls
            .map(|call| {
                let written = self
                    .outbox
                    .entries()
                    .filter(|entry| entry.duty.leg == call.leg && matches!(entry.duty.kind, DutyKind::AddNote { .. }));
                let message = written.filter_map(|entry| entry.result.as_ref()?.message).next();
                (message, call.leg.as_str().to_owned())
            })
            .collect()
    }
}

fn answer<T>(reply: Reply<T>, value: T) {
    // A window that is gone needs no answer.
    let _ = reply.send(value);
}

fn merged(kept: &Secrets, typed: TypedSecrets) -> Secrets {
    let given = |text: Option<String>| text.filter(|text| !text.is_empty()).map(secrecy::SecretString::from);
    Secrets {
        pbx_password: given(typed.pbx_password).or_else(|| kept.pbx_password.clone()),
        api_key: given(typed.api_key).or_else(|| kept.api_key.clone()),
    }
}

/// For pages: a person of a list, as the windows show it.
pub(crate) fn user_view(card: &Card, access: &Access) -> UserView {
    card.view(&access.catalog, access.region)
}
