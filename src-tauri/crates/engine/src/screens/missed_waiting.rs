//! Missed calls: after which of them somebody at this desk talked with the caller, and who still waits for that.

use crate::view::{CallView, CallerView, ClaimStateView, DispositionView, NumberKindView, PhaseView, TalkView};
use std::collections::{BTreeMap, BTreeSet};

/// What two calls of one caller have in common: the number, or the user, who may have several. A hidden number is never the
/// same as anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Same {
    E164(String),
    Named(String),
    User(String),
}

fn same(call: &CallView) -> impl Iterator<Item = Same> + use<> {
    let number = &call.number;
    let named = Some(&number.pretty).filter(|pretty| number.kind != NumberKindView::Withheld && !pretty.is_empty());
    let by_number = number
        .e164
        .clone()
        .map(Same::E164)
        .or(named.map(|named| Same::Named(named.clone())));
    let by_user = match &call.caller {
        CallerView::Known { user, .. } => Some(Same::User(user.id.clone())),
        _ => None,
    };
    by_number.into_iter().chain(by_user)
}

fn is_missed(call: &CallView) -> bool {
    call.phase == PhaseView::Ended && call.disposition == Some(DispositionView::Missed)
}

fn talk(call: &CallView) -> Option<TalkView> {
    Some(TalkView {
        direction: call.direction,
        offered_at: call.offered_at,
        answered_at: call.answered_at?,
        ended_at: call.ended_at,
        at_least: call.talk_at_least,
    })
}

/// Notes on every missed call the first conversation with the same caller that came after it.
pub(crate) fn note_talks(calls: &mut [CallView]) {
    let mut newest_first: Vec<usize> = (0..calls.len()).collect();
    newest_first.sort_by(|a, b| calls[*b].offered_at.total_cmp(&calls[*a].offered_at));
    let mut talks: BTreeMap<Same, TalkView> = BTreeMap::new();
    for place in newest_first {
        let call = &mut calls[place];
        if is_missed(call) {
            let later = same(call)
                .filter_map(|same| talks.get(&same))
                .filter(|talk| talk.offered_at > call.offered_at);
            call.talked_later = later.min_by(|a, b| a.offered_at.total_cmp(&b.offered_at)).copied();
        }
        if let Some(talk) = talk(call) {
            talks.extend(same(call).map(|same| (same, talk)));
        }
    }
}

/// Notes on every missed call, their talks noted, who waits: not where somebody has dealt with the case. A user with several
/// numbers is one, and so is a number whose user was found by a later call only.
pub(crate) fn note_waiting(calls: &mut [CallView]) {
    let waits = |call: &CallView| {
        let over = call.claim.as_ref().is_some_and(|claim| claim.state == ClaimStateView::Over);
        is_missed(call) && call.talked_later.is_none() && !over
    };
    let mut users: BTreeMap<Same, String> = BTreeMap::new();
    for call in calls.iter().filter(|call| waits(call)) {
        if let CallerView::Known { user, .. } = &call.caller {
            users.extend(same(call).map(|same| (same, user.id.clone())));
        }
    }
    let mut firsts: BTreeMap<Same, String> = BTreeMap::new();
    for call in calls {
        let user = same(call).find_map(|same| users.get(&same)).cloned().map(Same::User);
        let who = user.or_else(|| same(call).next());
        let first = who.map(|who| firsts.entry(who).or_insert_with(|| call.id.clone()).clone());
        call.waiting = waits(call).then(|| first.unwrap_or_else(|| call.id.clone()));
    }
}

