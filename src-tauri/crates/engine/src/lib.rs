//! The engine of Ringside: calls in, popup and cases out.
//!
//! One task, the controller, owns all state: the [`calls::Desk`], the outbox, people, settings.
//! Everything reaches it as a message, everything leaves it as a view, a page to open, or work for
//! a task that reports back. The desktop stands behind [`Shell`], the keychain behind
//! [`SecretStore`], so the very same engine runs under a window and under a test.

mod account;
mod actions;
mod controller;
mod handle;
mod links;
mod people;
mod retry;
mod screens;
mod sending;
mod settings;
mod shell;
mod time;
pub mod view;

pub use controller::Parts;
pub use handle::Engine;
pub use pbx::Authority;
pub use people::everybody::Everybody;
pub use screens::pages::Sound;
pub use settings::enrolment::{Enrolment, Refused as EnrolmentRefused};
pub use settings::fields::FieldSetting;
pub use settings::hotkeys::Combination;
pub use settings::layers::Office;
pub use settings::secret::{Secret, Secrets};
pub use settings::{Settings, Updates, UsersKept};
pub use shell::{KeychainStands, Mark, SecretStore, SecretTrouble, Shell};
pub use view::DialFormat;
