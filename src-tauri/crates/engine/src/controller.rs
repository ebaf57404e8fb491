//! The controller: one task that owns all state.
//!
//! Inputs come as messages: events of the PBX, the agent's clicks, answers of work it started.
//! For each input it (1) asks the [`Desk`] what follows, (2) stores that in one transaction, (3) carries it out. Work that waits for a network runs in tasks of its own, which
//! send their result back as a message; nothing here ever waits for Omnidesk or the PBX.

pub(crate) mod caller_facts;
mod claims;
pub(crate) mod clock;
pub(crate) mod companions;
pub(crate) mod course;
pub(crate) mod dialing;
mod drafts;
pub(crate) mod editing;
mod fields;
pub(crate) mod gaps;
mod guard;
mod health;
pub(crate) mod index;
mod inputs;
pub(crate) mod jobs;
pub(crate) mod keeper;
mod labels;
mod leave_account;
mod links;
pub(crate) mod lookups;
pub(crate) mod message;
mod missed_elsewhere;
mod moves;
mod news;
pub(crate) mod office;
pub(crate) mod own_case;
mod pausing;
mod pbx_events;
mod phrases;
mod privacy;
mod reminders;
pub(crate) mod requests;
mod restore;
pub(crate) mod sample;
mod saving;
mod secrets;
mod sending;
pub(crate) mod storage;
pub(crate) mod tasks;
mod told_once;
mod track;
#[cfg(test)]
pub(crate) mod trial;
pub(crate) mod waiting;

use crate::controller::clock::Clocks;
use crate::controller::course::Course;
use crate::controller::gaps::TICK;
use crate::controller::message::Message;
use crate::controller::office::OfficeWatch;
use crate::controller::secrets::Asking;
use crate::controller::storage::Storage;
use crate::controller::tasks::Tasks;
use crate::links::keychain::Keychain;
use crate::links::omnidesk::{Access, OmnideskLink};
use crate::links::orders::Orders;
use crate::links::pbx::PbxLink;
use crate::links::watch::Watch;
use crate::people::everybody::Everybody;
use crate::people::index::Index;
use crate::people::known::People;
use crate::people::recalls::Recalls;
use crate::screens;
use crate::screens::caller_facts::CallerFacts;
use crate::screens::cases_shown::CasesShown;
use crate::screens::latency::Latency;
use crate::screens::missed_waiting::missed_waiting;
use crate::screens::popup::Popup;
use crate::screens::present::{self, Sources};
use crate::screens::windows::Windows;
use crate::sending::late_texts::LateTexts;
use crate::sending::outbox::Outbox;
use crate::sending::turns::Turns;
use crate::settings::Settings;
use crate::settings::layers::{Layers, Office};
use crate::settings::secret::Secrets;
use crate::shell::{SecretStore, Shell};
use crate::time::{ms, now};
use crate::view::{AgentView, DeskView, FaultsView, SeveralView};
use calls::{Desk, DutyKey, Moment, Pause, Policy};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;
use store::{Disk, Write};
use tokio::sync::{mpsc, watch};

/// How many messages of windows and tasks may wait.
pub(crate) const INBOX: usize = 1_024;
/// Delivered entries are shown for a day and forgotten after a week.
pub(crate) const SHOWN_DELIVERED: i64 = 24 * 3_600_000;
const KEPT_DELIVERED: i64 = 7 * SHOWN_DELIVERED;
/// Users whom no call names are forgotten after a month.
const KEPT_UNMET: i64 = 30 * SHOWN_DELIVERED;

/// How long what is on its way to others may take at the end.
const FINISH: Duration = Duration::from_secs(2);

/// What the engine is made of.
pub struct Parts {
    /// The file, with its writer.
    pub store: Disk,
    /// The file of all users.
    pub everybody: Everybody,
    /// The desktop.
    pub shell: Arc<dyn Shell>,
    /// The keychain.
    pub secrets: Arc<dyn SecretStore>,
    /// What the office's file says.
    pub office: Office,
    /// For times in texts.
    pub zone: TimeZone,
}

