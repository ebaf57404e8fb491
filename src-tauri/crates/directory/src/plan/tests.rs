//! Readings of made-up accounts that change under them, and of accounts that lie.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const T0: i64 = 1_700_000_000;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Order {
    CreatedUp,
    CreatedDown,
    UpdatedUp,
    UpdatedDown,
}

#[derive(Debug, Clone)]
struct Account {
    /// By id: created, updated.
    users: BTreeMap<u64, (i64, i64)>,
    gone: BTreeMap<u64, (i64, i64)>,
    order: Order,
    limits: Limits,
    now: i64,
    next: u64,
}

impl Account {
    fn answer(&self, ask: Ask) -> (Vec<u64>, u64) {
        assert!(ask.page <= self.limits.last_page && ask.limit <= self.limits.page, "{ask:?}");
        let time = |(created, updated): (i64, i64)| if ask.by == By::Created { created } else { updated };
        let inside = |at: i64| ask.from.is_none_or(|from| at >= from) && ask.to.is_none_or(|to| at <= to);
        let mut list: Vec<(u64, (i64, i64))> = self.users.iter().map(|(id, times)| (*id, *times)).collect();
        list.retain(|(_, times)| inside(time(*times)));
        match self.order {
            Order::CreatedUp => list.sort_by_key(|(id, (created, _))| (*created, *id)),
            Order::CreatedDown => list.sort_by_key(|(id, (created, _))| std::cmp::Reverse((*created, *id))),
            Order::UpdatedUp => list.sort_by_key(|(id, (_, updated))| (*updated, *id)),
            Order::UpdatedDown => list.sort_by_key(|(id, (_, updated))| std::cmp::Reverse((*updated, *id))),
        }
        let total = list.len() as u64;
        let skip = (ask.page - 1) as usize * ask.limit as usize;
        (
            list.into_iter().skip(skip).take(ask.limit as usize).map(|(id, _)| id).collect(),
            total,
        )
    }

    /// Something happens in the account.
    fn happen(&mut self, what: u8, which: usize) {
        self.now += 1;
        let at = |users: &BTreeMap<u64, (i64, i64)>| users.keys().nth(which % users.len().max(1)).copied();
        match what % 4 {
            0 => {
                self.users.insert(self.next, (self.now, self.now));
                self.next += 1;
            }
            1 => {
                if let Some(id) = at(&self.users)
                    && let Some(times) = self.users.get_mut(&id)
                {
                    times.1 = self.now;
                }
            }
            2 => {
                if let Some(id) = at(&self.users)
                    && let Some(times) = self.users.remove(&id)
                {
                    self.gone.insert(id, times);
                }
            }
            _ => {
                if let Some(id) = at(&self.gone)
                    && let Some(times) = self.gone.remove(&id)
                {
                    self.users.insert(id, (times.0, self.now));
                }
            }
        }
    }
}

fn users(ids: &[u64]) -> Vec<Seen> {
    ids.iter().map(|id| Seen { id: *id, changed: None }).collect()
}

/// Who is found, with what happens before each answer.
fn read(plan: &mut Plan, account: &mut Account, mut happens: impl FnMut(&mut Account)) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    let mut asks = 0;
    while let Some(ask) = plan.wanted() {
        asks += 1;
        assert!(asks < 100_000, "endless");
        happens(account);
        let (ids, total) = account.answer(ask);
        found.extend(ids.iter().copied());
        let changed = |id: &u64| account.users.get(id).map(|times| times.1);
        let users: Vec<Seen> = ids
            .iter()
            .map(|id| Seen {
                id: *id,
                changed: changed(id),
            })
            .collect();
        // Each step may be the last one before a crash.
        *plan = serde_json::from_str(&serde_json::to_string(plan).unwrap()).unwrap();
        let step = plan.took(Came {
            users: &users,
            unreadable: 0,
            total,
        });
        assert_eq!(step == Step::End, plan.wanted().is_none());
        assert!(plan.read() <= plan.total().unwrap());
    }
    found
}

