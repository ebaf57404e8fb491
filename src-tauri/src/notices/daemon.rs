//! The desktop's notification daemon, over the session bus: it is told what is to stand, and no more.
//!
//! What shall stand is compared with what does, and the difference is said: a notice comes, is replaced, or is closed. A daemon may
//! be missing, come later, go and come back, hang, tell of numbers that it never gave and of actions that nobody offered.
//! Nothing here waits for it longer than [`PATIENCE`], and what it says is looked up in what it was told.
//!
//! Not by `notify-rust`: it waits for each notification's end by itself and for ever, as it does not notice a daemon that goes;
//! it takes anybody's word on the bus for the daemon's, and panics where the bus goes meanwhile.

use super::{Deed, Key, Notice};
use crate::bus::{PATIENCE, Pauses, gone, in_time};
use futures_util::StreamExt as _;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use zbus::connection::Builder;
use zbus::names::OwnedUniqueName;
use zbus::zvariant::Value;
use zbus::{Connection, Message, Proxy};

const DAEMON: &str = "org.freedesktop.Notifications";
const PLACE: &str = "/org/freedesktop/Notifications";
/// Changes of one moment are told as one: a name comes a moment after its number.
const SETTLING: Duration = Duration::from_millis(250);
/// One whose answer is late is waited for so long before something else is told.
const LATEST: Duration = Duration::from_secs(30);
/// It stays on the screen until it is closed: an agent who is at lunch is told, too. What was dealt with is closed.
const UNTIL_CLOSED: i32 = 0;
/// How urgent: some desktops take what is not critical from the screen after a few seconds, while the phone still rings.
const NORMAL: u8 = 1;
const CRITICAL: u8 = 2;
/// A click on the notice itself.
const CLICK: &str = "default";

/// Tells the daemon what is to stand, for as long as there is anybody to say so, and hands on what is pressed.
/// `standing` counts those that stand.
pub async fn serve(
    bus: impl Fn() -> zbus::Result<Builder<'static>>,
    mut wanted: watch::Receiver<Vec<Notice>>,
    standing: watch::Sender<usize>,
    pressed: impl Fn(Deed),
) {
    let mut desk = Desk::default();
    let mut pauses = Pauses::default();
    // A bus, and a daemon that it starts, are asked for nothing until there is something to tell.
    while wanted.wait_for(|wanted| !wanted.is_empty()).await.is_ok() {
        if let Ok(mut post) = Post::on(bus()).await {
            pauses = Pauses::default();
            if post.serve(&mut desk, &mut wanted, &standing, &pressed).await.is_ok() {
                return;
            }
        }
        desk.is_in_trouble("no bus");
        desk.standing.clear();
        standing.send_replace(0);
        tokio::time::sleep(pauses.next()).await;
    }
}

/// What the daemon was told and has not closed, and what the agent has put away.
#[derive(Default)]
struct Desk {
    standing: BTreeMap<Key, Standing>,
    put_away: BTreeMap<Key, BTreeSet<String>>,
    /// What has gone wrong since a notice was shown.
    trouble: Option<&'static str>,
    /// How often something was shown: what can be pressed is named by it.
    turn: u32,
}

struct Standing {
    id: u32,
    /// With which it was shown: a press in what stood here before means that, which may have been about somebody else.
    turn: u32,
    notice: Notice,
}

/// What is to be said to the daemon.
#[derive(Debug, PartialEq)]
enum Say {
    /// One comes, in the place of that with this number.
    Show { instead_of: u32, notice: Notice },
    /// One goes.
    Close { id: u32 },
}

