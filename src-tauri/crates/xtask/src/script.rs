//! The demo without a person: the call workflow scene by scene, each step observed twice: in what the
//! app says it did, and in what Omnidesk was really told.
//!
//! `scenes` is the play, `by_hand` what the agent does in it, out of `deeds`, `facts` what must be true of Omnidesk after a scene,
//! `printer` the timeline on paper.

mod by_hand;
mod deeds;
mod facts;
mod printer;
mod scenes;

use crate::{
    process,
    session::Session,
    stage::{self, Stage},
    timeline::{self, Entry},
};
use anyhow::Result;
use by_hand::FIRST;
use facts::{Before, Story};
pub use printer::Printer;
use scenes::{Part, Scene, scenes};
use serde_json::json;
use std::{path::Path, time::Duration};

/// How long one step may take on a busy machine, beyond the call's own times.
const STEP: Duration = Duration::from_secs(20);

/// The popup comes in within 220 ms; pictures show it at rest.
const AT_REST: Duration = Duration::from_millis(400);

/// Plays everything and prints the timeline. Gives back what was not observed; empty means all was.
pub fn play(stage: &mut Stage, session: &Session, pictures: Option<&Path>, out: &mut Printer) -> Result<Vec<String>> {
    let mut missing = Vec::new();
    out.heading("start");
    for step in ["started", "main_painted", "pbx_up", "omnidesk_up"] {
        let within = Duration::from_secs(60);
        match await_step(stage, 0, within, |entry| entry.step == step)? {
            Some(entry) => out.entry("start", &entry, None),
            None => missing.push(out.lost("start", step, within)),
        }
    }
    if !missing.is_empty() {
        return Ok(missing);
    }
    // No agent's app has just been started when a call comes: let it settle first.
    process::pause(Duration::from_secs(3))?;
    let mut story = Story::default();
    for scene in scenes() {
        let take = Take::begin(stage, session, pictures, out, &scene)?;
        missing.extend(take.play(&mut story)?);
    }
    Ok(missing)
}

/// One scene being played.
struct Take<'a> {
    stage: &'a mut Stage,
    session: &'a Session,
    pictures: Option<&'a Path>,
    out: &'a mut Printer,
    scene: &'a Scene,
    /// How Omnidesk stood before it.
    before: Before,
    /// How many calls the PBX had been asked to place before it.
    orders: usize,
    /// The first line of the timeline that belongs to it.
    from: usize,
    /// The window that had the keyboard focus before it.
    focus: String,
    /// When the last step so far was passed.
    latest: f64,
    /// The calls that the app told of.
    offered: Vec<String>,
    /// The number of the case that each part has made.
    made: Vec<Option<String>>,
    missing: Vec<String>,
}

impl<'a> Take<'a> {
    fn begin(
        stage: &'a mut Stage,
        session: &'a Session,
        pictures: Option<&'a Path>,
        out: &'a mut Printer,
        scene: &'a Scene,
    ) -> Result<Self> {
        stage.timeline.look()?;
        Ok(Self {
            before: Before::now(&stage.control)?,
            orders: stage.control.orders()?.len(),
            from: stage.timeline.entries().len(),
            focus: session.focus(),
            latest: 0.0,
            offered: Vec::new(),
            made: vec![None; scene.parts.len()],
            missing: Vec::new(),
            stage,
            session,
            pictures,
            out,
            scene,
        })
    }

    /// Plays it to the end. Gives back what was not observed.
    fn play(mut self, story: &mut Story) -> Result<Vec<String>> {
        let scene = self.scene;
        self.out.heading(scene.name);
        self.play_from(0)?;
        if scene.writes > 0 {
            self.pass("outbox_empty", None)?;
            self.picture(scene.ends_with, 0)?;
        }
        self.hears_no_more();
        self.orders_once()?;
        let (true_ones, untrue) = facts::check(&self.stage.control, scene, &self.before, &self.made, story)?;
        for fact in true_ones {
            self.verified(&fact);
        }
        for fact in untrue {
            self.missing.push(self.out.untrue(scene.name, &fact));
        }
        Ok(self.missing)
    }

