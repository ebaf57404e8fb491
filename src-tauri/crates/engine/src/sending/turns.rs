//! Which computer of an agent writes which call, as far as this one knows (`controller/companions.rs` finds it out).

use calls::{CaseId, LegId, Moment};
use pbx::{Companions, Stage};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// How long a computer says what it has written, ms: others may have been frozen.
const SAID: i64 = 600_000;

/// A case that came of a call: its id, and its number for people.
pub(crate) type Written = Option<(CaseId, String)>;

/// Who writes a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Turn {
    /// This desk.
    Ours {
        /// Somebody else may have written it.
        looks: bool,
        /// What the others were told.
        told: Option<Stage>,
    },
    /// Another computer has written it.
    Written {
        /// What came of it there.
        case: Written,
    },
}

/// How far it is known who writes a call.
#[derive(Debug)]
enum Standing {
    /// It is being found out; this is what the others are told meanwhile.
    Asked {
        mine: Stage,
        /// Another computer writes it, as far as known.
        theirs: bool,
    },
    Ours {
        looks: bool,
    },
    Settled,
}

/// What the others are to be told of a call.
pub(crate) struct Word {
    pub(crate) leg: LegId,
    /// The news; nothing where what was said only ends.
    pub(crate) news: Option<Stage>,
    /// What was said before and ends.
    pub(crate) ends: BTreeSet<Stage>,
}

/// What this desk knows of who writes which call.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    standing: BTreeMap<LegId, Standing>,
    /// What the others were told, and since when.
    said: BTreeMap<LegId, (BTreeSet<Stage>, Moment)>,
    /// Calls that this desk has heard from their beginning, without a gap.
    attended: BTreeSet<LegId>,
    /// The line is up and what went on before is known.
    attends: bool,
    /// Who there was when the PBX was asked last.
    known: Arc<Mutex<Option<Companions>>>,
}

impl Turns {
    /// Who there was when the PBX was asked last; whoever asks notes it there.
    pub(crate) fn known(&self) -> Arc<Mutex<Option<Companions>>> {
        self.known.clone()
    }

    /// It is being found out who writes a call.
    pub(crate) fn asked(&mut self, leg: LegId, mine: Stage) {
        self.standing.insert(leg, Standing::Asked { mine, theirs: false });
    }

    /// Nobody can be asked: this desk writes, and looks before it does.
    pub(crate) fn unasked(&mut self, leg: LegId) {
        self.standing.insert(leg, Standing::Ours { looks: true });
    }

    /// Another computer writes a call, as it seems; whether that was still open.
    pub(crate) fn seems_theirs(&mut self, leg: &LegId) -> bool {
        match self.standing.get_mut(leg) {
            Some(Standing::Asked { theirs, .. }) => {
                *theirs = true;
                true
            }
            Some(Standing::Ours { .. } | Standing::Settled) | None => false,
        }
    }

    /// It was found out who writes a call; whether that was still open.
    pub(crate) fn came(&mut self, leg: &LegId, turn: &Turn, at: Moment) -> bool {
        let Some(Standing::Asked { .. }) = self.standing.get(leg) else {
            return false;
        };
        let standing = match turn {
            Turn::Ours { looks, told } => {
                if let Some(told) = told {
                    self.say(leg, told.clone(), at);
                }
                Standing::Ours { looks: *looks }
            }
            Turn::Written { .. } => Standing::Settled,
        };
        self.standing.insert(leg.clone(), standing);
        true
    }

    /// Whether another computer has written a call: what the agent does with it after that is this desk's own.
    pub(crate) fn is_settled(&self, leg: &LegId) -> bool {
        matches!(self.standing.get(leg), Some(Standing::Settled))
    }

    /// Whether somebody else may have written a call of which this desk has the turn.
    pub(crate) fn others_may_have(&self, leg: &LegId) -> bool {
        matches!(self.standing.get(leg), Some(Standing::Ours { looks: true }))
    }

    /// Something new is owed for a call: who writes it is to be asked anew.
    pub(crate) fn renew(&mut self, leg: &LegId, at: Moment) {
        match self.standing.remove(leg) {
            // It may have been said already.
            Some(Standing::Asked { mine, .. }) => self.say(leg, mine, at),
            Some(Standing::Settled) => {
                self.standing.insert(leg.clone(), Standing::Settled);
            }
            Some(Standing::Ours { .. }) | None => {}
        }
    }

    fn say(&mut self, leg: &LegId, stage: Stage, at: Moment) {
        let (said, since) = self.said.entry(leg.clone()).or_insert_with(|| (BTreeSet::new(), at));
        said.insert(stage);
        *since = at;
    }