pub(crate) struct Controller {
    pub(crate) store: Disk,
    /// All users of the account.
    pub(crate) everybody: Everybody,
    pub(crate) shell: Arc<dyn Shell>,
    pub(crate) keychain: Keychain,
    /// What the keychain is being asked.
    pub(crate) asking: Asking,
    pub(crate) office: Office,
    /// Where each setting comes from.
    pub(crate) layers: Layers,
    /// The settings in force.
    pub(crate) settings: Settings,
    pub(crate) secrets: Secrets,
    pub(crate) desk: Desk,
    pub(crate) outbox: Outbox,
    pub(crate) people: People,
    /// The link to the PBX.
    pub(crate) pbx: PbxLink,
    /// Calls that were ordered there.
    pub(crate) orders: Orders,
    /// When the last call was placed.
    pub(crate) last_dialled: Option<Moment>,
    /// When this desk could look.
    pub(crate) watch: Watch,
    /// The link to Omnidesk.
    pub(crate) omnidesk: OmnideskLink,
    /// What the office publishes.
    pub(crate) office_watch: OfficeWatch,
    /// The work that was started and goes on.
    pub(crate) tasks: Tasks,
    /// Who writes which call, where the agent has several computers.
    pub(crate) turns: Turns,
    /// What was typed on after the end of calls, and is to be sent.
    pub(crate) late_texts: LateTexts,
    /// Labels that were picked after the end of calls, and are to be sent.
    pub(crate) late_labels: LateTexts,
    /// The index of users on this computer.
    pub(crate) index: Index,
    /// Pages that wait for what a look-up says of a person.
    pub(crate) recalls: Recalls,
    /// Cases that pages have shown.
    pub(crate) cases_shown: CasesShown,
    /// What this desk knows of callers by itself.
    pub(crate) facts: CallerFacts,
    pub(crate) zone: TimeZone,
    pub(crate) to_self: mpsc::Sender<Message>,
    pub(crate) popup: Popup,
    /// How soon it stands there.
    pub(crate) latency: Latency,
    /// «Скрыть личное».
    pub(crate) private: bool,
    /// How popups are paused.
    pub(crate) pause: Pause,
    /// Reminders that are due and were closed in the popup.
    pub(crate) put_by: BTreeSet<(DutyKey, Moment)>,
    /// What the windows were told.
    pub(crate) windows: Windows,
    pub(crate) storage: Storage,
    pub(crate) idle_marked: bool,
    pub(crate) next_housekeeping: Moment,
    pub(crate) clocks: Clocks,
    /// What the log was told.
    pub(crate) course: Course,
}

impl Controller {
    pub(crate) fn new(parts: Parts, to_self: mpsc::Sender<Message>, access: watch::Sender<Option<Access>>) -> Self {
        Self {
            store: parts.store,
            everybody: parts.everybody,
            shell: parts.shell,
            keychain: Keychain::new(parts.secrets),
            asking: Asking::default(),
            settings: Settings::default(),
            layers: Layers::default(),
            office: parts.office,
            secrets: Secrets::default(),
            desk: Desk::default(),
            outbox: Outbox::default(),
            people: People::default(),
            pbx: PbxLink::default(),
            orders: Orders::default(),
            last_dialled: None,
            watch: Watch::default(),
            omnidesk: OmnideskLink::new(access),
            office_watch: OfficeWatch::default(),
            tasks: Tasks::default(),
            turns: Turns::default(),
            late_texts: LateTexts::default(),
            late_labels: LateTexts::default(),
            index: Index::default(),
            recalls: Recalls::default(),
            cases_shown: CasesShown::default(),
            facts: CallerFacts::default(),
            zone: parts.zone,
            to_self,
            popup: Popup::default(),
            latency: Latency::default(),
            private: false,
            pause: Pause::default(),
            put_by: BTreeSet::new(),
            windows: Windows::default(),
            storage: Storage::default(),
            idle_marked: true,
            next_housekeeping: Moment(0),
            clocks: Clocks::read(),
            course: Course::default(),
        }
    }

