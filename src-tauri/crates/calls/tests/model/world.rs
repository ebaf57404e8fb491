//! The world of a history: the truth of each call, what the PBX tells of it, the desk, and the help desk.

use crate::office::{Answer, Office, user_id};
use crate::reference::{Case, Handset, Reference, Status, Truth, Way};
use crate::story::{How, Step, Trace};
use calls::{
    AgentAction, Call, CallEvent, CallEventKind, ConversationId, Desk, DialTrouble, Direction, Disposition, Effect, Found, Gap, HungUpBy,
    Input, LegId, Moment, Notes, Number, Order, OrderId, Origin, OtherSide, Policy, RecordingRef, Region, Remote, Traces, TransferKind,
};
use std::collections::BTreeMap;

/// Numbers of the users; the last one has two.
const NUMBERS: [(&str, usize); 4] = [("+79161234501", 0), ("+79161234502", 1), ("+79161234503", 2), ("+79161234504", 2)];

/// One call as it really is, beside what anybody was told.
struct Line {
    truth: Truth,
    number: usize,
    ended: bool,
    confirmed: bool,
    /// The PBX's announcement, held back.
    announcement: Option<CallEventKind>,
    /// After how many other events it comes.
    late: u8,
    /// The news of a transfer, held back.
    transfer: Option<CallEventKind>,
}

/// The desk under test, the help desk, and the truth.
pub struct World {
    desk: Desk,
    stored: BTreeMap<LegId, Call>,
    notes: Notes,
    policy: Policy,
    office: Office,
    answers: Vec<Answer>,
    reference: Reference,
    lines: BTreeMap<usize, Line>,
    inputs: Vec<Input>,
    now: i64,
}

fn leg(call: usize) -> LegId {
    LegId::new(format!("c{call}"))
}

impl World {
    /// Three users with one earlier case each.
    fn new(unanswered_outgoing_cases: bool) -> Self {
        let policy = Policy {
            unanswered_outgoing_cases,
            ..Policy::default()
        };
        let mut world = Self {
            desk: Desk::new(policy.clone()),
            stored: BTreeMap::new(),
            notes: Notes::default(),
            policy,
            office: Office::default(),
            answers: Vec::new(),
            reference: Reference {
                attempts_wanted: unanswered_outgoing_cases,
                ..Reference::default()
            },
            lines: BTreeMap::new(),
            inputs: Vec::new(),
            now: 0,
        };
        for (number, user) in NUMBERS {
            world
                .office
                .phones
                .extend(Number::read(number, Region::default()).key().map(|key| (key, user)));
        }
        for (user, status) in [Status::Open, Status::Waiting, Status::Closed].into_iter().enumerate() {
            let case = Case {
                user,
                status,
                messages: 0,
                handset: Handset::Plain,
                mine: false,
            };
            let name = format!("earlier-{user}");
            world.office.earlier(&name, case.clone());
            world.reference.cases.insert(name, case);
        }
        world
    }

    /// Lives through a history, lets everything be written, and compares.
    pub fn live(steps: &[Step], unanswered_outgoing_cases: bool) -> Result<(), String> {
        let mut world = Self::new(unanswered_outgoing_cases);
        for step in steps {
            world.take(step);
        }
        while !world.office.is_idle() || !world.answers.is_empty() {
            let before = world.answers.len();
            world.answers.extend(world.office.deliver(0));
            if world.answers.len() == before && before == 0 {
                return Err(format!("what is owed waits for ever: {:#?}", world.office));
            }
            world.tell(0);
        }
        let (owed, expected) = (world.office.by_name(), &world.reference.cases);
        if owed == *expected {
            return Ok(());
        }
        let differ = owed
            .keys()
            .chain(expected.keys())
            .filter(|name| owed.get(*name) != expected.get(*name));
        let say = |name: &String| format!("{name}: in the help desk {:?}, by SPEC {:?}", owed.get(name), expected.get(name));
        Err(differ.map(say).collect::<Vec<_>>().join("\n"))
    }

