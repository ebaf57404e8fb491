//! What the windows may do besides working on a call: dial, edit a user, set the data fields.

mod call_list;
mod team;

use crate::controller::message::{Message, ToHangUp};
use crate::controller::office::OfficeDraftOf;
use crate::handle::{Engine, number};
use crate::links::office;
use crate::screens::{figures, health, pages};
use crate::time::{ms, now};
use crate::view::{
    CommandError, DataField, DialAnswer, DialPreview, DoubtView, FieldsView, FiguresRange, FiguresView, HealthView, LabelsView,
    NumberKindView, OfficeView, OfficeWish, PauseFor, PhraseRow, PhraseView, PhrasesView, Route, TroubleView, UserChanges, UserForm,
    WhenChoice, WhenView,
};
use calls::{AgentAction, DialTrouble, DutyKey, LegId, Region, UserId};
use jiff::tz::TimeZone;
use std::time::Instant;
use store::{Agent, Store};

/// The longest file of data fields that is read, bytes.
const LONGEST_FILE: usize = 1024 * 1024;

impl Engine {
    /// What is known of the program's own state, without anything of a person.
    ///
    /// # Errors
    /// `closed` when the engine has stopped.
    pub async fn health(&self) -> Result<HealthView, CommandError> {
        let mut view = self.ask(Message::Health).await?;
        view.program.started_at = ms(self.began);
        let reader = self.reader.clone();
        // Beside the engine: counting the rows of a year takes a moment.
        let file = tokio::task::spawn_blocking(move || Some(health::file(reader.look(Store::facts).ok()?, reader.kept_at())));
        view.store.file = file.await.ok().flatten();
        Ok(*view)
    }

    /// Statistics of a range of days (S35-S38), from this computer's history.
    ///
    /// # Errors
    /// `badSetting` about `first`, `last`, `order` or `length`; `storage` when the disk refuses; `closed` when the engine has
    /// stopped.
    pub async fn figures(&self, range: &FiguresRange) -> Result<FiguresView, CommandError> {
        // The computer's own, as it is set now: a laptop travels.
        let zone = TimeZone::system();
        let today = figures::day_of(now(), &zone);
        let (range, today) = (figures::days(range, today)?, figures::days(&FiguresRange::Today, today)?);
        let settings = self.settings().await?;
        let agent = Agent {
            extension: settings.extension,
            email: settings.email,
        };
        let reader = self.reader.clone();
        // Beside the engine: counting a year of calls takes a moment.
        let counted = tokio::task::spawn_blocking(move || figures::count(&reader, range, today, &zone, &agent)).await;
        counted.ok().and_then(Result::ok).ok_or(TroubleView::Storage.into())
    }

    /// How a typed or pasted text reads as a number (D1).
    pub async fn read_number(&self, text: &str) -> DialPreview {
        let text = text.to_owned();
        let nothing = DialPreview {
            kind: NumberKindView::Nonsense,
            pretty: String::new(),
            extension: None,
            dial: None,
            caution: None,
            others: Vec::new(),
            user: None,
        };
        self.ask(|reply| Message::ReadNumber { text, reply }).await.unwrap_or(nothing)
    }

    /// Places a call: the PBX rings the agent's softphone first, then the number (S18). From a case, the call
    /// belongs to the case. A number that the guard doubts is held, with the reason; it is dialled when the agent has
    /// `agreed` to this very reason.
    ///
    /// # Errors
    /// `badSetting` about `number`; `notOffered` where the PBX's link places no calls; `refused` about `inCall` while another call is on; `phoneOffline`;
    /// `unreachable` when the PBX is; for a case, what Omnidesk says of it. What goes wrong later is told by the call itself.
    pub async fn dial(&self, number: &str, case: Option<&str>, agreed: Option<DoubtView>) -> Result<DialAnswer, CommandError> {
        let case = match case {
            Some(case) => match self.case(case).await {
                Ok(case) => Some(case),
                Err(_) if self.is_emergency(number).await => None,
                Err(error) => return Err(error),
            },
            None => None,
        };
        let number = number.to_owned();
        self.ask(|reply| Message::Dial {
            number,
            case,
            agreed,
            reply,
        })
        .await?
    }

