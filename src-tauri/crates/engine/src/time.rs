//! Moments: now, and as the windows want them.

use calls::Moment;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, on this computer's clock.
pub(crate) fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A moment for the windows.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit a double exactly")]
pub(crate) fn ms(at: Moment) -> f64 {
    at.0 as f64
}
