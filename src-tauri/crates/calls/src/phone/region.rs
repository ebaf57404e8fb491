//! The country whose habits apply to numbers without a country code.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType};

/// The country whose habits apply to numbers without a country code. Russia by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Region(pub(super) rlibphonenumber::Region);

impl Default for Region {
    fn default() -> Self {
        Self(rlibphonenumber::Region::RU)
    }
}

impl Region {
    /// From an ISO 3166 code of two letters such as `RU`; `None` when there is no such country.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let region = code.to_ascii_uppercase().parse().ok()?;
        // Any two letters have a name there; only some have a numbering plan.
        PHONE_NUMBER_UTIL.get_country_code_for_region(region).map(|_| Self(region))
    }

    /// The ISO 3166 code of two letters.
    #[must_use]
    pub fn code(self) -> String {
        self.0.to_string()
    }

    /// Numbers as people of the country have them, in E.164: a mobile one and one of a landline. Nobody is called by them;
    /// a PBX is asked whether it knows a way to such numbers.
    #[must_use]
    pub fn examples(self) -> Vec<String> {
        [PhoneNumberType::Mobile, PhoneNumberType::FixedLine]
            .into_iter()
            .filter_map(|kind| PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(self.0, kind).ok())
            .map(|number| PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
            .collect()
    }
}
