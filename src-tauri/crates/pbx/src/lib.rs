//! PBX adapters of Ringside: a vendor's socket in, [`calls::PbxEvent`]s out, and a few commands back.
//!
//! The port is [`Pbx`]: what every vendor does, and abilities that some have. One folder per vendor, each with a pure half
//! and a thin half:
//!
//! - the **translator** ([`ari::Translator`]) takes frames and REST answers as text and gives events
//!   and questions. It has no socket, no clock and no runtime, so every recorded stream can be
//!   replayed through it ([`replay`]);
//! - the **speaker** says what is done with a connection. Socket, pings, the silence deadline and the one reconnect schedule
//!   ([`Backoff`]) are the same for all (`line/`).
//!
//! Vendors are Asterisk ([`ari`]) and a [`feed`] of events that are normalised already; [`VENDORS`] is the list.
//!
//! What a vendor calls its things stays in its folder. Everything else is vendor-independent, and
//! knows neither a help desk nor a window.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use calls::Extension;
//! use pbx::{AriConfig, AriPbx, Pbx};
//!
//! let config = AriConfig::new("https://pbx.example:8089".parse()?, "ringside", "secret".into(), Extension::new("101"), "3f9a");
//! let (events, mut inbox) = tokio::sync::mpsc::channel(1_024);
//! let pbx = AriPbx::start(config, events);
//! while let Some(told) = inbox.recv().await {
//!     println!("{:?}", told.event);
//! }
//! pbx.shutdown().await;
//! # Ok(())
//! # }
//! ```

pub mod ari;
mod cause;
mod check;
mod companions;
mod failure;
pub mod feed;
mod line;
mod port;
pub mod replay;
mod sound;
mod stats;
mod vendors;

pub use ari::{AriConfig, AriPbx, Timings, check};
pub use cause::Cause;
pub use check::{CheckReport, Outcome, Step, StepReport};
pub use companions::{Companion, Companions, Stage};
pub use failure::{CommandError, OriginateError, RecordingError, RecordingFile};
pub use line::{Authority, AuthorityError, Backoff, Certificate, Next, Rhythm, Spoken, spoken};
pub use port::{Abilities, Dials, Finds, HangsUp, KeepsTraces, Meets, OutOfSight, Pbx, Records, Told, Whereabouts};
pub use sound::sound_type;
pub use stats::{FrameOutcome, Stats};
pub use vendors::{BadField, Field, FieldKind, Prepared, Setup, VENDORS, Vendor, prepare};
