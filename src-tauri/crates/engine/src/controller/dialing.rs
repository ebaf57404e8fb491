//! Click-to-call (S18-S22): an order is placed once, and followed to its end.
//!
//! The call is on the desk before the PBX is asked, under the id it will have there. An order whose
//! answer was lost is never placed again: the PBX's events tell what became of it, and when none
//! come, the call ends as one that was not placed.

use crate::controller::Controller;
use crate::controller::tasks::{News, Work};
use crate::people::spelling::written;
use crate::screens::present;
use crate::time::now;
use crate::view::{CommandError, DialAnswer, DialPreview, DoubtView, LinksAsk, Route, TroubleView};
use calls::{CaseFacts, DialTrouble, Input, LegId, Moment, Number, Order, OrderId, Phase, Region, UserId, numbers_in};
use pbx::OriginateError;

/// The longest text that is read as a number, characters: as many as a number keeps of its text, which windows hand back.
const LONGEST: usize = 200;

/// Most numbers of a selected text that are offered: as many as the dial window reads in one text.
const MOST_SELECTED: usize = 4;

/// So long after a call was placed no link places another one, ms: a page may have many.
const APART: i64 = 2_000;

impl Controller {
    /// How a typed or pasted text reads as a number, and who has it as far as this computer knows.
    pub(crate) fn read_number(&mut self, text: &str) -> DialPreview {
        let region = self.settings.region();
        let number = Number::read(cut(text), region);
        let user = match self.known_here(&number.keys())[..] {
            [user] => Some(user),
            _ => None,
        };
        let catalog = self.omnidesk.catalog_or_none();
        let view = present::number_view(&number);
        DialPreview {
            kind: view.kind,
            dial: number.handed_over(),
            caution: number.to_dial().and_then(|_| self.caution(&number)),
            pretty: view.pretty,
            extension: view.extension,
            others: others(cut(text), &number, region),
            user: user.and_then(|user| self.people.card(user)).map(|card| card.view(&catalog, region)),
        }
    }

    /// Orders a call; from a case, the call belongs to it. What the guard doubts is dialled only if the agent has `agreed`
    /// to this very doubt.
    pub(crate) fn dial(&mut self, text: &str, case: Option<omnidesk::Case>, agreed: Option<DoubtView>) -> Result<DialAnswer, CommandError> {
        let number = Number::read(cut(text), self.settings.region());
        let Some(dialled) = self.dial_string(&number) else {
            return Err(CommandError {
                trouble: TroubleView::BadSetting,
                about: Some("number".into()),
            });
        };
        let caution = self.caution(&number);
        if let Some(caution) = caution.clone().filter(|caution| caution.never) {
            return Ok(DialAnswer::Held { caution });
        }
        // Who calls for help is not kept waiting by calls, nor by what this desk believes of its phone.
        let urgent = caution.as_ref().is_some_and(|caution| caution.doubt == DoubtView::Emergency);
        if !urgent && self.desk.calls().any(|call| call.is_live() && call.detail.phase != Phase::Held) {
            return Err(CommandError {
                trouble: TroubleView::Refused,
                about: Some("inCall".into()),
            });
        }
        // A link that places no calls says so whether it is up or not; whoever calls for help is told as well.
        let only_tells = self.pbx.only_tells();
        if only_tells == Some(true) {
            return Err(TroubleView::NotOffered.into());
        }
        if only_tells.is_none() || !self.pbx.is_up() {
            return Err(TroubleView::Unreachable.into());
        }
        if !urgent && self.pbx.phone_online() == Some(false) {
            return Err(TroubleView::PhoneOffline.into());
        }
        // Last: nobody should agree to what then cannot be dialled.
        if let Some(caution) = caution.filter(|caution| agreed != Some(caution.doubt)) {
            return Ok(DialAnswer::Held { caution });
        }
        self.place(dialled, case.as_ref()).map(|call| DialAnswer::Placed { call })
    }

    /// Dials a number that a link has, if this may be without the agent's yes: they have chosen so, it is one they have called
    /// before and nobody would ask about, and nothing was dialled a moment ago. Whether it is dialled; else the dial window asks.
    pub(crate) fn dial_link(&mut self, keys: &str) -> bool {
        if self.settings.links_ask == LinksAsk::Always || is_too_soon(self.last_dialled, now()) {
            return false;
        }
        let region = self.settings.region();
        let number = Number::read(cut(keys), region);
        let history = self.desk.history(&number);
        self.settings.dial_policy.goes_unseen(&number, region, history)
            && matches!(self.dial(keys, None, None), Ok(DialAnswer::Placed { .. }))
    }

