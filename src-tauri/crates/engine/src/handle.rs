//! What the windows may ask of the engine. Each method sends a message or reads a page; none decides anything.

use crate::controller::message::Message;
use crate::controller::requests::user_view;
use crate::controller::{INBOX, Parts, keeper};
use crate::links::checks;
use crate::links::omnidesk::Access;
use crate::people::card::Card;
use crate::people::entry;
use crate::people::everybody::Seeker;
use crate::people::known::Known;
use crate::people::look_up;
use crate::screens::found;
use crate::screens::pages::{self, Sound};
use crate::screens::team::Team;
use crate::settings::vendors::steps_of;
use crate::settings::{address_without_scheme, office_ca};
use crate::time::{ms, now};
use crate::view::{
    CasePageView, CaseRow, ChannelOption, CommandError, DeskView, FoundUser, ProfileView, Route, SettingsView, TestLine, TroubleView,
    TypedSecrets, UserView,
};
use calls::{AgentAction, LegId, Moment, UserId};
use directory::Person;
use omnidesk::{CaseId, CaseNumber, CaseRef};
use std::sync::Arc;
use std::time::Duration;
use store::Reader;
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// How long a person that was read counts as just read, ms.
const JUST_READ: i64 = 120_000;
/// How long a page waits for a look-up that may spare it a request.
const LOOKING_UP: Duration = Duration::from_secs(3);

/// A way to talk to the engine. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inbox: mpsc::Sender<Message>,
    /// The engine's own task, until somebody has waited for its end.
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
    access: watch::Receiver<Option<Access>>,
    /// For what takes long in this computer's file.
    pub(crate) reader: Reader,
    /// What is known of the team's figures.
    pub(crate) team: Arc<std::sync::Mutex<Team>>,
    /// For searches among all users.
    seeker: Seeker,
    /// When it began.
    pub(crate) began: Moment,
}

impl Engine {
    /// Starts the engine on the current tokio runtime.
    #[must_use]
    pub fn start(parts: Parts) -> Self {
        let (to_self, inbox) = mpsc::channel(INBOX);
        let (access_in, access) = watch::channel(None);
        let (reader, seeker) = (parts.store.reader(), parts.everybody.seeker());
        let task = tokio::spawn(keeper::keep(parts, to_self.clone(), access_in, inbox));
        let task = Arc::new(Mutex::new(Some(task)));
        Self {
            inbox: to_self,
            task,
            access,
            reader,
            team: Arc::default(),
            seeker,
            began: now(),
        }
    }

    /// Tells what was read from Omnidesk, unless another account is connected by then.
    pub(crate) async fn tell(&self, access: &Access, message: Message) {
        // Kept for the next call; a stopped engine needs it no more.
        let _ = self.inbox.send(of_account(access, message)).await;
    }

    pub(crate) async fn ask<T>(&self, message: impl FnOnce(oneshot::Sender<T>) -> Message) -> Result<T, CommandError> {
        let (reply, answer) = oneshot::channel();
        let gone = || CommandError::from(TroubleView::Closed);
        self.inbox.send(message(reply)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())
    }

    /// The state as it stands.
    pub async fn desk(&self) -> DeskView {
        self.ask(Message::View).await.unwrap_or_default()
    }

    /// The agent did something with a call.
    ///
    /// # Errors
    /// [`CommandError`] with `gone`, or `refused` about `hasCase` or `nobody`.
    pub async fn act(&self, call: &str, action: AgentAction) -> Result<(), CommandError> {
        self.ask(|reply| Message::Act {
            leg: LegId::new(call),
            action,
            reply,
        })
        .await?
    }

    /// Attaches a call to an earlier case (S08).
    ///
    /// # Errors
    /// As [`Engine::act`]; or what Omnidesk says of the case.
    pub async fn attach(&self, call: &str, case: &str, gist: String) -> Result<(), CommandError> {
        let id = number(case)?;
        let case = match self.ask(|reply| Message::CaseShown { case: id, reply }).await? {
            Some(shown) => shown,
            None => crate::sending::deliver::facts(&self.case(case).await?),
        };
        self.act(call, AgentAction::Attach { case, gist }).await
    }

