//! What the agent does in a scene by hand: in the app's windows, on the keyboard, in the tray, on the phone.

use super::Take;
use crate::{process, timeline, tray, windows::Page};
use anyhow::Result;
use serde_json::json;
use std::time::Duration;

/// A place in a window: what it is called in the timeline, and its CSS.
#[derive(Debug, Clone, Copy)]
pub struct Spot(pub &'static str, pub &'static str);

/// One thing done or waited for.
#[derive(Debug, Clone, Copy)]
pub enum Deed {
    /// Turns to this window.
    Turn(Page),
    /// Waits until this can be seen.
    See(Spot),
    /// Presses this.
    Press(Spot),
    /// Writes into this field.
    Write(Spot, &'static str),
    /// Presses these keys, wherever the focus is.
    Keys(&'static [&'static str]),
    /// Presses the item of the tray's menu whose text contains this.
    Tray(&'static str),
    /// Somebody does this with the ordered call: a step in the sandbox's words.
    Phone(&'static str),
    /// People talk for so long.
    Talk(Duration),
    /// The screen is worth a picture of this name.
    Picture(&'static str),
}

impl Deed {
    /// In words; empty for what is told otherwise.
    fn words(self) -> String {
        match self {
            Self::Turn(_) | Self::Talk(_) | Self::Picture(_) => String::new(),
            Self::See(Spot(what, _)) => format!("sees {what}"),
            Self::Press(Spot(what, _)) => format!("presses {what}"),
            Self::Write(Spot(what, _), text) => format!("writes into {what}: {text}"),
            Self::Keys(keys) => format!("presses {} on the keyboard", keys.join(", ")),
            Self::Tray(text) => format!("presses «{text}» in the tray"),
            Self::Phone(step) => format!("the phone: {step}"),
        }
    }
}

impl Take<'_> {
    /// Does it; `call` is the sandbox's name of the present one. Gives whether it could be done.
    pub(super) fn perform(&mut self, deed: Deed, call: &str, part: usize) -> Result<bool> {
        let windows = self.stage.windows()?;
        let done = match deed {
            Deed::Turn(page) => windows.look_at(page)?,
            Deed::See(Spot(_, css)) => windows.sees(css)?,
            Deed::Press(Spot(_, css)) => windows.press(css)?,
            Deed::Write(Spot(_, css), text) => windows.write(css, text)?,
            Deed::Keys(keys) => self.session.type_keys(keys),
            Deed::Tray(text) => tray::press(self.session, text)?,
            Deed::Phone(step) => self.stage.control.step(call, step).is_ok(),
            Deed::Talk(time) => process::pause(time).map(|()| true)?,
            Deed::Picture(name) => windows.is_drawn() && self.picture(name, part).map(|()| true)?,
        };
        let words = deed.words();
        if !done {
            let fact = format!("the agent {words} ({deed:?})");
            self.holds(&fact, false);
        } else if !words.is_empty() {
            self.out.note(self.scene.name, "agent", timeline::now_ms(), json!({"what": words}));
        }
        Ok(done)
    }
}
