//! When to try again: the one reconnect schedule.
//!
//! Pure. Delays double from one second to thirty, each drawn from the upper half of its range, so
//! that a hundred desktops do not return to a rebooted PBX in the same moment. Three troubles are
//! not retried at all, because only a person can mend them, and a retry does harm: a wrong
//! password can lock an account, and fighting over an app name cuts a colleague off.

use calls::LinkTrouble;
use std::time::Duration;

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
    longest: Duration,
    failures: u32,
    rng: fastrand::Rng,
}

impl Backoff {
    /// The usual schedule, 1 s to 30 s (reference pbx-websockets section 6, rule 7).
    #[must_use]
    pub fn new(rng: fastrand::Rng) -> Self {
        Self::between(Duration::from_secs(1), Duration::from_secs(30), rng)
    }

    /// A schedule with its own bounds.
    #[must_use]
    pub fn between(first: Duration, longest: Duration, rng: fastrand::Rng) -> Self {
        Self {
            first,
            longest,
            failures: 0,
            rng,
        }
    }

    /// What to do now that the link failed for this reason.
    pub fn after(&mut self, trouble: &LinkTrouble) -> Next {
        if needs_a_person(trouble) {
            self.failures = 0;
            return Next::WhenAsked;
        }
        let range = self.first.saturating_mul(1 << self.failures.min(16)).min(self.longest);
        self.failures = self.failures.saturating_add(1);
        Next::After(range.mul_f64(0.5 + self.rng.f64() / 2.0))
    }

    /// Tells how long the link that just failed had been up. Only one that lasted starts the
    /// schedule anew: a PBX that accepts and cuts at once is not to be asked every second.
    pub fn was_up_for(&mut self, time: Duration) {
        if time >= self.longest {
            self.failures = 0;
        }
    }

    /// Starts the schedule anew: somebody asked.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

fn needs_a_person(trouble: &LinkTrouble) -> bool {
    match trouble {
        LinkTrouble::BadCredentials | LinkTrouble::NoSuchExtension | LinkTrouble::Replaced => true,
        LinkTrouble::Unreachable
        | LinkTrouble::UnknownHost
        | LinkTrouble::Tls
        | LinkTrouble::Forbidden
        | LinkTrouble::NotAPbx
        | LinkTrouble::Booting
        | LinkTrouble::Silent
        | LinkTrouble::Closed
        | LinkTrouble::Other { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(seed: u64, count: usize) -> Vec<f64> {
        let mut backoff = Backoff::new(fastrand::Rng::with_seed(seed));
        (0..count)
            .map(|_| match backoff.after(&LinkTrouble::Unreachable) {
                Next::After(delay) => delay.as_secs_f64(),
                Next::WhenAsked => panic!("an unreachable PBX is asked again"),
            })
            .collect()
    }

    #[test]
    fn delays_double_from_one_to_thirty_seconds_with_jitter() {
        let ranges = [
            (0.5, 1.0),
            (1.0, 2.0),
            (2.0, 4.0),
            (4.0, 8.0),
            (8.0, 16.0),
            (15.0, 30.0),
            (15.0, 30.0),
            (15.0, 30.0),
        ];
        for seed in 0..200 {
            for (delay, (low, high)) in delays(seed, ranges.len()).into_iter().zip(ranges) {
                assert!((low..=high).contains(&delay), "{delay} outside {low}..{high}, seed {seed}");
            }
        }
        assert_eq!(delays(7, 5), delays(7, 5));
        assert_ne!(delays(7, 5), delays(8, 5));
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
            (LinkTrouble::Forbidden, false),
            (LinkTrouble::NotAPbx, false),
            (LinkTrouble::Booting, false),
            (LinkTrouble::Silent, false),
            (LinkTrouble::Closed, false),
            (LinkTrouble::Other { status: Some(500) }, false),
        ];
        for (trouble, stops) in table {
            let next = Backoff::new(fastrand::Rng::with_seed(1)).after(&trouble);
            assert_eq!(next == Next::WhenAsked, stops, "{trouble:?}");
        }
    }

    #[test]
    fn a_link_that_lasted_starts_the_schedule_anew_and_a_short_one_does_not() {
        let mut backoff = Backoff::new(fastrand::Rng::with_seed(3));
        for _ in 0..6 {
            backoff.after(&LinkTrouble::Closed);
        }
        backoff.was_up_for(Duration::from_secs(2));
        assert!(matches!(backoff.after(&LinkTrouble::Closed), Next::After(delay) if delay >= Duration::from_secs(15)));
        backoff.was_up_for(Duration::from_secs(31));
        assert!(matches!(backoff.after(&LinkTrouble::Closed), Next::After(delay) if delay <= Duration::from_secs(1)));
        backoff.reset();
        assert!(matches!(backoff.after(&LinkTrouble::Closed), Next::After(delay) if delay <= Duration::from_secs(1)));
    }
}