    /// A case as it is now; where it was merged into another one, that.
    pub(crate) async fn case(&self, case: &str) -> Result<omnidesk::Case, CommandError> {
        self.found_case(CaseRef::Id(CaseId(number(case)?))).await
    }

    /// The id of the case that people know by this number; where it was merged into another one, of that.
    ///
    /// # Errors
    /// `gone` when there is none; what Omnidesk says.
    pub async fn case_by_number(&self, number: &str) -> Result<String, CommandError> {
        let found = self.found_case(CaseRef::Number(CaseNumber::from(number))).await?;
        Ok(found.id.0.to_string())
    }

    async fn found_case(&self, mut wanted: CaseRef) -> Result<omnidesk::Case, CommandError> {
        let access = self.access()?;
        for _ in 0..5 {
            let found = access.client.cases().get(&wanted).await;
            let found = found.map_err(|error| CommandError::from(&error))?;
            match found.parent_case_id.filter(|parent| parent.0 != 0) {
                Some(parent) => wanted = CaseRef::Id(parent),
                None if found.deleted => break,
                None => {
                    let row = pages::on_our_clock(access.catalog.row(&found), &access.client);
                    self.tell(&access, Message::ClaimsRead(vec![row])).await;
                    return Ok(found);
                }
            }
        }
        Err(TroubleView::Gone.into())
    }

    /// Keeps what the agent typed. Returns when it was kept, ms since 1970.
    ///
    /// # Errors
    /// As [`Engine::act`].
    pub async fn save_draft(&self, call: &str, subject: String, gist: String) -> Result<f64, CommandError> {
        self.act(call, AgentAction::SaveDraft { subject, gist }).await?;
        Ok(ms(now()))
    }

    /// The agent closed the popup.
    pub async fn close_popup(&self) {
        // A full inbox or a stopped engine: nothing is lost with this message.
        let _ = self.inbox.send(Message::ClosePopup).await;
    }

    /// The agent is done with a call that is over: the popup lets it go.
    pub async fn done_with(&self, call: &str) {
        // A full inbox or a stopped engine: nothing is lost with this message.
        let _ = self.inbox.send(Message::DoneWith(LegId::new(call))).await;
    }

    /// Tries something owed again.
    ///
    /// # Errors
    /// [`CommandError`] with `gone` when it is not owed any more.
    pub async fn retry(&self, id: &str) -> Result<(), CommandError> {
        let seq = id.parse().map_err(|_| CommandError::from(TroubleView::Gone))?;
        self.ask(|reply| Message::Retry { seq, reply }).await?
    }

    /// A user's page: from Omnidesk, else as last seen on this computer.
    ///
    /// # Errors
    /// [`CommandError`] when neither has it.
    pub async fn profile(&self, user: &str) -> Result<ProfileView, CommandError> {
        let user = UserId(number(user)?);
        let trouble = match self.access() {
            Ok(access) => match self.person_and_cases(&access, user).await {
                Ok((card, cases, whole)) => {
                    let view = user_view(&card, &access);
                    let (user, rows) = (Some(user), cases.clone());
                    self.tell(&access, Message::CasesRead { user, rows, whole }).await;
                    return Ok(ProfileView {
                        user: view,
                        cases,
                        stale_since: None,
                        url: None,
                    });
                }
                Err(error) => CommandError::from(&error),
            },
            Err(error) => error,
        };
        let known = self.ask(|reply| Message::Recall { user, reply }).await?;
        let Known { card, seen_at, .. } = known.ok_or(trouble)?;
        let catalog = self
            .access
            .borrow()
            .as_ref()
            .map(|access| access.catalog.clone())
            .unwrap_or_default();
        Ok(ProfileView {
            user: card.view(&catalog, calls::Region::default()),
            cases: Vec::new(),
            stale_since: Some(ms(seen_at)),
            url: None,
        })
    }