impl Desk {
    /// The difference between what shall stand and what does.
    fn next(&mut self, wanted: &[Notice]) -> Vec<Say> {
        let is_wanted = |key: &Key| wanted.iter().any(|notice| notice.key == *key);
        self.put_away.retain(|key, _| key.stays_put_away() || is_wanted(key));
        let mut say = Vec::new();
        self.standing.retain(|key, standing| {
            let stays = is_wanted(key);
            if !stays && standing.id != 0 {
                say.push(Say::Close { id: standing.id });
            }
            stays
        });
        for notice in wanted {
            let known = self.put_away.get(&notice.key);
            let is_old = known.is_some_and(|known| notice.about.is_subset(known));
            let standing = self.standing.get(&notice.key);
            if is_old || standing.is_some_and(|standing| standing.notice == *notice) {
                continue;
            }
            say.push(Say::Show {
                instead_of: standing.map_or(0, |standing| standing.id),
                notice: notice.clone(),
            });
        }
        say
    }

    fn stands(&mut self, id: u32, notice: Notice) {
        self.trouble = None;
        let turn = self.turn;
        self.standing.insert(notice.key.clone(), Standing { id, turn, notice });
    }

    /// The notice with this number was taken down by us, and is to come again.
    fn forget(&mut self, id: u32) {
        self.standing.retain(|_, standing| standing.id != id);
    }

    /// The notice with this number is off the screen; it comes again when there is news.
    fn closed(&mut self, id: u32) -> Option<Notice> {
        let found = self.standing.iter().find(|(_, standing)| id != 0 && standing.id == id);
        let key = found.map(|(key, _)| key.clone())?;
        let gone = self.standing.remove(&key)?.notice;
        self.put_away.insert(key, gone.about.clone());
        Some(gone)
    }

    /// What was pressed, if it was offered.
    fn deed(&self, id: u32, action: &str) -> Option<Deed> {
        let standing = self.standing.values().find(|standing| id != 0 && standing.id == id)?;
        let offered = &standing.notice.actions;
        // A click on the notice itself only opens a page.
        let (turn, place) = if action == CLICK {
            (standing.turn, 0)
        } else {
            read_action(action)?
        };
        if turn != standing.turn {
            return None;
        }
        offered.get::<usize>(place).map(|(deed, _)| deed.clone())
    }

    /// Written down when it begins, however often it is met from then on.
    fn is_in_trouble(&mut self, what: &'static str) {
        if self.trouble.replace(what) != Some(what) {
            tracing::info!(what, "notifications are not shown");
        }
    }
}

/// Whoever shows notifications, and can do that much.
struct Daemon {
    /// The one that answered, not any other that takes its name.
    proxy: Proxy<'static>,
    name: OwnedUniqueName,
    actions: bool,
    markup: bool,
}

/// A notification whose answer is late: whoever hangs is not asked anything else meanwhile, and until then at most.
struct Late(JoinHandle<zbus::Result<u32>>, Instant);

impl Drop for Late {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What became of what was to be told.
enum Told {
    All,
    Late(Late),
    /// Nobody is there, or does not take it.
    Nobody,
}

/// A bus, what is heard on it, and who shows notifications there.
struct Post {
    bus: Connection,
    owners: zbus::proxy::OwnerChangedStream<'static>,
    /// One stream of all, as their order matters: a press comes before the end that it brings.
    signals: zbus::proxy::SignalStream<'static>,
    daemon: Option<Daemon>,
    late: Option<Late>,
    /// When to tell next.
    due: Option<Instant>,
    pauses: Pauses,
}

impl Post {
    async fn on(bus: zbus::Result<Builder<'_>>) -> zbus::Result<Self> {
        let bus = in_time(bus?.build()).await?;
        let anybody: Proxy<'static> = in_time(Proxy::new_owned(bus.clone(), DAEMON, PLACE, DAEMON)).await?;
        Ok(Self {
            bus,
            owners: in_time(anybody.receive_owner_changed()).await?,
            signals: in_time(anybody.receive_all_signals()).await?,
            daemon: None,
            late: None,
            due: Some(Instant::now()),
            pauses: Pauses::default(),
        })
    }

