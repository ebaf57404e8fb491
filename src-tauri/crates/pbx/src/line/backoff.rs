//! When to try again: the one reconnect schedule.
//!
//! Pure. A desk that is not connected is blind, and what it does not see it can often not find out later; so the first
//! try comes at once, and while the PBX answers at all no try is more than a few seconds away. Where nothing answers
//! (the PBX is down, the network is gone), tries become rarer, but not rare: a PBX that has come back is noticed within
//! seconds. Each delay is drawn from the upper half of its range, the first one from its whole: so that an office of 500
//! desks, all cut in the same moment, does not return in the same moment. Three troubles are not retried at all, because
//! only a person can mend them, and a retry does harm: a wrong password can lock an account, and fighting over an app name
//! cuts a colleague off. A peer that floods has a schedule of its own, of minutes: to be flooded again at once helps
//! nobody, and it is the only trouble that makes tries rare.

use calls::LinkTrouble;
use std::time::Duration;

/// A link that was up for so long was no accident: the schedule begins anew.
const LASTED: Duration = Duration::from_secs(3);
/// The longest delay while something answers at the address.
const ANSWERING: Duration = Duration::from_secs(5);
/// A peer that floods is tried again after a minute, then ever more rarely, up to ten.
const FLOODED: (Duration, Duration) = (Duration::from_secs(60), Duration::from_mins(10));

/// What to do after a trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Try again after this long.
    After(Duration),
    /// Wait until somebody asks (settings changed, «connect again» pressed).
    WhenAsked,
}

/// The schedule. Its random numbers come from a generator that is handed in.
#[derive(Debug, Clone)]
pub struct Backoff {
    first: Duration,
    answering: Duration,
    longest: Duration,
    failures: u32,
    floods: u32,
    rng: fastrand::Rng,
}

impl Backoff {
    /// The usual schedule: up to half a second, then up to 5 s while the PBX answers, up to 10 s while nothing does.
    #[must_use]
    pub fn new(rng: fastrand::Rng) -> Self {
        Self::between(Duration::from_millis(500), Duration::from_secs(10), rng)
    }

    /// A schedule with its own bounds; while the PBX answers, 5 s is the longest delay.
    #[must_use]
    pub fn between(first: Duration, longest: Duration, rng: fastrand::Rng) -> Self {
        Self {
            first,
            answering: longest.min(ANSWERING),
            longest,
            failures: 0,
            floods: 0,
            rng,
        }
    }

    /// What to do now that the link failed for this reason.
    pub fn after(&mut self, trouble: &LinkTrouble) -> Next {
        let longest = match kind(trouble) {
            Kind::Persons => {
                self.failures = 0;
                return Next::WhenAsked;
            }
            Kind::Answers => self.answering,
            Kind::Mute => self.longest,
            Kind::Floods => {
                let range = FLOODED.0.saturating_mul(1 << self.floods.min(16)).min(FLOODED.1);
                self.floods = self.floods.saturating_add(1);
                return Next::After(self.drawn(range, 0.5));
            }
        };
        let range = self.first.saturating_mul(1 << self.failures.min(16)).min(longest);
        let least = if self.failures == 0 { 0.0 } else { 0.5 };
        self.failures = self.failures.saturating_add(1);
        Next::After(self.drawn(range, least))
    }

    /// A part of a range, at least this one.
    fn drawn(&mut self, range: Duration, least: f64) -> Duration {
        range.mul_f64(least + self.rng.f64() * (1.0 - least))
    }

    /// Tells how long the link that just failed had been up. Only one that lasted starts the schedule anew: a PBX that
    /// accepts and cuts at once is not to be asked without a pause.
    pub fn was_up_for(&mut self, time: Duration) {
        if time >= LASTED {
            self.failures = 0;
        }
        if time >= FLOODED.1 {
            self.floods = 0;
        }
    }

    /// Starts the schedule anew: somebody asked.
    pub fn reset(&mut self) {
        self.failures = 0;
        self.floods = 0;
    }
}

/// What a trouble says about the next try.
enum Kind {
    /// Only a person can mend it.
    Persons,
    /// Something answers at the address.
    Answers,
    /// Nothing does.
    Mute,
    /// It sends more than can be taken.
    Floods,
}

