//! Combinations under Wayland: no program hears the keys of another there, but the desktop's portal binds keys to what a program
//! offers, and says when they are pressed. Which keys, it settles with its person; ours are a wish.
//!
//! A portal may be missing, come late, hang, refuse, restart, or ask its person first, who may say no: then it is not asked
//! again before they want it. Only the person is waited for longer than a moment, and what is heard counts from the portal that
//! was asked, for the session that it gave.
//!
//! Not by `ashpd`: it names each session by chance, which older portals of KDE take for the program's name, so that they ask anew
//! at each start; it panics at a session that is named otherwise than it wished, and waits for ever for a portal that goes.

use super::{HeardHotkey, HotkeysBy, HotkeysView};
use crate::bus::{Pauses, gone, in_time};
use crate::handler::NAME_ON_DESKTOP;
use engine::Combination;
use engine::view::Hotkey;
use futures_util::StreamExt as _;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use zbus::connection::Builder;
use zbus::fdo::{DBusProxy, NameOwnerChangedStream};
use zbus::names::OwnedUniqueName;
use zbus::zvariant::{DynamicType, ObjectPath, OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, MatchRule, Message, MessageStream};

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PLACE: &str = "/org/freedesktop/portal/desktop";
const SHORTCUTS: &str = "org.freedesktop.portal.GlobalShortcuts";
const SESSION: &str = "org.freedesktop.portal.Session";
const REQUEST: &str = "org.freedesktop.portal.Request";
/// Where programs of no sandbox say who they are.
const REGISTRY: &str = "org.freedesktop.host.portal.Registry";
/// The last part of our session's name, the same each time.
const TOKEN: &str = "ringside";
/// What each is called on the bus.
const NAMES: [(Hotkey, &str); 3] = [(Hotkey::Dial, "dial"), (Hotkey::Popup, "popup"), (Hotkey::Private, "private")];
/// Keys that were heard for so long were no failure of the portal.
const LONG_AGO: Duration = Duration::from_mins(5);
/// Longer descriptions of keys are cut, characters.
const LONGEST: usize = 60;

/// What is wanted of the portal.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wish {
    /// What is to be bound, with the keys that we would choose.
    pub keys: Vec<(Hotkey, Combination)>,
    /// How often the person wanted to be asked again.
    pub turn: u32,
    /// They said no, and were not asked since.
    pub is_refused: bool,
}

/// Has the portal bind what is wanted, for as long as there is anybody to say so; tells who hears it by now, and what is pressed.
/// `describe` says what each does, for the portal's person.
pub async fn serve(
    bus: impl Fn() -> zbus::Result<Builder<'static>>,
    mut wish: watch::Receiver<Wish>,
    describe: impl Fn(Hotkey) -> String,
    tell: impl Fn(HotkeysView),
    pressed: impl Fn(Hotkey),
) {
    let mut pauses = Pauses::default();
    loop {
        if let Ok(post) = Post::on(bus()).await
            && post.serve(&mut wish, &describe, &tell, &pressed).await.is_ok()
        {
            return;
        }
        tell(HotkeysView::default());
        tokio::time::sleep(pauses.next()).await;
    }
}

/// Why keys are not, or no longer, heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    /// There is no portal, or one that binds no keys.
    Nobody,
    /// It does not answer, refuses, or has ended the session.
    Failed,
    /// Its person said no.
    Refused,
}

impl From<zbus::Error> for Over {
    /// Also an answer of another shape than agreed.
    fn from(error: zbus::Error) -> Self {
        tracing::debug!(%error, "the portal binds no keys");
        Self::Failed
    }
}

/// A bus, and who comes and goes there.
struct Post {
    bus: Connection,
    buses: DBusProxy<'static>,
    owners: NameOwnerChangedStream,
    /// One stream of all that the portal says, as their order matters.
    signals: MessageStream,
    pauses: Pauses,
}

impl Post {
    async fn on(bus: zbus::Result<Builder<'_>>) -> zbus::Result<Self> {
        let bus = in_time(bus?.build()).await?;
        let buses = in_time(DBusProxy::new(&bus)).await?;
        let owners = in_time(buses.receive_name_owner_changed_with_args(&[(0, PORTAL)])).await?;
        let all = MatchRule::builder().msg_type(zbus::message::Type::Signal).path_namespace(PLACE)?;
        let signals = in_time(MessageStream::for_match_rule(all.build(), &bus, None)).await?;
        Ok(Self {
            bus,
            buses,
            owners,
            signals,
            pauses: Pauses::default(),
        })
    }