    /// Loads the state, connects, and serves messages until told to stop.
    pub(crate) async fn run(&mut self, inbox: &mut mpsc::Receiver<Message>) {
        self.windows.stale();
        self.restore();
        self.publish();
        self.ask_for_secrets();
        loop {
            self.keep_going();
            self.follow_keychain().await;
            self.publish();
            let asleep = now();
            let wait = self.wake_at().map_or(TICK, |at| at.since(asleep).min(TICK));
            let sleep = Duration::from_millis(u64::try_from(wait).unwrap_or(0));
            let flow = tokio::select! {
                biased;
                event = self.pbx.next() => { self.on_pbx_burst(event); ControlFlow::Continue(()) }
                message = inbox.recv() => match message {
                    Some(message) => self.on_message(message).await,
                    None => ControlFlow::Break(()),
                },
                (work, ended) = self.tasks.next() => { self.on_news(work, ended); ControlFlow::Continue(()) }
                error = self.store.refused() => { self.storage_trouble(&error); ControlFlow::Continue(()) }
                () = tokio::time::sleep(sleep) => ControlFlow::Continue(()),
            };
            self.notice_sleep(asleep);
            self.follow_clock();
            if flow.is_break() {
                break;
            }
        }
        self.finish().await;
        self.keep_point(false);
        self.end_track();
        if let Some(line) = self.pbx.let_go() {
            line.shutdown().await;
        }
    }

    /// What is on its way to others is let arrive, as far as that is soon: an order or a write that is cut off has happened
    /// or not, and nobody knows.
    async fn finish(&mut self) {
        let finishing = async {
            while self.tasks.are_outward() {
                let (work, ended) = self.tasks.next().await;
                self.on_news(work, ended);
            }
        };
        // The journal is good for what takes longer.
        let _ = tokio::time::timeout(FINISH, finishing).await;
    }

    pub(crate) fn policy(&self) -> Policy {
        Policy {
            region: self.settings.region(),
            unanswered_outgoing_cases: self.settings.unanswered_outgoing_cases,
            several: match self.settings.several {
                SeveralView::Newest => calls::Several::Newest,
                SeveralView::Ask => calls::Several::Ask,
            },
        }
    }

    /// Keeps this computer's settings, now or as soon as the disk lets it; whether it did now.
    pub(crate) fn save_settings(&mut self) -> bool {
        self.storage.own_settings = true;
        self.name_agent();
        let saved = self.store.save_setting("settings", self.layers.own_text());
        if let Err(error) = &saved {
            self.storage_trouble(error);
        }
        saved.is_ok()
    }

    /// The history says whose calls they are.
    pub(crate) fn name_agent(&mut self) {
        let agent = store::Agent {
            extension: self.settings.extension.clone(),
            email: self.settings.email.clone(),
        };
        // In line with the commits, so that it holds for the next.
        drop(self.store.soon(move |store| store.set_agent(agent)));
    }

    /// Everything whose time has come.
    fn keep_going(&mut self) {
        let at = now();
        self.tend_storage(at);
        if self.omnidesk.take_due(at) {
            self.read_catalog();
        }
        self.follow_index(at);
        self.follow_office(at);
        self.pbx.keep_knocking(at);
        for leg in self.people.take_due(at) {
            if let Some(key) = self.desk.call(&leg).filter(|call| call.is_live()).and_then(calls::Call::client_key) {
                self.look_up(leg, key);
            }
        }
        self.beat(at);
        self.keep_point(true);
        self.keep_track();
        self.forget_orders(at);
        self.windows.keep_going(at);
        self.ring_reminders(at);
        self.follow_pause(at);
        self.watch_callers();
        self.send_drafts(at);
        self.send_labels(at);
        self.pump_outbox();
        self.say_what_is_written();
        self.refresh_popup(at);
        self.count_for_callers();
        if self.next_housekeeping <= at {
            self.next_housekeeping = at.plus_ms(3_600_000);
            self.outbox.forget_delivered(at.plus_ms(-SHOWN_DELIVERED));
            self.turns.forget(|leg| self.desk.call(leg).is_some());
            self.store.later(Write::ForgetDelivered {
                before: at.plus_ms(-KEPT_DELIVERED),
            });
            self.store.later(Write::ForgetUnmet {
                before: at.plus_ms(-KEPT_UNMET),
            });
            self.store.later(Write::ForgetHistory {
                before: at.plus_ms(-self.settings.kept_history()),
            });
        }
    }

