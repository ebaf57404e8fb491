//! What became of a link: its last states, how long each lasted, and why it was down. Pure.
//!
//! An outage is one spell from its first moment to the first success, however often a try fails meanwhile; if the tries fail
//! for several reasons, all of them are told. "Being established" is told while it lasts only: what comes of it takes its place.

use crate::time::ms;
use crate::view::{LinkSpellView, LinkStateView, LinkView};
use calls::Moment;
use std::collections::VecDeque;

/// So many spells are kept.
const KEPT: usize = 50;
/// So many reasons of one outage.
const REASONS: usize = 4;

/// The last spells of one link, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Spells {
    spells: VecDeque<LinkSpellView>,
    /// Something was added since it was last asked.
    is_new: bool,
}

impl Spells {
    /// Those of before the start. How the last of them ended is not known, unless that was seen.
    pub(crate) fn restore(&mut self, before: Vec<LinkSpellView>) {
        self.spells = before.into();
        self.spells.iter_mut().for_each(|spell| spell.goes_on = false);
        self.bound();
    }

    /// The link stands like this from now on, or still does.
    pub(crate) fn note(&mut self, link: &LinkView, at: Moment) {
        if let Some(last) = self.spells.back_mut().filter(|last| last.goes_on && last.state == link.state) {
            let another = link.trouble.filter(|trouble| !last.reasons.contains(trouble));
            if let Some(reason) = another.filter(|_| last.reasons.len() < REASONS) {
                last.reasons.push(reason);
                self.is_new = true;
            }
            return;
        }
        self.end(at);
        if link.state == LinkStateView::Off {
            return;
        }
        self.spells.push_back(LinkSpellView {
            state: link.state,
            since: ms(at),
            until: None,
            goes_on: true,
            reasons: link.trouble.into_iter().collect(),
        });
        self.is_new = true;
        self.bound();
    }

    /// It is seen to end: the link is given up, becomes another, or the program ends.
    pub(crate) fn end(&mut self, at: Moment) {
        let Some(last) = self.spells.back_mut().filter(|last| last.goes_on) else {
            return;
        };
        if last.state == LinkStateView::Connecting {
            self.spells.pop_back();
        } else {
            last.goes_on = false;
            last.until = Some(ms(at).max(last.since));
        }
        self.is_new = true;
    }

    /// For the page, and for the file.
    pub(crate) fn view(&self) -> Vec<LinkSpellView> {
        self.spells.iter().cloned().collect()
    }

    /// Whether something was added; it is not said twice.
    pub(crate) fn take_new(&mut self) -> bool {
        std::mem::take(&mut self.is_new)
    }

    fn bound(&mut self) {
        self.spells.drain(..self.spells.len().saturating_sub(KEPT));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::TroubleView;

    fn link(state: LinkStateView, trouble: Option<TroubleView>) -> LinkView {
        LinkView {
            state,
            trouble,
            ..LinkView::default()
        }
    }

    /// State, since, until, reasons.
    fn told(spells: &Spells) -> Vec<(LinkStateView, f64, Option<f64>, Vec<TroubleView>)> {
        let views = spells.view().into_iter();
        views.map(|spell| (spell.state, spell.since, spell.until, spell.reasons)).collect()
    }

    #[test]
    fn an_outage_is_one_spell_with_all_its_reasons() {
        use LinkStateView::{Connecting, Down, Up};
        let mut spells = Spells::default();
        let course = [
            (1, Connecting, None),
            (2, Up, None),
            (3, Up, None),
            (10, Down, Some(TroubleView::Closed)),
            (11, Down, Some(TroubleView::Unreachable)),
            (12, Down, Some(TroubleView::Closed)),
            (20, Up, None),
        ];
        for (at, state, trouble) in course {
            spells.note(&link(state, trouble), Moment(at));
        }
        let expected = [
            (Up, 2.0, Some(10.0), vec![]),
            (Down, 10.0, Some(20.0), vec![TroubleView::Closed, TroubleView::Unreachable]),
            (Up, 20.0, None, vec![]),
        ];
        assert_eq!(told(&spells), expected);
        assert!(spells.take_new() && !spells.take_new());
        spells.note(&link(LinkStateView::Off, None), Moment(30));
        assert_eq!(told(&spells).last(), Some(&(Up, 20.0, Some(30.0), vec![])));
    }

    #[test]
    fn the_last_are_kept_and_of_one_outage_some_reasons() {
        let mut spells = Spells::default();
        for at in 0..500 {
            let state = if at % 2 == 0 { LinkStateView::Up } else { LinkStateView::Down };
            spells.note(&link(state, None), Moment(at));
        }
        assert_eq!(spells.view().len(), KEPT);
        for trouble in [
            TroubleView::Closed,
            TroubleView::Silent,
            TroubleView::Timeout,
            TroubleView::Booting,
            TroubleView::Tls,
        ] {
            spells.note(&link(LinkStateView::Down, Some(trouble)), Moment(500));
        }
        assert_eq!(spells.view().last().unwrap().reasons.len(), REASONS);
    }

    #[test]
    fn what_an_end_nobody_saw_cut_off_has_no_end_and_a_clock_set_back_makes_no_span_below_nothing() {
        let mut before = Spells::default();
        before.note(&link(LinkStateView::Up, None), Moment(5));
        let mut spells = Spells::default();
        spells.restore(before.view());
        spells.note(&link(LinkStateView::Up, None), Moment(9));
        spells.end(Moment(7));
        let expected = [(LinkStateView::Up, 5.0, None, vec![]), (LinkStateView::Up, 9.0, Some(9.0), vec![])];
        assert_eq!(told(&spells), expected);
        assert!(spells.view().iter().all(|spell| !spell.goes_on));
    }
}
