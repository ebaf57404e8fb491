//! A stand-in for a desktop's portal, on Linux: it binds the keys that programs offer as a person would, says that they are
//! pressed, and behaves as badly as some do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use zbus::message::Header;
use zbus::zvariant::{DynamicType, ObjectPath, OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, connection, fdo, interface};

const NAME: &str = "org.freedesktop.portal.Desktop";
const PLACE: &str = "/org/freedesktop/portal/desktop";
const SHORTCUTS: &str = "org.freedesktop.portal.GlobalShortcuts";
const SESSION: &str = "org.freedesktop.portal.Session";
const REQUEST: &str = "org.freedesktop.portal.Request";

/// A shortcut that a program offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The program's name of it.
    pub name: String,
    /// What it does, for the person.
    pub description: String,
    /// The keys that the program would choose.
    pub preferred: String,
}

/// How a portal behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// As agreed: its person says yes to the keys that are offered.
    #[default]
    Usual,
    /// Its person is asked, and answers when told to ([`Portal::answer`]).
    Asks,
    /// It is one of before: programs do not say who they are, and it has no words for keys.
    Old,
    /// It binds no keys.
    WithoutShortcuts,
    /// It knows none of the programs, and refuses whom it does not know.
    Strict,
    /// It takes questions and never answers.
    Dead,
    /// It names the session in a way that is none.
    Nonsense,
}

/// A portal on a bus, until it is dropped.
pub struct Portal {
    bus: Connection,
    desk: Arc<Desk>,
    offered: watch::Receiver<Vec<Offered>>,
}

/// What it knows.
struct Desk {
    manner: Manner,
    /// Who has said so.
    apps: Mutex<Vec<String>>,
    /// The programs' sessions that are open: whose, and where.
    sessions: Mutex<Vec<(String, OwnedObjectPath)>>,
    /// What is asked of its person: by whom, and where they wait.
    asked: Mutex<Vec<(String, OwnedObjectPath)>>,
    offered: watch::Sender<Vec<Offered>>,
    /// How often it was asked for a session.
    begun: Mutex<u32>,
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Portal {
    /// One on the bus with this address.
    ///
    /// # Errors
    /// Without that bus, or with another one there.
    pub async fn at(address: &str, manner: Manner) -> zbus::Result<Self> {
        let (offer, offered) = watch::channel(Vec::new());
        let desk = Arc::new(Desk {
            manner,
            apps: Mutex::default(),
            sessions: Mutex::default(),
            asked: Mutex::default(),
            offered: offer,
            begun: Mutex::default(),
        });
        let mut bus = connection::Builder::address(address)?;
        if manner != Manner::WithoutShortcuts {
            bus = bus.serve_at(PLACE, Shortcuts(desk.clone()))?;
        }
        if manner != Manner::Old {
            bus = bus.serve_at(PLACE, Registry(desk.clone()))?;
        }
        let bus = bus.name(NAME)?.build().await?;
        Ok(Self { bus, desk, offered })
    }

    /// What is offered by the sessions that are open: bound, or what its person is asked about.
    #[must_use]
    pub fn offered(&self) -> Vec<Offered> {
        self.offered.borrow().clone()
    }

    /// The names by which programs have said who they are.
    #[must_use]
    pub fn apps(&self) -> Vec<String> {
        lock(&self.desk.apps).clone()
    }

    /// How often it was asked for a session.
    #[must_use]
    pub fn begun(&self) -> u32 {
        *lock(&self.desk.begun)
    }

    /// Whether its person is asked.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        !lock(&self.desk.asked).is_empty()
    }

    /// Its person answers what they are asked: 0 is yes, 1 no, everything else a fault.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn answer(&self, code: u32) -> zbus::Result<()> {
        let asked = std::mem::take(&mut *lock(&self.desk.asked));
        for (program, request) in asked {
            self.desk.respond(&self.bus, &program, &request, code).await?;
        }
        Ok(())
    }

    /// The keys of a shortcut are pressed, in each session.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn press(&self, name: &str) -> zbus::Result<()> {
        let sessions = lock(&self.desk.sessions).clone();
        for (_, session) in sessions {
            self.say("Activated", &(&session, name, 0_u64, nothing())).await?;
        }
        Ok(())
    }

    /// Its person has set other keys.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn change(&self, keys: &[(&str, &str)]) -> zbus::Result<()> {
        let sessions = lock(&self.desk.sessions).clone();
        let shortcuts: Vec<_> = keys
            .iter()
            .map(|(name, keys)| (*name, HashMap::from([("trigger_description", Value::from(*keys))])))
            .collect();
        for (_, session) in sessions {
            self.say("ShortcutsChanged", &(&session, &shortcuts)).await?;
        }
        Ok(())
    }

    /// Ends all sessions.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn end_sessions(&self) -> zbus::Result<()> {
        let sessions = std::mem::take(&mut *lock(&self.desk.sessions));
        for (program, session) in sessions {
            self.desk.offered.send_replace(Vec::new());
            self.bus.object_server().remove::<Closable, _>(&session).await?;
            let to = Some(program.as_str());
            self.bus.emit_signal(to, &session, SESSION, "Closed", &(nothing(),)).await?;
        }
        Ok(())
    }

    /// Says anything at all.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn say<B: serde::Serialize + DynamicType>(&self, signal: &str, body: &B) -> zbus::Result<()> {
        self.bus.emit_signal(None::<&str>, PLACE, SHORTCUTS, signal, body).await
    }
}

fn nothing() -> HashMap<String, OwnedValue> {
    HashMap::new()
}

