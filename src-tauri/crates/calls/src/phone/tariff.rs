//! Whose number it is and what a call there costs, as far as the numbering plans tell.

use super::region::Region;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType};

/// Codes of satellite phones and of networks that belong to no country (ITU-T E.164, list of assigned codes).
const SATELLITE: [i32; 4] = [870, 881, 882, 883];
/// International premium rate service (ITU-T E.169.2).
const PREMIUM: i32 = 979;
/// International shared cost service (ITU-T E.169.3), universal personal numbers (ITU-T E.168).
const SHARED: [i32; 2] = [808, 878];
/// International freephone (ITU-T E.169.1): nobody pays at this end.
const FREEPHONE: i32 = 800;

/// What a call to a number costs, by the kind of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Charge {
    /// What calls to that country cost.
    Usual,
    /// Who calls pays nothing, from within the country.
    Free,
    /// A service is paid for by the call.
    Premium,
    /// A satellite phone, or a network that belongs to no country.
    Satellite,
    /// A special rate, shared with who is called; also personal numbers and pagers, which have rates of their own.
    Shared,
}

/// Where a number belongs, and its charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tariff {
    /// The country; none for numbers of no country.
    pub country: Option<Region>,
    /// What a call there costs.
    pub charge: Charge,
}

impl Tariff {
    /// Of a number in E.164, seen from an office in `region`; none where it is no valid one. Countries that share a code share
    /// free and paid services, too: such a number is the office's own country's where it may be.
    pub(super) fn of(e164: &str, region: Region) -> Option<Self> {
        let number = PHONE_NUMBER_UTIL.parse(e164, None).ok()?;
        let charge = match number.country_code {
            code if SATELLITE.contains(&code) => Charge::Satellite,
            code if SHARED.contains(&code) => Charge::Shared,
            PREMIUM => Charge::Premium,
            FREEPHONE => Charge::Free,
            _ => charge(number.get_type()),
        };
        let same_code = PHONE_NUMBER_UTIL.get_country_code_for_region(region.0) == Some(number.country_code);
        let country = if same_code && number.is_valid_for_region(region.0) {
            Some(region.0)
        } else {
            number.get_region_code()
        };
        // The plans' name for codes of no country has three digits.
        let country = country.map(Region).filter(|country| country.code().len() == 2);
        Some(Self { country, charge })
    }
}

fn charge(kind: PhoneNumberType) -> Charge {
    match kind {
        PhoneNumberType::PremiumRate => Charge::Premium,
        PhoneNumberType::SharedCost | PhoneNumberType::PersonalNumber | PhoneNumberType::Pager => Charge::Shared,
        PhoneNumberType::TollFree => Charge::Free,
        PhoneNumberType::FixedLine
        | PhoneNumberType::Mobile
        | PhoneNumberType::FixedLineOrMobile
        | PhoneNumberType::VoIP
        | PhoneNumberType::UAN
        | PhoneNumberType::VoiceMail
        | PhoneNumberType::Unknown => Charge::Usual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_tells_its_country_and_what_it_costs() {
        for (e164, country, charge) in [
            ("+79161234567", Some("RU"), Charge::Usual),
            ("+78005553535", Some("RU"), Charge::Free),
            ("+78091234567", Some("RU"), Charge::Premium),
            ("+78031234567", Some("RU"), Charge::Premium),
            ("+77011234567", Some("KZ"), Charge::Usual),
            ("+375291234567", Some("BY"), Charge::Usual),
            ("+18765551234", Some("JM"), Charge::Usual),
            ("+19005551234", Some("US"), Charge::Premium),
            ("+491805123456", Some("DE"), Charge::Shared),
            ("+447012345678", Some("GB"), Charge::Shared),
            ("+881612345678", None, Charge::Satellite),
            ("+870773111632", None, Charge::Satellite),
            ("+979123456789", None, Charge::Premium),
            ("+80812345678", None, Charge::Shared),
            ("+80012345678", None, Charge::Free),
        ] {
            let tariff = Tariff::of(e164, Region::default()).unwrap_or_else(|| panic!("{e164} is no number"));
            let code = tariff.country.map(Region::code);
            assert_eq!((code.as_deref(), tariff.charge), (country, charge), "{e164}");
        }
        assert_eq!(Tariff::of("101", Region::default()), None);
    }

    #[test]
    fn a_service_of_several_countries_is_the_offices_own() {
        for (office, e164) in [
            ("KZ", "+78000800000"),
            ("RU", "+78005553535"),
            ("CA", "+18005551234"),
            ("US", "+18005551234"),
            ("CA", "+19005551234"),
        ] {
            let office = Region::from_code(office).unwrap();
            assert_eq!(Tariff::of(e164, office).unwrap().country, Some(office), "{e164} {office:?}");
        }
        let elsewhere = Tariff::of("+18765551234", Region::from_code("CA").unwrap()).unwrap();
        assert_eq!(elsewhere.country.map(Region::code).as_deref(), Some("JM"));
    }
}
