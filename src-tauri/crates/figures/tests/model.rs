//! Random histories, counted a second time: slowly, over the sentences of the rules, with everything in sight at once.

#![allow(clippy::unwrap_used)]

mod support;

use calls::{Act, CaseStatus, DialTrouble, Direction, Disposition, Moment, Reason, Recording};
use figures::{Figures, Range};
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use store::PastCall;
use support::{agent, call, counted, outcome, past_case};

const HOUR: i64 = 3_600_000;

/// Small numbers, so that cases, clients and agents meet again and again.
fn any_call() -> impl Strategy<Value = PastCall> {
    let when = (-40i64 * 24..40 * 24, 0i64..HOUR, prop::option::of(0i64..HOUR / 2), -HOUR..2 * HOUR);
    let who = (
        0u64..4,
        prop::option::of(0u64..4),
        prop::option::of(0u64..3),
        0usize..3,
        prop::option::of(0usize..3),
    );
    let how = (
        0usize..3,
        0usize..8,
        any::<(bool, bool, bool, bool, bool)>(),
        0usize..5,
        0usize..4,
        prop::bool::weighted(0.1),
    );
    (when, who, how).prop_map(|((hour, within, talk, length), (case, client, user, by, line), how)| {
        let (direction, disposition, (has_case, joined, undone, elsewhere, unseen), act, recording, trouble) = how;
        // Around a day on which the clocks of Berlin are set back.
        let middle = date(2026, 10, 25).to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond();
        let began = Moment(middle + hour * HOUR + within);
        let direction = [Direction::Inbound, Direction::Outbound, Direction::Internal][direction];
        let acts = [Act::NoCase, Act::OpenCase, Act::FinishCase, Act::NoteInCase, Act::NoteInMissed];
        let statuses = [None, Some(CaseStatus::Open), Some(CaseStatus::Waiting), Some(CaseStatus::Closed)];
        let mut decided = outcome(acts[act], statuses[(case as usize + recording) % 4]);
        decided.reason = if trouble { Reason::AgentDidNotPickUp } else { decided.reason };
        let key = |n: u64| serde_json::from_str(&format!("\"+7916123456{n}\"")).unwrap();
        let dispositions = [
            Disposition::Answered,
            Disposition::Missed,
            Disposition::AnsweredElsewhere,
            Disposition::Declined,
            Disposition::Busy,
            Disposition::Cancelled,
            Disposition::Failed,
            Disposition::Unknown,
        ];
        PastCall {
            agent: agent(["204", "205", "206"][by]),
            line: line.map(|line| format!("800{line}")),
            client: client.map(key),
            user: user.map(calls::UserId),
            answered_at: talk.map(|talk| began.plus_ms(talk)),
            ended_at: began.plus_ms(length),
            unseen: unseen && joined,
            talk_at_least: unseen && undone,
            disposition: Some(dispositions[disposition]),
            dial_trouble: (trouble && undone).then_some(DialTrouble::Refused),
            outcome: (act < 4 || has_case).then_some(decided),
            case: has_case.then(|| past_case(case)),
            joined: joined && elsewhere,
            undone: undone && has_case,
            elsewhere: elsewhere && undone,
            recording: match recording {
                0 => Recording::None,
                1 => Recording::Missing,
                _ => Recording::Attached,
            },
            ..call("", began, direction)
        }
    })
}

/// All calls of a history, with the questions that the rules ask of them.
struct Model<'a> {
    history: &'a [PastCall],
    zone: &'a TimeZone,
}