    /// Help is called whatever Omnidesk says of the case.
    async fn is_emergency(&self, number: &str) -> bool {
        let read = self.read_number(number).await;
        read.caution.is_some_and(|caution| caution.doubt == DoubtView::Emergency)
    }

    /// Dials a number that a link or another program has, where the agent has set that numbers called before need no yes, and
    /// nothing speaks against it. Whether it is dialled; else the dial window is to ask. Who stops waiting is asked there, and
    /// nothing is dialled afterwards.
    pub async fn dial_link(&self, keys: &str) -> bool {
        let keys = keys.to_owned();
        self.ask(|reply| Message::DialLink { keys, reply }).await.unwrap_or_default()
    }

    /// The numbers of a text that somebody has selected, in order and each once, as the dial window reads them; a text without
    /// any may be a colleague's extension or a service code as a whole.
    pub async fn numbers_of(&self, text: &str) -> Vec<String> {
        let region = self.settings().await.map(|settings| settings.region).unwrap_or_default();
        crate::controller::dialing::selected(text, Region::from_code(&region).unwrap_or_default())
    }

    /// Hangs up one of the agent's calls.
    ///
    /// # Errors
    /// `gone` when it is over already; `notOffered` where the PBX's link hangs nobody up; else why the PBX refused.
    pub async fn hang_up(&self, call: &str) -> Result<(), CommandError> {
        let leg = LegId::new(call);
        let of_call = self.ask(|reply| Message::HangUp { leg: leg.clone(), reply }).await?;
        let ToHangUp { pbx, leg: current } = of_call.ok_or(CommandError::from(TroubleView::Gone))?;
        let pbx = pbx.ok_or(CommandError::from(TroubleView::Unreachable))?;
        let hangs_up = pbx.hangs_up().ok_or(CommandError::from(TroubleView::NotOffered))?;
        let hung_up = hangs_up.hang_up(&current).await;
        if hung_up == Err(pbx::CommandError::Gone) {
            // An order that is not there, or not yet. Any other call is told of by its events.
            let trouble = DialTrouble::Cancelled;
            let _ = self.inbox.send(Message::NotPlaced { leg, trouble }).await;
        }
        hung_up.map_err(|error| {
            CommandError::from(match error {
                pbx::CommandError::Gone => TroubleView::Gone,
                pbx::CommandError::Forbidden => TroubleView::Forbidden,
                pbx::CommandError::BadCredentials => TroubleView::BadCredentials,
                pbx::CommandError::OutOfReach => TroubleView::Unreachable,
                pbx::CommandError::Refused { .. } => TroubleView::Refused,
            })
        })
    }

    /// Undoes what was decided by itself when a call ended.
    ///
    /// # Errors
    /// `refused` about `nothingToUndo`.
    pub async fn undo(&self, call: &str) -> Result<(), CommandError> {
        self.act(call, AgentAction::Undo).await
    }

    /// The page the agent sees; none when the workspace is not in front. A call dialled from a case comes up
    /// in the popup while the agent is elsewhere (S20).
    pub async fn looking_at(&self, route: Option<Route>) {
        // A full inbox or a stopped engine: the next page tells.
        let _ = self.inbox.send(Message::LookingAt(route)).await;
    }

    /// The set-up is being tried (D6): the next call from a colleague is shown in the popup, too. Or it is not any more.
    pub async fn await_trial(&self, on: bool) {
        // A full inbox or a stopped engine: the page that asks shows no popup, and can be opened again.
        let _ = self.inbox.send(Message::AwaitTrial(on)).await;
    }

    /// The agent is in the popup, or has turned away from it: what it shows of a call that is over does not go meanwhile.
    pub fn hold_popup(&self, on: bool) {
        // In the order in which it happens. A full inbox or a stopped engine: an empty popup is held by nobody.
        let _ = self.inbox.try_send(Message::HoldPopup(on));
    }

    /// The popup has painted this call just now.
    pub fn popup_painted(&self, call: &str) {
        let (leg, at) = (LegId::new(call), Instant::now());
        // A full inbox or a stopped engine: one call less is measured.
        let _ = self.inbox.try_send(Message::PopupPainted { leg, at });
    }

