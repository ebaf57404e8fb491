//! One agent, several computers: which of them writes a call.
//!
//! Each program of the agent hears the same legs and owes the same for them. Before a desk writes a record of a call of
//! its own, it asks the PBX, which costs nothing of Omnidesk's limit, who else of the extension listens ([`pbx::Companions`]):
//!
//! 1. Nobody: it writes at once. That is the usual case.
//! 2. Others: each says how far the agent went with the call at its computer. Who is further writes (created or attached
//!    before typed, typed before nothing), among equals the first by name. The others wait, and show the case that the
//!    writer names when it is done; that costs no request of Omnidesk either. What the agent typed at theirs follows as an
//!    addition.
//! 3. The writer is gone before it was done: the next one stands in, and looks before it writes.
//! 4. The PBX cannot be asked (also where its link has no way to), or lets nobody say anything: each in its turn, and each looks before it writes.
//!
//! Who was not there all the time (a crash, a cut line, a machine set up anew, a freeze) cannot know who has written
//! meanwhile and left, and looks as well.

use crate::controller::Controller;
use crate::controller::message::Message;
use crate::controller::tasks::{News, Work};
use crate::sending::outbox::is_record;
use crate::sending::turns::{Turn, Word, Written};
use crate::time::now;
use calls::{CaseFacts, DutyKind, DutyResult, Hand, Input, LegId};
use pbx::{Companions, Meets, Stage};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::{Entry, EntryState};
use tokio::sync::mpsc;

/// How long the others have to say how far they are, after a call has ended.
const GRACE: Duration = Duration::from_secs(2);
/// Between two looks at whether the writer is done, at first and later on.
const LOOKS: (Duration, Duration) = (Duration::from_millis(1_500), Duration::from_secs(10));
/// Who lost the line to the PBX is waited for as long as coming back takes.
const COMES_BACK: Duration = Duration::from_secs(12);
/// After so many looks they are made more seldom.
const SOON: u32 = 20;
/// So often a PBX that does not answer is asked, and how long it is waited for in between.
const QUESTIONS: u32 = 3;
const BETWEEN: Duration = Duration::from_secs(2);
/// From one desk's turn to the next one's where nobody can say anything: longer than a look and a write take.
const TURN: Duration = Duration::from_secs(7);
/// So many computers that have never seen each other are told apart.
const MOST_COMPUTERS: u32 = 3;
/// How long after a call's end it counts as recent, ms.
const RECENT: i64 = 600_000;
/// What is written for the first time so long after the call's end may have been written by others, ms.
const LATE: i64 = 10_000;
/// The same for what was tried before, ms.
const LATER: i64 = 60_000;
/// An end so far ahead of the clock tells that the clock was set back, ms.
const SET_BACK: i64 = 5_000;

/// What is known here of a call when it is asked who writes it.
struct Question {
    to_self: mpsc::Sender<Message>,
    /// Who there was when the PBX was asked last.
    known: Arc<Mutex<Option<Companions>>>,
    /// Tells this computer from the agent's others.
    machine: String,
    leg: LegId,
    mine: Stage,
    /// It still goes on: the agent waits for what was ordered.
    live: bool,
}

impl Controller {
    /// Asks who writes what is due.
    pub(crate) fn ask_turns(&mut self) {
        for leg in self.outbox.unasked(now()) {
            let Some(pbx) = self.pbx.line().cloned() else {
                self.outbox.open(&leg);
                self.turns.unasked(leg);
                continue;
            };
            let call = self.desk.call(&leg);
            let live = call.is_some_and(calls::Call::is_live);
            let mine = self.stage_of(&leg);
            let case = Question {
                to_self: self.to_self.clone(),
                known: self.turns.known(),
                machine: self.settings.machine.clone(),
                leg: leg.clone(),
                mine: mine.clone(),
                live,
            };
            self.tasks.begin(Work::Turn(leg.clone()), async move {
                News::Turn(match pbx.meets() {
                    Some(meets) => whose(meets, &case).await,
                    None => case.blindly().await,
                })
            });
            self.turns.asked(leg, mine);
        }
    }

    /// Something is owed: who writes it is asked when it is due.
    pub(crate) fn owed_anew(&mut self, entry: &Entry) {
        if entry.state == EntryState::Queued && is_record(&entry.duty.kind) && !self.turns.is_settled(&entry.duty.leg) {
            self.tasks.end(&Work::Turn(entry.duty.leg.clone()));
            self.turns.renew(&entry.duty.leg, now());
            self.outbox.close(&entry.duty.leg);
        }
    }