    /// Until nobody wants anything any more; an error when the bus is gone.
    async fn serve(
        mut self,
        wish: &mut watch::Receiver<Wish>,
        describe: &impl Fn(Hotkey) -> String,
        tell: &impl Fn(HotkeysView),
        pressed: &impl Fn(Hotkey),
    ) -> zbus::Result<()> {
        // The turn in which the person said no.
        let mut refused: Option<u32> = None;
        loop {
            let wanted = wish.borrow_and_update().clone();
            let portal = self.portal().await;
            let began = Instant::now();
            let over = match &portal {
                None => Some(Over::Nobody),
                Some(_) if wanted.is_refused || refused == Some(wanted.turn) => Some(Over::Refused),
                Some(portal) => {
                    let mut session = Session {
                        bus: &self.bus,
                        portal,
                        signals: &mut self.signals,
                        request: None,
                    };
                    let over = tokio::select! {
                        biased;
                        owner = other_owner(&mut self.owners, Some(portal)) => owner.map(|()| Some(Over::Failed))?,
                        wants = wish.changed() => match wants {
                            Ok(()) => None,
                            Err(_) => return Ok(()),
                        },
                        over = session.hold(&wanted.keys, describe, tell, pressed) => Some(over),
                    };
                    session.close().await;
                    over
                }
            };
            // What else is wanted is asked for at once.
            let Some(over) = over else { continue };
            if over == Over::Refused {
                refused = Some(wanted.turn);
            }
            if began.elapsed() > LONG_AGO {
                self.pauses = Pauses::default();
            }
            tell(over.view());
            tokio::select! {
                owner = other_owner(&mut self.owners, portal.as_ref()) => owner?,
                wants = asked_anew(wish, over, wanted.turn) => if wants.is_err() {
                    return Ok(());
                },
                () = over.pause(&mut self.pauses) => {}
                // Nobody else may fill the line meanwhile.
                () = drain(&mut self.signals) => return Err(gone()),
            }
        }
    }

    /// Who is the portal; the bus may start one for that.
    async fn portal(&self) -> Option<OwnedUniqueName> {
        // One that runs, and one that cannot be started, are told apart by the next question.
        let _ = in_time(async { Ok(self.buses.start_service_by_name(PORTAL.try_into()?, 0).await?) }).await;
        in_time(async { Ok(self.buses.get_name_owner(PORTAL.try_into()?).await?) })
            .await
            .ok()
    }
}

/// Until somebody else is the portal, or nobody.
async fn other_owner(owners: &mut NameOwnerChangedStream, than: Option<&OwnedUniqueName>) -> zbus::Result<()> {
    loop {
        let changed = owners.next().await.ok_or_else(gone)?;
        let args = changed.args()?;
        if args.new_owner().as_ref().map(|name| name.as_str()) != than.map(|name| name.as_str()) {
            return Ok(());
        }
    }
}

/// Until something else is wanted. Who said no is asked again only where they want that.
async fn asked_anew(wish: &mut watch::Receiver<Wish>, over: Over, turn: u32) -> Result<(), watch::error::RecvError> {
    loop {
        wish.changed().await?;
        if over != Over::Refused || wish.borrow().turn != turn {
            return Ok(());
        }
    }
}

/// Hears signals without heeding them, until there are none any more.
async fn drain(signals: &mut MessageStream) {
    while signals.next().await.is_some() {}
}

impl Over {
    /// A portal that failed is tried again; in the other cases something has to change first.
    async fn pause(self, pauses: &mut Pauses) {
        match self {
            Self::Failed => tokio::time::sleep(pauses.next()).await,
            Self::Nobody | Self::Refused => std::future::pending().await,
        }
    }

    fn view(self) -> HotkeysView {
        let by = match self {
            Self::Nobody => HotkeysBy::Nobody,
            Self::Failed => HotkeysBy::Failed,
            Self::Refused => HotkeysBy::Refused,
        };
        HotkeysView {
            by,
            ..HotkeysView::default()
        }
    }
}

/// What is agreed with one portal.
struct Session<'a> {
    bus: &'a Connection,
    portal: &'a OwnedUniqueName,
    signals: &'a mut MessageStream,
    /// What it was asked, and has not answered.
    request: Option<OwnedObjectPath>,
}

type Facts = HashMap<String, OwnedValue>;