    /// Places this part's call and follows it. The next part begins when this one's call is answered.
    fn play_from(&mut self, index: usize) -> Result<()> {
        let Some(part) = self.scene.parts.get(index) else { return Ok(()) };
        let (scene, words) = (self.scene.name, part.call.words());
        self.out.note(scene, "placed", timeline::now_ms(), json!({"what": words}));
        let Some(call) = self.begin_call(index, part)? else { return Ok(()) };
        if part.steps.is_empty() {
            self.pass_on_pbx("over", &call, part, |view| view["stage"] == "ended")?;
            return self.play_from(index + 1);
        }
        let known = self.offered.clone();
        let new = |entry: &Entry| entry.step == "offered" && entry.call.as_ref().is_some_and(|call| !known.contains(call));
        let Some(offered) = await_step(self.stage, self.from, STEP, new)? else {
            self.missing.push(self.out.lost(scene, "offered", STEP));
            return Ok(());
        };
        self.out.entry(scene, &offered, None);
        self.latest = self.latest.max(offered.t_ms);
        self.offered.extend(offered.call.clone());
        if !self.agent_acts("offered", &call, index, part)? {
            return Ok(());
        }
        for step in part.steps {
            match *step {
                "held" => self.pass_on_pbx(step, &call, part, |view| view["held"] == true)?,
                "resumed" => self.pass_on_pbx(step, &call, part, |view| view["held"] == false)?,
                "popup_gone" => self.popup_goes()?,
                _ => {
                    if let Some(entry) = self.pass(step, Some((index, part, &offered)))?
                        && let Some(number) = entry.text("number")
                    {
                        self.made[index] = Some(number.to_owned());
                    }
                }
            }
            if *step == "popup_painted" {
                self.popup_is_shown()?;
            }
            let picture = part.pictures.iter().find(|(after, _)| after == step);
            self.picture(picture.map_or("", |(_, name)| *name), index)?;
            if !self.agent_acts(step, &call, index, part)? {
                return Ok(());
            }
            if *step == "answered" {
                self.play_from(index + 1)?;
            }
        }
        self.pass_on_pbx("over", &call, part, |view| view["stage"] == "ended")
    }

    /// Somebody calls, or the agent orders a call; gives the sandbox's name of it.
    fn begin_call(&mut self, index: usize, part: &Part) -> Result<Option<String>> {
        if !part.call.is_ordered() {
            return self.stage.control.place(&part.call, &self.stage.extension).map(Some);
        }
        self.stage.control.phones_wait()?;
        if !self.agent_acts(FIRST, "", index, part)? {
            return Ok(None);
        }
        let ordered = process::wait_for(STEP, || self.stage.control.ordered())?;
        if ordered.is_none() {
            self.missing.push(self.out.lost(self.scene.name, "ordered", STEP));
        }
        Ok(ordered)
    }