    /// How far this desk is with a call.
    fn stage_of(&self, leg: &LegId) -> Stage {
        let begun = |entry: &Entry| {
            let found = entry.result.as_ref().is_some_and(|result| result.elsewhere || result.overruled);
            entry.duty.leg == *leg
                && is_record(&entry.duty.kind)
                && entry.attempts > 0
                && !found
                && entry.code != crate::sending::outbox::GIVEN_UP
        };
        if self.outbox.entries().any(begun) {
            return Stage::Begun;
        }
        match self.desk.call(leg).map(calls::Call::hand) {
            Some(Hand::Ordered) => Stage::Ordered,
            Some(Hand::Touched) => Stage::Touched,
            Some(Hand::Untouched) | None => Stage::Untouched,
        }
    }

    /// Another computer writes a call, as it seems.
    pub(crate) fn another_writes(&mut self, leg: &LegId) {
        let seems = self.turns.seems_theirs(leg);
        self.windows.stale_if(seems);
    }

    /// What was found out about who writes a call.
    pub(crate) fn turn_came(&mut self, leg: LegId, turn: Turn) {
        if !self.turns.came(&leg, &turn, now()) {
            // Settled otherwise meanwhile.
            return;
        }
        self.windows.stale();
        self.outbox.open(&leg);
        if let Turn::Written { case } = turn {
            self.written_elsewhere(&leg, case);
        }
    }

    /// Another computer has written a call: what is owed here for it is done.
    fn written_elsewhere(&mut self, leg: &LegId, case: Written) {
        let of_leg = |entry: &&Entry| entry.duty.leg == *leg && entry.state == EntryState::Queued && is_record(&entry.duty.kind);
        let owed: Vec<Entry> = self.outbox.entries().filter(of_leg).cloned().collect();
        let subject = owed.iter().find_map(|entry| match &entry.duty.kind {
            DutyKind::OpenCase { subject, summary, .. } => Some(crate::account::texts::subject(subject, &summary.number)),
            _ => None,
        });
        let facts = case.map(|(id, number)| CaseFacts {
            id,
            number,
            subject: subject.unwrap_or_default(),
            status: None,
        });
        let result = DutyResult {
            case: facts,
            elsewhere: true,
            ..DutyResult::default()
        };
        let mut first = None;
        for entry in owed {
            let opens = matches!(entry.duty.kind, DutyKind::OpenCase { .. });
            if let Some(done) = self.outbox.done_elsewhere(entry.seq, opens.then(|| result.clone()), now()).cloned() {
                self.keep_entry(&done);
            }
            first = first.filter(|_| !opens).or(Some(entry.duty));
        }
        if let Some(duty) = first {
            // Of what else was owed nothing is known but that the other computer did it.
            let opening = matches!(duty.kind, DutyKind::OpenCase { .. }).then(|| Box::new(duty.kind));
            // Only an agent's action can be refused.
            let _ = self.feed(Input::Done {
                key: duty.key,
                leg: leg.clone(),
                duty: opening,
                result,
            });
        }
    }

    /// Whether something is looked for before it is written: others may have written it.
    pub(crate) fn looks_first(&self, entry: &Entry) -> bool {
        if !is_record(&entry.duty.kind) {
            return false;
        }
        let leg = &entry.duty.leg;
        let others_may = self.turns.others_may_have(leg);
        let Some(call) = self.desk.call(leg) else { return others_may };
        let since = call
            .detail
            .ended_at
            .map_or(entry.created_at, |ended| ended.max(entry.created_at.plus_ms(-RECENT)));
        let at = now();
        // An end that is yet to come is not recent: a clock was set back, and nobody knows how long ago it was.
        let late = since > at.plus_ms(SET_BACK) || at.since(since) > if entry.attempts > 1 { LATER } else { LATE };
        others_may || !self.turns.heard_all_of(leg) || (late && !call.is_live())
    }

    /// Tells the others what is written by now.
    pub(crate) fn say_what_is_written(&mut self) {
        let Some(pbx) = self.pbx.line().cloned().filter(|pbx| pbx.meets().is_some()) else {
            return;
        };
        let (desk, outbox) = (&self.desk, &self.outbox);
        let written = |leg: &LegId| {
            let call = desk.call(leg).filter(|call| !call.is_live())?;
            let owed = |entry: &Entry| entry.duty.leg == *leg && entry.state != EntryState::Done;
            (!outbox.entries().any(owed)).then(|| call.filing.case.as_ref().map(|facts| (facts.id, facts.number.clone())))
        };
        for Word { leg, news, ends } in self.turns.take_words(now(), written) {
            let pbx = pbx.clone();
            self.tasks.say(async move {
                let Some(meets) = pbx.meets() else { return };
                // First the news, then the old word goes: in between nobody may think that the writer is gone.
                if let Some(news) = news {
                    meets.say(&leg, &news, true).await;
                }
                for stage in ends {
                    meets.say(&leg, &stage, false).await;
                }
            });
        }
    }