    /// The call is on the desk before the PBX is asked. Returns its id.
    fn place(&mut self, dialled: String, case: Option<&omnidesk::Case>) -> Result<String, CommandError> {
        // With the extension in it, a proxy before the PBX can tell this desk's orders from others'.
        let desk = self.settings.extension.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-');
        let order = OrderId::new(format!("{}-{:016x}", desk.collect::<String>(), fastrand::u64(..)));
        let leg = self.pbx.line().and_then(|line| line.dials()).map(|dials| dials.leg_of(&order));
        let leg = leg.ok_or(TroubleView::NotOffered)?;
        let user = case.and_then(|case| case.user_id).map(|id| UserId(id.0));
        let case: Option<CaseFacts> = case.map(crate::sending::deliver::facts);
        self.orders.placed(leg.clone(), now());
        self.last_dialled = Some(now());
        if let Some(user) = user {
            // Their name is to be seen while it rings, though no page of theirs may have been opened: a reminder dials so.
            self.recall(user);
            if !self.people.has(user) {
                self.read_person(user);
            }
        }
        if let Some(case) = &case {
            // Whoever dials from a case looks at it; the window's own word may come a moment later.
            self.popup.looking_at(Some(Route::Case {
                case: case.id.0.to_string(),
                call: None,
            }));
        }
        self.feed(Input::Dial {
            leg: leg.clone(),
            order: Order {
                id: order,
                number: dialled,
                user,
                case,
            },
        })?;
        Ok(leg.0)
    }

    /// Asks the PBX, once.
    pub(crate) fn order(&mut self, leg: LegId, order: OrderId, number: String) {
        let user = self.desk.call(&leg).and_then(calls::Call::user);
        let name = user
            .and_then(|user| self.people.card(user))
            .map(|card| card.name.clone())
            .filter(|name| !name.is_empty());
        let pbx = self.pbx.line().cloned();
        self.tasks.begin(Work::Order(leg), async move {
            let placed = match pbx.as_deref().and_then(pbx::Pbx::dials) {
                Some(dials) => dials.originate(order, &number, name.as_deref()).await,
                // It was ordered before an end of the program that came before the PBX was asked.
                None => Err(OriginateError::OutOfReach),
            };
            News::NotPlaced(match placed {
                // Whatever it was, the events tell.
                Ok(()) | Err(OriginateError::Unknown) => return News::Nothing,
                Err(OriginateError::BadNumber) => DialTrouble::BadNumber,
                Err(OriginateError::OutOfReach) => DialTrouble::OutOfReach,
                Err(OriginateError::BadCredentials) => DialTrouble::BadCredentials,
                Err(OriginateError::Forbidden) => DialTrouble::Forbidden,
                Err(OriginateError::PhoneUnavailable) => DialTrouble::PhoneUnavailable,
                Err(OriginateError::Refused { .. }) => DialTrouble::Refused,
            })
        });
    }

    /// The disk refused the order: the PBX was not asked.
    pub(crate) fn not_ordered(&mut self, leg: LegId) {
        self.tasks
            .begin(Work::Order(leg), async { News::NotPlaced(DialTrouble::OutOfReach) });
    }

    /// The PBX did not place it.
    pub(crate) fn not_placed(&mut self, leg: LegId, trouble: DialTrouble) {
        self.orders.told(&leg);
        // Only an agent's action can be refused.
        let _ = self.feed(Input::DialFailed { leg, trouble });
    }

    /// Hangs up what the PBX placed although the agent had hung up before (S18).
    pub(crate) fn hang_up_late(&mut self, leg: LegId) {
        let Some(pbx) = self.pbx.line().cloned() else { return };
        self.tasks.begin(Work::HangUp(leg.clone()), async move {
            let Some(hangs_up) = pbx.hangs_up() else { return News::Nothing };
            match hangs_up.hang_up(&leg).await {
                Ok(()) | Err(pbx::CommandError::Gone) => {}
                Err(error) => tracing::warn!(%error, "a cancelled call could not be hung up"),
            }
            News::Nothing
        });
    }

    /// Orders that the PBX never told of. While the line is down nobody knows: the next resync tells.
    pub(crate) fn forget_orders(&mut self, at: Moment) {
        for leg in self.orders.take_silent(at) {
            if self.pbx.is_up() {
                // Only an agent's action can be refused.
                let _ = self.feed(Input::DialFailed {
                    leg,
                    trouble: DialTrouble::Unanswered,
                });
            }
        }
    }

    /// What the PBX is told to dial: what was read and is shown, a certain number in the form its dialplan expects; none for
    /// what is no number.
    fn dial_string(&self, number: &Number) -> Option<String> {
        let read = number.to_dial()?;
        let certain = read.starts_with('+');
        Some(if certain { self.settings.dial_format.apply(&read) } else { read })
    }
}

/// The numbers of a text beside the one that is read, each once.
fn others(text: &str, read: &Number, region: Region) -> Vec<String> {
    let mut others: Vec<String> = Vec::new();
    for number in numbers_in(text, region).into_iter().map(|found| found.number) {
        let shown = written(&number);
        if number.key() != read.key() && !others.contains(&shown) {
            others.push(shown);
        }
    }
    others
}

