//! The engine of Ringside: calls in, popup and cases out.
//!
//! One task, the controller, owns all state: the [`calls::Desk`], the outbox, people, settings.
//! Everything reaches it as a message, everything leaves it as a view, a page to open, or work for
//! a task that reports back. The desktop stands behind [`Shell`], the keychain behind
//! [`SecretStore`], so the very same engine runs under a window and under a test.

mod account;
mod actions;
mod catalog;
mod checks;
mod clock;
mod companions;
mod controller;
mod deliver;
mod dialing;
mod drafts;
mod editing;
mod fields;
mod gaps;
mod guard;
mod handle;
mod in_the_open;
mod index;
mod jobs;
mod links;
mod lookback;
mod lookups;
mod message;
mod missed;
mod moves;
mod office_ca;
mod outbox;
mod own_case;
mod pages;
mod people;
mod plain;
mod popup;
mod present;
mod restore;
mod sample;
mod saving;
mod secret;
mod sending;
mod settings;
mod shell;
mod storage;
mod texts;
mod trouble;
pub mod view;
mod waiting;

pub use controller::Parts;
pub use fields::FieldSetting;
pub use handle::Engine;
pub use pbx::Authority;
pub use secret::Secret;
pub use settings::{DialFormat, Settings, UsersKept};
pub use shell::{Mark, SecretStore, SecretTrouble, Secrets, Shell};