fn kind(trouble: &LinkTrouble) -> Kind {
    match trouble {
        LinkTrouble::BadCredentials | LinkTrouble::NoSuchExtension | LinkTrouble::Replaced => Kind::Persons,
        LinkTrouble::Unreachable
        | LinkTrouble::UnknownHost
        | LinkTrouble::Tls
        | LinkTrouble::NoTls
        | LinkTrouble::NeedsTls
        | LinkTrouble::NotAPbx
        | LinkTrouble::Forbidden => Kind::Mute,
        LinkTrouble::Flooding => Kind::Floods,
        LinkTrouble::Booting | LinkTrouble::Silent | LinkTrouble::Closed | LinkTrouble::Other { .. } => Kind::Answers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(seed: u64, count: usize, trouble: &LinkTrouble) -> Vec<f64> {
        let mut backoff = Backoff::new(fastrand::Rng::with_seed(seed));
        let next = |_| match backoff.after(trouble) {
            Next::After(delay) => delay.as_secs_f64(),
            Next::WhenAsked => panic!("{trouble:?} is tried again"),
        };
        (0..count).map(next).collect()
    }

    #[test]
    fn the_first_try_comes_at_once_and_the_next_ones_within_seconds() {
        let table = [
            (
                LinkTrouble::Closed,
                [(0.0, 0.5), (0.5, 1.0), (1.0, 2.0), (2.0, 4.0), (2.5, 5.0), (2.5, 5.0)],
            ),
            (
                LinkTrouble::Unreachable,
                [(0.0, 0.5), (0.5, 1.0), (1.0, 2.0), (2.0, 4.0), (4.0, 8.0), (5.0, 10.0)],
            ),
        ];
        for (trouble, ranges) in table {
            for seed in 0..200 {
                for (delay, (low, high)) in delays(seed, ranges.len(), &trouble).into_iter().zip(ranges) {
                    assert!(
                        (low..=high).contains(&delay),
                        "{delay} outside {low}..{high}, {trouble:?}, seed {seed}"
                    );
                }
            }
        }
        assert_eq!(delays(7, 5, &LinkTrouble::Closed), delays(7, 5, &LinkTrouble::Closed));
        assert_ne!(delays(7, 5, &LinkTrouble::Closed), delays(8, 5, &LinkTrouble::Closed));
    }

    #[test]
    fn an_office_that_is_cut_all_at_once_does_not_return_all_at_once() {
        let most_in_a_tenth = |delays: Vec<f64>| {
            let count = |from: &f64| delays.iter().filter(|delay| (*from..from + 0.1).contains(*delay)).count();
            delays.iter().map(count).max().unwrap()
        };
        let nth = |n: usize| (0..500).map(|seed| delays(seed, n + 1, &LinkTrouble::Closed)[n]).collect();
        for n in 0..6 {
            assert!(most_in_a_tenth(nth(n)) <= 150, "try {n}");
        }
    }

    #[test]
    fn only_troubles_that_a_person_must_mend_stop_the_retries() {
        let table = [
            (LinkTrouble::BadCredentials, true),
            (LinkTrouble::NoSuchExtension, true),
            (LinkTrouble::Replaced, true),
            (LinkTrouble::Unreachable, false),
            (LinkTrouble::UnknownHost, false),
            (LinkTrouble::Tls, false),
            (LinkTrouble::NoTls, false),
            (LinkTrouble::NeedsTls, false),
            (LinkTrouble::Forbidden, false),
            (LinkTrouble::NotAPbx, false),
            (LinkTrouble::Booting, false),
            (LinkTrouble::Silent, false),
            (LinkTrouble::Closed, false),
            (LinkTrouble::Flooding, false),
            (LinkTrouble::Other { status: Some(500) }, false),
        ];
        for (trouble, stops) in table {
            let next = Backoff::new(fastrand::Rng::with_seed(1)).after(&trouble);
            assert_eq!(next == Next::WhenAsked, stops, "{trouble:?}");
        }
    }

    #[test]
    fn a_peer_that_floods_is_tried_again_after_minutes_and_every_other_trouble_as_quickly_as_ever() {
        let after = |backoff: &mut Backoff, trouble: &LinkTrouble| match backoff.after(trouble) {
            Next::After(delay) => delay.as_secs_f64(),
            Next::WhenAsked => panic!("{trouble:?} is tried again"),
        };
        for seed in 0..200 {
            let mut backoff = Backoff::new(fastrand::Rng::with_seed(seed));
            for (low, high) in [
                (30.0, 60.0),
                (60.0, 120.0),
                (120.0, 240.0),
                (240.0, 480.0),
                (300.0, 600.0),
                (300.0, 600.0),
            ] {
                let delay = after(&mut backoff, &LinkTrouble::Flooding);
                assert!((low..=high).contains(&delay), "{delay} outside {low}..{high}, seed {seed}");
                // A flood lasts longer than a link must last to be no accident.
                backoff.was_up_for(Duration::from_secs(20));
            }
            assert!(after(&mut backoff, &LinkTrouble::Closed) <= 0.5, "seed {seed}");
            backoff.was_up_for(Duration::from_mins(10));
            assert!(
                after(&mut backoff, &LinkTrouble::Flooding) <= 60.0,
                "it was quiet for long, seed {seed}"
            );
            backoff.after(&LinkTrouble::Flooding);
            backoff.reset();
            assert!(after(&mut backoff, &LinkTrouble::Flooding) <= 60.0, "somebody asked, seed {seed}");
        }
    }

    #[test]
    fn a_link_that_was_up_for_seconds_starts_the_schedule_anew_and_one_that_was_cut_at_once_does_not() {
        let mut backoff = Backoff::new(fastrand::Rng::with_seed(3));
        for _ in 0..6 {
            backoff.after(&LinkTrouble::Closed);
        }
        backoff.was_up_for(Duration::from_secs(1));
        assert!(matches!(backoff.after(&LinkTrouble::Closed), Next::After(delay) if delay >= Duration::from_millis(2500)));
        backoff.was_up_for(Duration::from_secs(4));
        assert!(matches!(backoff.after(&LinkTrouble::Closed), Next::After(delay) if delay <= Duration::from_millis(500)));
        backoff.after(&LinkTrouble::Closed);
        backoff.reset();
        assert!(matches!(backoff.after(&LinkTrouble::Closed), Next::After(delay) if delay <= Duration::from_millis(500)));
    }
}
