use super::*;

const KEPT: UsersKept = UsersKept { pages: 3, hours: 12 };
const HOUR: i64 = 3_600_000;
const START: Moment = Moment(1_800_000_000_000);

fn after(hours: i64) -> Moment {
    START.plus_ms(hours * HOUR)
}

/// Reads as long as there is a next page; the pages asked for, and what came last.
fn read(progress: &mut Progress, total: u64) -> (Vec<u32>, Step) {
    let mut asked = Vec::new();
    loop {
        let (_, page) = progress.wanted().unwrap();
        asked.push(page.page());
        let before = u64::from(page.page() - 1) * u64::from(PAGE);
        let step = progress.took(total.saturating_sub(before).min(PAGE.into()), total, &KEPT);
        if step != Step::Next {
            return (asked, step);
        }
    }
}

fn since(progress: &Progress) -> Option<i64> {
    progress.wanted().unwrap().0.updated.from.map(Timestamp::as_millisecond)
}

#[test]
fn the_whole_account_is_read_once_page_by_page() {
    for (total, pages) in [
        (0, vec![1]),
        (7, vec![1]),
        (100, vec![1, 2]),
        (101, vec![1, 2]),
        (299, vec![1, 2, 3]),
    ] {
        let mut progress = Progress::default();
        assert!(progress.connected(START, &KEPT));
        assert_eq!(since(&progress), None);
        assert_eq!(read(&mut progress, total), (pages, Step::End), "{total}");
        assert_eq!((progress.as_of, progress.of, progress.wanted()), (Some(START), None, None));
    }
}

#[test]
fn a_larger_account_is_read_to_the_limit_and_it_is_known_how_large_it_is() {
    let mut progress = Progress::default();
    progress.connected(START, &KEPT);
    assert_eq!(read(&mut progress, 12_400), (vec![1, 2, 3], Step::End));
    assert_eq!((progress.as_of, progress.of), (Some(START), Some(12_400)));
    // Reading what changed does not make it smaller.
    progress.connected(after(12), &KEPT);
    assert_eq!(read(&mut progress, 5), (vec![1], Step::End));
    assert_eq!(progress.of, Some(12_400));
    // Exactly as many as are read: that is all of them.
    let mut progress = Progress::default();
    progress.connected(START, &KEPT);
    assert_eq!(read(&mut progress, 300), (vec![1, 2, 3], Step::End));
    assert_eq!(progress.of, None);
}

#[test]
fn later_only_what_changed_is_read_and_not_before_its_time() {
    let mut progress = Progress::default();
    progress.connected(START, &KEPT);
    read(&mut progress, 7);
    assert!(!progress.connected(after(11), &KEPT));
    assert!(progress.connected(after(12), &KEPT));
    assert_eq!(since(&progress), Some(after(-1).0), "with slack");
    assert_eq!(read(&mut progress, 0), (vec![1], Step::End));
    assert_eq!(progress.as_of, Some(after(12)));
    assert!(progress.connected(after(-5), &KEPT), "a clock that was set back");
    assert_eq!(since(&progress), None, "nobody knows since when");
}

#[test]
fn a_restart_goes_on_where_it_stopped() {
    let mut progress = Progress::default();
    progress.connected(START, &KEPT);
    assert_eq!(progress.took(100, 250, &KEPT), Step::Next);
    let kept = serde_json::to_string(&progress).unwrap();
    let mut progress: Progress = serde_json::from_str(&kept).unwrap();
    assert!(progress.connected(after(2), &KEPT));
    assert_eq!(read(&mut progress, 250), (vec![2, 3], Step::End));
    assert_eq!(
        progress.as_of,
        Some(START),
        "what changed since the first page is asked for next time"
    );
}

#[test]
fn changes_beyond_the_limit_wait_for_the_next_connect() {
    let mut progress = Progress::default();
    progress.connected(START, &KEPT);
    read(&mut progress, 7);
    progress.connected(after(12), &KEPT);
    assert_eq!(read(&mut progress, 450), (vec![1, 2, 3], Step::Pause));
    assert_eq!(progress.as_of, Some(START), "not all of them yet");
    assert!(progress.connected(after(13), &KEPT));
    assert_eq!(read(&mut progress, 450), (vec![4, 5], Step::End));
    assert_eq!(progress.as_of, Some(after(12)));
}

#[test]
fn a_server_that_counts_oddly_is_not_asked_for_ever() {
    // Ever full pages and a total that is never reached.
    let mut progress = Progress::default();
    progress.connected(START, &KEPT);
    for step in [Step::Next, Step::Next, Step::End] {
        assert_eq!(progress.took(100, u64::MAX, &KEPT), step);
    }
    // Small pages of a large account: fewer come than were asked for, and more follow.
    let mut progress = Progress::default();
    progress.connected(START, &KEPT);
    assert_eq!(progress.took(50, 80, &KEPT), Step::Next);
    assert_eq!(progress.took(30, 80, &KEPT), Step::End);
    // No limit set at all is one page.
    let mut progress = Progress::default();
    let none = UsersKept { pages: 0, hours: 0 };
    progress.connected(START, &none);
    assert_eq!(progress.took(100, 500, &none), Step::End);
}
