use super::*;

const ME: StaffId = StaffId(22);
const NOW: Moment = Moment(100_000_000);

fn claim(by: u64, ago: i64) -> Claim {
    Claim {
        by: StaffId(by),
        name: "Борис".into(),
        since: NOW.plus_ms(ago.saturating_neg()),
    }
}

#[test]
fn whose_a_case_is_follows_from_whom_it_names_and_how_long_ago() {
    let table = [
        (None, Standing::Free),
        (Some(claim(22, 0)), Standing::Mine),
        (Some(claim(22, CLAIM_HOLDS - 1)), Standing::Mine),
        (Some(claim(22, CLAIM_HOLDS)), Standing::Free),
        (Some(claim(23, 0)), Standing::Colleagues),
        (Some(claim(23, CLAIM_HOLDS - 1)), Standing::Colleagues),
        (Some(claim(23, CLAIM_HOLDS)), Standing::Free),
        // Another computer's clock may be ahead, but not by much.
        (Some(claim(23, -AHEAD)), Standing::Colleagues),
        (Some(claim(23, -AHEAD - 1)), Standing::Free),
        (Some(claim(23, i64::MIN)), Standing::Free),
        (Some(claim(23, NOW.0)), Standing::Free),
    ];
    for (named, expected) in table {
        assert_eq!(standing(named.as_ref(), ME, NOW), expected, "{named:?}");
    }
}