    /// The line is up: who is there? What was said before is lost with the socket.
    pub(crate) fn say_again(&mut self) {
        let Some(pbx) = self.pbx.line().cloned() else { return };
        let known = self.turns.known();
        let asks = pbx.clone();
        self.tasks.begin(Work::Companions, async move {
            let Some(meets) = asks.meets() else { return News::Nothing };
            if let Some(companions) = meets.companions().await {
                *known.lock().unwrap_or_else(PoisonError::into_inner) = Some(companions);
            }
            News::Nothing
        });
        for (leg, stage) in self.turns.all_said() {
            let pbx = pbx.clone();
            self.tasks.say(async move {
                if let Some(meets) = pbx.meets() {
                    meets.say(&leg, &stage, true).await;
                }
            });
        }
    }
}

/// Finds out whose turn it is; comes back when it is this desk's, or when the other one is done.
async fn whose(pbx: &dyn Meets, case: &Question) -> Turn {
    let begun = case.mine == Stage::Begun;
    let Some(first) = case.patiently(pbx).await else {
        return case.blindly().await;
    };
    if first.is_alone() {
        return match first.furthest(&case.leg) {
            Some((_, Stage::Written { case })) if !begun => Turn::Written { case: case.clone() },
            _ => Turn::Ours { looks: false, told: None },
        };
    }
    let told = pbx.say(&case.leg, &case.mine, true).await.then(|| case.mine.clone());
    if begun {
        return Turn::Ours { looks: false, told };
    }
    if told.is_none() {
        if !case.live {
            case.wait_blindly().await;
        }
        return Turn::Ours { looks: true, told };
    }
    if case.live {
        // The agent waits: what another computer has ordered for the same call shows at once.
        let others = pbx.companions().await;
        let ordered = |others: &Companions| others.furthest(&case.leg).is_some_and(|(_, stage)| *stage >= Stage::Ordered);
        return Turn::Ours {
            looks: others.as_ref().is_none_or(ordered),
            told,
        };
    }
    tokio::time::sleep(GRACE).await;
    let (mut theirs, mut looks) = (false, 0);
    let mut gone_since: Option<Instant> = None;
    loop {
        let Some(others) = case.patiently(pbx).await else {
            return Turn::Ours { looks: true, told };
        };
        match others.furthest(&case.leg) {
            Some((_, Stage::Written { case: written })) => {
                pbx.say(&case.leg, &case.mine, false).await;
                return Turn::Written { case: written.clone() };
            }
            Some((other, stage)) if (stage, &others.own) > (&case.mine, &other.app) => {
                if !theirs {
                    case.tell_theirs().await;
                }
                (theirs, gone_since) = (true, None);
            }
            // Whoever wrote is gone, and may have been done. A line that was cut comes back soon.
            Some(_) | None if theirs => {
                if gone_since.get_or_insert_with(Instant::now).elapsed() >= COMES_BACK {
                    return Turn::Ours { looks: true, told };
                }
            }
            Some(_) | None => return Turn::Ours { looks: false, told },
        }
        looks += 1;
        tokio::time::sleep(if looks < SOON { LOOKS.0 } else { LOOKS.1 }).await;
    }
}

impl Question {
    /// Another computer writes it, as it seems; the question goes on.
    async fn tell_theirs(&self) {
        let leg = self.leg.clone();
        // A controller that has stopped asks anew when it starts.
        let _ = self.to_self.send(Message::WrittenElsewhere { leg }).await;
    }

    /// The companions; `None`: the PBX has been asked in vain.
    async fn patiently(&self, pbx: &dyn Meets) -> Option<Companions> {
        for attempt in 0..QUESTIONS {
            if attempt > 0 {
                tokio::time::sleep(BETWEEN).await;
            }
            if let Some(companions) = pbx.companions().await {
                *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(companions.clone());
                return Some(companions);
            }
        }
        None
    }

    /// Nobody can be asked who else listens: each in its turn, and each looks before it writes. What is begun goes on, and
    /// an agent in a call is not kept waiting.
    async fn blindly(&self) -> Turn {
        if self.mine != Stage::Begun && !self.live {
            self.wait_blindly().await;
        }
        Turn::Ours { looks: true, told: None }
    }

    /// Until it is this desk's turn, where the PBX cannot be asked: in the order of those who were there last. Computers
    /// that have never seen each other keep apart by chance.
    async fn wait_blindly(&self) {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let turns = match &known {
            Some(known) if known.is_alone() => 0,
            Some(known) => blind_place(known, &self.mine),
            None => u32::from_str_radix(&self.machine, 16).unwrap_or_default() % MOST_COMPUTERS,
        };
        tokio::time::sleep(TURN * turns).await;
    }
}

/// Whose turn it is where nobody can say anything: where the agent did something first, then by name.
fn blind_place(companions: &Companions, mine: &Stage) -> u32 {
    let listening = companions.others.iter().filter(|other| other.listens);
    let (before, all) = listening.fold((0, 1), |(before, all), other| {
        (before + u32::from(other.app < companions.own), all + 1)
    });
    if *mine == Stage::Untouched { all + before } else { before }
}
