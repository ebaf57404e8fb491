//! Tables and properties of the pure part; time is made, never waited for.

use super::*;
use proptest::prelude::*;

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// A budget with a made clock.
struct Bench {
    budget: Budget,
    start: Instant,
    now: Instant,
    /// When the last request went.
    sent: Instant,
}

impl Bench {
    fn new(assumed: u32) -> Self {
        let start = Instant::now();
        Self {
            budget: Budget::new(assumed, 1000),
            start,
            now: start,
            sent: start,
        }
    }

    /// A budget that an answer has told its limit and what is left.
    fn told(limit: u32, left: u32, resets_in: u64) -> Self {
        let mut bench = Self::new(20);
        assert_eq!(bench.ask(Priority::Popup), Turn::Go);
        bench.answer(Some(limit), Some(left), Some(resets_in));
        bench
    }

    fn ask(&mut self, priority: Priority) -> Turn {
        let ticket = self.budget.join(priority, priority.into()).unwrap();
        let turn = self.budget.turn(ticket, self.now);
        self.budget.leave(ticket);
        if turn == Turn::Go {
            self.sent = self.now;
        }
        turn
    }

    /// Seconds until a request may go, 0 when it went.
    fn wait(&mut self, priority: Priority) -> f64 {
        match self.ask(priority) {
            Turn::Go => 0.0,
            Turn::At(due) => due.duration_since(self.now).as_secs_f64(),
            Turn::Behind => panic!("nobody else is here"),
        }
    }

    fn answer(&mut self, limit: Option<u32>, left: Option<u32>, resets_in: Option<u64>) {
        let headers = RateHeaders {
            limit,
            left,
            resets_in: resets_in.map(Duration::from_secs),
        };
        self.budget.answered(headers, false, self.sent, self.now);
    }

    fn refuse(&mut self, resets_in: Option<u64>) {
        let headers = RateHeaders {
            resets_in: resets_in.map(Duration::from_secs),
            ..RateHeaders::default()
        };
        self.budget.answered(headers, true, self.sent, self.now);
    }

    fn pass(&mut self, time: f64) {
        self.now += seconds(time);
    }
}

