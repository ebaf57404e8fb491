//! The guard before a call out: what is dialled at once, what is asked about first, and what the office does not call.
//!
//! Numbers come from texts of others (callers, links, the help desk), and one click dials them. So whatever may cost more
//! than a call, change how the PBX directs calls, or reach somebody else than is meant, is asked about. Who has agreed to one
//! doubt has not agreed to a graver one. An emergency number is asked about and never refused, whatever the office has set.

use crate::call::Call;
use crate::event::{Direction, Disposition};
use crate::phone::{Charge, Number, NumberKind, Region, Tariff};
use serde::{Deserialize, Serialize};

/// A ring shorter than this is a lure as often as a call: who calls back pays (one-ring fraud), ms.
const BRIEF: i64 = 3_000;

/// What an office has decided about one kind of number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Permit {
    /// Dialled at once.
    Allow,
    /// Asked about each time.
    #[default]
    Ask,
    /// Not dialled.
    Never,
}

/// What an office has decided about numbers that cost more than a usual call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DialPolicy {
    /// Countries beside the office's own whose numbers are dialled at once: ISO 3166 codes such as `KZ`.
    pub countries: Vec<String>,
    /// Numbers of all other countries.
    pub foreign: Permit,
    /// Services that are paid for by the call.
    pub premium: Permit,
    /// Satellite phones, and networks that belong to no country.
    pub satellite: Permit,
    /// Special rates: shared cost, personal numbers, pagers.
    pub shared_cost: Permit,
}

/// Why one should think before a number is dialled; the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// It reaches police, fire brigade, ambulance.
    Emergency,
    /// It may redirect calls or switch something.
    ServiceCode,
    /// A service paid for by the call.
    Premium,
    /// A satellite phone, or a network of no country.
    Satellite,
    /// A special rate.
    SharedCost,
    /// Who called from it came from outside; dialled, a number so short reaches a colleague or a service of the PBX.
    NotTheCaller,
    /// It rang for a moment only, so that somebody calls back.
    OneRing,
    /// A number of another country.
    Foreign,
}

/// What the guard says of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Dial.
    Dial,
    /// Ask first, because of this.
    Ask(Doubt),
    /// The office does not call such numbers.
    Never(Doubt),
}

/// What this desk's calls tell of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct History {
    /// A call within the PBX with it was seen: there it is a colleague's.
    pub colleague: bool,
    /// The last call with it came in from outside.
    pub from_outside: bool,
    /// The last call with it was missed, and rang under three seconds.
    pub rang_briefly: bool,
    /// The agent has called it, of the calls that the desk keeps.
    pub dialled: bool,
}

impl History {
    /// Of a number, by where these calls with it came from and how they ended, never by its digits (SPEC L).
    pub(crate) fn of<'a>(number: &Number, calls: impl Iterator<Item = &'a Call>) -> Self {
        let Some(key) = number.key() else { return Self::default() };
        let with_it: Vec<&Call> = calls.filter(|call| call.detail.number.key().as_ref() == Some(&key)).collect();
        let last = with_it.iter().max_by_key(|call| call.detail.offered_at);
        let rang = |call: &Call| call.detail.ended_at.map(|ended| ended.since(call.detail.offered_at));
        Self {
            colleague: with_it.iter().any(|call| shows_colleague(call)),
            dialled: with_it.iter().any(|call| call.detail.direction == Direction::Outbound),
            from_outside: last.is_some_and(|call| call.detail.direction == Direction::Inbound),
            rang_briefly: last.is_some_and(|call| {
                call.detail.direction == Direction::Inbound
                    && call.detail.disposition == Some(Disposition::Missed)
                    && rang(call).is_some_and(|rang| rang < BRIEF)
            }),
        }
    }
}

/// Whether a call shows that its number is a colleague's. An order shows whom it reached only when it was taken.
pub(crate) fn shows_colleague(call: &Call) -> bool {
    call.detail.direction == Direction::Internal && (call.detail.order.is_none() || call.detail.answered_at.is_some())
}

impl DialPolicy {
    /// Whether a number may be dialled from an office in `region`.
    #[must_use]
    pub fn judge(&self, number: &Number, region: Region, history: History) -> Verdict {
        let short = matches!(number.kind(), NumberKind::Extension | NumberKind::Short);
        let reach = emergency(&number.to_dial().unwrap_or_default(), region);
        if short && (reach == Reach::Everywhere || reach == Reach::PerhapsHere && !history.colleague) {
            return Verdict::Ask(Doubt::Emergency);
        }
        let tariffs = number.tariffs(region);
        let mut found: Vec<(Doubt, Permit)> = tariffs.iter().flat_map(|tariff| self.doubts(*tariff, region)).collect();
        let always = [
            (Doubt::ServiceCode, number.kind() == NumberKind::Code),
            (Doubt::NotTheCaller, short && history.from_outside),
            (Doubt::OneRing, history.rang_briefly),
        ];
        found.extend(always.into_iter().filter(|(_, so)| *so).map(|(doubt, _)| (doubt, Permit::Ask)));
        let gravest = |permit: Permit| found.iter().filter(|(_, of)| *of == permit).map(|(doubt, _)| *doubt).min();
        match (gravest(Permit::Never), gravest(Permit::Ask)) {
            (Some(doubt), _) => Verdict::Never(doubt),
            (None, Some(doubt)) => Verdict::Ask(doubt),
            (None, None) => Verdict::Dial,
        }
    }

