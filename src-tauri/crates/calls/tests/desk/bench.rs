//! A desk on a bench: every input is one short call, every duty is kept.

use calls::{
    AgentAction, Call, CallEvent, CallEventKind, CaseFacts, CaseId, CaseStatus, Desk, Direction, Disposition, Duty, DutyKey, DutyKind,
    DutyResult, Effect, Found, Gap, HungUpBy, Input, LegId, Moment, Number, Order, OrderId, Origin, PhoneKey, Policy, RecordingRef,
    Refusal, Region, Remote, Traces, UserId,
};

/// A client's number.
pub const CLIENT: &str = "+79161234567";
/// Another client's number.
pub const OTHER: &str = "+79031112233";

pub fn leg(name: &str) -> LegId {
    LegId::new(name)
}

pub fn key_of(number: &str) -> PhoneKey {
    Number::read(number, Region::default()).key().unwrap()
}

pub fn case(id: u64) -> CaseFacts {
    CaseFacts {
        id: CaseId(id),
        number: format!("482-{id:06}"),
        subject: "Пропущенный звонок".into(),
        status: Some(CaseStatus::Open),
    }
}

pub fn remote(raw: &str) -> Remote {
    Remote {
        raw: raw.into(),
        ..Remote::default()
    }
}

pub fn offer(raw: &str, direction: Direction) -> CallEventKind {
    CallEventKind::Offered {
        conversation: None,
        direction,
        remote: remote(raw),
        line: None,
        queue: None,
        origin: Origin::Direct,
    }
}

pub fn dial(raw: &str, order: Option<&str>) -> CallEventKind {
    CallEventKind::Dialing {
        conversation: None,
        direction: Direction::Outbound,
        remote: remote(raw),
        order: order.map(OrderId::new),
    }
}

pub fn ended(disposition: Disposition) -> CallEventKind {
    CallEventKind::Ended {
        disposition,
        cause: None,
        by: HungUpBy::Unknown,
    }
}

pub fn recorded(name: &str) -> CallEventKind {
    CallEventKind::Recording {
        name: RecordingRef::new(name),
    }
}

pub fn create(subject: &str, gist: &str) -> AgentAction {
    AgentAction::CreateCase {
        subject: subject.into(),
        gist: gist.into(),
    }
}

pub fn attach(id: u64, gist: &str) -> AgentAction {
    AgentAction::Attach {
        case: case(id),
        gist: gist.into(),
    }
}

pub fn type_in(subject: &str, gist: &str) -> AgentAction {
    AgentAction::SaveDraft {
        subject: subject.into(),
        gist: gist.into(),
    }
}

/// The duties among effects.
pub fn duties(effects: &[Effect]) -> Vec<Duty> {
    let owed = |effect: &Effect| match effect {
        Effect::Owe(duty) => Some(duty.clone()),
        Effect::LookUp { .. }
        | Effect::OpenProfile { .. }
        | Effect::Dial { .. }
        | Effect::Inquire { .. }
        | Effect::HangUp { .. }
        | Effect::Refuse(_) => None,
    };
    effects.iter().filter_map(owed).collect()
}

/// Keys of the duties, in order, each with what it waits for: `a/text <- a/case`.
pub fn lines(effects: &[Effect]) -> Vec<String> {
    let line = |duty: Duty| {
        let after: Vec<&str> = duty.after.iter().map(DutyKey::as_str).collect();
        format!("{} <- {}", duty.key.as_str(), after.join(" "))
            .trim_end_matches(" <- ")
            .to_owned()
    };
    duties(effects).into_iter().map(line).collect()
}

/// What the duty `what` of the effects consists of.
pub fn kind(effects: &[Effect], what: &str) -> DutyKind {
    let found = duties(effects).into_iter().find(|duty| duty.key.as_str().ends_with(what));
    found.unwrap_or_else(|| panic!("no {what} in {effects:#?}")).kind
}

pub fn refused(effects: &[Effect]) -> Option<Refusal> {
    match effects {
        [Effect::Refuse(refusal)] => Some(*refusal),
        _ => None,
    }
}

/// A desk and its clock.
pub struct Bench {
    pub desk: Desk,
    at: i64,
}

impl Bench {
    pub fn new() -> Self {
        Self::with(Policy::default())
    }