fn account() -> impl Strategy<Value = Account> {
    let order = prop_oneof![
        Just(Order::CreatedUp),
        Just(Order::CreatedDown),
        Just(Order::UpdatedUp),
        Just(Order::UpdatedDown)
    ];
    // Some in a crowd, as an import leaves them.
    let times = prop::collection::vec(prop_oneof![0..400_i64, 0..40_000_000_i64, Just(7_i64)], 0..160);
    (times, order, 1..9_u32, 1..6_u32).prop_map(|(times, order, page, last_page)| {
        let users = times.iter().enumerate().map(|(id, at)| {
            let at = T0 - 130_000_000 + at * 3;
            (id as u64, (at, at))
        });
        Account {
            users: users.collect(),
            gone: BTreeMap::new(),
            order,
            limits: Limits { page, last_page },
            now: T0,
            next: 1_000,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_account_at_rest_is_read_whole(account in account()) {
        let mut account = account;
        let mut plan = Plan::of_all(T0 * 1000, account.limits);
        let found = read(&mut plan, &mut account, |_| {});
        // More in a moment than the pages show cannot be read, and that is said.
        let missed = account.users.keys().filter(|id| !found.contains(id)).count();
        prop_assert_eq!(missed > 0, plan.faults().too_full > 0 && missed > 0);
        if plan.faults() == Faults::default() {
            prop_assert!(plan.is_whole());
            prop_assert_eq!(found.len(), account.users.len());
        } else {
            prop_assert!(plan.faults().too_full > 0);
            prop_assert!(!plan.is_whole());
        }
        prop_assert_eq!(plan.requests_left(), Some(0));
    }

    #[test]
    fn whoever_stood_the_whole_time_is_found(
        account in account(),
        events in prop::collection::vec((0..6_u8, 0..1_000_usize), 0..400),
        often in 1..4_usize,
    ) {
        let mut account = account;
        let before = account.clone();
        let mut plan = Plan::of_all(T0 * 1000, account.limits);
        let mut events = events.into_iter().enumerate();
        let mut touched = BTreeSet::new();
        let mut found = read(&mut plan, &mut account, |account| {
            for (_, (what, which)) in events.by_ref().take(often - 1) {
                let old = account.clone();
                if what < 4 {
                    account.happen(what, which);
                }
                let changed = |id: &u64| old.users.get(id) != account.users.get(id);
                touched.extend(old.users.keys().chain(account.users.keys()).copied().filter(changed));
            }
        });
        let faults = plan.faults();
        let stood = before.users.keys().filter(|id| !touched.contains(*id));
        if faults.too_full == 0 && faults.unjoined == 0 && !faults.endless {
            let missed: Vec<_> = stood.filter(|id| !found.contains(id)).collect();
            prop_assert!(missed.is_empty(), "{:?}", missed);
            // And whoever changed is found by the next reading of changes.
            let mut changes = Plan::of_changes(T0 * 1000, account.now * 1000, account.limits);
            found.extend(read(&mut changes, &mut account, |_| {}));
            if changes.faults() == Faults::default() {
                let missed: Vec<_> = account.users.keys().filter(|id| !found.contains(id)).collect();
                prop_assert!(missed.is_empty(), "after the changes: {:?}", missed);
            }
        }
    }

    #[test]
    fn no_answer_makes_it_endless(
        answers in prop::collection::vec((prop::collection::vec(0..50_u64, 0..12), 0..4_usize, prop_oneof![9 => 0..400_u64, 1 => Just(u64::MAX)]), 1..40),
        page in 0..8_u32,
        last_page in 0..6_u32,
    ) {
        let mut plan = Plan::of_all(T0 * 1000, Limits { page, last_page });
        let mut asks = 0_u64;
        while plan.wanted().is_some() {
            let (ids, unreadable, total) = &answers[usize::try_from(asks).unwrap() % answers.len()];
            plan.took(Came { users: &users(ids), unreadable: *unreadable, total: *total });
            asks += 1;
            prop_assert!(asks <= MOST_ASKS + 1);
        }
        prop_assert!(plan.requests_left() == Some(0));
    }
}

#[test]
fn a_million_users_take_little_more_than_their_pages() {
    let limits = Limits::default();
    let mut account = Account {
        users: (0..1_000_000_u64).map(|id| (id, (T0 - 100_000_000 + id as i64 * 90, 0))).collect(),
        gone: BTreeMap::new(),
        order: Order::CreatedUp,
        limits,
        now: T0,
        next: 0,
    };
    // Spans of an account in which they lie evenly can be reckoned.
    let first = account.users[&0].0;
    let mut plan = Plan::of_all(T0 * 1000, limits);
    let (mut asks, mut found) = (0, 0_u64);
    let mut guess = None;
    while let Some(ask) = plan.wanted() {
        let index = |at: i64| u64::try_from((at - first).max(0)).unwrap().div_ceil(90).min(1_000_000);
        let (from, to) = (ask.from.map_or(0, index), ask.to.map_or(1_000_000, |to| index(to + 1)));
        let start = from + u64::from(ask.page - 1) * u64::from(ask.limit);
        let ids: Vec<u64> = (start..to.min(start + u64::from(ask.limit))).collect();
        found = found.max(ids.last().map_or(0, |last| last + 1));
        plan.took(Came {
            users: &users(&ids),
            unreadable: 0,
            total: to.saturating_sub(from),
        });
        guess = guess.or_else(|| plan.requests_left());
        asks += 1;
    }
    account.users.clear();
    assert!(plan.is_whole(), "{:?}", plan.faults());
    assert_eq!(found, 1_000_000);
    assert!(asks < 11_800, "{asks}");
    let guess = guess.unwrap();
    assert!((10_500..12_500).contains(&guess), "{guess}");
}

#[test]
fn an_account_that_heeds_no_spans_is_read_as_far_as_its_pages_go() {
    let limits = Limits { page: 10, last_page: 5 };
    let mut plan = Plan::of_all(T0 * 1000, limits);
    let mut asks = 0;
    while let Some(ask) = plan.wanted() {
        let start = u64::from((ask.page - 1) * ask.limit);
        let ids: Vec<u64> = (start..start + u64::from(ask.limit)).collect();
        plan.took(Came {
            users: &users(&ids),
            unreadable: 0,
            total: 100_000,
        });
        asks += 1;
    }
    assert!(plan.faults().no_spans && !plan.is_whole());
    assert!(asks < 60, "{asks}");
}

#[test]
fn a_span_that_outgrows_its_pages_while_it_is_read_is_halved() {
    for order in [Order::CreatedUp, Order::CreatedDown, Order::UpdatedUp, Order::UpdatedDown] {
        let limits = Limits { page: 4, last_page: 3 };
        let times = |id: u64| T0 - 100_000_000 + id as i64 * 1_000;
        let mut account = Account {
            users: (0..10).map(|id| (id, (times(id), times(id)))).collect(),
            gone: BTreeMap::new(),
            order,
            limits,
            now: T0,
            next: 1_000,
        };
        let mut plan = Plan::of_all(T0 * 1000, limits);
        let mut come = 4;
        let found = read(&mut plan, &mut account, |account| {
            if come > 0 {
                come -= 1;
                account.happen(0, 0);
            }
        });
        let missed: Vec<u64> = (0..10).filter(|id| !found.contains(id)).collect();
        assert!(missed.is_empty(), "{order:?}: {missed:?}");
        assert_eq!(plan.faults(), Faults::default(), "{order:?}");
    }
}

#[test]
fn the_same_page_again_and_again_ends_with_the_pages() {
    let mut plan = Plan::of_all(T0 * 1000, Limits { page: 10, last_page: 5 });
    let ids: Vec<u64> = (0..10).collect();
    let mut asks = 0;
    while plan.wanted().is_some() {
        plan.took(Came {
            users: &users(&ids),
            unreadable: 0,
            total: 30,
        });
        asks += 1;
    }
    assert!(asks < 200, "{asks}");
}

#[test]
fn a_total_that_says_more_than_comes_is_said() {
    let mut plan = Plan::of_all(T0 * 1000, Limits { page: 10, last_page: 5 });
    let mut step = Step::Next;
    while plan.wanted().is_some() {
        step = plan.took(Came {
            users: &users(&[1, 2, 3]),
            unreadable: 1,
            total: 9,
        });
    }
    assert_eq!(step, Step::End);
    assert!(plan.faults().unreadable > 0, "{:?}", plan.faults());
    assert!(!plan.is_whole());
}

#[test]
fn an_account_with_smaller_pages_is_read_whole() {
    let mut plan = Plan::of_all(T0 * 1000, Limits { page: 10, last_page: 50 });
    let mut found = BTreeSet::new();
    while let Some(ask) = plan.wanted() {
        let limit = u64::from(ask.limit.min(7));
        let start = u64::from(ask.page - 1) * limit;
        let ids: Vec<u64> = (start.min(95)..(start + limit).min(95)).collect();
        found.extend(ids.iter().copied());
        plan.took(Came {
            users: &users(&ids),
            unreadable: 0,
            total: 95,
        });
    }
    assert_eq!(found.len(), 95);
    assert!(plan.is_whole(), "{:?}", plan.faults());
}

#[test]
fn a_server_that_heeds_no_page_size_is_read_plainly() {
    let mut plan = Plan::of_all(T0 * 1000, Limits { page: 10, last_page: 50 });
    let mut found = BTreeSet::new();
    while let Some(ask) = plan.wanted() {
        let start = u64::from(ask.page - 1) * 10;
        let ids: Vec<u64> = (start..(start + 10).min(95)).collect();
        found.extend(ids.iter().copied());
        plan.took(Came {
            users: &users(&ids),
            unreadable: 0,
            total: 95,
        });
    }
    assert_eq!(found.len(), 95);
    assert!(!plan.is_whole(), "nothing proves it");
}