#[test]
fn headers_are_read_leniently() {
    let read =
        |pairs: &[(&str, &'static str)]| RateHeaders::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| *value));
    let full = read(&[("rate_limit_per_minute", "50"), ("api_calls_left", " 49 "), ("retry_after", "12")]);
    assert_eq!(
        full,
        RateHeaders {
            limit: Some(50),
            left: Some(49),
            resets_in: Some(seconds(12.0))
        }
    );
    assert_eq!(read(&[("retry-after", "7")]).resets_in, Some(seconds(7.0)));
    assert_eq!(
        read(&[("retry_after", "0")]).resets_in,
        Some(seconds(1.0)),
        "most of a second may be left"
    );
    assert_eq!(read(&[("retry_after", "99999999")]).resets_in, Some(LONGEST_WAIT));
    let odd = read(&[("rate_limit_per_minute", "0"), ("api_calls_left", "-1"), ("retry_after", "soon")]);
    assert_eq!(odd, RateHeaders::default());
}

#[test]
fn the_first_burst_goes_at_once() {
    let mut bench = Bench::told(50, 49, 60);
    for _ in 0..30 {
        assert_eq!(bench.wait(Priority::Popup), 0.0);
    }
}

#[test]
fn calls_that_run_short_are_spaced_the_less_urgent_first() {
    // left of 100, whether each priority is spaced by 0.69 s after a request just made
    let table = [
        (90, [false, false, false, true]),
        (50, [false, false, true, true]),
        (40, [false, false, true, true]),
        (20, [false, true, true, true]),
        (10, [true, true, true, true]),
    ];
    for (left, spaced) in table {
        let priorities = [Priority::Popup, Priority::Interactive, Priority::WriteBack, Priority::Background];
        for (priority, spaced) in priorities.into_iter().zip(spaced) {
            let mut bench = Bench::told(100, left, 60);
            let wait = bench.wait(priority);
            assert_eq!(wait > 0.0, spaced, "{priority:?} with {left} left waits {wait}");
        }
    }
    let mut bench = Bench::told(100, 50, 60);
    assert!((bench.wait(Priority::Background) - 0.69).abs() < 0.001);
    bench.pass(0.7);
    assert_eq!(bench.wait(Priority::Background), 0.0);
}

#[test]
fn each_priority_leaves_its_reserve_until_the_reset() {
    // limit 20: left, and who may go once spacing has passed
    let table = [
        (7, [true, true, true, true]),
        (6, [true, true, true, false]),
        (4, [true, true, true, false]),
        (3, [true, true, false, false]),
        (2, [true, true, false, false]),
        (1, [false, false, false, false]),
        (0, [false, false, false, false]),
    ];
    for (left, allowed) in table {
        let priorities = [Priority::Popup, Priority::Interactive, Priority::WriteBack, Priority::Background];
        for (priority, allowed) in priorities.into_iter().zip(allowed) {
            let mut bench = Bench::told(20, left, 45);
            bench.pass(5.0);
            let wait = bench.wait(priority);
            let expected = if allowed { 0.0 } else { 40.0 };
            assert!((wait - expected).abs() < 0.001, "{priority:?} with {left} left waits {wait}");
        }
    }
}

#[test]
fn a_ceiling_of_one_still_lets_one_through() {
    let mut bench = Bench::told(1, 1, 60);
    bench.pass(60.0);
    assert_eq!(bench.wait(Priority::Background), 0.0);
    assert!(bench.wait(Priority::Popup) > 59.0);
}

#[test]
fn without_a_reset_header_the_window_is_taken_to_end_a_minute_later() {
    let mut bench = Bench::new(20);
    assert_eq!(bench.ask(Priority::Popup), Turn::Go);
    bench.answer(Some(20), Some(1), None);
    assert_eq!(bench.wait(Priority::Popup), 60.0);
    bench.pass(60.0);
    assert_eq!(bench.wait(Priority::Popup), 0.0);
}

#[test]
fn a_refusal_stops_everybody_until_the_reset() {
    let mut bench = Bench::told(50, 40, 60);
    assert_eq!(bench.ask(Priority::Popup), Turn::Go);
    bench.refuse(Some(17));
    assert_eq!(bench.wait(Priority::Popup), 17.0);
    // An answer that was under way does not lift the stop.
    bench.answer(Some(50), Some(49), Some(60));
    assert_eq!(bench.wait(Priority::Popup), 17.0);
    bench.pass(17.0);
    assert_eq!(bench.wait(Priority::Popup), 0.0);
}

#[test]
fn refusals_without_a_header_wait_longer_each_time() {
    let mut bench = Bench::told(20, 15, 60);
    for (nth, expected) in [(1, 3.0), (2, 6.0), (3, 9.0)] {
        assert_eq!(bench.wait(Priority::Popup), 0.0, "attempt {nth}");
        bench.refuse(None);
        assert_eq!(bench.wait(Priority::Popup), expected, "attempt {nth}");
        bench.pass(expected);
    }
    assert_eq!(bench.wait(Priority::Popup), 0.0);
    bench.answer(Some(20), Some(10), None);
    assert_eq!(bench.wait(Priority::Popup), 0.0);
    bench.refuse(None);
    assert_eq!(bench.wait(Priority::Popup), 3.0, "an answer ends the row");
}

#[test]
fn answers_that_overtake_each_other_do_not_add_calls() {
    let mut bench = Bench::told(20, 10, 60);
    assert_eq!(bench.ask(Priority::Popup), Turn::Go);
    assert_eq!(bench.ask(Priority::Popup), Turn::Go);
    bench.answer(Some(20), Some(8), None);
    bench.answer(Some(20), Some(9), None);
    assert_eq!(bench.budget.left, Some(8));
    // Of a request sent afterwards, a rise can only be a new window.
    bench.pass(0.1);
    assert_eq!(bench.ask(Priority::Popup), Turn::Go);
    bench.answer(Some(20), Some(19), None);
    assert_eq!(bench.budget.left, Some(19));
}

#[test]
fn other_users_of_the_account_are_believed() {
    let mut bench = Bench::told(50, 2, 30);
    bench.pass(2.0);
    assert_eq!(bench.wait(Priority::Popup), 0.0);
    assert!(bench.wait(Priority::Popup) > 27.0, "the one under way may take the last but one");
}

#[test]
fn a_request_without_an_answer_counts_as_used() {
    let mut bench = Bench::told(20, 3, 30);
    bench.pass(5.0);
    assert_eq!(bench.ask(Priority::Popup), Turn::Go);
    bench.budget.abandoned();
    assert_eq!((bench.budget.left, bench.budget.in_flight), (Some(2), 0));
}

#[test]
fn only_the_head_of_the_queue_gets_a_turn() {
    let mut bench = Bench::new(20);
    let write = bench.budget.join(Priority::WriteBack, Purpose::Outbox).unwrap();
    let popup = bench.budget.join(Priority::Popup, Purpose::LookUp).unwrap();
    assert_eq!(bench.budget.turn(write, bench.now), Turn::Behind);
    assert_eq!(bench.budget.turn(popup, bench.now), Turn::Go);
    assert_eq!(bench.budget.turn(write, bench.now), Turn::Go);
    assert_eq!(bench.budget.turn(write, bench.now), Turn::Behind, "a used ticket is worth nothing");
}

fn any_priority() -> impl Strategy<Value = Priority> {
    prop_oneof![
        Just(Priority::Popup),
        Just(Priority::Interactive),
        Just(Priority::WriteBack),
        Just(Priority::Background)
    ]
}

/// One step: some time passes, then this many requests are asked for; whether the answers are late or lost.
#[derive(Debug, Clone)]
struct Step {
    pause_ms: u64,
    asks: Vec<Priority>,
    others: u32,
    late: bool,
    lost: bool,
}

fn any_step() -> impl Strategy<Value = Step> {
    let asks = prop::collection::vec(any_priority(), 0..40);
    (0_u64..20_000, asks, 0_u32..6, any::<bool>(), prop::bool::weighted(0.1)).prop_map(|(pause_ms, asks, others, late, lost)| Step {
        pause_ms,
        asks,
        others,
        late,
        lost,
    })
}

/// A server with fixed windows, used by others too.
struct Server {
    limit: u32,
    left: u32,
    window_ends: Instant,
    tells_reset: bool,
}

impl Server {
    fn count(&mut self, calls: u32, now: Instant) -> bool {
        while self.window_ends <= now {
            self.window_ends += MINUTE;
            self.left = self.limit;
        }
        let enough = self.left >= calls;
        self.left = self.left.saturating_sub(calls);
        enough
    }

    fn headers(&self, now: Instant) -> RateHeaders {
        let resets_in = self.window_ends.duration_since(now);
        RateHeaders {
            limit: Some(self.limit),
            left: Some(self.left),
            resets_in: self.tells_reset.then_some(resets_in),
        }
    }
}

proptest! {
    #[test]
    fn no_minute_ever_holds_more_requests_than_the_ceiling(
        limit in 1_u32..120, phase_ms in 1_u64..60_000, tells_reset in any::<bool>(),
        steps in prop::collection::vec(any_step(), 1..60),
    ) {
        let mut bench = Bench::new(20);
        let mut server = Server {
            limit, left: limit, window_ends: bench.start + Duration::from_millis(phase_ms), tells_reset,
        };
        // The limit counts from the first headers on.
        prop_assert_eq!(bench.ask(Priority::Popup), Turn::Go);
        server.count(1, bench.now);
        bench.budget.answered(server.headers(bench.now), false, bench.now, bench.now);
        let mut sent = vec![bench.now];
        let mut open: Vec<(RateHeaders, bool, Instant)> = Vec::new();
        for step in steps {
            bench.now += Duration::from_millis(step.pause_ms);
            for (headers, accepted, at) in open.drain(..) {
                bench.budget.answered(headers, !accepted, at, bench.now);
            }
            server.count(step.others, bench.now);
            for priority in step.asks {
                if bench.ask(priority) != Turn::Go {
                    continue;
                }
                sent.push(bench.now);
                let accepted = server.count(1, bench.now);
                let headers = server.headers(bench.now);
                if step.lost {
                    bench.budget.abandoned();
                } else if step.late {
                    open.push((headers, accepted, bench.now));
                } else {
                    bench.budget.answered(headers, !accepted, bench.now, bench.now);
                }
            }
        }
        for (first, start) in sent.iter().enumerate() {
            let within = sent[first..].iter().take_while(|at| at.duration_since(*start) < MINUTE).count();
            prop_assert!(within <= limit as usize, "{} of {} within a minute", within, limit);
        }
    }

    #[test]
    fn a_more_urgent_request_never_waits_longer(
        limit in 1_u32..200, left in 0_u32..200, resets_in in 0_u64..60, before in 0_usize..30, pause in 0_u64..60,
    ) {
        let mut bench = Bench::told(limit, left.min(limit), resets_in);
        for _ in 0..before {
            bench.ask(Priority::Popup);
        }
        bench.pass(pause as f64);
        bench.budget.roll(bench.now);
        let due = |priority| bench.budget.due(priority, bench.now);
        prop_assert!(due(Priority::Popup) <= due(Priority::Interactive));
        prop_assert!(due(Priority::Interactive) <= due(Priority::WriteBack));
        prop_assert!(due(Priority::WriteBack) <= due(Priority::Background));
    }

    #[test]
    fn what_is_said_to_be_left_for_a_priority_is_what_it_may_send(
        limit in 2_u32..200, left in 0_u32..200, before in 0_usize..30, priority in any_priority(),
    ) {
        let mut bench = Bench::told(limit, left.min(limit), 60);
        for _ in 0..before {
            bench.ask(Priority::Popup);
        }
        let (snapshot, _) = bench.budget.snapshot(bench.now);
        let said = snapshot.left_for.iter().find(|(of, _)| *of == priority).map(|(_, left)| *left);
        // Where calls run short they are spaced, which takes time and none of the calls: each went a little earlier.
        let until = bench.start + MINUTE - spacing(limit);
        let mut sent = 0;
        loop {
            bench.budget.granted.back_mut().unwrap().0 -= spacing(limit);
            match bench.ask(priority) {
                Turn::Go => sent += 1,
                Turn::At(due) => {
                    prop_assert!(due >= until, "none is left, and it waits for no end of a minute");
                    break;
                }
                Turn::Behind => prop_assert!(false, "nobody else is here"),
            }
        }
        prop_assert_eq!(said, Some(sent));
        prop_assert!(snapshot.left_for.is_sorted_by(|(_, more), (_, less)| more >= less));
    }

    #[test]
    fn whoever_waits_until_told_gets_a_turn(
        limit in 1_u32..200, left in 0_u32..200, resets_in in 0_u64..60, before in 0_usize..30, priority in any_priority(),
    ) {
        let mut bench = Bench::told(limit, left.min(limit), resets_in);
        for _ in 0..before {
            bench.ask(Priority::Popup);
        }
        let mut rounds = 0;
        while let Turn::At(due) = bench.ask(priority) {
            prop_assert!(due > bench.now);
            bench.now = due;
            rounds += 1;
            prop_assert!(rounds < 5, "told to wait again and again");
        }
        prop_assert!(bench.now.duration_since(bench.start) <= seconds(180.0));
    }
}

/// What the budget says each purpose takes: minute, hour, waiting; those that take nothing are left out.
fn shares(bench: &mut Bench) -> Vec<(Purpose, u32, u32, u32)> {
    let (snapshot, _) = bench.budget.snapshot(bench.now);
    let of_minute: u32 = snapshot.shares.iter().map(|share| share.minute).sum();
    let waiting: u32 = snapshot.shares.iter().map(|share| share.waiting).sum();
    assert_eq!(
        (of_minute, waiting as usize),
        (snapshot.used, snapshot.waiting),
        "each request is somebody's"
    );
    let told = snapshot.shares.into_iter();
    told.map(|share| (share.purpose, share.minute, share.hour, share.waiting))
        .filter(|(_, minute, hour, waiting)| minute + hour + waiting > 0)
        .collect()
}

#[test]
fn each_request_is_counted_for_what_it_was_sent() {
    let mut bench = Bench::new(60);
    for purpose in [Purpose::LookUp, Purpose::Statistics, Purpose::LookUp] {
        let ticket = bench.budget.join(Priority::Interactive, purpose).unwrap();
        assert_eq!(bench.budget.turn(ticket, bench.now), Turn::Go);
    }
    let waits = bench.budget.join(Priority::Background, Purpose::Users).unwrap();
    assert_eq!(
        shares(&mut bench),
        [
            (Purpose::LookUp, 2, 2, 0),
            (Purpose::Users, 0, 0, 1),
            (Purpose::Statistics, 1, 1, 0)
        ]
    );
    bench.budget.leave(waits);
    bench.now += MINUTE;
    assert_eq!(shares(&mut bench), [(Purpose::LookUp, 0, 2, 0), (Purpose::Statistics, 0, 1, 0)]);
    bench.now += MINUTE * 61;
    assert_eq!(shares(&mut bench), []);
}