    fn wake_at(&self) -> Option<Moment> {
        let outbox = self.outbox.wake_at().filter(|_| self.may_send());
        [
            outbox,
            self.omnidesk.wake_at(),
            self.office_watch.wake_at(),
            self.next_of_index(),
            self.popup.wake_at(),
            self.people.wake_at(),
            self.next_draft(),
            self.late_labels.wake_at(|_| false),
            self.next_reminder(),
            self.next_pause(),
            self.orders.wake_at(),
            self.windows.wake_at(),
            Some(self.next_housekeeping),
            self.asking.wake_at(),
            self.pbx.wake_at(),
            self.storage.wake_at(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn refresh_popup(&mut self, at: Moment) {
        let confirmed = self.desk.calls().filter(|call| self.watch.is_confirmed(&call.leg));
        let changed = self.popup.refresh(confirmed, at);
        self.windows.stale_if(changed);
    }

    /// Shows the state, if it changed since it was last shown.
    fn publish(&mut self) {
        if self.windows.next_revision().is_none() {
            return;
        }
        let view = self.view();
        self.shell.publish(&view);
    }

    pub(crate) fn view(&self) -> DeskView {
        let catalog = &*self.omnidesk.catalog_or_none();
        let sources = Sources {
            people: &self.people,
            catalog,
            region: self.settings.region(),
            pending: self.tasks.looked_up().collect(),
            outbox: &self.outbox,
            desk: &self.desk,
            cases: &self.cases_shown,
            facts: &self.facts,
            elsewhere: self.turns.elsewhere().collect(),
            omnidesk_up: self.omnidesk.is_up(),
        };
        let popup: Vec<String> = self.popup.shown().map(|leg| leg.as_str().to_owned()).collect();
        let calls = present::calls(self.desk.calls(), &sources);
        DeskView {
            revision: self.windows.revision(),
            now: ms(now()),
            stage: self.windows.stage().clone(),
            kept: u32::try_from(calls.len()).unwrap_or(u32::MAX),
            missed: missed_waiting(&calls),
            private: self.private,
            pause: self.pause_view(&calls),
            calls,
            sample: self.sample_view(popup.is_empty()),
            popup,
            reminders: self.reminder_views(),
            pbx: self.pbx.view().clone(),
            in_the_open: self.pbx.line().is_some() && self.settings.is_open(),
            only_tells: self.pbx.only_tells().unwrap_or(false),
            omnidesk: self.omnidesk.view().clone(),
            keychain: self.asking.shown(),
            storage: self.storage.view(&self.store, self.office.unread),
            faults: FaultsView {
                tasks: self.tasks.broken(),
                ..self.windows.faults()
            },
            outbox: present::outbox_rows(&self.outbox),
            agent: AgentView {
                extension: self.settings.extension.clone(),
                name: catalog.my_name().map(str::to_owned),
                email: self.settings.email.clone(),
                phone_online: self.pbx.phone_online(),
            },
            fields: screens::fields::shown(
                &self.settings.fields,
                self.omnidesk.catalog().map(AsRef::as_ref),
                self.settings.region(),
            ),
            sections: screens::fields::sections(&self.settings.fields),
            labels: crate::settings::labels::usable(&self.settings.labels),
            claims: catalog.takes_claims(),
            language: self.settings.language.clone(),
            users: self.index.view(self.everybody.count()),
            channel: self.omnidesk.channel(),
        }
    }
}