    /// Until nobody wants anything any more; an error when the bus is gone.
    async fn serve(
        &mut self,
        desk: &mut Desk,
        wanted: &mut watch::Receiver<Vec<Notice>>,
        standing: &watch::Sender<usize>,
        pressed: &impl Fn(Deed),
    ) -> zbus::Result<()> {
        loop {
            standing.send_replace(desk.standing.len());
            // What has been said is heard before anything is told.
            tokio::select! {
                biased;
                owner = self.owners.next() => {
                    owner.ok_or_else(gone)?;
                    self.look_who_is_there(desk).await;
                }
                signal = self.signals.next() => self.hear(&signal.ok_or_else(gone)?, desk, pressed).await,
                answer = arrives(&mut self.late) => {
                    self.late = None;
                    // What it was is told anew, as it stands by now.
                    if let (Some(id), Some(daemon)) = (answer, &self.daemon) {
                        desk.forget(id);
                        daemon.close(id).await;
                    }
                    self.due = Some(Instant::now());
                }
                changed = wanted.changed() => {
                    if changed.is_err() {
                        return Ok(());
                    }
                    // What is over goes at once.
                    let settles = if wanted.borrow().is_empty() { Duration::ZERO } else { SETTLING };
                    let soon = Instant::now() + settles;
                    self.due = Some(self.due.map_or(soon, |due| due.min(soon)));
                }
                () = comes(self.due), if self.late.is_none() => {
                    let notices = wanted.borrow_and_update().clone();
                    self.due = None;
                    match self.tell(desk, &notices).await {
                        Told::All => self.pauses = Pauses::default(),
                        Told::Late(late) => self.late = Some(late),
                        Told::Nobody => self.due = Some(Instant::now() + self.pauses.next()),
                    }
                }
            }
        }
    }

    /// The name has changed hands: another one knows nothing of what this one was told. One that was asked already, while it
    /// took the name, does.
    async fn look_who_is_there(&mut self, desk: &mut Desk) {
        let Some(daemon) = &self.daemon else {
            self.due = Some(Instant::now());
            return;
        };
        let buses = zbus::fdo::DBusProxy::new(&self.bus);
        let owner = in_time(async { Ok(buses.await?.get_name_owner(DAEMON.try_into()?).await?) }).await;
        if owner.is_ok_and(|owner| owner == daemon.name) {
            return;
        }
        desk.standing.clear();
        (self.daemon, self.late) = (None, None);
        self.due = Some(Instant::now());
    }

    async fn hear(&self, signal: &Message, desk: &mut Desk, pressed: &impl Fn(Deed)) {
        let header = signal.header();
        let told = self.daemon.as_ref().filter(|daemon| header.sender() == Some(daemon.name.inner()));
        let (Some(daemon), Some(member)) = (told, header.member()) else {
            return;
        };
        match member.as_str() {
            "ActionInvoked" => {
                let (id, name): (u32, String) = read(signal).unwrap_or_default();
                if let Some(deed) = desk.deed(id, &name) {
                    if let Some(notice) = desk.closed(id) {
                        tracing::debug!(key = notice.key.name(), "a notification was pressed");
                    }
                    daemon.close(id).await;
                    pressed(deed);
                }
            }
            "NotificationClosed" => {
                let (id, _why): (u32, u32) = read(signal).unwrap_or_default();
                desk.closed(id);
            }
            _ => {}
        }
    }