/// How many people wait, once they are noted.
pub(crate) fn missed_waiting(calls: &[CallView]) -> u32 {
    let waiting: BTreeSet<&String> = calls.iter().filter_map(|call| call.waiting.as_ref()).collect();
    u32::try_from(waiting.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::DirectionView;
    use serde_json::json;

    /// A call from this number, at this second, missed.
    fn missed(number: Option<&str>, at: u32) -> CallView {
        serde_json::from_value(json!({
            "id": at.to_string(), "direction": "inbound", "phase": "ended", "disposition": "missed",
            "number": { "kind": if number.is_some() { "external" } else { "withheld" }, "pretty": number.unwrap_or(""),
                        "e164": number, "dial": number, "extension": null },
            "pbxName": null, "line": null, "offeredAt": at, "answeredAt": null, "endedAt": at + 1,
            "caller": { "type": "unknown" }, "among": null, "case": { "type": "none" },
            "draft": { "subject": "", "gist": "", "savedAt": null, "unsent": false },
            "recording": "none", "transferredTo": null, "transferredFrom": null, "ringsAlsoAt": [], "talkedLater": null, "waiting": null,
            "outcome": null, "unseen": null, "talkAtLeast": false, "ordered": false, "calledFrom": null, "trouble": null,
            "caseGone": false, "elsewhere": false, "labels": [], "claim": null,
        }))
        .unwrap()
    }

    fn talked(number: Option<&str>, at: u32, direction: DirectionView) -> CallView {
        CallView {
            direction,
            disposition: Some(DispositionView::Answered),
            answered_at: Some(f64::from(at) + 0.5),
            ..missed(number, at)
        }
    }

    const A: Option<&str> = Some("+79215550134");
    const B: Option<&str> = Some("+79165550115");

    fn noted(mut calls: Vec<CallView>) -> (Vec<Option<f64>>, u32) {
        note_talks(&mut calls);
        note_waiting(&mut calls);
        let later = calls.iter().map(|call| call.talked_later.map(|talk| talk.offered_at));
        (later.collect(), missed_waiting(&calls))
    }

    #[test]
    fn s28_a_missed_call_names_the_first_talk_after_it_and_waits_without_one() {
        let talks = |at| talked(A, at, DirectionView::Outbound);
        assert_eq!(noted(vec![talks(9), talks(7), missed(A, 5)]), (vec![None, None, Some(7.0)], 0));
        assert_eq!(noted(vec![missed(A, 5), talks(3)]), (vec![None, None], 1), "they talked before it");
        assert_eq!(noted(vec![talks(9), missed(B, 5)]), (vec![None, None], 1), "with somebody else");
        // The list has the calls that are on first, whenever they began.
        assert_eq!(noted(vec![talks(4), missed(A, 5), missed(A, 3)]), (vec![None, None, Some(4.0)], 1));
    }

    #[test]
    fn s28_a_user_has_called_from_two_numbers_and_was_called_at_one() {
        let talked = || talked(B, 9, DirectionView::Outbound);
        let missed = || vec![of("7", missed(A, 3)), of("7", missed(B, 5))];
        let all = |talk| noted([missed(), vec![talk]].concat());
        assert_eq!(all(of("7", talked())), (vec![Some(9.0), Some(9.0), None], 0));
        assert_eq!(all(of("8", talked())), (vec![None, Some(9.0), None], 1), "another user's by now");
    }

    /// Who waits, in the order of the calls.
    fn waiting(mut calls: Vec<CallView>) -> (Vec<Option<String>>, u32) {
        note_talks(&mut calls);
        note_waiting(&mut calls);
        let count = missed_waiting(&calls);
        (calls.into_iter().map(|call| call.waiting).collect(), count)
    }

    fn of(id: &str, call: CallView) -> CallView {
        let user = json!({ "id": id, "name": "", "email": null, "phones": [], "company": null, "position": null, "note": null,
                           "blocked": false, "fields": [], "linkedUnread": false });
        let user = json!({ "type": "known", "user": user, "matched": "exact", "lastCase": null, "staleSince": null });
        CallView {
            caller: serde_json::from_value(user).unwrap(),
            ..call
        }
    }

    #[test]
    fn s27_who_waits_is_counted_once_however_often_and_by_whichever_number_they_called() {
        let calls = vec![
            of("7", missed(A, 9)),
            missed(None, 8),
            of("7", missed(B, 7)),
            // Nobody knew yet whose number it is.
            missed(B, 6),
            missed(None, 5),
            missed(Some("+79035550111"), 4),
        ];
        let firsts = ["9", "8", "9", "9", "5", "4"].map(|id| Some(id.to_owned()));
        assert_eq!(waiting(calls), (firsts.to_vec(), 4));
    }

    #[test]
    fn s28_whoever_was_dealt_with_in_the_case_waits_no_more_and_who_is_claimed_does() {
        let claimed = |state: &str| {
            let claim = json!({ "state": state, "by": "", "name": "", "since": null, "until": null });
            CallView {
                claim: serde_json::from_value(claim).unwrap(),
                ..missed(A, 5)
            }
        };
        for (state, count) in [("over", 0), ("colleague", 1), ("mine", 1), ("late", 1), ("sending", 1)] {
            assert_eq!(waiting(vec![claimed(state)]).1, count, "{state}");
        }
        let calls = vec![missed(A, 9), claimed("over")];
        assert_eq!(waiting(calls), (vec![Some("9".into()), None], 1), "they called again");
    }

    #[test]
    fn two_hidden_numbers_are_never_the_same() {
        assert_eq!(
            noted(vec![talked(None, 9, DirectionView::Inbound), missed(None, 5)]),
            (vec![None, None], 1)
        );
    }
}
