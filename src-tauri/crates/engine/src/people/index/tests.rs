use super::*;
use std::collections::BTreeSet;

const KEPT: UsersKept = UsersKept { hours: 12 };
const HOUR: i64 = 3_600_000;
const START: Moment = Moment(1_800_000_000_000);

fn after(hours: i64) -> Moment {
    START.plus_ms(hours * HOUR)
}

/// An account whose users were made a minute after each other, as its list gives them.
struct Account(u64);

impl Account {
    fn page(&self, filter: &UserFilter, page: PageRequest) -> Page<User> {
        let made = |id: u64| Timestamp::from_second(1_600_000_000 + id.cast_signed() * 60).unwrap();
        let range = if filter.updated == TimeRange::default() {
            filter.created
        } else {
            filter.updated
        };
        let within = |id: &u64| range.from.is_none_or(|from| made(*id) >= from) && range.to.is_none_or(|to| made(*id) <= to);
        let all: Vec<u64> = (1..=self.0).filter(within).collect();
        let user = |id: &u64| -> User {
            let made = made(*id).as_second();
            serde_json::from_value(serde_json::json!({ "user_id": id, "created_at": made, "updated_at": made })).unwrap()
        };
        let limit = page.limit() as usize;
        let here = all.iter().skip((page.page() as usize - 1) * limit).take(limit);
        Page {
            items: here.map(user).collect(),
            total: all.len() as u64,
            skipped: 0,
        }
    }

    /// Reads at most so many pages, each restored from what was kept of it; who was read.
    fn read(&self, index: &mut Index, pages: usize) -> BTreeSet<u64> {
        let mut read = BTreeSet::new();
        for _ in 0..pages {
            let Some((filter, page)) = index.wanted() else { break };
            let page = self.page(&filter, page);
            read.extend(page.items.iter().map(|user| user.id.0));
            let kept = index.took(&page).text();
            *index = Index::restored(Some(&kept));
        }
        read
    }
}

fn begun(at: Moment) -> Index {
    let mut index = Index::default();
    assert!(!index.is_of_another_account("a".into()), "there was none");
    assert!(index.connected(at, KEPT, "m"));
    index
}

#[test]
fn s12_an_account_of_any_size_is_read_to_its_end_whichever_page_a_start_comes_at() {
    for total in [0, 1, 99, 100, 101, 2_345] {
        let mut index = begun(START);
        let mut read = BTreeSet::new();
        for pages in [1, 2, 3, 100] {
            read.extend(Account(total).read(&mut index, pages));
        }
        assert_eq!(read.len() as u64, total);
        let view = index.view(7);
        assert_eq!(
            (view.users, view.as_of, view.reading, view.missing),
            (7, Some(ms(START)), false, 0),
            "{total}"
        );
    }
}

#[test]
fn s12_it_is_told_how_far_it_is_and_about_how_long_it_takes() {
    let account = Account(2_000);
    let mut index = begun(START);
    assert_eq!(index.view(0).seconds_left, None);
    for page in 1..=10 {
        let (filter, wanted) = index.wanted().unwrap();
        let followed = index.took(&account.page(&filter, wanted));
        assert!(index.follow(followed, START.plus_ms(page * 2_000)));
    }
    let view = index.view(900);
    assert_eq!((view.of, view.reading, view.as_of), (Some(2_000), true, None));
    assert!((900..=1_000).contains(&view.read), "{view:?}");
    let left = view.seconds_left.unwrap();
    assert!((20.0..=30.0).contains(&left), "about eleven pages of two seconds: {left}");
}

#[test]
fn what_changed_is_asked_for_when_it_is_due_and_all_of_it_again_after_a_month() {
    let mut index = begun(START);
    Account(250).read(&mut index, 9);
    assert!(!index.connected(after(11), KEPT, "m"));
    assert_eq!(index.wake_at(KEPT), Some(after(12)));
    assert!(index.connected(after(12), KEPT, "m"));
    let (filter, _) = index.wanted().unwrap();
    let since = filter.updated.from.map(|from| from.as_millisecond());
    assert_eq!(since, Some(after(-1).0), "an hour before the last reading began: clocks differ");
    Account(0).read(&mut index, 9);
    assert_eq!(index.number(), 1, "the users of before are not gone");
    let month = 30 * 24 + 13;
    assert!(index.connected(after(month), KEPT, "m"));
    assert_eq!(index.wanted().unwrap().0, UserFilter::default());
    assert_eq!(index.number(), 2);
}

#[test]
fn all_are_read_again_after_a_clock_that_was_set_back_or_where_they_are_read_otherwise() {
    for (at, manner) in [(after(-5), "m"), (after(1), "other fields")] {
        let mut index = begun(START);
        Account(250).read(&mut index, 9);
        assert!(index.connected(at, KEPT, manner), "{manner}");
        assert_eq!(index.wanted().unwrap().0, UserFilter::default(), "{manner}");
    }
}

#[test]
fn who_was_not_got_is_said_and_asked_for_again_later() {
    let mut index = begun(START);
    let mut page = Account(3).page(&UserFilter::default(), PageRequest::first(100));
    page.items.pop();
    page.skipped = 1;
    let followed = index.took(&page);
    assert!(!followed.whole, "nobody is taken for gone");
    assert!(!index.follow(followed, START));
    assert_eq!(index.view(2).missing, 1);
    assert!(!index.connected(after(11), KEPT, "m"));
    // Omnidesk may never tell of somebody whom it counts: what changed is followed meanwhile.
    assert!(index.connected(after(12), KEPT, "m"));
    assert!(index.wanted().unwrap().0.updated.from.is_some());
    let nobody = Page {
        items: Vec::new(),
        total: 0,
        skipped: 0,
    };
    let mut pages = 0;
    while index.wanted().is_some() {
        let followed = index.took(&nobody);
        index.follow(followed, after(12));
        pages += 1;
        assert!(pages < 10);
    }
    assert_eq!(index.view(2).missing, 1, "it is still said");
    assert!(index.connected(after(24), KEPT, "m"));
    assert!(index.wanted().unwrap().0.updated.from.is_some());
    while index.wanted().is_some() {
        let followed = index.took(&nobody);
        index.follow(followed, after(24));
    }
    assert!(index.connected(after(3 * 24), KEPT, "m"));
    assert_eq!(index.wanted().unwrap().0, UserFilter::default(), "all of them");
}

#[test]
fn another_account_begins_anew_and_a_failure_waits() {
    let mut index = begun(START);
    Account(250).read(&mut index, 1);
    index.failed(START, 1.0);
    assert!(index.view(0).failed);
    assert_eq!(index.wake_at(KEPT), Some(START.plus_ms(60_000)));
    assert!(index.is_of_another_account("b".into()));
    assert!(!index.is_of_another_account("b".into()));
    assert!(index.view(0).as_of.is_none() && !index.view(0).reading);
    assert_eq!(Index::restored(Some("not json")).number(), 0);
}

#[test]
fn what_changed_is_not_asked_for_at_every_moment_whatever_is_set() {
    let mut index = begun(START);
    Account(0).read(&mut index, 1);
    assert_eq!(index.wake_at(UsersKept { hours: 0 }), Some(START.plus_ms(RARELY)));
}