impl Session<'_> {
    /// Has the keys bound and hears them, until that is over.
    async fn hold(
        &mut self,
        keys: &[(Hotkey, Combination)],
        describe: &impl Fn(Hotkey) -> String,
        tell: &impl Fn(HotkeysView),
        pressed: &impl Fn(Hotkey),
    ) -> Over {
        self.held(keys, describe, tell, pressed).await.err().unwrap_or(Over::Failed)
    }

    async fn held(
        &mut self,
        keys: &[(Hotkey, Combination)],
        describe: &impl Fn(Hotkey) -> String,
        tell: &impl Fn(HotkeysView),
        pressed: &impl Fn(Hotkey),
    ) -> Result<(), Over> {
        // Older portals do not ask who we are; newer ones do before anything else, and know only whom the desktop knows.
        let registered = self.ask(PLACE, REGISTRY, "Register", &(NAME_ON_DESKTOP, Facts::new())).await;
        if let Err(error) = registered {
            tracing::debug!(%error, "the portal does not take our name");
        }
        let version = ("org.freedesktop.DBus.Properties", "Get");
        match self.ask(PLACE, version.0, version.1, &(SHORTCUTS, "version")).await {
            Ok(_) => {}
            Err(zbus::Error::MethodError(..)) => return Err(Over::Nobody),
            Err(error) => return Err(error.into()),
        }
        if keys.is_empty() {
            tell(bound(&[]));
            return std::future::pending().await;
        }
        let session = self.create().await?;
        tell(HotkeysView {
            by: HotkeysBy::Asked,
            ..HotkeysView::default()
        });
        let shortcuts: Vec<(&str, HashMap<&str, Value<'_>>)> = keys.iter().map(|(hotkey, keys)| offered(*hotkey, keys, describe)).collect();
        let token = self.next_request();
        let options = HashMap::from([("handle_token", Value::from(token))]);
        self.request("BindShortcuts", &(&session, shortcuts, "", options)).await?;
        let mut facts = self.answer(Some(&session)).await?;
        tell(bound(&list(&mut facts)));
        loop {
            let signal = self.next().await?;
            match Heard::read(&signal, &session) {
                Some(Heard::Pressed(hotkey)) => pressed(hotkey),
                Some(Heard::Bound(shortcuts)) => tell(bound(&shortcuts)),
                Some(Heard::Closed) => return Err(Over::Failed),
                None => {}
            }
        }
    }

    /// Begins a session; how the portal calls it.
    async fn create(&mut self) -> Result<OwnedObjectPath, Over> {
        let token = self.next_request();
        let options = HashMap::from([("handle_token", Value::from(token)), ("session_handle_token", Value::from(TOKEN))]);
        self.request("CreateSession", &(options,)).await?;
        // Nobody is asked yet: a portal that takes longer hangs.
        let answered = tokio::time::timeout(crate::bus::PATIENCE, self.answer(None));
        let mut facts = answered.await.map_err(|_| Over::Failed)??;
        let session = facts.remove("session_handle").ok_or(Over::Failed)?;
        // A path that portals write as a text.
        let path = String::try_from(session.clone())
            .ok()
            .and_then(|path| ObjectPath::try_from(path).ok().map(Into::into));
        path.or_else(|| OwnedObjectPath::try_from(session).ok()).ok_or(Over::Failed)
    }

    /// The last part of the next request's name. It is known before the portal is asked, so that it can be taken back at any time,
    /// and is another one each time, so that a late answer is no answer to it.
    fn next_request(&mut self) -> String {
        let token = format!("{TOKEN}_{:08x}", fastrand::u32(..));
        self.request = self.place("request", &token);
        token
    }

    /// Where the portal has what is ours.
    fn place(&self, kind: &str, token: &str) -> Option<OwnedObjectPath> {
        let sender = self.bus.unique_name()?.trim_start_matches(':').replace('.', "_");
        ObjectPath::try_from(format!("{PLACE}/{kind}/{sender}/{token}"))
            .ok()
            .map(Into::into)
    }

    /// Asks something whose answer is a signal. Where that comes, older portals settle by themselves.
    async fn request<B: serde::Serialize + DynamicType>(&mut self, method: &str, body: &B) -> Result<(), Over> {
        let answer = self.ask(PLACE, SHORTCUTS, method, body).await?;
        self.request = Some(answer.body().deserialize()?);
        Ok(())
    }

    /// What the portal answers to what it was asked. A session that it closes meanwhile is an answer, too.
    async fn answer(&mut self, session: Option<&OwnedObjectPath>) -> Result<Facts, Over> {
        loop {
            let signal = self.next().await?;
            let header = signal.header();
            let is_answer = header.path() == self.request.as_deref()
                && header.interface().is_some_and(|name| name == REQUEST)
                && header.member().is_some_and(|name| name == "Response");
            if is_answer {
                self.request = None;
                let (code, facts): (u32, Facts) = signal.body().deserialize()?;
                return match code {
                    0 => Ok(facts),
                    1 => Err(Over::Refused),
                    _ => Err(Over::Failed),
                };
            }
            if session.is_some_and(|session| matches!(Heard::read(&signal, session), Some(Heard::Closed))) {
                return Err(Over::Failed);
            }
        }
    }

    /// The next signal of the portal itself.
    async fn next(&mut self) -> Result<Message, Over> {
        loop {
            let signal = self.signals.next().await.ok_or(Over::Failed)??;
            if signal.header().sender().is_some_and(|sender| sender == self.portal) {
                return Ok(signal);
            }
        }
    }

    async fn ask<B: serde::Serialize + DynamicType>(&self, path: &str, interface: &str, method: &str, body: &B) -> zbus::Result<Message> {
        in_time(self.bus.call_method(Some(self.portal), path, Some(interface), method, body)).await
    }

    /// Ends it, and the question that stands on the screen. One that is over already is an error there.
    async fn close(&mut self) {
        if let Some(request) = self.request.take() {
            let _ = self.ask(&request, REQUEST, "Close", &()).await;
        }
        if let Some(session) = self.place("session", TOKEN) {
            let _ = self.ask(&session, SESSION, "Close", &()).await;
        }
    }
}