    fn take(&mut self, step: &Step) {
        self.now += 1_000;
        match *step {
            Step::Begin {
                call,
                number,
                way,
                from,
                late,
            } => self.begin(call, number, way, from, late),
            Step::Find(call) => self.find(call),
            Step::Confirm(call) => self.confirm(call),
            Step::PickUp(call) => self.pick_up(call),
            Step::Answer { call, recorded } => self.answer(call, recorded),
            Step::Hold(call) => {
                if self.line(call).is_some_and(|line| line.truth.talked) {
                    self.pbx(call, CallEventKind::Held);
                    self.pbx(call, CallEventKind::Resumed);
                }
            }
            Step::Compose(call) => {
                if let Some(line) = self.acting(call) {
                    line.truth.composed = true;
                    self.act(call, AgentAction::OpenCompose);
                }
            }
            Step::Type(call) => {
                if let Some(line) = self.acting(call) {
                    line.truth.typed = true;
                    let (subject, gist) = ("Тема".into(), "Суть".into());
                    self.act(call, AgentAction::SaveDraft { subject, gist });
                }
            }
            Step::Create(call) => self.create(call),
            Step::Attach { call, pick } => self.attach(call, pick),
            Step::Transfer { call, late } => {
                if self.line(call).is_some_and(|line| line.truth.talked && !line.truth.transferred) {
                    self.transfer(call, late);
                }
            }
            Step::End { call, how } => self.end(call, how),
            Step::Deliver(pick) => self.answers.extend(self.office.deliver(pick)),
            Step::Tell(pick) => self.tell(pick),
            Step::Repeat(pick) => {
                if let Some(input) = self.inputs.get(pick % self.inputs.len().max(1)).cloned() {
                    self.feed(input);
                }
            }
            Step::Restart => self.desk = Desk::restore(self.policy.clone(), self.stored.values().cloned().collect(), self.notes.clone()),
        }
    }

    fn line(&mut self, call: usize) -> Option<&mut Line> {
        self.lines.get_mut(&call).filter(|line| !line.ended)
    }

    /// A call the agent sees and can work on.
    fn acting(&mut self, call: usize) -> Option<&mut Line> {
        let announcement = self.line(call)?.announcement.take();
        if let Some(kind) = announcement {
            self.event(call, kind);
        }
        self.line(call)
    }

    fn begin(&mut self, call: usize, number: usize, way: Way, from: Option<usize>, late: u8) {
        let (raw, user) = NUMBERS[number];
        let cases = self.office.cases_of(user);
        let from = from.filter(|_| way == Way::Click).map(|pick| cases[pick % cases.len()].clone());
        let remote = Remote {
            raw: raw.to_owned(),
            ..Remote::default()
        };
        let truth = Truth {
            user,
            way,
            picked_up: false,
            talked: false,
            recorded: false,
            elsewhere: false,
            unknown: false,
            on_record: false,
            transferred: false,
            composed: false,
            typed: false,
            created: false,
            attached: from.as_ref().map(|(name, _)| name.clone()),
        };
        let mut line = Line {
            truth,
            number,
            ended: false,
            confirmed: false,
            announcement: None,
            late,
            transfer: None,
        };
        let announcement = match way {
            Way::Click => {
                let order = Order {
                    id: OrderId::new(format!("order-{call}")),
                    number: raw.to_owned(),
                    user: Some(user_id(user)),
                    case: from.map(|(_, facts)| facts),
                };
                self.lines.insert(call, line);
                self.feed(Input::Dial { leg: leg(call), order });
                return;
            }
            Way::In => CallEventKind::Offered {
                conversation: None,
                direction: Direction::Inbound,
                remote,
                line: None,
                queue: None,
                origin: Origin::Direct,
            },
            Way::Softphone => dialing(raw, None),
        };
        line.announcement = Some(announcement);
        self.lines.insert(call, line);
        if late == 0 {
            self.acting(call);
        }
        // Who has two numbers is recognised by them at once.
        if user == 2 {
            self.find(call);
        }
    }

    fn find(&mut self, call: usize) {
        let Some(line) = self.acting(call) else { return };
        let (user, number) = (line.truth.user, NUMBERS[line.number].0);
        if let Some(key) = Number::read(number, Region::default()).key() {
            let found = Found::Users(vec![user_id(user)]);
            self.feed(Input::Found {
                leg: leg(call),
                key,
                found,
            });
        }
    }

    fn confirm(&mut self, call: usize) {
        let Some(line) = self.line(call).filter(|line| line.truth.way == Way::Click && !line.confirmed) else {
            return;
        };
        line.confirmed = true;
        let raw = NUMBERS[line.number].0;
        self.pbx(call, dialing(raw, Some(OrderId::new(format!("order-{call}")))));
    }

    fn pick_up(&mut self, call: usize) {
        let Some(line) = self.line(call).filter(|line| line.truth.way == Way::Click && !line.truth.picked_up) else {
            return;
        };
        (line.confirmed, line.truth.picked_up) = (true, true);
        self.pbx(call, CallEventKind::AgentAnswered);
    }

