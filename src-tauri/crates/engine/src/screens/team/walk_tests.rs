use super::*;
use omnidesk::{CaseId, StaffId};
use proptest::prelude::*;
use serde_json::json;

const CHANNEL: &str = "cch101";

fn case(id: u64, opened: i64) -> Case {
    let whole = json!({"case_id": id, "channel": CHANNEL, "status": "closed", "staff_id": 330});
    Case {
        created_at: Timestamp::from_second(opened).ok(),
        ..serde_json::from_value(whole).unwrap()
    }
}

/// What Omnidesk answers of an account's cases.
fn answer(account: &[Case], filter: &CaseFilter, page: PageRequest) -> Page<Case> {
    let within = |case: &&Case| {
        let at = case.created_at.unwrap();
        filter.channels.contains(&case.channel) && filter.created.from.unwrap() <= at && at <= filter.created.to.unwrap()
    };
    let mut found: Vec<Case> = account.iter().filter(within).cloned().collect();
    found.sort_by_key(|case| (case.created_at, case.id));
    let total = found.len() as u64;
    let (page, limit) = (page.page() as usize, page.limit() as usize);
    let items = found.into_iter().skip((page - 1) * limit).take(limit).collect();
    Page { items, total, skipped: 0 }
}

/// Reads an account that changes after each answer.
fn read(account: &mut Vec<Case>, mut meanwhile: impl FnMut(u32, &mut Vec<Case>)) -> Walk {
    let mut walk = Walk::new(CHANNEL, 1_000, 9_000);
    while let Some((asked, filter, page)) = walk.wanted() {
        walk.took(asked, &answer(account, &filter, page)).unwrap();
        meanwhile(asked, account);
    }
    walk
}

fn ids(walk: &Walk) -> Vec<u64> {
    walk.cases().keys().copied().collect()
}

#[test]
fn all_of_the_span_and_the_channel_come_and_nothing_else() {
    let mut account: Vec<Case> = (0..350).map(|n| case(n, 1_000 + n.cast_signed() * 20)).collect();
    account.extend([case(900, 999), case(901, 9_001)]);
    let other = Case {
        channel: ChannelKey::from("web"),
        ..case(902, 2_000)
    };
    account.push(other);
    let walk = read(&mut account, |_, _| {});
    assert_eq!(ids(&walk), (0..350).collect::<Vec<_>>());
    assert_eq!((walk.expected(), walk.unreadable()), (350, 0));
    let found = &walk.cases()[&7];
    assert_eq!((found.closed, found.responsible), (true, Some(330)));
}

#[test]
fn who_is_deleted_while_the_list_is_read_hides_nobody_else() {
    let mut account: Vec<Case> = (0..350).map(|n| case(n, 1_000 + n.cast_signed() * 20)).collect();
    let walk = read(&mut account, |asked, account| {
        account.retain(|case| case.id != CaseId(u64::from(asked)) && case.id != CaseId(u64::from(asked) * 100 + 99));
        account.push(case(1_000 + u64::from(asked), 8_999));
    });
    assert!((110..350).filter(|id| id % 100 != 99).all(|id| walk.cases().contains_key(&id)));
}

#[test]
fn hundreds_of_cases_of_one_second_are_read_by_pages() {
    let mut account: Vec<Case> = (0..450).map(|n| case(n, 5_000)).collect();
    account.push(case(500, 5_001));
    let walk = read(&mut account, |_, _| {});
    assert_eq!(walk.cases().len(), 451);
}

#[test]
fn an_answer_to_an_earlier_question_changes_nothing() {
    let account: Vec<Case> = (0..150).map(|n| case(n, 1_000 + n.cast_signed())).collect();
    let mut walk = Walk::new(CHANNEL, 1_000, 9_000);
    let (asked, filter, page) = walk.wanted().unwrap();
    let came = answer(&account, &filter, page);
    walk.took(asked, &came).unwrap();
    let next = walk.wanted();
    walk.took(asked, &came).unwrap();
    assert_eq!(walk.wanted(), next);
}

#[test]
fn a_list_that_is_not_in_order_or_does_not_move_on_is_refused() {
    let page = |items: Vec<Case>| Page {
        total: 100_000,
        skipped: 0,
        items,
    };
    let mut walk = Walk::new(CHANNEL, 1_000, 9_000);
    assert_eq!(walk.took(0, &page(vec![case(1, 3_000), case(2, 2_000)])), Err(BadList::NotInOrder));
    assert!(walk.wanted().is_some(), "it can be asked again");

    // The same page again and again, whatever is asked for.
    let same = Page {
        total: 150,
        ..page((0..100).map(|n| case(n, 2_000)).collect())
    };
    let mut walk = Walk::new(CHANNEL, 1_000, 9_000);
    let end = (0..10).find_map(|_| {
        let (asked, ..) = walk.wanted()?;
        walk.took(asked, &same).err()
    });
    assert_eq!(end, Some(BadList::NotInOrder));
}

#[test]
fn more_cases_than_an_office_can_wait_for_are_refused_at_once() {
    let mut walk = Walk::new(CHANNEL, 1_000, 9_000);
    let page = Page {
        items: (0..100).map(|n| case(n, 2_000 + n.cast_signed())).collect(),
        total: 20_100,
        skipped: 0,
    };
    assert_eq!(walk.took(0, &page), Err(BadList::TooMany));
}

#[test]
fn what_is_in_the_bin_merged_or_without_a_date_is_no_case_of_these_days() {
    let page = Page {
        items: vec![
            Case {
                deleted: true,
                ..case(1, 2_000)
            },
            Case {
                spam: true,
                ..case(2, 2_000)
            },
            Case {
                parent_case_id: Some(CaseId(9)),
                ..case(3, 2_000)
            },
            Case {
                created_at: None,
                staff_id: Some(StaffId(0)),
                ..case(4, 2_000)
            },
            case(5, 2_000),
        ],
        total: 7,
        skipped: 2,
    };
    let mut walk = Walk::new(CHANNEL, 1_000, 9_000);
    walk.took(0, &page).unwrap();
    assert!(walk.is_done());
    assert_eq!((ids(&walk), walk.unreadable()), (vec![5], 3));
}

proptest! {
    #[test]
    fn whatever_lies_in_a_list_the_reading_ends_and_finds_all_that_stands_still(
        moments in prop::collection::vec(900i64..1_400, 0..400),
        gone in prop::collection::vec(0usize..400, 0..5),
    ) {
        let mut account: Vec<Case> = (0u64..).zip(&moments).map(|(id, at)| case(id, *at)).collect();
        let standing: Vec<u64> = account
            .iter()
            .filter(|case| case.created_at.unwrap().as_second() >= 1_000 && !gone.contains(&usize::try_from(case.id.0).unwrap()))
            .map(|case| case.id.0)
            .collect();
        let walk = read(&mut account, |asked, account| {
            let leaves = gone.get(asked as usize).map(|id| CaseId(*id as u64));
            account.retain(|case| Some(case.id) != leaves);
        });
        prop_assert!(standing.iter().all(|id| walk.cases().contains_key(id)));
    }
}