    /// The calls that another computer of the agent writes.
    pub(crate) fn elsewhere(&self) -> impl Iterator<Item = &LegId> {
        self.standing
            .iter()
            .filter_map(|(leg, standing)| matches!(standing, Standing::Asked { theirs: true, .. }).then_some(leg))
    }

    /// All that the others are told now: what was said before is lost with the socket.
    pub(crate) fn all_said(&self) -> Vec<(LegId, Stage)> {
        let asked = self.standing.iter().filter_map(|(leg, standing)| match standing {
            Standing::Asked { mine, .. } => Some((leg.clone(), mine.clone())),
            Standing::Ours { .. } | Standing::Settled => None,
        });
        let said = self.said.iter();
        let said = said.flat_map(|(leg, (said, _))| said.iter().map(|stage| (leg.clone(), stage.clone())));
        said.chain(asked).collect()
    }

    /// What the others are to be told by now. `written` says what came of a call of which nothing is owed any more.
    pub(crate) fn take_words(&mut self, at: Moment, written: impl Fn(&LegId) -> Option<Written>) -> Vec<Word> {
        let mut words = Vec::new();
        for (leg, (said, since)) in &mut self.said {
            let word = if said.iter().any(|stage| matches!(stage, Stage::Written { .. })) {
                (at.since(*since) > SAID).then(|| (None, std::mem::take(said)))
            } else {
                written(leg).map(|case| {
                    let news = Stage::Written { case };
                    *since = at;
                    (Some(news.clone()), std::mem::replace(said, BTreeSet::from([news])))
                })
            };
            words.extend(word.map(|(news, ends)| Word {
                leg: leg.clone(),
                news,
                ends,
            }));
        }
        self.said.retain(|_, (said, _)| !said.is_empty());
        words
    }

    /// A call begins while this desk listens.
    pub(crate) fn attend(&mut self, leg: &LegId) {
        if self.attends {
            self.attended.insert(leg.clone());
        }
    }

    /// Whether this desk has heard a call from its beginning, without a gap.
    pub(crate) fn heard_all_of(&self, leg: &LegId) -> bool {
        self.attended.contains(leg)
    }

    /// The line is up, and what went on before is known; or it is cut.
    pub(crate) fn listens(&mut self, attends: bool) {
        self.attends = attends;
        if !attends {
            self.attended.clear();
        }
    }

    /// Forgets calls that are forgotten.
    pub(crate) fn forget(&mut self, is_known: impl Fn(&LegId) -> bool) {
        self.standing.retain(|leg, _| is_known(leg));
        self.attended.retain(|leg| is_known(leg));
    }

    /// The PBX is another one, or its settings are: nothing that was said holds.
    pub(crate) fn disconnect(&mut self) {
        self.standing.clear();
        self.said.clear();
        self.listens(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg() -> LegId {
        LegId::new("1.1")
    }

    #[test]
    fn what_is_written_is_said_in_place_of_what_was_said_before_and_after_a_while_no_more() {
        let mut turns = Turns::default();
        turns.asked(leg(), Stage::Touched);
        let told = Turn::Ours {
            looks: false,
            told: Some(Stage::Touched),
        };
        assert!(turns.came(&leg(), &told, Moment(0)));
        assert!(!turns.came(&leg(), &told, Moment(0)), "it is not open any more");
        assert!(turns.take_words(Moment(1), |_| None).is_empty(), "something is owed yet");
        let words = turns.take_words(Moment(2), |_| Some(None));
        assert_eq!(words.len(), 1);
        assert_eq!(
            (&words[0].news, words[0].ends.contains(&Stage::Touched)),
            (&Some(Stage::Written { case: None }), true)
        );
        assert!(turns.take_words(Moment(2 + SAID), |_| Some(None)).is_empty(), "it is still said");
        let words = turns.take_words(Moment(3 + SAID), |_| Some(None));
        assert_eq!((words.len(), &words[0].news), (1, &None));
        assert!(turns.all_said().is_empty());
    }

    #[test]
    fn something_new_is_owed_only_by_who_may_still_write() {
        let mut turns = Turns::default();
        turns.asked(leg(), Stage::Untouched);
        assert!(turns.seems_theirs(&leg()) && turns.elsewhere().eq([&leg()]));
        turns.came(&leg(), &Turn::Written { case: None }, Moment(0));
        turns.renew(&leg(), Moment(1));
        assert!(turns.is_settled(&leg()) && !turns.seems_theirs(&leg()));
        turns.unasked(leg());
        assert!(turns.others_may_have(&leg()));
        turns.renew(&leg(), Moment(2));
        assert!(!turns.others_may_have(&leg()), "it is asked anew");
    }
}
