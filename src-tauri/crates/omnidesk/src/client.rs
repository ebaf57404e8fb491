//! The client: configuration, budget and connection pool behind a handle that is cheap to clone.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use url::Url;

use crate::budget::gate::Gate;
use crate::budget::{BudgetSnapshot, Priority, Purpose};
use crate::clock::Clock;
use crate::config::{Config, is_loopback};
use crate::error::Error;
use crate::ids::CaseRef;
use crate::outside;
use crate::resources::{Cases, Directory, Messages, Notes, Users};
use crate::tally::{Tallied, Tally};
use crate::types::custom_fields::CustomField;
use crate::types::directory::{Company, CustomChannel, Group, Label, Language, StaffMember, StaffStatus};

/// A client of one Omnidesk account. Clones share the connection pool and the rate budget, so make one per account.
///
/// Requests wait for the budget before they are sent; how long depends on the client's [`Priority`]. Nothing is ever
/// repeated by the client itself: whether to try again is the caller's knowledge, see [`Error::is_transient`].
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    pub(crate) priority: Priority,
    pub(crate) purpose: Purpose,
}

pub(crate) struct Shared {
    pub(crate) http: reqwest::Client,
    /// For files at other hosts.
    pub(crate) outside: reqwest::Client,
    pub(crate) api_root: Url,
    pub(crate) config: Config,
    pub(crate) gate: Gate,
    pub(crate) clock: Clock,
    pub(crate) tally: Tallied,
    /// The account was seen to serve notes under `/notes` only.
    plural_notes: AtomicBool,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("config", &self.shared.config)
            .field("priority", &self.priority)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client of [`Priority::Interactive`]. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Config`] if the address is not https (or http to this machine), holds credentials, or the e-mail is missing.
    pub fn new(config: Config) -> Result<Self, Error> {
        let api_root = config.api_root()?;
        // A redirect could carry the credentials elsewhere, so none is followed; downloads follow theirs by hand.
        let mut builder = outside::plain(reqwest::Client::builder(), &config)
            // A connection that the server closes while a write goes out leaves the write's fate unknown.
            .pool_idle_timeout(std::time::Duration::from_secs(20));
        if is_loopback(&api_root) {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| Error::Config(error.without_url().to_string()))?;
        let shared = Shared {
            http,
            outside: outside::client(&config)?,
            api_root,
            gate: Gate::new(config.limits),
            config,
            clock: Clock::default(),
            tally: Tallied::default(),
            plural_notes: AtomicBool::new(false),
        };
        Ok(Self {
            shared: Arc::new(shared),
            priority: Priority::Interactive,
            purpose: Priority::Interactive.into(),
        })
    }

    /// The same client, whose requests wait in the budget with this priority, for what that usually stands for.
    #[must_use]
    pub fn with_priority(&self, priority: Priority) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            priority,
            purpose: priority.into(),
        }
    }

    /// The same client, whose requests are counted for this.
    #[must_use]
    pub fn with_purpose(&self, purpose: Purpose) -> Self {
        Self { purpose, ..self.clone() }
    }

    /// The state of the rate budget, for display.
    #[must_use]
    pub fn budget_snapshot(&self) -> BudgetSnapshot {
        self.shared.gate.snapshot()
    }

    /// What became of the requests of this client and its clones.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.shared.tally.read()
    }

    /// How far Omnidesk's clock is ahead of this computer's, in milliseconds, up to a second or two; `None` before
    /// its first answer. Add it to a time of this computer's before comparing that with a time in Omnidesk's data.
    #[must_use]
    pub fn clock_ahead_ms(&self) -> Option<i64> {
        self.shared.clock.ahead_ms()
    }

    /// Users: list, get, create, edit, link, block.
    #[must_use]
    pub fn users(&self) -> Users {
        Users::new(self.clone())
    }

    /// Cases: list, get, create, edit, bin, spam, history.
    #[must_use]
    pub fn cases(&self) -> Cases {
        Cases::new(self.clone())
    }

    /// The messages of a case, notes among them.
    #[must_use]
    pub fn messages(&self, case: &CaseRef) -> Messages {
        Messages::new(self.clone(), case.clone())
    }

    /// Writing notes of a case; they are read through [`Client::messages`].
    #[must_use]
    pub fn notes(&self, case: &CaseRef) -> Notes {
        Notes::new(self.clone(), case.clone())
    }

    /// Definitions of custom fields.
    #[must_use]
    pub fn custom_fields(&self) -> Directory<CustomField> {
        Directory::new(self.clone(), "custom_fields")
    }

    /// Custom channels.
    #[must_use]
    pub fn custom_channels(&self) -> Directory<CustomChannel> {
        Directory::new(self.clone(), "custom_channels")
    }

    /// Members of staff.
    #[must_use]
    pub fn staff(&self) -> Directory<StaffMember> {
        Directory::new(self.clone(), "staff")
    }

    /// The statuses that staff can be in.
    #[must_use]
    pub fn staff_statuses(&self) -> Directory<StaffStatus> {
        Directory::new(self.clone(), "staff_statuses")
    }

    /// Groups of staff.
    #[must_use]
    pub fn groups(&self) -> Directory<Group> {
        Directory::new(self.clone(), "groups")
    }

    /// Labels.
    #[must_use]
    pub fn labels(&self) -> Directory<Label> {
        Directory::new(self.clone(), "labels")
    }

    /// Companies.
    #[must_use]
    pub fn companies(&self) -> Directory<Company> {
        Directory::new(self.clone(), "companies")
    }

    /// Languages of the account.
    #[must_use]
    pub fn languages(&self) -> Directory<Language> {
        Directory::new(self.clone(), "languages")
    }

    /// The connection test: who the client acts as. `None` means that the key works and the e-mail belongs to nobody
    /// on the staff list (looked through to its end, or up to two thousand).
    ///
    /// # Errors
    /// Those of any request; [`Error::Unauthorized`] for a wrong key, [`Error::Forbidden`] for a wrong e-mail,
    /// [`Error::NotFound`] or [`Error::NotJson`] for a wrong address.
    pub async fn whoami(&self) -> Result<Option<StaffMember>, Error> {
        let email = &self.shared.config.staff_email;
        self.staff().find_first(|member| member.has_email(email)).await
    }

    pub(crate) fn note_route(&self) -> NoteRoute {
        if self.shared.plural_notes.load(Ordering::Relaxed) {
            NoteRoute::Plural
        } else {
            NoteRoute::Singular
        }
    }

    pub(crate) fn remember_plural_notes(&self) {
        self.shared.plural_notes.store(true, Ordering::Relaxed);
    }
}

/// The two spellings of the note route that were met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoteRoute {
    Singular,
    Plural,
}

impl NoteRoute {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Singular => "note",
            Self::Plural => "notes",
        }
    }
}