    pub fn with(policy: Policy) -> Self {
        Self {
            desk: Desk::new(policy),
            at: 1_000_000,
        }
    }

    pub fn feed(&mut self, input: Input) -> Vec<Effect> {
        self.at += 1_000;
        self.desk.handle(input, Moment(self.at))
    }

    /// Some time passes, seconds.
    pub fn wait(&mut self, seconds: i64) {
        self.at += seconds * 1_000;
    }

    pub fn pbx(&mut self, name: &str, kind: CallEventKind) -> Vec<Effect> {
        let event = CallEvent {
            leg: leg(name),
            at: Moment(self.at + 1_000),
            kind,
        };
        self.feed(Input::Pbx { event })
    }

    pub fn act(&mut self, name: &str, action: AgentAction) -> Vec<Effect> {
        self.feed(Input::Agent { leg: leg(name), action })
    }

    pub fn found(&mut self, name: &str, number: &str, users: &[u64]) -> Vec<Effect> {
        self.feed(Input::Found {
            leg: leg(name),
            key: key_of(number),
            found: Found::Users(users.iter().copied().map(UserId).collect()),
        })
    }

    /// A duty was delivered and wrote to this case.
    pub fn done(&mut self, name: &str, what: &str, wrote_to: u64, recording: bool) -> Vec<Effect> {
        self.feed(Input::Done {
            key: DutyKey::new(&leg(name), what),
            leg: leg(name),
            duty: None,
            result: DutyResult {
                case: Some(case(wrote_to)),
                recording,
                ..DutyResult::default()
            },
        })
    }

    pub fn ring(&mut self, name: &str, number: &str) -> Vec<Effect> {
        self.pbx(name, offer(number, Direction::Inbound))
    }

    pub fn end(&mut self, name: &str, disposition: Disposition) -> Vec<Effect> {
        self.pbx(name, ended(disposition))
    }

    /// An incoming call rings and is answered; user 7 has the number.
    pub fn answered(name: &str) -> Self {
        let mut bench = Self::new();
        bench.answer(name, CLIENT, &[7]);
        bench
    }

    /// An incoming call rings, these users are found, the agent answers.
    pub fn answer(&mut self, name: &str, number: &str, users: &[u64]) {
        self.ring(name, number);
        self.found(name, number, users);
        self.pbx(name, CallEventKind::Answered);
    }

    /// A softphone call, found and answered by the client.
    pub fn call_out(&mut self, name: &str, number: &str, users: &[u64]) {
        self.pbx(name, dial(number, None));
        self.found(name, number, users);
        self.pbx(name, CallEventKind::Answered);
    }

    /// A call ordered by a click, from a case or without one; user 7 has the number.
    pub fn click(&mut self, name: &str, number: &str, from: Option<u64>) -> Vec<Effect> {
        self.feed(Input::Dial {
            leg: leg(name),
            order: Order {
                id: OrderId::new(format!("order-{name}")),
                number: number.into(),
                user: Some(UserId(7)),
                case: from.map(case),
            },
        })
    }

    /// After a gap only these legs are alive, and this is what can be found out about each of the others.
    pub fn gap(&mut self, live: &[&str], traces: &Traces) -> Vec<Effect> {
        let to = Moment(self.at + 120_000);
        let gap = Gap { from: Moment(self.at), to };
        let live = live.iter().map(|name| leg(name)).collect();
        let effects = self.feed(Input::Resync { live, gap: Some(gap) });
        self.at = to.0;
        let mut after = Vec::new();
        for effect in effects {
            match effect {
                Effect::Inquire { leg } => {
                    let traces = traces.clone();
                    after.extend(self.feed(Input::Traced { leg, traces }));
                }
                other => after.push(other),
            }
        }
        after
    }

    /// A call nobody answered; its effects at the end.
    pub fn miss(&mut self, name: &str, number: &str, users: &[u64]) -> Vec<Effect> {
        self.ring(name, number);
        self.found(name, number, users);
        self.end(name, Disposition::Missed)
    }

    pub fn call(&self, name: &str) -> &Call {
        self.desk.call(&leg(name)).unwrap()
    }

    pub fn rule(&self, name: &str) -> &'static str {
        self.call(name).filing.outcome.unwrap().rule.as_str()
    }
}
