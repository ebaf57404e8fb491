//! A password or key, and the address it was entered for: it is sent nowhere else.
//!
//! Whoever changes an address (at the screen, by an office file, on another's computer) must not be sent what was kept
//! for the old one. An address is scheme, host and port; another path is the same address.

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// Where a secret may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Belongs {
    /// To this origin: `https://pbx.example:8089`.
    To(String),
    /// An earlier version kept it without saying: to the address that this computer's own settings have.
    Unsaid,
    /// Wherever the settings say: who started the program gave both.
    Anywhere,
}

/// A secret that knows where it may be sent.
#[derive(Clone)]
pub struct Secret {
    text: SecretString,
    belongs: Belongs,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret(hidden, {:?})", self.belongs)
    }
}

impl Secret {
    /// As a person entered it beside this address.
    #[must_use]
    pub fn for_address(text: SecretString, address: &Url) -> Self {
        Self {
            text,
            belongs: Belongs::To(origin(address)),
        }
    }

    /// For tests, and from the environment: to be sent wherever the settings say.
    #[must_use]
    pub fn anywhere(text: impl Into<SecretString>) -> Self {
        Self {
            text: text.into(),
            belongs: Belongs::Anywhere,
        }
    }

    /// As a keychain gave it back, see [`Secret::to_keep`].
    #[must_use]
    pub fn kept(text: &str) -> Self {
        let parts = text
            .split_once(' ')
            .filter(|(address, _)| Url::parse(address).is_ok_and(|url| origin(&url) == *address));
        match parts {
            Some((address, secret)) => Self {
                text: secret.into(),
                belongs: Belongs::To(address.to_owned()),
            },
            None => Self {
                text: text.into(),
                belongs: Belongs::Unsaid,
            },
        }
    }

    /// What is to be kept: the address, a space, the secret. No address has a space.
    #[must_use]
    pub fn to_keep(&self) -> SecretString {
        match &self.belongs {
            Belongs::To(address) => format!("{address} {}", self.text.expose_secret()).into(),
            Belongs::Unsaid | Belongs::Anywhere => self.text.clone(),
        }
    }

    /// The secret, if it may be sent there.
    #[must_use]
    pub fn sent_to(&self, address: &Url) -> Option<SecretString> {
        let may = match &self.belongs {
            Belongs::To(own) => *own == origin(address),
            Belongs::Unsaid => false,
            Belongs::Anywhere => true,
        };
        may.then(|| self.text.clone())
    }

    /// What an earlier version kept belongs to the address that it was used with.
    pub(crate) fn settle(&mut self, address: Option<&Url>) {
        if let (Belongs::Unsaid, Some(address)) = (&self.belongs, address) {
            self.belongs = Belongs::To(origin(address));
        }
    }
}

fn origin(address: &Url) -> String {
    address.origin().ascii_serialization()
}

/// Secrets of this desk (D4).
#[derive(Clone, Default)]
pub struct Secrets {
    /// The PBX user's password.
    pub pbx_password: Option<Secret>,
    /// Omnidesk's API key.
    pub api_key: Option<Secret>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let has = |secret: &Option<Secret>| if secret.is_some() { "set" } else { "none" };
        write!(f, "Secrets(pbx {}, omnidesk {})", has(&self.pbx_password), has(&self.api_key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn sent(secret: &Secret, address: &str) -> Option<String> {
        secret.sent_to(&url(address)).map(|text| text.expose_secret().to_owned())
    }

    #[test]
    fn a_secret_goes_to_the_scheme_host_and_port_that_it_was_entered_for_and_nowhere_else() {
        let secret = Secret::for_address("geheim".into(), &url("https://pbx.example:8089/ari"));
        let kept = Secret::kept(secret.to_keep().expose_secret());
        for secret in [secret, kept] {
            for same in [
                "https://pbx.example:8089",
                "https://PBX.example:8089/other?x",
                "https://user@pbx.example:8089/",
            ] {
                assert_eq!(sent(&secret, same).as_deref(), Some("geheim"), "{same}");
            }
            for other in [
                "http://pbx.example:8089",
                "https://pbx.example",
                "https://pbx.example:8088",
                "https://pbx.example.evil.example:8089",
                "https://evil.example:8089/pbx.example",
                "https://pbx.example@evil.example:8089",
                "https://рbx.example:8089",
            ] {
                assert_eq!(sent(&secret, other), None, "{other}");
            }
        }
    }

    #[test]
    fn what_an_earlier_version_kept_goes_nowhere_until_it_is_clear_where_it_went() {
        for text in ["geheim", "ge heim", "https://x geheim nicht", "", "http:// y"] {
            let mut secret = Secret::kept(text);
            if matches!(secret.belongs, Belongs::To(_)) {
                continue;
            }
            assert_eq!(sent(&secret, "https://pbx.example"), None, "{text}");
            secret.settle(Some(&url("https://pbx.example/")));
            assert_eq!(sent(&secret, "https://pbx.example").as_deref(), Some(text));
            secret.settle(Some(&url("https://evil.example/")));
            assert_eq!(sent(&secret, "https://evil.example"), None);
        }
        assert!(!format!("{:?}", Secret::anywhere("geheim")).contains("geheim"));
    }
}
