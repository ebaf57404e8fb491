//! When something is tried again: one schedule for everything that asks Omnidesk.
//!
//! The first try comes within a moment, as most troubles are over by then; the others come ever later. Each delay is drawn,
//! the first one from its whole range and the others from the upper half of theirs: an office whose desks all lost Omnidesk
//! in the same moment does not come back in one wave. The line to the PBX follows the same rule (`pbx::Backoff`).

/// The delay after so many failures in a row, ms: it doubles from `first` to `longest`. `random` lies in `0..1`.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "delays are small")]
pub(crate) fn delay((first, longest): (i64, i64), failures: u32, random: f64) -> i64 {
    let before = failures.saturating_sub(1);
    let range = first.saturating_mul(1 << before.min(20)).min(longest);
    let least = if before == 0 { 0.0 } else { 0.5 };
    (range as f64 * (least + random.clamp(0.0, 1.0) * (1.0 - least))) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_try_comes_within_a_second_and_the_others_ever_later_and_never_all_at_once() {
        let bounds = (1_000, 60_000);
        let between = |failures| (delay(bounds, failures, 0.0), delay(bounds, failures, 1.0));
        let seen = [1, 2, 3, 7, 8, 1_000].map(between);
        assert_eq!(
            seen,
            [
                (0, 1_000),
                (1_000, 2_000),
                (2_000, 4_000),
                (30_000, 60_000),
                (30_000, 60_000),
                (30_000, 60_000)
            ]
        );
        assert!(delay(bounds, 1, 0.25) < delay(bounds, 1, 0.75), "spread");
    }
}
