//! What SPEC says about statuses and missed calls (section L, S07, S15, S17, S18, S22, S25-S34), as short as it can be said.
//!
//! Nothing here comes from the crate: whoever doubts the decision table reads this and SPEC side by side.

use std::collections::BTreeMap;

/// How a call came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The client called.
    In,
    /// The agent dialled in the softphone.
    Softphone,
    /// The agent clicked: their own phone rings first.
    Click,
}

/// What is true of one call at its end, whoever knows it.
#[derive(Debug, Clone)]
pub struct Truth {
    pub user: usize,
    pub way: Way,
    /// Click: the agent's phone was picked up, so that the client was rung.
    pub picked_up: bool,
    pub talked: bool,
    pub recorded: bool,
    /// A colleague took it.
    pub elsewhere: bool,
    /// Nobody at this desk knows how it ended.
    pub unknown: bool,
    /// A colleague's record of the conversation stands in the help desk.
    pub on_record: bool,
    pub transferred: bool,
    pub composed: bool,
    pub typed: bool,
    pub created: bool,
    pub attached: Option<String>,
}

/// The status of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Open,
    Waiting,
    Closed,
}

/// The handset of a case, as far as S25 and S28 speak of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handset {
    Plain,
    Red,
    Green,
    /// The outcome is unknown.
    Grey,
}

/// One case in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub user: usize,
    pub status: Status,
    /// Messages about calls.
    pub messages: usize,
    pub handset: Handset,
    /// The agent became responsible.
    pub mine: bool,
}

/// What Omnidesk must look like.
#[derive(Debug, Clone, Default)]
pub struct Reference {
    /// By the name of an earlier case, or of the call that opened it.
    pub cases: BTreeMap<String, Case>,
    /// Per user, the missed-call case without a conversation since (S27).
    pub waiting: BTreeMap<usize, String>,
    /// The administrator wants cases for calls out that nobody answered.
    pub attempts_wanted: bool,
}

impl Reference {
    /// «Создать» during the call (S06).
    pub fn created(&mut self, call: &str, user: usize) {
        self.open(call, user, Status::Open);
        self.case(call).mine = true;
    }

    /// The end of a call.
    pub fn ended(&mut self, call: &str, truth: &Truth) {
        if truth.talked {
            self.talked(call, truth);
        } else {
            self.not_reached(call, truth);
        }
    }

    fn talked(&mut self, call: &str, truth: &Truth) {
        let missed = self.waiting.remove(&truth.user);
        let green = truth.way != Way::In && truth.recorded;
        let place = match &truth.attached {
            Some(case) => case.clone(),
            None => call.to_owned(),
        };
        let status = match truth.way {
            _ if truth.created || truth.attached.is_some() || truth.typed => Status::Waiting, // S30, S33b, S33c, S33e, S15
            _ if truth.composed => Status::Open,                                              // S07
            Way::In if truth.transferred => Status::Closed,                                   // S17
            Way::In => Status::Waiting,                                                       // S15
            Way::Softphone | Way::Click => Status::Closed,                                    // S34
        };
        self.note(&place, truth.user, status);
        self.case(&place).mine = true;
        if let Some(missed) = missed {
            if missed != place {
                self.case(&missed).status = Status::Closed; // S33a, S33d
                self.case(&missed).mine = true;
            }
            if green {
                self.case(&missed).handset = Handset::Green; // S28
            }
        }
    }

    fn not_reached(&mut self, call: &str, truth: &Truth) {
        let missed = self.waiting.get(&truth.user).cloned();
        let nobody_rung = truth.way == Way::Click && !truth.picked_up;
        if truth.unknown {
            self.unknown(call, truth, missed);
        } else if truth.created {
            self.note(call, truth.user, Status::Open); // nothing waits for the client
        } else if nobody_rung && truth.typed && truth.attached.is_none() {
            self.open(call, truth.user, Status::Waiting); // S15: what was typed is not lost
            self.case(call).mine = true;
        } else if nobody_rung {
            // S18: nothing happened
        } else if let Some(case) = &truth.attached {
            let status = self.case(case).status; // S22: an attempt changes nothing; a missed case is open anyway (S32)
            self.note(case, truth.user, status);
        } else if truth.elsewhere {
            // the colleague's desk writes it
        } else if let Some(missed) = missed {
            self.note(&missed, truth.user, Status::Open); // S27, S32
        } else if truth.way == Way::In {
            self.open(call, truth.user, Status::Open); // S25, S31
            self.case(call).handset = Handset::Red;
            self.waiting.insert(truth.user, call.to_owned());
        } else if truth.typed {
            self.open(call, truth.user, Status::Waiting); // S15
            self.case(call).mine = true;
        } else if self.attempts_wanted {
            self.open(call, truth.user, Status::Closed); // S34
            self.case(call).mine = true;
        }
    }

    /// Section L: what cannot be learnt is said to be unknown. It is no missed call, and a person looks at it.
    fn unknown(&mut self, call: &str, truth: &Truth, missed: Option<String>) {
        if truth.created {
            self.note(call, truth.user, Status::Open);
            self.case(call).handset = Handset::Grey;
        } else if let Some(case) = &truth.attached {
            let status = self.case(case).status;
            self.note(case, truth.user, status);
        } else if let Some(missed) = missed.filter(|_| truth.way != Way::In) {
            let status = self.case(&missed).status;
            self.note(&missed, truth.user, status);
        } else if !(truth.on_record && truth.way == Way::In) {
            self.open(call, truth.user, Status::Open);
            self.case(call).handset = Handset::Grey;
        }
    }

    fn case(&mut self, name: &str) -> &mut Case {
        self.cases.get_mut(name).expect("a case that was opened")
    }

    fn open(&mut self, call: &str, user: usize, status: Status) {
        let case = Case {
            user,
            status,
            messages: 1,
            handset: Handset::Plain,
            mine: false,
        };
        self.cases.insert(call.to_owned(), case);
    }

    /// One message more in a case; the first one, if there is no such case yet.
    fn note(&mut self, name: &str, user: usize, status: Status) {
        if let Some(case) = self.cases.get_mut(name) {
            case.messages += 1;
            case.status = status;
        } else {
            self.open(name, user, status);
        }
    }
}
