//! The stand-in Omnidesk: the documented REST API over an account that lives in memory.
//!
//! `state` is the account, `routes_*` answer requests as pure functions over it, `wire` knows the JSON
//! shapes, `gate` stands in front of all of it (login, rate limit, faults, request log), `seed` fills the
//! account, `by_hand` is what people do in the web interface. Where the reference sheet leaves a behaviour open (marked there), the README of this crate
//! says what was chosen.

mod by_hand;
mod dump;
mod faults;
mod gate;
mod routes_cases;
mod routes_messages;
mod routes_settings;
mod routes_users;
mod search;
mod seed;
mod seed_people;
mod state;
mod wire;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

pub use by_hand::ByHand;
pub use dump::{AttachmentDump, CaseDump, MessageDump, MessageKind, RequestRecord};
pub use faults::{Fault, FaultRule, ListShape};
pub(crate) use gate::router;
use serde_json::Value;
pub use state::ids;
use tokio::sync::watch;

use crate::{AgentSeed, Options, Setup};

/// The account's API key.
pub const API_KEY: &str = "sandbox-api-key";

/// Handle to the stand-in Omnidesk; clones are the same one.
#[derive(Clone)]
pub struct Omnidesk(Arc<Inner>);

struct Inner {
    desk: Mutex<Desk>,
    changed: watch::Sender<u64>,
    base: OnceLock<String>,
    agents: Vec<AgentSeed>,
    seed_users: bool,
    setup: Setup,
}

/// The account and what surrounds it.
struct Desk {
    account: state::Account,
    faults: faults::Faults,
    log: Vec<RequestRecord>,
    next_request: u64,
    rate: gate::Rate,
    started: std::time::Instant,
    /// How far its clock is ahead of this computer's.
    ahead: jiff::SignedDuration,
}

impl Desk {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now().saturating_add(self.ahead).unwrap_or(jiff::Timestamp::MAX)
    }
}

impl Omnidesk {
    pub(crate) fn new(options: &Options) -> Self {
        let desk = Desk {
            account: seed::account(&options.agents, options.setup, options.seed_users),
            faults: faults::Faults::default(),
            log: Vec::new(),
            next_request: 1,
            rate: gate::Rate::new(options.rate_limit_per_minute, options.rate_window),
            started: std::time::Instant::now(),
            ahead: jiff::SignedDuration::ZERO,
        };
        Self(Arc::new(Inner {
            desk: Mutex::new(desk),
            changed: watch::Sender::new(0),
            base: OnceLock::new(),
            agents: options.agents.clone(),
            seed_users: options.seed_users,
            setup: options.setup,
        }))
    }

    pub(crate) fn listening_on(&self, base: String) {
        let _ = self.0.base.set(base);
    }

    fn base(&self) -> String {
        self.0.base.get().cloned().unwrap_or_default()
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn touch(&self) {
        self.0.changed.send_modify(|version| *version += 1);
    }

    /// All cases, oldest first, with labels, fields and authors in words.
    pub fn cases(&self) -> Vec<CaseDump> {
        let base = self.base();
        let desk = self.desk();
        desk.account
            .cases
            .values()
            .map(|case| dump::case(&desk.account, case, &base))
            .collect()
    }

    /// The cases that came through the API since the start or the last [`Omnidesk::reset`], oldest first.
    pub fn new_cases(&self) -> Vec<CaseDump> {
        self.cases().into_iter().filter(|case| !case.seeded).collect()
    }

    /// The case with this id or number.
    pub fn case(&self, key: &str) -> Option<CaseDump> {
        let base = self.base();
        let desk = self.desk();
        desk.account.case(key).map(|case| dump::case(&desk.account, case, &base))
    }

    /// All user profiles in the API's own shape (without the `user` wrapper).
    pub fn users(&self) -> Vec<Value> {
        let desk = self.desk();
        desk.account.users.values().map(|user| wire::user(&desk.account, user)).collect()
    }

    /// Many users at once, each with the fields of a request that creates one; they were made a day ago.
    pub fn add_users(&self, users: impl IntoIterator<Item = serde_json::Map<String, Value>>) {
        {
            let mut desk = self.desk();
            let made = desk.now() - jiff::SignedDuration::from_hours(24);
            users
                .into_iter()
                .for_each(|fields| routes_users::add(&mut desk.account, &fields, made));
        }
        self.touch();
    }

    /// The bytes of an uploaded file.
    pub fn file(&self, file_id: u64) -> Option<Vec<u8>> {
        self.desk().account.files.get(&file_id).cloned()
    }

    /// Everything: users, cases with messages, settings, request counts.
    pub fn state(&self) -> Value {
        let cases = self.cases();
        let counts = self.counts();
        let users = self.users();
        dump::whole(&self.desk().account, users, cases, counts)
    }

    /// The requests so far, oldest first (the last 20 000).
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.desk().log.clone()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.desk().log.clear();
    }

    /// Requests by kind, ids left out: `GET users`, `POST cases`, `PUT cases/*`, `POST cases/*/note`.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let desk = self.desk();
        let kinds: Vec<String> = desk.log.iter().map(RequestRecord::kind).collect();
        wire::counted(kinds.iter().map(String::as_str))
    }

    /// Puts a fault in force.
    pub fn fault(&self, rule: FaultRule) {
        self.desk().faults.add(rule);
    }

    /// The faults still in force.
    pub fn faults(&self) -> Vec<FaultRule> {
        self.desk().faults.rules()
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.desk().faults.clear();
    }

    /// Changes the account's limit (requests per window; 0 = none) and starts a new window.
    pub fn set_rate_limit(&self, per_window: u32) {
        self.desk().rate.set_limit(per_window);
    }

    /// Sets the vendor's clock so many milliseconds ahead of this computer's (or behind): what is written from now on is
    /// dated so, and so are the answers.
    pub fn set_clock(&self, ahead_ms: i64) {
        self.desk().ahead = jiff::SignedDuration::from_millis(ahead_ms);
    }

    /// Puts the account back to its seed and forgets faults and requests.
    pub fn reset(&self) {
        {
            let mut desk = self.desk();
            desk.account = seed::account(&self.0.agents, self.0.setup, self.0.seed_users);
            desk.faults.clear();
            desk.log.clear();
            desk.rate.restart();
            desk.ahead = jiff::SignedDuration::ZERO;
        }
        self.touch();
    }

    /// Waits until something holds, looking again after every request; false when `timeout` passes first.
    pub async fn until(&self, timeout: Duration, holds: impl Fn(&Omnidesk) -> bool) -> bool {
        let mut changes = self.0.changed.subscribe();
        let wait = async {
            while !holds(self) {
                changes.borrow_and_update();
                if holds(self) || changes.changed().await.is_err() {
                    return;
                }
            }
        };
        tokio::time::timeout(timeout, wait).await.is_ok()
    }
}
