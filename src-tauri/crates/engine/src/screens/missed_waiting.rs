//! How many missed calls wait: those after which nobody at this desk talked with the caller yet.

use crate::view::{CallView, DispositionView, NumberKindView, NumberView, PhaseView};
use std::collections::BTreeMap;

/// What two calls of one number have in common; a hidden number is never the same as anything.
fn same(number: &NumberView) -> Option<(bool, &str)> {
    let named = Some(number.pretty.as_str()).filter(|pretty| number.kind != NumberKindView::Withheld && !pretty.is_empty());
    let certain = number.e164.as_deref();
    certain.map(|number| (true, number)).or(named.map(|named| (false, named)))
}

/// How many of these wait.
pub(crate) fn missed_waiting(calls: &[CallView]) -> u32 {
    let mut talked: BTreeMap<(bool, &str), f64> = BTreeMap::new();
    for call in calls.iter().filter(|call| call.answered_at.is_some()) {
        if let Some(number) = same(&call.number) {
            let last = talked.entry(number).or_insert(call.offered_at);
            *last = last.max(call.offered_at);
        }
    }
    let waits = |call: &&CallView| {
        let missed = call.phase == PhaseView::Ended && call.disposition == Some(DispositionView::Missed);
        let later = same(&call.number).and_then(|number| talked.get(&number));
        missed && later.is_none_or(|at| *at <= call.offered_at)
    };
    u32::try_from(calls.iter().filter(waits).count()).unwrap_or(u32::MAX)
}