fn is_too_soon(last: Option<Moment>, now: Moment) -> bool {
    last.is_some_and(|last| now.since(last) < APART)
}

/// The numbers of a text that was selected elsewhere, in order and each once.
pub(crate) fn selected(text: &str, region: Region) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    let found = numbers_in(text, region).into_iter().map(|found| found.number);
    for number in found.filter(|number| number.to_dial().is_some()) {
        let shown = written(&number);
        if numbers.len() < MOST_SELECTED && !numbers.contains(&shown) {
            numbers.push(shown);
        }
    }
    if numbers.is_empty() {
        numbers.extend(Number::read(cut(text), region).handed_over());
    }
    numbers
}

fn cut(text: &str) -> &str {
    let text = text.trim();
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(end, _)| end);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use calls::NumberKind;

    #[test]
    fn s18_further_numbers_of_a_text_are_offered_and_the_first_is_read() {
        let text = "моб. 8 (916) 200-00-07, раб. 8 (495) 765-43-21 доб. 12; 89162000007";
        let read = Number::read(cut(text), Region::default());
        assert_eq!(read.e164(), Some("+79162000007"));
        assert_eq!(others(cut(text), &read, Region::default()), ["+7 (495) 765-43-21 #12"]);
    }

    #[test]
    fn d2_links_place_one_call_in_two_seconds_and_wait_for_a_clock_that_was_set_back() {
        let last = Moment(10_000);
        for (now, too_soon) in [(10_000, true), (11_999, true), (12_000, false), (60_000, false), (0, true)] {
            assert_eq!(is_too_soon(Some(last), Moment(now)), too_soon, "{now}");
        }
        assert!(!is_too_soon(None, last));
    }

    #[test]
    fn d2_of_a_selected_text_its_numbers_are_taken_and_nothing_else() {
        let four: Vec<String> = (0..4).map(|last| format!("+7 (916) 200-00-0{last}")).collect();
        for (text, numbers) in [
            ("Перезвоните мне: 8 (916) 123-45-67, спасибо", vec!["+7 (916) 123-45-67"]),
            (
                "моб. 8 (916) 200-00-07, раб. 8 (495) 765-43-21 доб. 12; 89162000007",
                vec!["+7 (916) 200-00-07", "+7 (495) 765-43-21 #12"],
            ),
            ("\u{0}\u{7}+7 916 123\u{200b}-45-67\r\n\u{1b}[2J", vec!["+7 (916) 123-45-67"]),
            (" 101 ", vec!["101"]),
            ("*21*101#", vec!["*21*101#"]),
            ("заказ 4471 от 12.11", vec![]),
            ("Local/101@from-internal", vec![]),
            ("", vec![]),
            (
                &format!("{}; 8 916 200-00-04", four.join(", ")),
                four.iter().map(String::as_str).collect(),
            ),
        ] {
            let found = selected(text, Region::default());
            assert_eq!(found, numbers, "{text}");
            // The window reads in its field what was found.
            let field = found.join(", ");
            let read = Number::read(cut(&field), Region::default());
            let others = others(cut(&field), &read, Region::default());
            let shown: Vec<String> = found.first().map(|_| written(&read)).into_iter().chain(others).collect();
            assert_eq!(shown, numbers, "{field}");
        }
        for hostile in hostile::texts() {
            assert!(
                selected(&hostile.text, Region::default()).len() <= MOST_SELECTED,
                "{}",
                hostile.name
            );
        }
    }

    #[test]
    fn s18_what_a_number_keeps_of_a_long_text_is_read_as_the_same_number_when_a_window_hands_it_back() {
        for text in [format!("{} 9 8 916 123-45-67", "слово ".repeat(28)), "9 8 916 123-45-67".into()] {
            let number = Number::read(&text, Region::default());
            assert!(number.is_guess(), "{number:?}");
            let handed = number.handed_over().unwrap();
            assert_eq!(Number::read(cut(&handed), Region::default()), number);
        }
    }

    #[test]
    fn s18_a_number_may_come_with_words_before_it_and_other_texts_are_none() {
        for (text, pretty, extension) in [
            ("тел. 8 921 555-01-34 (доб. 118)", "+7 (921) 555-01-34", Some("118")),
            ("Тел: 8 (916) 123-45-67", "+7 (916) 123-45-67", None),
            (" +7 916 123 45 67 ", "+7 (916) 123-45-67", None),
        ] {
            let number = Number::read(cut(text), Region::default());
            assert_eq!((number.pretty(), number.extension()), (pretty, extension), "{text}");
        }
        for text in ["заказ 4471 от 12.11", "", "ул. Ленина, 5", &"9".repeat(1000)] {
            assert_ne!(Number::read(cut(text), Region::default()).kind(), NumberKind::External, "{text}");
        }
    }
}
