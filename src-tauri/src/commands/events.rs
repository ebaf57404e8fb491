//! What is told to the windows without their asking.
//!
//! Any window that may listen hears the events of all. So an event is a number and nothing else; what it is about is asked for
//! by a command, and that answers the asking window with what is its own.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::Event;

/// The state changed; its revision.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type, Event)]
pub struct DeskChanged(pub u32);

/// The workspace is to open a page (`pages_to_open`); how many it was told to open since the start.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type, Event)]
pub struct Navigate(pub u32);

/// The workspace is to give its window back (`give_back`); the number of this rest.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type, Event)]
pub struct RestAsked(pub u32);

/// The workspace is to ask whether to minimise it or to quit (`answer_closing`); how often it was to ask, and
/// 0 where it is to ask no more.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type, Event)]
pub struct ClosingAsked(pub u32);

/// The dial window was opened anew (`dial_ready`): its field gets the focus; how often it was opened.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type, Event)]
pub struct DialOpened(pub u32);

/// The workspace leaves the popup more or less room than before (`popup_room`); how often that has changed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type, Event)]
pub struct PopupRoom(pub u32);

/// The agent turns to the popup, which is about to get the keyboard; how often they did.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type, Event)]
pub struct PopupTurnedTo(pub u32);

/// What is known of newer versions changed (`version`); how often it did.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type, Event)]
pub struct VersionKnown(pub u32);

/// Who hears key combinations changed, or which are heard (`hotkeys`); how often it did.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type, Event)]
pub struct HotkeysChanged(pub u32);
