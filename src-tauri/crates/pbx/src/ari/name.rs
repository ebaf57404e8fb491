//! What a channel's name says.

/// The endpoint in a channel's name: `PJSIP/101-0000002d` → `101`.
pub fn endpoint(name: &str) -> &str {
    let rest = name.split_once('/').map_or(name, |(_, rest)| rest);
    rest.rsplit_once('-').map_or(rest, |(endpoint, _)| endpoint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_endpoint_is_what_stands_between_technology_and_counter() {
        let table = [
            ("PJSIP/101-0000002d", "101"),
            ("PJSIP/201-acme-0000002d", "201-acme"),
            ("SIP/20045-1", "20045"),
            ("DAHDI/i1/79161234567-1", "i1/79161234567"),
            ("", ""),
        ];
        for (name, expected) in table {
            assert_eq!(endpoint(name), expected, "{name}");
        }
    }
}