    /// The form over a user; without a user, over the one that Omnidesk makes from the call's number (S14).
    ///
    /// # Errors
    /// `gone` when neither is known.
    pub async fn user_form(&self, user: Option<&str>, call: Option<&str>) -> Result<UserForm, CommandError> {
        let user = user.map(number).transpose()?.map(UserId);
        let call = call.map(LegId::new);
        self.ask(|reply| Message::Form { user, call, reply }).await?
    }

    /// Changes a user's data (S05). Shown at once, owed to Omnidesk.
    ///
    /// # Errors
    /// `badSetting` naming the field; `refused` about `nobody` for a call of a hidden number; `gone`.
    pub async fn edit_user(&self, user: Option<&str>, call: Option<&str>, changes: UserChanges) -> Result<(), CommandError> {
        let user = user.map(number).transpose()?.map(UserId);
        let (call, changes) = (call.map(LegId::new), Box::new(changes));
        self.ask(|reply| Message::EditUser {
            user,
            call,
            changes,
            reply,
        })
        .await?
    }

    /// What the office publishes for all its desks; `fresh`: it is looked for first.
    ///
    /// # Errors
    /// `closed` when the engine has stopped.
    pub async fn office_settings(&self, fresh: bool) -> Result<OfficeView, CommandError> {
        let (mut generation, mut found) = (0, None);
        if fresh {
            let wanted = self.ask(Message::OfficeWanted).await?;
            generation = wanted.generation;
            found = office::read(&wanted.source, wanted.client.as_ref()).await;
        }
        let looked = |reply| Message::OfficeLooked { generation, found, reply };
        self.ask(looked).await.map(|view| *view)
    }

    /// Publishes settings of this computer for all desks of the office.
    ///
    /// # Errors
    /// `refused` about `published` where another publication stands than was seen, about `records` where there are two records, about `tooLarge` where the one there is too large to be looked at,
    /// about `cut` where Omnidesk keeps no text so long; `badSetting` about a setting or `tooLong`; `notOffered` where Ringside
    /// does not write; what Omnidesk says: `forbidden` where the agent may not edit companies.
    pub async fn publish_office(&self, wish: OfficeWish) -> Result<OfficeView, CommandError> {
        self.publish(OfficeDraftOf::Here(wish)).await
    }

    /// Publishes anew what was published before the last, while `seen` stands.
    ///
    /// # Errors
    /// As [`Engine::publish_office`]; `gone` where there is none.
    pub async fn publish_office_before(&self, seen: u32) -> Result<OfficeView, CommandError> {
        self.publish(OfficeDraftOf::Before(seen)).await
    }

    async fn publish(&self, wish: OfficeDraftOf) -> Result<OfficeView, CommandError> {
        let draft = self.ask(|reply| Message::OfficeDraft { wish, reply }).await??;
        let generation = draft.generation;
        let published = Box::new(office::publish(&draft.client, &draft.document, draft.seen).await);
        let tried = |reply| Message::OfficePublished {
            generation,
            published,
            reply,
        };
        self.ask(tried).await?.map(|view| *view)
    }

    /// This computer goes back to what was published before the last, until another comes; or forth again.
    ///
    /// # Errors
    /// `refused` about `locked` where the office's file says where it publishes; `gone` where there is none.
    pub async fn go_back_office(&self, back: bool) -> Result<OfficeView, CommandError> {
        self.ask(|reply| Message::OfficeGo { back, reply }).await?.map(|view| *view)
    }

    /// The administrator's data fields (S02), with Omnidesk's own as they are now.
    ///
    /// # Errors
    /// `closed` when the engine has stopped.
    pub async fn fields(&self) -> Result<FieldsView, CommandError> {
        let read = match self.access() {
            Ok(access) => access.client.custom_fields().all().await.ok(),
            Err(_) => None,
        };
        match read {
            Some(fields) => self.ask(|reply| Message::FieldsRead { fields, reply }).await,
            None => {
                let known = self.ask(Message::Fields).await?;
                Ok(FieldsView { fresh: false, ..known })
            }
        }
    }

    /// Keeps the data fields, in this order.
    ///
    /// # Errors
    /// `badSetting` naming the field that is wrong.
    pub async fn save_fields(&self, fields: Vec<DataField>) -> Result<FieldsView, CommandError> {
        let fields = crate::settings::fields::settled(&fields)?;
        self.ask(|reply| Message::SaveFields { fields, reply }).await?
    }