/// What a portal says of a session.
enum Heard {
    Pressed(Hotkey),
    Bound(Vec<Shortcut>),
    Closed,
}

type Shortcut = (String, Facts);

impl Heard {
    /// None for what is about another session, or says something else than agreed.
    fn read(signal: &Message, session: &OwnedObjectPath) -> Option<Self> {
        let header = signal.header();
        match (header.interface()?.as_str(), header.member()?.as_str()) {
            (SESSION, "Closed") => (header.path()?.as_str() == session.as_str()).then_some(Self::Closed),
            (SHORTCUTS, "Activated") => {
                let (of, name, _at, _more): (OwnedObjectPath, String, u64, Facts) = signal.body().deserialize().ok()?;
                (of == *session).then(|| named(&name).map(Self::Pressed))?
            }
            (SHORTCUTS, "ShortcutsChanged") => {
                let (of, shortcuts): (OwnedObjectPath, Vec<Shortcut>) = signal.body().deserialize().ok()?;
                (of == *session).then_some(Self::Bound(shortcuts))
            }
            _ => None,
        }
    }
}

fn named(name: &str) -> Option<Hotkey> {
    NAMES.iter().find(|(_, known)| *known == name).map(|(hotkey, _)| *hotkey)
}

fn list(facts: &mut Facts) -> Vec<Shortcut> {
    let shortcuts = facts.remove("shortcuts").and_then(|shortcuts| Vec::try_from(shortcuts).ok());
    shortcuts.unwrap_or_default()
}

/// Those that the portal has bound, with its words for the keys, of which it need not have any.
fn bound(shortcuts: &[Shortcut]) -> HotkeysView {
    let heard = NAMES.iter().filter_map(|(hotkey, name)| {
        let (_, facts) = shortcuts.iter().find(|(known, _)| known == name)?;
        let keys = facts.get("trigger_description").and_then(|keys| <&str>::try_from(keys).ok());
        let keys = calls::one_line(keys.unwrap_or_default()).chars().take(LONGEST).collect();
        Some(HeardHotkey { hotkey: *hotkey, keys })
    });
    HotkeysView {
        by: HotkeysBy::Desktop,
        heard: heard.collect(),
        taken: Vec::new(),
    }
}

fn offered(
    hotkey: Hotkey,
    keys: &Combination,
    describe: &impl Fn(Hotkey) -> String,
) -> (&'static str, HashMap<&'static str, Value<'static>>) {
    let name = NAMES.iter().find(|(known, _)| *known == hotkey).map_or("", |(_, name)| name);
    let facts = HashMap::from([
        ("description", Value::from(describe(hotkey))),
        ("preferred_trigger", Value::from(trigger(keys))),
    ]);
    (name, facts)
}

/// A combination as the desktops have agreed to write them: names of modifiers, then the key as xkbcommon names it.
fn trigger(keys: &Combination) -> String {
    let modifiers = [(keys.ctrl, "CTRL"), (keys.alt, "ALT"), (keys.shift, "SHIFT"), (keys.logo, "LOGO")];
    let key = match keys.key.as_str() {
        "PageUp" => "Page_Up".to_owned(),
        "PageDown" => "Page_Down".to_owned(),
        // Function keys, Insert, Home and End are called so there.
        name if name.len() > 1 && (name.starts_with('F') || ["Insert", "Home", "End"].contains(&name)) => name.to_owned(),
        name => name.to_lowercase(),
    };
    let down = modifiers.iter().filter(|(is_down, _)| *is_down).map(|(_, name)| *name);
    down.chain([key.as_str()]).collect::<Vec<_>>().join("+")
}

#[cfg(test)]
#[path = "portal_tests.rs"]
mod tests;
