//! Whom the PBX really called when an agent dialled.
//!
//! What an agent dials is not always the number: an outside-line prefix (`9`, `0`, `#31#`) stands before it, which the
//! dialplan strips; and what goes over the trunk may have got a prefix of its own (a carrier's digits). Both texts are
//! of one call, so the number is what they have in common: neither needs a setting.

use calls::{Number, Region};

/// Prefixes are at most so long.
const LONGEST_PREFIX: usize = 8;

/// The number that was called: `dialled` by the agent, `carried` to the trunk. Where the two have nothing in common the
/// dialplan sent the call elsewhere, and the trunk knows best.
pub fn really_called(dialled: &str, carried: &str, region: Region) -> String {
    let (ours, theirs) = (number_in(dialled), number_in(carried));
    if theirs.is_empty() {
        return dialled.into();
    }
    let (said, went) = (readings(ours, region), readings(theirs, region));
    let cost = |list: &[(usize, String)], number: &String| list.iter().find(|(_, other)| other == number).map(|(prefix, _)| *prefix);
    let common = said
        .iter()
        .filter_map(|(prefix, number)| Some((prefix + cost(&went, number)?, number)));
    if let Some((_, number)) = common.min_by_key(|(prefixes, _)| *prefixes) {
        let is_plain = ours == dialled && cost(&said, number) == Some(0);
        return if is_plain { dialled.into() } else { number.clone() };
    }
    let is_end = |longer: &str, shorter: &str| !shorter.is_empty() && digits(longer).ends_with(&digits(shorter));
    match (is_end(theirs, ours), cost_free(&said) && !cost_free(&went)) {
        // A local number to which the PBX added the area's code: as it went out it can be read.
        (true, _) if cost_free(&went) => theirs.into(),
        // The trunk put its own prefix before a number that nobody can read; a code is none.
        (true, _) => ours.into(),
        (false, true) if digits(ours).len() > digits(theirs).len() => ours.into(),
        (false, _) => theirs.into(),
    }
}

/// Whether a text is a number without any prefix.
fn cost_free(readings: &[(usize, String)]) -> bool {
    readings.first().is_some_and(|(prefix, _)| *prefix == 0)
}

/// What a text may be read as, with the length of the prefix that is left out, shortest first.
fn readings(text: &str, region: Region) -> Vec<(usize, String)> {
    let rest = |prefix: usize| text.get(prefix..);
    let read = |rest: &str| Number::read(rest, region).e164().map(str::to_owned);
    (0..=LONGEST_PREFIX)
        .filter_map(|prefix| Some((prefix, read(rest(prefix)?)?)))
        .collect()
}

/// The number behind a code such as `#31#`, whose digits are none of it.
fn number_in(text: &str) -> &str {
    let behind = text.rsplit(['#', '*', ',']).next().unwrap_or(text).trim();
    if behind.is_empty() { text } else { behind }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_prefix_of_the_office_or_of_the_trunk_is_no_part_of_the_number() {
        let client = Some("+79161234567");
        let table = [
            // The dialplan strips.
            ("989161234567", "89161234567", client),
            ("989161234567", "79161234567", client),
            ("989161234567", "+79161234567", client),
            ("089161234567", "89161234567", client),
            ("#31#89161234567", "89161234567", client),
            ("#31#89161234567", "#31#89161234567", client),
            ("*6789161234567", "89161234567", client),
            ("9#89161234567", "89161234567", client),
            ("9810998901234567", "810998901234567", Some("+998901234567")),
            ("9810998901234567", "998901234567", Some("+998901234567")),
            // The trunk has digits of its own.
            ("89161234567", "0089161234567", client),
            ("89161234567", "00#89161234567", client),
            ("79161234567", "123479161234567", client),
            ("89161234567", "1234#79161234567", client),
            ("89161234567", "123479161234567", client),
            // Both.
            ("989161234567", "10079161234567", client),
            ("589161234567", "107779161234567", client),
            ("379161234567", "00#79161234567", client),
            ("089161234567", "0089161234567", client),
            // Neither.
            ("89161234567", "89161234567", client),
            ("89161234567", "+79161234567", client),
            ("9161234567", "79161234567", client),
            ("84957654321", "74957654321", Some("+74957654321")),
            ("+998901234567", "810998901234567", Some("+998901234567")),
            // The PBX adds the area's code to a local number.
            ("2345678", "84952345678", Some("+74952345678")),
            ("2345678", "74952345678", Some("+74952345678")),
            ("2345678", "4952345678", Some("+74952345678")),
            ("234567", "78312234567", Some("+78312234567")),
            ("92345678", "84952345678", Some("+74952345678")),
            // A short code leads to a number.
            ("*55", "89161234567", client),
            ("200", "89161234567", client),
            // The call has no other text.
            ("89161234567", "", client),
            ("", "89161234567", client),
        ];
        for (dialled, carried, expected) in table {
            let called = really_called(dialled, carried, Region::default());
            let number = Number::read(&called, Region::default());
            assert_eq!(number.e164(), expected, "{dialled} → {carried}: {called}");
        }
    }

    #[test]
    fn a_short_number_behind_a_prefix_is_shown_as_the_trunk_got_it() {
        for (dialled, carried, expected) in [
            ("9112", "112", "112"),
            ("92345678", "2345678", "2345678"),
            ("0900", "900", "900"),
            // The trunk's own prefix.
            ("112", "00112", "112"),
            ("2345678", "1232345678", "2345678"),
        ] {
            assert_eq!(really_called(dialled, carried, Region::default()), expected);
        }
    }

    proptest! {
        #[test]
        fn any_prefix_that_the_dialplan_strips_is_gone(prefix in "[0-9]{1,3}|#31#|\\*67|9", rest in "9[0-9]{9}") {
            let number = format!("8{rest}");
            if Number::read(&number, Region::default()).e164().is_some() {
                let called = really_called(&format!("{prefix}{number}"), &number, Region::default());
                let (called, number) = (Number::read(&called, Region::default()), Number::read(&number, Region::default()));
                prop_assert_eq!(called.e164(), number.e164());
            }
        }

        #[test]
        fn nothing_is_invented(dialled in "[0-9+*#]{0,20}", carried in "[0-9+*#]{0,20}") {
            let called = really_called(&dialled, &carried, Region::default());
            // The country and the trunk prefix may be spelled otherwise.
            let end = |text: &str| digits(text).chars().rev().take(6).collect::<String>();
            prop_assert!(end(&called).starts_with(&end(&dialled)) || end(&called).starts_with(&end(&carried))
                || end(&dialled).starts_with(&end(&called)) || end(&carried).starts_with(&end(&called)));
        }
    }
}