    /// The data fields as a file's text.
    ///
    /// # Errors
    /// `closed` when the engine has stopped.
    pub async fn export_fields(&self) -> Result<String, CommandError> {
        self.ask(Message::ExportFields).await
    }

    /// The agent's picks of labels for a call, all of them as they are now. They are written once the agent is done.
    ///
    /// # Errors
    /// `refused` about `label` for one that is not offered; `gone`; `storage`.
    pub async fn pick_labels(&self, call: &str, labels: Vec<String>) -> Result<(), CommandError> {
        let leg = LegId::new(call);
        self.ask(|reply| Message::PickLabels { leg, labels, reply }).await?
    }

    /// «Перезваниваю»: the agent undertakes to call a missed client back, which colleagues see in the case; or with `on`
    /// false, does not after all.
    ///
    /// # Errors
    /// `notOffered` where the office does without; `refused` about `claimed` where a colleague was first; `gone`; `storage`.
    pub async fn claim(&self, call: &str, on: bool) -> Result<(), CommandError> {
        let leg = LegId::new(call);
        self.ask(|reply| Message::Claim { leg, on, reply }).await?
    }

    /// The missed inbox is looked at: Omnidesk is asked once, at most each minute, which of those who wait there a colleague
    /// has dealt with. What it does not tell stays as it was.
    pub async fn look_at_missed(&self) {
        let Ok(access) = self.access() else { return };
        let people = self.ask(Message::MissedShown).await.unwrap_or_default();
        if people.is_empty() {
            return;
        }
        match pages::cases_of_all(&access.client, &access.catalog, &people).await {
            Ok(read) => {
                for (user, rows) in read {
                    let (user, whole) = (Some(user), false);
                    self.tell(&access, Message::CasesRead { user, rows, whole }).await;
                }
            }
            Err(error) => tracing::debug!(%error, "nothing is said of missed clients"),
        }
    }

    /// Which labels can be picked, with the account's own as they are now.
    ///
    /// # Errors
    /// `closed` when the engine has stopped.
    pub async fn labels(&self) -> Result<LabelsView, CommandError> {
        let fresh = match self.access() {
            Ok(access) => access.catalog.labels.refresh(&access.client).await.is_ok(),
            Err(_) => false,
        };
        self.ask(|reply| Message::Labels { fresh, reply }).await
    }

    /// Keeps which labels can be picked, in this order.
    ///
    /// # Errors
    /// `badSetting` about `labels`; `refused` about `locked`; `storage`.
    pub async fn save_labels(&self, labels: Vec<String>) -> Result<LabelsView, CommandError> {
        let labels = crate::settings::labels::settled(&labels)?;
        self.ask(|reply| Message::SaveLabels { labels, reply }).await?
    }

    /// How a typed time such as «завтра в 10» is understood now.
    ///
    /// # Errors
    /// `closed` when the engine has stopped.
    pub async fn read_when(&self, text: &str) -> Result<WhenView, CommandError> {
        let text = text.to_owned();
        self.ask(|reply| Message::When { text, reply }).await
    }

    /// The times that are offered at the press of a digit.
    ///
    /// # Errors
    /// `closed` when the engine has stopped.
    pub async fn when_choices(&self) -> Result<Vec<WhenChoice>, CommandError> {
        self.ask(Message::WhenChoices).await
    }

    /// Reminds the agent to call a call's client back, and writes that into the call's case. A second reminder of the same
    /// call takes the place of the first.
    ///
    /// # Errors
    /// `badSetting` about `when`, `past`, `tooFar`; `refused` about `nobody`, `tooMany`; `gone`; `storage`.
    pub async fn remind(&self, call: &str, when: &str, what: String) -> Result<(), CommandError> {
        let (leg, when) = (LegId::new(call), when.to_owned());
        self.ask(|reply| Message::Remind { leg, when, what, reply }).await?
    }

    /// A reminder comes back at this time.
    ///
    /// # Errors
    /// As [`Engine::remind`].
    pub async fn remind_later(&self, id: &str, when: &str) -> Result<(), CommandError> {
        let (key, when) = (DutyKey::from_text(id), Some(when.to_owned()));
        self.ask(|reply| Message::Reminder { key, when, reply }).await?
    }

