//! Keeps credentials out of error texts, even when a server sends them back.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use crate::config::Config;

/// Longest excerpt of a foreign text.
const EXCERPT_CHARS: usize = 200;

/// Cleans foreign texts for display.
pub(crate) struct Redactor {
    /// The key, and the encoded part of the header; [`Config`] makes sure that the key is not empty.
    secrets: [SecretString; 2],
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

impl Redactor {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            secrets: [config.api_key.clone(), basic_credentials(config)],
        }
    }

    /// The first 200 characters on one line, without control characters and credentials.
    pub(crate) fn excerpt(&self, text: &str) -> String {
        // Hide first: a cut through a secret would leave half of it.
        let mut clean = text.to_owned();
        for secret in &self.secrets {
            clean = clean.replace(secret.expose_secret(), "***");
        }
        let plain: String = clean.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let words: Vec<&str> = plain.split_whitespace().collect();
        words.join(" ").chars().take(EXCERPT_CHARS).collect()
    }
}

/// The encoded part of the `Authorization` header.
fn basic_credentials(config: &Config) -> SecretString {
    let plain = format!("{}:{}", config.staff_email.trim(), config.api_key.expose_secret());
    STANDARD.encode(plain).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    #[test]
    fn excerpts_hold_neither_secrets_nor_control_characters() {
        let config = Config::new(Url::parse("https://x.test").unwrap(), "anna@x.test", "k3y-k3y");
        let redactor = Redactor::new(&config);
        let encoded = STANDARD.encode("anna@x.test:k3y-k3y");
        let text = format!("<html>\r\n\u{1b}[31m k3y-k3y Basic {encoded}</html>");
        assert_eq!(redactor.excerpt(&text), "<html> [31m *** Basic ***</html>");
        assert_eq!(redactor.excerpt(&"я".repeat(5000)).chars().count(), 200);
    }
}