impl Model<'_> {
    fn began_in(&self, call: &PastCall, range: Range) -> bool {
        let day = Timestamp::from_millisecond(call.offered_at.0)
            .unwrap()
            .to_zoned(self.zone.clone())
            .date();
        let mut days = range.first();
        while days <= range.last() {
            if days == day {
                return true;
            }
            days += 1.day();
        }
        false
    }

    /// «calls for which new cases were created»
    fn has_new_case(call: &PastCall) -> bool {
        let decided = call.outcome.map(|outcome| outcome.act);
        (decided == Some(Act::OpenCase) || decided == Some(Act::FinishCase)) && !call.joined && !call.elsewhere
    }

    fn later(one: &PastCall, other: &PastCall) -> bool {
        one.ended_at > other.ended_at || (one.ended_at == other.ended_at && one.leg.as_str() > other.leg.as_str())
    }

    fn same_case(one: &PastCall, other: &PastCall) -> bool {
        match (&one.case, &other.case) {
            (Some(one), Some(other)) => one.id == other.id,
            (None, None) => one.leg == other.leg,
            _ => false,
        }
    }

    fn of_case<'b>(&'b self, call: &'b PastCall) -> impl Iterator<Item = &'b PastCall> {
        self.history.iter().filter(move |other| Self::same_case(call, other))
    }

    /// The call that gave the case the status it has.
    fn decider<'b>(&'b self, call: &'b PastCall) -> Option<&'b PastCall> {
        let gave: Vec<_> = self
            .of_case(call)
            .filter(|other| !other.undone && other.outcome.is_some_and(|outcome| outcome.status.is_some()))
            .collect();
        gave.iter().find(|one| gave.iter().all(|other| !Self::later(other, one))).copied()
    }

    fn closer<'b>(&'b self, call: &'b PastCall) -> Option<&'b PastCall> {
        self.decider(call)
            .filter(|decider| decider.outcome.unwrap().status == Some(CaseStatus::Closed))
    }

    fn has_recording(call: &PastCall) -> bool {
        call.answered_at.is_some() && call.recording == Recording::Attached
    }

    /// Each case once: by the earliest of the calls that opened it, as one case has one beginning.
    fn received_cases(&self, range: Range) -> Vec<&PastCall> {
        let opened: Vec<_> = self.history.iter().filter(|call| Self::has_new_case(call)).collect();
        let is_first = |call: &&PastCall| {
            opened
                .iter()
                .all(|other| !Self::same_case(call, other) || !Self::later(call, other))
        };
        let firsts = opened.iter().filter(|call| is_first(call));
        firsts.copied().filter(|call| self.began_in(call, range)).collect()
    }

    fn closed(&self, range: Range) -> usize {
        let counts = |call: &&&PastCall| self.closer(call).is_some() && self.of_case(call).any(Self::has_recording);
        self.received_cases(range).iter().filter(counts).count()
    }

    /// «a closed case counts for the agent who set it to closed, if it has a recording of that agent's conversation»
    fn best(&self, range: Range, extension: &str) -> usize {
        let closing = self.history.iter().filter(|call| {
            let has_case = call.case.is_some() || Self::has_new_case(call);
            let own = self
                .of_case(call)
                .any(|other| Self::has_recording(other) && other.agent == call.agent);
            let closed_it = self.closer(call).is_some_and(|closer| closer.leg == call.leg);
            has_case && own && closed_it && call.agent == agent(extension) && self.began_in(call, range)
        });
        closing.count()
    }

    fn is_unknown(call: &PastCall) -> bool {
        let put_through = call.dial_trouble.is_none() && call.outcome.is_none_or(|outcome| outcome.reason != Reason::AgentDidNotPickUp);
        call.direction != Direction::Internal
            && call.answered_at.is_none()
            && (call.unseen || call.disposition == Some(Disposition::Unknown))
            && (call.direction == Direction::Inbound && call.disposition != Some(Disposition::AnsweredElsewhere)
                || call.direction == Direction::Outbound && put_through)
    }

    fn is_missed(call: &PastCall) -> bool {
        call.direction == Direction::Inbound
            && call.answered_at.is_none()
            && call.disposition != Some(Disposition::AnsweredElsewhere)
            && !Self::is_unknown(call)
    }

    fn is_outgoing(call: &PastCall) -> bool {
        let put_through = call.dial_trouble.is_none() && call.outcome.is_none_or(|outcome| outcome.reason != Reason::AgentDidNotPickUp);
        call.direction == Direction::Outbound && (call.answered_at.is_some() || (put_through && !Self::is_unknown(call)))
    }

    fn talks_with_client(call: &PastCall) -> bool {
        call.direction != Direction::Internal && call.answered_at.is_some()
    }

    fn talked_since(&self, missed: &PastCall) -> bool {
        let same =
            |talk: &PastCall| (talk.client.is_some() && talk.client == missed.client) || (talk.user.is_some() && talk.user == missed.user);
        self.history
            .iter()
            .any(|talk| Self::talks_with_client(talk) && Self::later(talk, missed) && same(talk))
    }

    fn count(&self, range: Range, which: impl Fn(&PastCall) -> bool) -> u32 {
        let count = self.history.iter().filter(|call| self.began_in(call, range) && which(call)).count();
        u32::try_from(count).unwrap()
    }

    fn agrees(&self, figures: &Figures, range: Range) {
        for (totals, range) in [(figures.now, range), (figures.before, range.before())] {
            let count = |which: fn(&PastCall) -> bool| self.count(range, which);
            assert_eq!(totals.received, count(Self::has_new_case), "received");
            let replied = |call: &PastCall| Self::has_new_case(call) && call.direction == Direction::Inbound && call.answered_at.is_some();
            assert_eq!(totals.first_reply, count(replied), "with a first reply");
            assert_eq!(totals.closed as usize, self.closed(range), "closed");
            let incoming = |call: &PastCall| call.direction == Direction::Inbound && call.answered_at.is_some();
            let calls = (totals.calls.incoming, totals.calls.outgoing, totals.calls.missed);
            assert_eq!(calls, (count(incoming), count(Self::is_outgoing), count(Self::is_missed)), "calls");
            assert_eq!(totals.unknown, count(Self::is_unknown), "unknown");
            let in_range = || {
                self.history
                    .iter()
                    .filter(|call| self.began_in(call, range) && Self::talks_with_client(call))
            };
            let talk: i64 = in_range().map(|call| (call.ended_at.0 - call.answered_at.unwrap().0).max(0)).sum();
            assert_eq!(totals.talk_ms, talk, "talk");
            assert_eq!(
                totals.talk_at_least,
                in_range().any(|call| call.talk_at_least || call.unseen),
                "at least"
            );
            let nameless = |call: &PastCall| Self::is_missed(call) && call.client.is_none() && call.user.is_none();
            assert_eq!(totals.hidden, count(nameless), "hidden");
            let since = self.count(range, |call| Self::is_missed(call) && self.talked_since(call));
            assert_eq!(totals.talked_since, since, "talked since");
            assert_eq!(totals.waiting, totals.calls.missed - since - totals.hidden, "waiting");
        }
        for extension in ["204", "205", "206"] {
            let told = figures
                .best
                .iter()
                .find(|best| best.agent == agent(extension))
                .map_or(0, |best| best.closed);
            assert_eq!(told as usize, self.best(range, extension), "best: {extension}");
        }
        let all = figures.now.calls.all();
        assert_eq!(figures.days.iter().map(|day| day.calls.all()).sum::<u32>(), all);
        assert_eq!(figures.hours.iter().map(|hour| hour.all()).sum::<u32>(), all);
        assert_eq!(figures.weekdays.iter().map(|day| day.all()).sum::<u32>(), all);
        for day in &figures.days {
            let calls = self.count(Range::new(day.day, day.day).unwrap(), |call| {
                Self::is_missed(call) || Self::is_outgoing(call) || (call.direction == Direction::Inbound && call.answered_at.is_some())
            });
            assert_eq!(day.calls.all(), calls, "{}", day.day);
        }
        for line in &figures.lines {
            let missed = self.count(range, |call| Self::is_missed(call) && call.line == line.line);
            assert_eq!(line.calls.missed, missed, "{:?}", line.line);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn s35_random_histories_give_the_figures_of_the_rules(
        history in prop::collection::vec(any_call(), 0..40),
        first in -20i64..20,
        length in 0i64..30,
        zone in prop::sample::select(vec!["Europe/Berlin", "Europe/Moscow", "America/New_York", "Asia/Kolkata"]),
    ) {
        let zone = TimeZone::get(zone).unwrap();
        let history: Vec<_> = history
            .into_iter()
            .enumerate()
            .map(|(n, call)| PastCall { leg: calls::LegId::new(format!("{n:03}")), ..call })
            .collect();
        let first = date(2026, 10, 25) + first.days();
        let range = Range::new(first, first + length.days()).unwrap();
        let figures = counted(history.clone(), range, &zone);
        Model { history: &history, zone: &zone }.agrees(&figures, range);
    }
}