    /// A reminder is done with.
    ///
    /// # Errors
    /// `gone` when it is already; `storage`.
    pub async fn end_reminder(&self, id: &str) -> Result<(), CommandError> {
        let (key, when) = (DutyKey::from_text(id), None);
        self.ask(|reply| Message::Reminder { key, when, reply }).await?
    }

    /// The office's phrases, filled in with what is known of a call.
    ///
    /// # Errors
    /// `closed` when the engine has stopped.
    pub async fn phrases_for(&self, call: &str) -> Result<Vec<PhraseView>, CommandError> {
        let leg = LegId::new(call);
        self.ask(|reply| Message::PhrasesFor { leg, reply }).await
    }

    /// The phrases for their editor.
    ///
    /// # Errors
    /// `closed` when the engine has stopped.
    pub async fn phrases(&self) -> Result<PhrasesView, CommandError> {
        self.ask(Message::Phrases).await
    }

    /// Keeps the phrases, in this order.
    ///
    /// # Errors
    /// `badSetting` about `phrases`, or `title-2`, `text-2` for the one that is wrong; `refused` about `locked`; `storage`.
    pub async fn save_phrases(&self, rows: Vec<PhraseRow>) -> Result<PhrasesView, CommandError> {
        let phrases = crate::settings::phrases::settled(&rows)?;
        self.ask(|reply| Message::SavePhrases { phrases, reply }).await?
    }

    /// Everything on this computer that this version could not read or could not handle, as text (D5).
    ///
    /// # Errors
    /// `storage` when the disk refuses; `closed` when the engine has stopped.
    pub async fn export_aside(&self) -> Result<String, CommandError> {
        self.ask(Message::ExportAside).await?
    }

    /// Takes data fields over from a file's text.
    ///
    /// # Errors
    /// `badSetting` about `file`, or about the field that is wrong.
    pub async fn import_fields(&self, text: &str) -> Result<FieldsView, CommandError> {
        if text.len() > LONGEST_FILE {
            return Err(CommandError {
                trouble: TroubleView::BadSetting,
                about: Some("file".into()),
            });
        }
        let fields = crate::settings::fields::import(text)?;
        self.ask(|reply| Message::SaveFields { fields, reply }).await?
    }

    /// «Скрыть личное»: names, numbers and values are hidden in popup, tray and dial window until they are shown again.
    ///
    /// # Errors
    /// `storage` when it holds only while the program runs.
    pub async fn hide_personal(&self, hide: bool) -> Result<(), CommandError> {
        self.ask(|reply| Message::HidePersonal { hide, reply }).await?
    }

    /// Whether this is the first time on this computer that the workspace goes into the tray, which then is told, once.
    pub async fn is_first_in_tray(&self) -> bool {
        self.ask(Message::FirstInTray).await.unwrap_or(false)
    }

    /// Pauses popups, or says for how long anew.
    ///
    /// # Errors
    /// `badSetting` about `minutes`; `storage` when it holds only while the program runs.
    pub async fn pause(&self, length: PauseFor) -> Result<(), CommandError> {
        let length = Some(length);
        self.ask(|reply| Message::Pause { length, reply }).await?
    }

    /// Popups come again; outside working hours until those begin.
    ///
    /// # Errors
    /// `storage` when it holds only while the program runs.
    pub async fn resume(&self) -> Result<(), CommandError> {
        let length = None;
        self.ask(|reply| Message::Pause { length, reply }).await?
    }

    /// The agent knows what was missed while popups were paused.
    pub async fn knows_of_missed(&self) {
        // A full inbox or a stopped engine: it is told again.
        let _ = self.inbox.send(Message::KnowsOfMissed).await;
    }

    /// Shows the real popup with a made-up call (S02).
    pub async fn show_test_call(&self) {
        let _ = self.inbox.send(Message::ShowSample).await;
    }

    /// Tries the PBX and Omnidesk again at once.
    pub async fn reconnect(&self) {
        let _ = self.inbox.send(Message::Reconnect).await;
    }

    /// Gives up something owed, and what depends on it.
    ///
    /// # Errors
    /// `gone` when it is not owed any more.
    pub async fn give_up(&self, id: &str) -> Result<(), CommandError> {
        let seq = id.parse().map_err(|_| CommandError::from(TroubleView::Gone))?;
        self.ask(|reply| Message::GiveUp { seq, reply }).await?
    }
}
