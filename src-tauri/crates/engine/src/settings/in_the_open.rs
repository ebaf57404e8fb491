//! Plain HTTP to the PBX: password and conversations' numbers cross the network in the open, for whoever listens there.
//!
//! So nothing is sent until somebody said yes, to this very address (scheme, host, port): at the screen, or in an office's
//! file. A yes for one address says nothing of another one. What never leaves the computer needs none. Where an
//! installation used plain HTTP before it was asked for, it waits for the answer; what is owed waits with it.

use url::Url;

/// Whether what is sent there crosses a network unencrypted.
#[must_use]
pub fn is_open(address: &Url) -> bool {
    address.scheme() != "https" && !omnidesk::is_loopback(address)
}

/// The yes for an address, as it is kept.
#[must_use]
pub fn yes(address: &Url) -> String {
    address.origin().ascii_serialization()
}

/// Whether this address may be used, given what was said yes to.
#[must_use]
pub fn is_allowed(address: &Url, said: &str) -> bool {
    !is_open(address) || Url::parse(said).is_ok_and(|said| is_open(&said) && yes(&said) == yes(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn every_plain_address_is_open_but_this_computers_own() {
        for (address, open) in [
            ("http://pbx.example:8088", true),
            ("HTTP://PBX.example/", true),
            ("http://10.0.0.5:8088", true),
            ("http://192.168.1.1", true),
            ("http://0.0.0.0:8088", true),
            ("http://128.0.0.1", true),
            ("http://127.0.0.1.example.org", true),
            ("http://localhost.example.org", true),
            ("http://pbx.localhost", true),
            ("http://localhost.:8088", true),
            ("http://127.0.0.1@pbx.example", true),
            ("http://[::]:8088", true),
            ("http://[fe80::1]", true),
            ("http://[::ffff:127.0.0.1]", true),
            ("ws://pbx.example", true),
            ("http://lоcalhost", true), // a Cyrillic letter
            ("http://localhost:8088", false),
            ("http://LOCALHOST", false),
            ("http://127.0.0.1:8088", false),
            ("http://127.1", false),
            ("http://127.255.255.254:1", false),
            ("http://[::1]:8088", false),
            ("http://[0:0:0:0:0:0:0:1]", false),
            ("https://pbx.example:8089", false),
            ("https://10.0.0.5", false),
        ] {
            assert_eq!(is_open(&url(address)), open, "{address}");
            assert_eq!(is_allowed(&url(address), ""), !open, "{address}");
            assert!(is_allowed(&url(address), &yes(&url(address))), "{address}");
        }
    }

    #[test]
    fn a_yes_is_for_one_address_and_no_other() {
        let said = yes(&url("http://pbx.example:8088/ari"));
        for same in ["http://pbx.example:8088", "http://PBX.example:8088/asterisk?x#y"] {
            assert!(is_allowed(&url(same), &said), "{same}");
        }
        for other in [
            "http://pbx.example",
            "http://pbx.example:8089",
            "http://pbx.example.evil.example:8088",
            "http://evil.example:8088/pbx.example",
            "http://pbx.example:8088@evil.example",
            "http://рbx.example:8088",
            "ws://pbx.example:8088",
        ] {
            assert!(!is_allowed(&url(other), &said), "{other}");
        }
        for no_yes in [
            "",
            " ",
            "true",
            "yes",
            "*",
            "http://*",
            "pbx.example:8088",
            "https://pbx.example:8088",
            "http://",
        ] {
            assert!(!is_allowed(&url("http://pbx.example:8088"), no_yes), "{no_yes}");
        }
    }
}