impl Desk {
    /// Answers what was asked there.
    async fn respond(&self, bus: &Connection, program: &str, request: &OwnedObjectPath, code: u32) -> zbus::Result<()> {
        let offered = self.offered.borrow().clone();
        let shortcuts: Vec<_> = offered
            .iter()
            .map(|one| {
                let mut facts = HashMap::from([("description", Value::from(&one.description))]);
                if self.manner != Manner::Old {
                    facts.insert("trigger_description", Value::from(&one.preferred));
                }
                (one.name.as_str(), facts)
            })
            .collect();
        let facts = HashMap::from([("shortcuts", Value::from(shortcuts))]);
        bus.emit_signal(Some(program), request, REQUEST, "Response", &(code, facts)).await
    }
}

/// Where a program's request or session stands, by what it wishes.
fn place(kind: &str, program: &str, options: &HashMap<String, OwnedValue>, wish: &str) -> fdo::Result<OwnedObjectPath> {
    let token = options.get(wish).and_then(|token| <&str>::try_from(token).ok()).unwrap_or("t");
    let sender = program.trim_start_matches(':').replace('.', "_");
    let path = format!("{PLACE}/{kind}/{sender}/{token}");
    let path = ObjectPath::try_from(path).map_err(|error| fdo::Error::InvalidArgs(error.to_string()))?;
    Ok(path.into())
}

fn sender(header: &Header<'_>) -> String {
    header.sender().map(ToString::to_string).unwrap_or_default()
}

/// Programs of no sandbox say who they are.
struct Registry(Arc<Desk>);

#[interface(name = "org.freedesktop.host.portal.Registry")]
impl Registry {
    async fn register(&self, app: String, _options: HashMap<String, OwnedValue>) -> fdo::Result<()> {
        match self.0.manner {
            Manner::Strict => Err(fdo::Error::Failed("App info not found".into())),
            Manner::Dead => std::future::pending().await,
            _ => {
                lock(&self.0.apps).push(app);
                Ok(())
            }
        }
    }
}

/// What programs ask for keys.
struct Shortcuts(Arc<Desk>);

#[interface(name = "org.freedesktop.portal.GlobalShortcuts")]
impl Shortcuts {
    async fn create_session(
        &self,
        options: HashMap<String, OwnedValue>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] bus: &Connection,
    ) -> fdo::Result<OwnedObjectPath> {
        let (desk, program) = (&self.0, sender(&header));
        *lock(&desk.begun) += 1;
        match desk.manner {
            Manner::Dead => return std::future::pending().await,
            Manner::Strict => return Err(fdo::Error::AccessDenied("An app id is required".into())),
            _ => {}
        }
        let request = place("request", &program, &options, "handle_token")?;
        let session = place("session", &program, &options, "session_handle_token")?;
        if !bus.object_server().at(&session, Closable(desk.clone())).await? {
            return Err(fdo::Error::Failed("this session is there".into()));
        }
        let name = if desk.manner == Manner::Nonsense {
            "no path"
        } else {
            session.as_str()
        };
        let facts = HashMap::from([("session_handle", Value::from(name))]);
        lock(&desk.sessions).push((program.clone(), session.clone()));
        bus.emit_signal(Some(program.as_str()), &request, REQUEST, "Response", &(0_u32, facts))
            .await?;
        Ok(request)
    }

    async fn bind_shortcuts(
        &self,
        session: OwnedObjectPath,
        shortcuts: Vec<(String, HashMap<String, OwnedValue>)>,
        _window: String,
        options: HashMap<String, OwnedValue>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] bus: &Connection,
    ) -> fdo::Result<OwnedObjectPath> {
        let (desk, program) = (&self.0, sender(&header));
        if !lock(&desk.sessions).contains(&(program.clone(), session)) {
            return Err(fdo::Error::AccessDenied("Invalid session".into()));
        }
        let text = |facts: &HashMap<String, OwnedValue>, name: &str| {
            let text = facts.get(name).and_then(|text| <&str>::try_from(text).ok());
            text.unwrap_or_default().to_owned()
        };
        let offered = shortcuts.into_iter().map(|(name, facts)| Offered {
            name,
            description: text(&facts, "description"),
            preferred: text(&facts, "preferred_trigger"),
        });
        desk.offered.send_replace(offered.collect());
        let request = place("request", &program, &options, "handle_token")?;
        if desk.manner == Manner::Asks {
            bus.object_server().at(&request, Question(desk.clone())).await?;
            lock(&desk.asked).push((program, request.clone()));
        } else {
            desk.respond(bus, &program, &request, 0).await?;
        }
        Ok(request)
    }

    #[zbus(property, name = "version")]
    fn version(&self) -> u32 {
        1
    }
}

/// A session, which its program may end.
struct Closable(Arc<Desk>);

#[interface(name = "org.freedesktop.portal.Session")]
impl Closable {
    async fn close(&self, #[zbus(header)] header: Header<'_>, #[zbus(connection)] bus: &Connection) -> fdo::Result<()> {
        let Some(path) = header.path() else { return Ok(()) };
        lock(&self.0.sessions).retain(|(_, session)| session.as_str() != path.as_str());
        self.0.offered.send_replace(Vec::new());
        bus.object_server().remove::<Self, _>(path).await?;
        Ok(())
    }
}

/// What its person is asked, which the program may take back.
struct Question(Arc<Desk>);

#[interface(name = "org.freedesktop.portal.Request")]
impl Question {
    fn close(&self, #[zbus(header)] header: Header<'_>) {
        if let Some(path) = header.path() {
            lock(&self.0.asked).retain(|(_, request)| request.as_str() != path.as_str());
        }
    }
}