    /// A person and their earlier cases, newest first (S04).
    async fn person_and_cases(&self, access: &Access, user: UserId) -> Result<(Card, Vec<CaseRow>, bool), omnidesk::Error> {
        let card = self.person(access, user).await?;
        let (cases, whole) = pages::recent_cases(&access.client, &access.catalog, &card).await?;
        Ok((card, cases, whole))
    }

    /// A person as Omnidesk has them, with what is known here of linked profiles. Kept for the next call.
    async fn person(&self, access: &Access, user: UserId) -> Result<Card, omnidesk::Error> {
        if let Some(card) = self.just_read(user).await {
            return Ok(card);
        }
        let card = look_up::profile(&access.client, user).await?;
        let cards = vec![card.clone()];
        let known = self
            .ask(|reply| of_account(access, Message::Read { cards, user, reply }))
            .await
            .ok()
            .flatten();
        Ok(known.map_or(card, |known| known.card))
    }

    /// The linked profiles of a user that this computer does not know are read, because an agent asks for them.
    ///
    /// # Errors
    /// What Omnidesk says.
    pub async fn linked_profiles(&self, user: &str) -> Result<UserView, CommandError> {
        let user = UserId(number(user)?);
        let access = self.access()?;
        let known = self.ask(|reply| Message::Recall { user, reply }).await?;
        let card = known.ok_or(TroubleView::Gone)?.card;
        let cards = look_up::unread(&access.client, &card)
            .await
            .map_err(|error| CommandError::from(&error))?;
        let known = self.ask(|reply| of_account(&access, Message::Read { cards, user, reply })).await?;
        Ok(user_view(&known.map_or(card, |known| known.card), &access))
    }

    /// A person that Omnidesk told of a moment ago: asking again would cost a request and bring nothing. Nor is it
    /// asked twice at once: the caller's profile opens while it may still be looking them up.
    async fn just_read(&self, user: UserId) -> Option<Card> {
        let latest = self.ask(|reply| Message::RecallLatest { user, reply });
        let known = tokio::time::timeout(LOOKING_UP, latest).await.ok()?.ok()?;
        let known = known?;
        (known.fresh && now().since(known.seen_at) < JUST_READ).then_some(known.card)
    }

    /// A case's page: what this desk alone has written is known here, unless the agent wants it read (`fresh`).
    ///
    /// # Errors
    /// What Omnidesk says.
    pub async fn case_page(&self, case: &str, fresh: bool) -> Result<CasePageView, CommandError> {
        let id = CaseId(number(case)?);
        if !fresh && let Some(page) = self.ask(|reply| Message::OwnCase { case: id.0, reply }).await? {
            return Ok(page);
        }
        let access = self.access()?;
        let person = async |user| self.person(&access, user).await.ok();
        let mut view = access.case_page(id, person).await.map_err(|error| CommandError::from(&error))?;
        let (user, rows, whole) = (None, vec![view.case.clone()], false);
        self.tell(&access, Message::CasesRead { user, rows, whole }).await;
        for (message, call) in self.ask(|reply| Message::CallsOfCase { case: id.0, reply }).await? {
            let wanted = message.map(|id| id.to_string());
            let told = match &wanted {
                Some(wanted) => view.messages.iter_mut().find(|message| message.id == *wanted),
                // The case was opened for the call: its first message tells it.
                None => view.messages.first_mut(),
            };
            if let Some(told) = told {
                told.call.get_or_insert(call);
            }
        }
        Ok(view)
    }

    /// Looks into the file of all users, beside the engine: nothing waits for a long search.
    async fn search_here(&self, query: &str) -> Vec<Person> {
        let (seeker, query) = (self.seeker.clone(), query.to_owned());
        tokio::task::spawn_blocking(move || found::people(&seeker, &query))
            .await
            .unwrap_or_default()
    }

