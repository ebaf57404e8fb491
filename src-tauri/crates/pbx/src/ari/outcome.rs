//! How a leg ended, and who ended it.

use super::leg::{End, Leg, Role};
use super::wire::DialStatus;
use calls::{Disposition, HungUpBy};

/// Q.850: no route to destination.
const NO_ROUTE: u16 = 3;

impl Leg {
    /// How it ended: REPORT rule 6, reference 2.5.
    pub(super) fn disposition(&self, end: End) -> Disposition {
        if self.talking.is_some() {
            return Disposition::Answered;
        }
        match self.role {
            Role::Incoming | Role::Unknown => self.unanswered_incoming(end),
            Role::Click if self.up.is_none() => unanswered_order(end),
            Role::Outgoing | Role::Click => self.unanswered_outgoing(end),
        }
    }

    /// What was neither seen to be taken by a colleague, nor refused, nor busy was missed, as far as this leg tells:
    /// causes such as 26 («answered elsewhere») and 23 («redirected») are hints ([`super::elsewhere`]).
    fn unanswered_incoming(&self, end: End) -> Disposition {
        match (end.cause, end.sip) {
            _ if self.outrun => Disposition::AnsweredElsewhere,
            (Some(21), _) | (_, Some(603)) => Disposition::Declined,
            (Some(17), _) | (_, Some(486 | 600)) => Disposition::Busy,
            _ if self.rung_status == Some(DialStatus::Busy) => Disposition::Busy,
            _ => Disposition::Missed,
        }
    }

    fn unanswered_outgoing(&self, end: End) -> Disposition {
        if self.dialled_nobody() {
            return Disposition::Failed;
        }
        match (self.dial_status, end.cause) {
            (Some(DialStatus::Busy), _) => Disposition::Busy,
            (Some(DialStatus::Failed), cause) => {
                if cause == Some(17) {
                    Disposition::Busy
                } else {
                    Disposition::Failed
                }
            }
            // A decline has the same status as no answer; only its cause tells it.
            (Some(DialStatus::NoAnswer), Some(21)) => Disposition::Declined,
            (Some(DialStatus::Cancel | DialStatus::NoAnswer), _) => Disposition::Cancelled,
            (_, Some(17)) => Disposition::Busy,
            (_, cause) if is_failure(cause) => Disposition::Failed,
            _ => Disposition::Cancelled,
        }
    }

    /// Whether the PBX refused the call before anybody was dialled for it: no such extension in the context, no line for
    /// the number. Its cause says nothing of that (REPORT, click-to-call errors: 0). Only a leg heard of from its beginning
    /// tells, and only where the agent did not give up.
    fn dialled_nobody(&self) -> bool {
        let outgoing = match self.role {
            Role::Outgoing => true,
            Role::Click => self.up.is_some(),
            Role::Incoming | Role::Unknown => false,
        };
        outgoing && self.whole && self.dial_status.is_none() && self.talking.is_none() && self.hung_up != Some(HungUpBy::Agent)
    }

    /// Q.850 cause of the end; where nobody was dialled, «no route to destination», whatever the PBX says.
    pub(super) fn cause(&self, end: End) -> Option<u16> {
        if self.dialled_nobody() { Some(NO_ROUTE) } else { end.cause }
    }

    /// Who hung up, from what was seen or what the outcome implies.
    pub(super) fn hung_up_by(&self, disposition: Disposition) -> HungUpBy {
        if self.transfer.is_some() {
            return HungUpBy::System;
        }
        if let Some(by) = self.hung_up {
            return by;
        }
        match disposition {
            Disposition::Answered if self.left_alone => HungUpBy::Remote,
            // By the client, unless the agent's own phone was the one that rang.
            Disposition::Declined => match self.role {
                Role::Outgoing => HungUpBy::Remote,
                Role::Click if self.up.is_some() => HungUpBy::Remote,
                Role::Incoming | Role::Click | Role::Unknown => HungUpBy::Agent,
            },
            Disposition::AnsweredElsewhere | Disposition::Busy | Disposition::Failed => HungUpBy::System,
            Disposition::Missed => match (self.rung_status, self.end.and_then(|end| end.cause)) {
                (Some(DialStatus::NoAnswer), _) => HungUpBy::System,
                (Some(DialStatus::Cancel), _) | (_, Some(127)) => HungUpBy::Remote,
                _ => HungUpBy::Unknown,
            },
            Disposition::Answered | Disposition::Cancelled | Disposition::Unknown => HungUpBy::Unknown,
        }
    }
}

/// An order whose first half failed: the agent's own phone did not take it.
fn unanswered_order(end: End) -> Disposition {
    match (end.cause, end.sip) {
        (Some(21), _) | (_, Some(603)) => Disposition::Declined,
        (Some(17), _) | (_, Some(486 | 600)) => Disposition::Busy,
        (cause, _) if is_failure(cause) => Disposition::Failed,
        _ => Disposition::Cancelled,
    }
}

/// Q.850 causes that mean «could not be put through».
fn is_failure(cause: Option<u16>) -> bool {
    matches!(
        cause,
        Some(1 | 2 | 3 | 5 | 20 | 27 | 28 | 29 | 34 | 38 | 41 | 42 | 44 | 50 | 52 | 58 | 63 | 66 | 88 | 102 | 111)
    )
}
