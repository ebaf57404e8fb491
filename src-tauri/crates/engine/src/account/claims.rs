//! «Перезваниваю» as it stands in a case's field: readable for people in Omnidesk, certain for Ringside.
//!
//! `Анна Соколова, 2026-11-29 14:05:07+03:00, #22`: who, since when by Omnidesk's clock, and who for certain. Anybody may
//! write anything there; what is not of this form is nobody's claim.

use crate::account::catalog::Catalog;
use calls::{Claim, Moment, StaffId, one_line};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use omnidesk::{Case, CaseStatus};

/// The longest name that is written or read, characters: a field holds no more than some hundreds.
const LONGEST_NAME: usize = 100;
/// A longer text is none of ours, bytes.
const LONGEST: usize = 1_000;

/// As it is written.
pub(crate) fn written(claim: &Claim, zone: &TimeZone) -> String {
    let since = Timestamp::from_millisecond(claim.since.0)
        .unwrap_or_default()
        .to_zoned(zone.clone());
    let since = since.strftime("%Y-%m-%d %H:%M:%S%:z");
    format!("{}, {since}, #{}", name(&claim.name), claim.by.0)
}

/// What a text says, if it is one of ours.
pub(crate) fn read(text: &str) -> Option<Claim> {
    let text = Some(text.trim()).filter(|text| text.len() <= LONGEST)?;
    let (text, by) = text.rsplit_once(", #")?;
    let (who, since) = text.rsplit_once(", ").unwrap_or(("", text.trim_start_matches(", ")));
    let since: Timestamp = since.parse().ok()?;
    Some(Claim {
        by: StaffId(by.parse().ok()?),
        name: name(who),
        since: Moment(since.as_millisecond()),
    })
}

fn name(text: &str) -> String {
    one_line(text).trim().chars().take(LONGEST_NAME).collect()
}

impl Catalog {
    /// Whether this office lets its agents say that they call back, and this one can.
    #[must_use]
    pub fn takes_claims(&self) -> bool {
        self.claim_field.is_some() && self.me.is_some()
    }

    /// Who calls a case's client back, by Omnidesk's clock, while it waits.
    #[must_use]
    pub fn claim_in(&self, case: &Case) -> Option<Claim> {
        let said = case.custom_fields.text(self.claim_field?)?;
        let claim = read(&said).filter(|_| case.status == CaseStatus::Open)?;
        // The account knows better what somebody is called than a field that anybody may write.
        let known = self.staff_name(omnidesk::StaffId(claim.by.0)).map(name);
        Some(Claim {
            name: known.filter(|known| !known.is_empty()).unwrap_or(claim.name),
            ..claim
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hostile::texts;

    fn claim(name: &str) -> Claim {
        Claim {
            by: StaffId(22),
            name: name.to_owned(),
            since: Moment(1_795_950_307_000),
        }
    }

    #[test]
    fn what_is_written_is_read_again_in_every_zone_and_under_every_name() {
        for zone in [TimeZone::UTC, TimeZone::fixed(jiff::tz::offset(3))] {
            for name in ["Анна Соколова", "Соколова, Анна", "", "#22", "A, 2020-01-01 00:00:00Z, #7"] {
                assert_eq!(read(&written(&claim(name), &zone)), Some(claim(name)), "{name}");
            }
        }
        let text = written(&claim("Анна Соколова"), &TimeZone::fixed(jiff::tz::offset(3)));
        assert_eq!(text, "Анна Соколова, 2026-11-29 14:05:07+03:00, #22");
        let long = written(&claim(&"ы".repeat(255)), &TimeZone::UTC);
        assert!(long.chars().count() < 150, "{long}");
    }

    #[test]
    fn what_a_person_wrote_there_is_nobodys_claim() {
        for text in [
            "",
            "Борис",
            "Борис, завтра, #22",
            "2026-11-29 14:05:07+03:00",
            "Борис, 2026-11-29 14:05:07+03:00, #",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        for hostile in texts() {
            assert_eq!(read(&hostile.text), None, "{}", hostile.name);
            let claimed = read(&format!("{}, 2026-11-29 14:05:07+03:00, #22", hostile.text));
            if let Some(claimed) = claimed {
                assert_eq!(one_line(&claimed.name), claimed.name, "{}", hostile.name);
                assert!(claimed.name.chars().count() <= LONGEST_NAME);
            }
        }
    }
}