    /// Users found by anything (S12): those on this computer, completed by Omnidesk's own search.
    ///
    /// # Errors
    /// What Omnidesk says, when nobody was found here either.
    pub async fn search_users(&self, query: &str) -> Result<Vec<FoundUser>, CommandError> {
        let query: String = query.trim().chars().take(200).collect();
        let access = self.access();
        let mut people = self.search_here(&query).await;
        let remote = match &access {
            Ok(access) => access.search(&query).await.map_err(|error| CommandError::from(&error)),
            Err(error) => Err(error.clone()),
        };
        let remote = match remote {
            Ok(cards) => cards,
            Err(error) if people.is_empty() => return Err(error),
            Err(_) => Vec::new(),
        };
        if let Ok(access) = &access
            && !remote.is_empty()
        {
            let cards = remote.clone();
            let told = self.ask(|reply| of_account(access, Message::FoundBySearch { cards, reply })).await;
            if told.unwrap_or(false) {
                people = self.search_here(&query).await;
            }
        }
        let (region, catalog) = access.map(|access| (access.region, access.catalog)).unwrap_or_default();
        // Of a person's profiles that is meant whose address or number was typed: Omnidesk found it by that.
        let meant = |person: &Person| {
            let is_meant = |id: u64| remote.iter().find(|card| card.id == id);
            let linked = || person.user.linked.iter().find_map(|id| is_meant(*id));
            let other = is_meant(person.user.id).map_or_else(linked, |_| None);
            other.map_or_else(|| person.user.clone(), |card| entry::of(card, &catalog, region))
        };
        let users = people.iter().map(meant).collect();
        let cards = self.ask(|reply| Message::FoundHere { people: users, reply }).await?;
        let mut shown: Vec<FoundUser> = people
            .iter()
            .zip(&cards)
            .map(|(person, card)| found::view(person, card, &query, &catalog, region))
            .collect();
        // Parts of addresses and numbers that are no beginning and no end: only Omnidesk finds by them.
        let is_shown = |card: &Card| {
            let same =
                |(person, one): (&Person, &Card)| one.profiles().contains(&omnidesk::UserId(card.id)) || person.also.contains(&card.id);
            people.iter().zip(&cards).any(same)
        };
        let mut beside: Vec<Card> = Vec::new();
        for card in remote.iter().filter(|card| !is_shown(card)) {
            match beside.iter_mut().find(|one| one.linked.contains(&card.id)) {
                Some(one) => one.add(card),
                None => beside.push(card.clone()),
            }
        }
        shown.extend(beside.iter().map(|card| found::by_omnidesk(card, &query, &catalog, region)));
        Ok(shown)
    }

    /// The sound in a file of a message, for playing in place.
    ///
    /// # Errors
    /// What Omnidesk says; `gone` when there is no such file, `notSound` when there is none in it.
    pub async fn sound(&self, case: &str, attachment: &str) -> Result<Sound, CommandError> {
        self.access()?.sound(CaseId(number(case)?), attachment).await
    }

    /// Which account is connected: another number for each that was; none where Omnidesk is not set up.
    #[must_use]
    pub fn account(&self) -> Option<u32> {
        self.access.borrow().as_ref().map(|access| access.generation)
    }

    /// Where a page stands in Omnidesk.
    ///
    /// # Errors
    /// `gone` when Omnidesk is not set up or has no such page.
    pub async fn omnidesk_url(&self, route: &Route) -> Result<String, CommandError> {
        let access = self.access()?;
        let number = match route {
            Route::Case { case, .. } => {
                let found = access
                    .client
                    .cases()
                    .get(&CaseRef::Id(CaseId(number(case)?)))
                    .await
                    .map_err(|error| CommandError::from(&error))?;
                Some(found.number.as_str().to_owned())
            }
            Route::Calls
            | Route::Missed
            | Route::Profile { .. }
            | Route::Attach { .. }
            | Route::Compose { .. }
            | Route::Search { .. }
            | Route::Settings
            | Route::Outbox
            | Route::Stats
            | Route::Fields
            | Route::Enrol { .. }
            | Route::Trial => None,
        };
        access.url_of(route, number.as_deref()).ok_or_else(|| TroubleView::Gone.into())
    }

    /// The settings, without secrets.
    ///
    /// # Errors
    /// `closed` when the engine has stopped.
    pub async fn settings(&self) -> Result<SettingsView, CommandError> {
        self.ask(Message::Settings).await
    }