    fn answer(&mut self, call: usize, recorded: bool) {
        let Some(line) = self.line(call).filter(|line| !line.truth.talked) else {
            return;
        };
        if line.truth.way == Way::Click && !line.truth.picked_up {
            return;
        }
        (line.truth.talked, line.truth.recorded) = (true, recorded);
        self.pbx(call, CallEventKind::Answered);
        if recorded {
            let name = RecordingRef::new(format!("r{call}"));
            self.pbx(call, CallEventKind::Recording { name });
        }
    }

    fn create(&mut self, call: usize) {
        let Some(line) = self.acting(call).filter(|line| line.truth.attached.is_none()) else {
            return;
        };
        let (first, user) = (!std::mem::replace(&mut line.truth.created, true), line.truth.user);
        if first {
            self.reference.created(leg(call).as_str(), user);
        }
        let (subject, gist) = (String::new(), "Суть".into());
        self.act(call, AgentAction::CreateCase { subject, gist });
    }

    fn attach(&mut self, call: usize, pick: usize) {
        let Some(line) = self.acting(call) else { return };
        if line.truth.created || line.truth.attached.is_some() {
            return;
        }
        let user = line.truth.user;
        let cases = self.office.cases_of(user);
        let (name, case) = cases[pick % cases.len()].clone();
        if let Some(line) = self.line(call) {
            line.truth.attached = Some(name);
        }
        self.act(call, AgentAction::Attach { case, gist: String::new() });
    }

    fn transfer(&mut self, call: usize, late: bool) {
        let news = CallEventKind::Transferred {
            kind: TransferKind::Blind,
            to: Some("102".into()),
        };
        let Some(line) = self.line(call) else { return };
        line.truth.transferred = true;
        if late {
            line.transfer = Some(news);
        } else {
            self.pbx(call, news);
        }
    }

    fn end(&mut self, call: usize, how: How) {
        let Some(line) = self.line(call) else { return };
        let ringing_agent = line.truth.way == Way::Click && !line.truth.picked_up;
        if how == How::NotPlaced && !ringing_agent {
            return;
        }
        line.truth.elsewhere = how == How::Elsewhere && line.truth.way == Way::In && !line.truth.talked;
        let confirmed = line.confirmed;
        if let How::Unseen(trace) = how {
            come_true(&mut line.truth, trace, confirmed);
        }
        let truth = line.truth.clone();
        self.let_others_write_first(call, &truth);
        if let How::Unseen(trace) = how {
            self.acting(call);
            let alive = self.lines.iter().filter(|(other, line)| **other != call && !line.ended);
            let live = alive.map(|(other, _)| leg(*other)).collect();
            self.flush_announcements();
            self.out_of_sight(call, live, trace);
        } else if how == How::NotPlaced {
            let trouble = if confirmed { DialTrouble::Refused } else { DialTrouble::Unanswered };
            self.feed(Input::DialFailed { leg: leg(call), trouble });
        } else {
            let disposition = match truth.way {
                _ if truth.talked => Disposition::Answered,
                _ if how == How::Busy => Disposition::Busy,
                Way::In if truth.elsewhere => Disposition::AnsweredElsewhere,
                Way::In => Disposition::Missed,
                Way::Softphone | Way::Click => Disposition::Cancelled,
            };
            let by = HungUpBy::Unknown;
            self.event(
                call,
                CallEventKind::Ended {
                    disposition,
                    cause: None,
                    by,
                },
            );
            self.acting(call);
        }
        let Some(line) = self.line(call) else { return };
        line.ended = true;
        if let Some(news) = line.transfer.take() {
            self.event(call, news);
        }
        self.reference.ended(leg(call).as_str(), &truth);
    }

    /// Nobody listened for a while: only these legs are alive, and this can be found out about the call.
    fn out_of_sight(&mut self, call: usize, live: Vec<LegId>, trace: Trace) {
        let incoming = self.lines.get(&call).is_some_and(|line| line.truth.way == Way::In);
        if trace == Trace::Record && incoming {
            self.office.records.insert(leg(call));
        }
        let (from, to) = (Moment(self.now - 500), Moment(self.now));
        let gap = Some(Gap { from, to });
        self.feed(Input::Resync { live, gap });
        let traces = Traces {
            other: match trace {
                Trace::Nothing | Trace::Record => OtherSide::NotKnown,
                Trace::Talk | Trace::Silence => OtherSide::Gone,
                Trace::TalksElsewhere => OtherSide::Talks,
                Trace::Waits => OtherSide::Waits,
            },
            recording: (trace == Trace::Talk).then(|| RecordingRef::new(format!("r{call}"))),
            recorded_ms: (trace == Trace::Talk).then_some(60_000),
            silence: trace == Trace::Silence,
            ..Traces::default()
        };
        self.feed(Input::Traced { leg: leg(call), traces });
    }