    /// Says the difference.
    async fn tell(&mut self, desk: &mut Desk, wanted: &[Notice]) -> Told {
        let mut all = Told::All;
        for one in desk.next(wanted) {
            match one {
                Say::Close { id } => {
                    if let Some(daemon) = &self.daemon {
                        daemon.close(id).await;
                    }
                }
                Say::Show { instead_of, notice } => {
                    if self.daemon.is_none() {
                        self.daemon = Daemon::find(&self.bus).await;
                    }
                    let Some(daemon) = &self.daemon else {
                        desk.is_in_trouble("nobody shows them");
                        return Told::Nobody;
                    };
                    desk.turn = desk.turn.wrapping_add(1);
                    let mut asked = tokio::spawn(daemon.show(instead_of, desk.turn, &notice));
                    match tokio::time::timeout(PATIENCE, &mut asked).await {
                        Ok(Ok(Ok(id))) => desk.stands(id, notice),
                        Ok(_) => {
                            desk.is_in_trouble("refused");
                            // What stood there is not so any more, and may be what is to be hidden.
                            if instead_of != 0 {
                                desk.forget(instead_of);
                                daemon.close(instead_of).await;
                            }
                            all = Told::Nobody;
                        }
                        Err(_) => {
                            desk.is_in_trouble("no answer");
                            return Told::Late(Late(asked, Instant::now() + LATEST));
                        }
                    }
                }
            }
        }
        all
    }
}

impl Daemon {
    /// Asks whoever is there what they can do; the bus may start one for that.
    async fn find(bus: &Connection) -> Option<Self> {
        let asked = bus.call_method(Some(DAEMON), PLACE, Some(DAEMON), "GetCapabilities", &());
        let answer = in_time(asked).await.ok()?;
        let name: OwnedUniqueName = answer.header().sender()?.to_owned().into();
        let able: Vec<String> = answer.body().deserialize().ok()?;
        let has = |ability| able.iter().any(|one| one == ability);
        Some(Self {
            proxy: Proxy::new_owned(bus.clone(), name.clone(), PLACE, DAEMON).await.ok()?,
            name,
            actions: has("actions"),
            markup: has("body-markup"),
        })
    }

    /// Shows it, and answers with its number.
    fn show(&self, instead_of: u32, turn: u32, notice: &Notice) -> impl Future<Output = zbus::Result<u32>> + use<> {
        let text = if self.markup { escaped(&notice.text) } else { notice.text.clone() };
        let offered: &[(Deed, String)] = if self.actions { &notice.actions } else { &[] };
        let click = offered.first().map(|(_, words)| [CLICK.to_owned(), words.clone()]);
        let buttons = offered
            .iter()
            .enumerate()
            .map(|(place, (_, words))| [format!("{turn}.{place}"), words.clone()]);
        let actions: Vec<String> = click.into_iter().chain(buttons).flatten().collect();
        let (proxy, title, passes) = (self.proxy.clone(), notice.title.clone(), notice.passes);
        async move {
            let hints = HashMap::from([
                ("desktop-entry", Value::from(crate::handler::NAME_ON_DESKTOP)),
                ("urgency", Value::from(if passes { CRITICAL } else { NORMAL })),
                // What passes is not kept in the desktop's list of old ones.
                ("transient", Value::from(passes)),
            ]);
            let told = ("Ringside", instead_of, "ringside", title, text, actions, hints, UNTIL_CLOSED);
            proxy.call("Notify", &told).await
        }
    }

    /// One that is gone already is an error there.
    async fn close(&self, id: u32) {
        let _ = in_time(self.proxy.call_noreply("CloseNotification", &id)).await;
    }
}

async fn arrives(late: &mut Option<Late>) -> Option<u32> {
    match late {
        Some(Late(asked, until)) => tokio::time::timeout_at(*until, asked).await.ok()?.ok()?.ok(),
        None => std::future::pending().await,
    }
}

/// What a button is called: the turn in which it was shown, and its place.
fn read_action(name: &str) -> Option<(u32, usize)> {
    let (turn, place) = name.split_once('.')?;
    Some((turn.parse().ok()?, place.parse().ok()?))
}

async fn comes(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

/// What a signal says; none where it says something else than agreed.
fn read<T: for<'d> zbus::zvariant::DynamicDeserialize<'d>>(signal: &Message) -> Option<T> {
    signal.body().deserialize().ok()
}

/// The body may be markup: signs of it are to be read, not followed.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
#[path = "daemon_tests.rs"]
mod tests;