    /// Saves settings and secrets, and connects anew.
    ///
    /// # Errors
    /// `badSetting` naming the setting; `noKeychain` when secrets cannot be kept: then nothing was changed;
    /// `keychainLocked` when the keychain waits for somebody to unlock it: nothing is changed until it has kept them.
    pub async fn save_settings(&self, settings: SettingsView, typed: TypedSecrets) -> Result<SettingsView, CommandError> {
        self.ask(|reply| Message::SaveSettings {
            settings: Box::new(settings),
            typed,
            reply,
        })
        .await?
    }

    /// Tests the connection to the PBX with these settings, without saving them (D6).
    ///
    /// # Errors
    /// `badSetting` naming the setting that makes a test impossible.
    pub async fn test_pbx(&self, mut settings: SettingsView, typed: TypedSecrets) -> Result<Vec<TestLine>, CommandError> {
        let kept = self.settings().await?.pbx_ca;
        let steps = steps_of(&settings.pbx_vendor);
        let found = match address_without_scheme(&settings.pbx_url) {
            Some(address) => match checks::find_scheme(&address, &steps).await {
                Ok(place) => Some(place),
                Err(lines) => return Ok(lines),
            },
            None => None,
        };
        if let Some(place) = &found {
            settings.pbx_url = place.url.to_string();
        }
        let (settings, secrets) = self
            .ask(|reply| Message::Tried {
                settings: Box::new(settings),
                typed,
                reply,
            })
            .await?;
        let prepared = match (settings.pbx(&secrets), &found) {
            (Err(error), Some(place)) if error.trouble == TroubleView::PlainHttp => return Ok(checks::needs_a_yes(place, &steps)),
            (prepared, _) => prepared?,
        };
        // One that was of use when it was given stands in nobody's way.
        if settings.pbx_ca != kept {
            office_ca::is_of_use(&settings.pbx_ca, now())?;
        }
        Ok(checks::pbx(&prepared, settings.is_open(), found.as_ref()).await)
    }

    /// The channels that an account has for cases of calls, with these settings, without saving them.
    ///
    /// # Errors
    /// `badSetting` naming the setting that makes it impossible; what Omnidesk says.
    pub async fn channels(&self, settings: SettingsView, typed: TypedSecrets) -> Result<Vec<ChannelOption>, CommandError> {
        let (settings, secrets) = self
            .ask(|reply| Message::Tried {
                settings: Box::new(settings),
                typed,
                reply,
            })
            .await?;
        let client = settings.omnidesk(&secrets)?;
        checks::channels(&client).await.map_err(|error| CommandError::from(&error))
    }

    /// Tests the connection to Omnidesk with these settings, without saving them (D6).
    ///
    /// # Errors
    /// `badSetting` naming the setting that makes a test impossible.
    pub async fn test_omnidesk(&self, settings: SettingsView, typed: TypedSecrets) -> Result<Vec<TestLine>, CommandError> {
        let (settings, secrets) = self
            .ask(|reply| Message::Tried {
                settings: Box::new(settings),
                typed,
                reply,
            })
            .await?;
        Ok(checks::omnidesk(&settings.omnidesk(&secrets)?, &settings).await)
    }

    /// Ends the engine in order and waits for it: the line to the PBX is closed, the file too. What is owed stays there.
    pub async fn stop(&self) {
        // An engine that has stopped already needs no telling.
        let _ = self.ask(Message::Stop).await;
        if let Some(task) = self.task.lock().await.take() {
            // It only fails by a panic, and there is nothing left to tell anybody then.
            let _ = task.await;
        }
    }

    pub(crate) fn access(&self) -> Result<Access, CommandError> {
        self.access.borrow().clone().ok_or_else(|| TroubleView::Unreachable.into())
    }
}

pub(crate) fn number(id: &str) -> Result<u64, CommandError> {
    id.parse().map_err(|_| TroubleView::Gone.into())
}

fn of_account(access: &Access, message: Message) -> Message {
    Message::OfAccount {
        generation: access.generation,
        message: Box::new(message),
    }
}
