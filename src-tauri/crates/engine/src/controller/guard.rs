//! The guard before a call out: the office's policy and this desk's calls, asked for each number.

use crate::controller::Controller;
use crate::settings::guard::doubt_view;
use crate::view::Caution;
use calls::{Doubt, Number, Region, Verdict};

impl Controller {
    /// What is to be asked before this number is dialled, or stands in the way.
    pub(crate) fn caution(&self, number: &Number) -> Option<Caution> {
        let office = self.settings.region();
        let history = self.desk.history(number);
        let (doubt, never) = match self.settings.dial_policy.judge(number, office, history) {
            Verdict::Dial => return None,
            Verdict::Ask(doubt) => (doubt, false),
            Verdict::Never(doubt) => (doubt, true),
        };
        let countries: Vec<Region> = number.tariffs(office).into_iter().filter_map(|tariff| tariff.country).collect();
        // Of digits that may be another country's or the office's own, the other country is the reason.
        let other = countries.iter().find(|country| doubt == Doubt::Foreign && **country != office);
        let country = other.or(countries.first()).copied();
        Some(Caution {
            doubt: doubt_view(doubt),
            never,
            number: number.pretty().to_owned(),
            country: country.map(Region::code),
        })
    }
}