    /// Two calls about one case end further apart than a write takes. Only the missed-call case is written to by
    /// calls that know nothing of each other in any order; there the desk itself keeps the order.
    fn let_others_write_first(&mut self, call: usize, truth: &Truth) {
        let place = truth.attached.clone().unwrap_or_else(|| leg(call).0);
        let missed = self.reference.waiting.get(&truth.user) == Some(&place);
        while !missed && self.office.is_contested(&place, &leg(call)) {
            let Some(answer) = self.office.deliver(0) else { return };
            self.answers.push(answer);
        }
    }

    /// After a gap the PBX tells of everything that lives, before it says what does.
    fn flush_announcements(&mut self) {
        for call in self.lines.keys().copied().collect::<Vec<_>>() {
            self.acting(call);
        }
    }

    fn tell(&mut self, pick: usize) {
        if self.answers.is_empty() {
            return;
        }
        let (key, leg, result) = self.answers.remove(pick % self.answers.len());
        self.feed(Input::Done {
            key,
            leg,
            duty: None,
            result,
        });
    }

    /// The PBX tells something; a call that was not announced yet is announced some events later.
    fn pbx(&mut self, call: usize, kind: CallEventKind) {
        self.event(call, kind);
        let Some(line) = self.line(call) else { return };
        line.late = line.late.saturating_sub(1);
        if line.late == 0 {
            self.acting(call);
        }
    }

    fn event(&mut self, call: usize, kind: CallEventKind) {
        let event = CallEvent {
            leg: leg(call),
            at: Moment(self.now),
            kind,
        };
        self.feed(Input::Pbx { event });
    }

    fn act(&mut self, call: usize, action: AgentAction) {
        self.feed_once(Input::Agent { leg: leg(call), action });
    }

    fn feed(&mut self, input: Input) {
        // A resync or an agent's click that comes again is another one.
        if matches!(
            input,
            Input::Pbx { .. } | Input::Done { .. } | Input::DialFailed { .. } | Input::Dial { .. } | Input::Traced { .. }
        ) {
            self.inputs.push(input.clone());
        }
        self.feed_once(input);
    }

    fn feed_once(&mut self, input: Input) {
        let effects = self.desk.handle(input, Moment(self.now));
        let changes = self.desk.take_changes();
        self.stored.extend(changes.calls.into_iter().map(|call| (call.leg.clone(), call)));
        self.notes = changes.notes.unwrap_or_else(|| self.notes.clone());
        for effect in effects {
            match effect {
                Effect::Owe(duty) => self.office.owe(duty),
                Effect::Refuse(refusal) => panic!("refused: {refusal:?}"),
                Effect::LookUp { .. }
                | Effect::OpenProfile { .. }
                | Effect::Dial { .. }
                | Effect::Inquire { .. }
                | Effect::HangUp { .. } => {}
            }
        }
    }
}

/// What is known of a call in the end that nobody saw end: no more than the trace tells.
fn come_true(truth: &mut Truth, trace: Trace, confirmed: bool) {
    if trace == Trace::Talk {
        (truth.talked, truth.recorded, truth.picked_up) = (true, true, true);
    }
    if truth.talked {
        truth.transferred |= trace == Trace::TalksElsewhere;
        return;
    }
    // An order of which the PBX never told was not placed, as far as anybody knows.
    let told = truth.way != Way::Click || confirmed;
    match trace {
        Trace::TalksElsewhere if truth.way == Way::In => truth.elsewhere = true,
        Trace::Waits if truth.way == Way::In => {}
        Trace::Silence | Trace::Talk => {}
        Trace::Nothing | Trace::Record | Trace::TalksElsewhere | Trace::Waits => {
            truth.unknown = told;
            truth.on_record = trace == Trace::Record;
        }
    }
}

fn dialing(raw: &str, order: Option<OrderId>) -> CallEventKind {
    CallEventKind::Dialing {
        conversation: order.as_ref().map(|order| ConversationId::new(order.as_str())),
        direction: Direction::Outbound,
        remote: Remote {
            raw: raw.to_owned(),
            ..Remote::default()
        },
        order,
    }
}
