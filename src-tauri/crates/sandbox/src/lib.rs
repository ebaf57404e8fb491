//! Stand-ins for the two systems Ringside lives between: a PBX that speaks Asterisk's ARI (websocket
//! and REST) and the help desk Omnidesk (REST); a gateway that feeds normalised events ([`feed`]), and on Linux the
//! desktop's panel that shows trays (`panel`), its notifications (`notifications`), its portal (`portal`), and a real keychain
//! for tests (`keyring`).
//!
//! They serve the demo, the tests and fault injection. They are written from the vendors' documented
//! and recorded behaviour and share no code with our own `pbx` and `omnidesk` clients, so that a
//! misreading of ours cannot agree with itself. The stand-in PBX is checked against streams recorded
//! from a real Asterisk (`tests/recordings.rs`).
//!
//! ```no_run
//! # async fn demo() -> Result<(), sandbox::Error> {
//! use sandbox::{CallSpec, Options, Sandbox};
//!
//! let sandbox = Sandbox::start(Options::default()).await?;
//! println!("{} {}", sandbox.omnidesk_url(), sandbox.pbx_url());
//! let call = sandbox.pbx().place(CallSpec::incoming("79161234567", "101"))?;
//! sandbox.pbx().answer(&call)?;
//! sandbox.pbx().hang_up(&call)?;
//! for case in sandbox.omnidesk().new_cases() {
//!     println!("{} {}", case.case_number, case.status);
//! }
//! sandbox.shutdown().await;
//! # Ok(()) }
//! ```
//!
//! Everything the in-process handles can do, the HTTP control interface under `/_control/` can do
//! too (same functions); both ports serve it. See the crate's README.

#[cfg(target_os = "linux")]
pub mod bus;
mod control;
pub mod feed;
#[cfg(target_os = "linux")]
pub mod keyring;
mod net;
#[cfg(target_os = "linux")]
pub mod notifications;
pub mod omnidesk;
#[cfg(target_os = "linux")]
pub mod panel;
pub mod pbx;
#[cfg(target_os = "linux")]
pub mod portal;

use std::time::Duration;

pub use feed::Feed;
pub use omnidesk::Omnidesk;
pub use pbx::{CallSpec, Pbx};
use tokio_util::sync::CancellationToken;

/// What can go wrong with the sandbox itself.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A port could not be opened.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port that was asked for (0 = any).
        port: u16,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A scripted step does not fit: unknown call, unknown extension, or the call is not that far.
    #[error("{0}")]
    Script(#[from] pbx::ScriptError),
    /// The desktop's bus does not take the stand-in panel.
    #[cfg(target_os = "linux")]
    #[error("no panel: {0}")]
    Panel(#[from] zbus::Error),
}

/// One agent: an extension of the PBX and a staff member of Omnidesk.
#[derive(Clone, Debug)]
pub struct AgentSeed {
    /// The extension, e.g. `101`; its endpoint is `PJSIP/101`.
    pub extension: String,
    /// The name the PBX shows for the extension.
    pub caller_name: String,
    /// The e-mail with which the agent logs in to Omnidesk's API.
    pub staff_email: String,
    /// The agent's name in Omnidesk.
    pub staff_name: String,
}

impl AgentSeed {
    /// An agent from its four parts: extension, name in the PBX, e-mail, name in Omnidesk.
    pub fn new(extension: &str, caller_name: &str, staff_email: &str, staff_name: &str) -> Self {
        Self {
            extension: extension.to_owned(),
            caller_name: caller_name.to_owned(),
            staff_email: staff_email.to_owned(),
            staff_name: staff_name.to_owned(),
        }
    }
}

/// How Omnidesk's account is set up when the companion comes to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Setup {
    /// For calls: with the channel «Звонки», its labels, and fields of users and cases.
    #[default]
    ForCalls,
    /// Not at all: no labels, no fields, no channels. The seed's earlier calls are ordinary cases then.
    Fresh,
    /// As [`Setup::ForCalls`], behind more than a hundred others of each kind, staff included: the lists have several pages.
    Crowded,
}

/// How to start a [`Sandbox`].
#[derive(Clone, Debug)]
pub struct Options {
    /// Port of the stand-in Omnidesk on 127.0.0.1; 0 takes any free one.
    pub omnidesk_port: u16,
    /// Port of the stand-in PBX on 127.0.0.1; 0 takes any free one.
    pub pbx_port: u16,
    /// The agents; the first one is "the" agent of [`Sandbox::staff_email`] and [`Sandbox::extension`].
    pub agents: Vec<AgentSeed>,
    /// Whether Omnidesk starts with its made-up users and earlier cases.
    pub seed_users: bool,
    /// Which labels, fields, channels and staff it starts with.
    pub setup: Setup,
    /// Omnidesk's requests per window for the whole account; 0 = no limit (the headers then name 1500).
    pub rate_limit_per_minute: u32,
    /// Length of that window: a minute at the vendor, shorter in tests that wait for it.
    pub rate_window: Duration,
    /// How fast scripted times pass: 1.0 = as written, 10.0 = ten times faster.
    pub speed: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            omnidesk_port: 0,
            pbx_port: 0,
            agents: vec![
                AgentSeed::new("101", "Anna Agent", "anna@support.example", "Анна Литвинова"),
                AgentSeed::new("102", "Boris Agent", "boris@support.example", "Борис Каменев"),
                AgentSeed::new("103", "Vera Agent", "vera@support.example", "Вера Соколова"),
            ],
            seed_users: true,
            setup: Setup::ForCalls,
            rate_limit_per_minute: 500,
            rate_window: Duration::from_secs(60),
            speed: 1.0,
        }
    }
}

