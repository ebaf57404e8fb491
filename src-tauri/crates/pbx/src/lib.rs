//! PBX adapters of Ringside: a vendor's socket in, [`calls::PbxEvent`]s out, and a few commands back.
//!
//! One folder per vendor. Each has a pure half and a thin half:
//!
//! - the **translator** ([`ari::Translator`]) takes frames and REST answers as text and gives events
//!   and questions. It has no socket, no clock and no runtime, so every recorded stream can be
//!   replayed through it ([`replay`]);
//! - the **connection** (behind [`Pbx`]) owns the socket, pings, the silence deadline, REST, and the
//!   one reconnect schedule ([`Backoff`]).
//!
//! What a vendor calls its things stays in its folder. Everything below is vendor-independent, and
//! knows neither a help desk nor a window.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use calls::Extension;
//! use pbx::{AriConfig, Pbx};
//!
//! let config = AriConfig::new("https://pbx.example:8089".parse()?, "ringside", "secret".into(), Extension::new("101"), "3f9a");
//! let (events, mut inbox) = tokio::sync::mpsc::channel(1_024);
//! let pbx = Pbx::start(config, events);
//! while let Some(event) = inbox.recv().await {
//!     println!("{event:?}");
//! }
//! pbx.shutdown().await;
//! # Ok(())
//! # }
//! ```

pub mod ari;
mod backoff;
mod failure;
pub mod replay;
mod sound;
mod stats;

pub use ari::{
    AriConfig, Authority, AuthorityError, Cause, Certificate, CheckReport, Companion, Companions, Lost, Outcome, Pbx, Stage, Step,
    StepReport, Timings, Whereabouts, check,
};
pub use backoff::{Backoff, Next};
pub use failure::{CommandError, OriginateError, RecordingError, RecordingFile};
pub use sound::sound_type;
pub use stats::{Seen, Stats};