    /// What the agent does after a step. False when something could not be done: the call is over then.
    fn agent_acts(&mut self, after: &str, call: &str, index: usize, part: &Part) -> Result<bool> {
        for (_, deeds) in part.deeds.iter().filter(|(step, _)| *step == after) {
            for deed in *deeds {
                if !self.perform(*deed, call, index)? {
                    self.stage.control.post("pbx/hangup_all", &json!({}))?;
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Waits for a line of the timeline: of one call, or of none in particular.
    fn pass(&mut self, step: &str, of: Option<(usize, &Part, &Entry)>) -> Result<Option<Entry>> {
        let within = STEP + of.map_or(Duration::ZERO, |(_, part, _)| part.call.length);
        let (what, status) = step.split_once(':').unwrap_or((step, ""));
        let latest = self.latest;
        let belongs = |entry: &Entry| {
            let told = entry.step == what && (status.is_empty() || entry.text("status") == Some(status));
            // What belongs to no call counts only once everything before it was seen.
            told && of.map_or(entry.t_ms >= latest, |(_, _, offered)| entry.call == offered.call)
        };
        let found = await_step(self.stage, self.from, within, belongs)?;
        match &found {
            Some(entry) => {
                self.out.entry(self.scene.name, entry, of.map(|(_, _, offered)| offered.t_ms));
                self.latest = latest.max(entry.t_ms);
            }
            None => self.missing.push(self.out.lost(self.scene.name, step, within)),
        }
        Ok(found)
    }

    /// Waits for something that the app's timeline does not have, and asks the PBX.
    fn pass_on_pbx(&mut self, step: &str, call: &str, part: &Part, is: impl Fn(&serde_json::Value) -> bool) -> Result<()> {
        let within = STEP + part.call.length;
        let control = &self.stage.control;
        let seen = process::wait_for(within, || Ok(is(&control.call(call)?).then_some(())))?;
        match seen {
            Some(()) => self.out.note(self.scene.name, "pbx", timeline::now_ms(), json!({"what": step})),
            None => self.missing.push(self.out.lost(self.scene.name, step, within)),
        }
        Ok(())
    }

    /// The screen itself must show the popup, and the focus must be where it was (S01).
    fn popup_is_shown(&mut self) -> Result<()> {
        let session = self.session;
        let visible = process::wait_for(Duration::from_secs(2), || Ok(session.has_window_in_corner().then_some(())))?;
        let now = session.focus();
        self.holds("a window is in the top right corner of the screen", visible.is_some());
        let kept = now == self.focus;
        self.holds(&format!("the focus stayed where it was ({}, then {now})", self.focus), kept);
        Ok(())
    }

    fn popup_goes(&mut self) -> Result<()> {
        let session = self.session;
        let gone = process::wait_for(STEP, || Ok((!session.has_window_in_corner()).then_some(())))?;
        self.holds("the popup is gone", gone.is_some());
        Ok(())
    }

    /// A call without steps must not have been noticed: the app told of the others alone.
    fn hears_no_more(&mut self) {
        let heard = self.stage.timeline.entries().iter().skip(self.from);
        let heard = heard.filter(|entry| entry.step == "offered").count();
        let wanted = self.scene.parts.iter().filter(|part| !part.steps.is_empty()).count();
        self.holds(&format!("the app was told of {wanted} calls (found: {heard})"), heard == wanted);
    }

    /// A call is never ordered twice, and rings the softphone first (S18).
    fn orders_once(&mut self) -> Result<()> {
        let extension = &self.stage.extension;
        let wanted: Vec<_> = self.scene.parts.iter().filter_map(|part| part.call.order(extension)).collect();
        let placed = self.stage.control.orders()?.split_off(self.orders);
        let fact = format!("the PBX was asked to ring {wanted:?} (found: {placed:?})");
        let right = placed == wanted;
        if !right || !wanted.is_empty() {
            self.holds(&fact, right);
        }
        Ok(())
    }

    fn holds(&mut self, fact: &str, is_true: bool) {
        if is_true {
            self.verified(fact);
        } else {
            self.missing.push(self.out.untrue(self.scene.name, fact));
        }
    }

    fn verified(&mut self, fact: &str) {
        self.out
            .note(self.scene.name, "verified", timeline::now_ms(), json!({"what": fact}));
    }

    /// Takes a picture; an empty name means none.
    fn picture(&mut self, name: &str, part: usize) -> Result<()> {
        let Some(dir) = self.pictures.filter(|_| !name.is_empty()) else {
            return Ok(());
        };
        process::pause(AT_REST)?;
        let of_scene = self.scene.name.replace(' ', "-").replace(',', "");
        let file = if part == 0 {
            format!("{of_scene}-{name}")
        } else {
            format!("{of_scene}-{}-{name}", part + 1)
        };
        let file = stage::shoot(self.session, dir, &file)?;
        let file = json!({"file": file.display().to_string()});
        self.out.note(self.scene.name, "screenshot", timeline::now_ms(), file);
        Ok(())
    }
}

fn await_step(stage: &mut Stage, from: usize, within: Duration, fits: impl Fn(&Entry) -> bool) -> Result<Option<Entry>> {
    stage.app_lives()?;
    stage.timeline.wait(from, within, fits)
}