/// The stand-ins, running. Dropping it stops them too, only without waiting.
pub struct Sandbox {
    omnidesk: Omnidesk,
    pbx: Pbx,
    feed: Feed,
    omnidesk_server: net::Server,
    pbx_server: net::Server,
    agents: Vec<AgentSeed>,
    stop: CancellationToken,
}

impl Sandbox {
    /// Starts both stand-ins on loopback.
    ///
    /// # Errors
    /// [`Error::Listen`] when a port is taken.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let stop = CancellationToken::new();
        let omnidesk = Omnidesk::new(&options);
        let pbx = Pbx::new(&options, stop.clone());
        let feed = Feed::new(options.agents.iter().map(|agent| agent.extension.clone()));
        let control = control::router(omnidesk.clone(), pbx.clone());
        let omnidesk_server = net::Server::start(
            options.omnidesk_port,
            omnidesk::router(omnidesk.clone()).merge(control.clone()),
            stop.child_token(),
        )
        .await?;
        let pbx_server = net::Server::start(
            options.pbx_port,
            pbx::router(pbx.clone()).merge(feed::router(feed.clone())).merge(control),
            stop.child_token(),
        )
        .await?;
        omnidesk.listening_on(omnidesk_server.url());
        pbx.listening_on(pbx_server.gate());
        Ok(Self {
            omnidesk,
            pbx,
            feed,
            omnidesk_server,
            pbx_server,
            agents: options.agents,
            stop,
        })
    }

    /// Base address of the stand-in Omnidesk, without a trailing slash: `http://127.0.0.1:PORT`.
    /// The API lies under `/api/`.
    pub fn omnidesk_url(&self) -> String {
        self.omnidesk_server.url()
    }

    /// Base address of the stand-in PBX's ARI: `http://127.0.0.1:PORT/ari`.
    pub fn pbx_url(&self) -> String {
        format!("{}/ari", self.pbx_server.url())
    }

    /// Address of the stand-in gateway, on the PBX's port: `http://127.0.0.1:PORT/feed`. Its token is
    /// [`Sandbox::pbx_password`].
    pub fn feed_url(&self) -> String {
        format!("{}/feed", self.pbx_server.url())
    }

    /// Base address of the control interface: `http://127.0.0.1:PORT/_control`.
    pub fn control_url(&self) -> String {
        format!("{}/_control", self.omnidesk_server.url())
    }

    /// The first agent's e-mail, the user name of Omnidesk's API.
    pub fn staff_email(&self) -> &str {
        self.agents.first().map_or("", |agent| &agent.staff_email)
    }

    /// The account's API key, the password of Omnidesk's API.
    pub fn api_key(&self) -> &str {
        omnidesk::API_KEY
    }

    /// The ARI user that may do everything. A read-only one is `watcher` / `watcher-test`.
    pub fn pbx_user(&self) -> &str {
        pbx::USER
    }

    /// The password of [`Sandbox::pbx_user`].
    pub fn pbx_password(&self) -> &str {
        pbx::PASSWORD
    }

    /// The first agent's extension.
    pub fn extension(&self) -> &str {
        self.agents.first().map_or("", |agent| &agent.extension)
    }

    /// The dialplan context agents dial from, for `POST /channels`.
    pub fn context(&self) -> &str {
        pbx::AGENT_CONTEXT
    }

    /// The agents it was started with.
    pub fn agents(&self) -> &[AgentSeed] {
        &self.agents
    }

    /// The stand-in PBX: place calls and walk through them, break things.
    pub fn pbx(&self) -> &Pbx {
        &self.pbx
    }

    /// The stand-in gateway that feeds events which are normalised already.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// The stand-in Omnidesk: read back what was written, break things.
    pub fn omnidesk(&self) -> &Omnidesk {
        &self.omnidesk
    }

    /// Closes every connection and both ports, and waits until they are closed.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        self.omnidesk_server.closed().await;
        self.pbx_server.closed().await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Milliseconds as a pause, at most ten minutes.
pub(crate) fn pause(ms: u64) -> Duration {
    Duration::from_millis(ms.min(600_000))
}