    /// Whether a number may be dialled that the agent has not seen, as a link had it: a usual one as a whole, which nobody would
    /// ask about and which the agent has called before. What costs, short numbers and codes wait for a yes, whatever the office allows.
    #[must_use]
    pub fn goes_unseen(&self, number: &Number, region: Region, history: History) -> bool {
        let is_usual = |tariff: &Tariff| matches!(tariff.charge, Charge::Usual | Charge::Free);
        history.dialled
            && number.kind() == NumberKind::External
            && !number.is_guess()
            && number.tariffs(region).iter().all(is_usual)
            && self.judge(number, region, history) == Verdict::Dial
    }

    /// What is doubtful about a number for its charge and for its country, and what the office says of each.
    fn doubts(&self, tariff: Tariff, region: Region) -> impl Iterator<Item = (Doubt, Permit)> {
        let listed = |country: Region| country == region || self.countries.iter().any(|code| Region::from_code(code) == Some(country));
        let by_charge = match tariff.charge {
            Charge::Premium => Some((Doubt::Premium, self.premium)),
            Charge::Satellite => Some((Doubt::Satellite, self.satellite)),
            Charge::Shared => Some((Doubt::SharedCost, self.shared_cost)),
            Charge::Usual | Charge::Free => None,
        };
        let abroad = match tariff.country {
            Some(country) => !listed(country),
            // Of no country: free, or doubtful for its charge. What remains is known to nobody.
            None => tariff.charge == Charge::Usual,
        };
        by_charge.into_iter().chain(abroad.then_some((Doubt::Foreign, self.foreign)))
    }
}

/// Emergency numbers that work nearly everywhere: 112 by ETSI TS 122 101, 911 beside it.
const EVERYWHERE: [&str; 2] = ["112", "911"];

/// Emergency numbers by country (ITU, list of emergency numbers), beside [`EVERYWHERE`].
const BY_COUNTRY: [(&[&str], &[&str]); 17] = [
    (
        &["RU", "BY", "KZ", "KG", "AM", "AZ", "UZ", "TJ", "TM", "UA"],
        &["01", "02", "03", "04", "101", "102", "103", "104"],
    ),
    (&["GE"], &["111", "113"]),
    (&["MD"], &["901", "902", "903"]),
    (&["RS", "ME", "BA", "MK"], &["192", "193", "194"]),
    (&["TR"], &["110", "155", "156"]),
    (&["AE"], &["997", "998", "999"]),
    (&["IL"], &["100", "101", "102"]),
    (&["DE", "AT", "CH"], &["110", "117", "118", "122", "133", "144"]),
    (&["GB", "IE", "SG", "HK", "MY"], &["995", "999"]),
    (&["US", "CA", "MX"], &[]),
    (&["FR", "BE"], &["15", "17", "18", "100", "101", "114", "115", "119"]),
    (&["IT"], &["113", "115", "118"]),
    (&["AU", "NZ"], &["000", "106", "111"]),
    (&["IN"], &["100", "101", "102", "108"]),
    (&["JP", "CN", "KR"], &["110", "118", "119", "120", "122"]),
    (
        &["PL", "CZ", "SK", "HU", "BG", "GR"],
        &["104", "105", "107", "150", "155", "158", "160", "166", "199", "997", "998", "999"],
    ),
    (
        &["BR", "TH", "EG", "ES", "SA"],
        &["061", "062", "080", "091", "122", "123", "180", "190", "191", "192", "193", "199"],
    ),
];

/// Whether digits are an emergency number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// They are one nearly everywhere: no extension may look like it.
    Everywhere,
    /// They are one in the country, or behind an office's prefix for the outside line; within a PBX they may be a
    /// colleague's all the same.
    PerhapsHere,
    /// They are none.
    None,
}

fn emergency(digits: &str, region: Region) -> Reach {
    if EVERYWHERE.contains(&digits) {
        return Reach::Everywhere;
    }
    let code = region.code();
    let named = |(countries, _): &&(&[&str], &[&str])| countries.contains(&code.as_str());
    // Of a country that is not known here, whatever is one anywhere: a question too many is answered in a moment.
    let own: Vec<&str> = match BY_COUNTRY.iter().find(named) {
        Some((_, numbers)) => numbers.to_vec(),
        None => BY_COUNTRY.iter().flat_map(|(_, numbers)| numbers.iter().copied()).collect(),
    };
    let behind_prefix = digits.strip_prefix(['9', '0']);
    let is_one = own.contains(&digits) || behind_prefix.is_some_and(|digits| EVERYWHERE.contains(&digits) || own.contains(&digits));
    if is_one { Reach::PerhapsHere } else { Reach::None }
}

#[cfg(test)]
mod tests;
