//! At which hosts, besides the account's own, files may lie.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// A host that the office lists for files: `files.example.com`, or `*.files.example.com` for all below that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileHost {
    name: String,
    below: bool,
}

/// The text names no host, or too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a host such as files.example.com or *.files.example.com")]
pub struct BadFileHost;

impl FromStr for FileHost {
    type Err = BadFileHost;

    /// Only names with a dot inside are taken: no address, port, scheme or path, and no star but the one in front.
    fn from_str(text: &str) -> Result<Self, BadFileHost> {
        let text = text.trim();
        let (name, below) = match text.strip_prefix("*.") {
            Some(name) => (name, true),
            None => (text, false),
        };
        // What `Host` reads as a name may hold signs that no name has.
        let is_plain = |c: char| c.is_alphanumeric() || ".-_".contains(c);
        if !name.chars().all(is_plain) {
            return Err(BadFileHost);
        }
        let Ok(Host::Domain(name)) = Host::parse(name) else {
            return Err(BadFileHost);
        };
        let name = name.trim_end_matches('.').to_owned();
        let whole = name.contains('.') && name.split('.').all(|label| !label.is_empty());
        if whole { Ok(Self { name, below }) } else { Err(BadFileHost) }
    }
}

impl fmt::Display for FileHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.below { "*." } else { "" })?;
        f.write_str(&self.name)
    }
}

impl FileHost {
    /// Whether an address lies there: at the port of https.
    pub(crate) fn holds(&self, url: &Url) -> bool {
        let Some(Host::Domain(host)) = url.host() else { return false };
        let host = host.strip_suffix('.').unwrap_or(host);
        let fits = match (self.below, host.strip_suffix(self.name.as_str())) {
            (false, Some(rest)) => rest.is_empty(),
            (true, Some(rest)) => rest.len() > 1 && rest.ends_with('.'),
            (_, None) => false,
        };
        fits && url.port_or_known_default() == Some(443)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_listed_by_its_name_or_by_what_it_lies_below() {
        let table = [
            ("files.example.com", "https://files.example.com/1", true),
            (" Files.Example.COM. ", "https://files.example.com/1", true),
            ("files.example.com", "https://FILES.example.com.:443/1", true),
            ("файлы.рф", "https://ФАЙЛЫ.рф/1", true),
            ("files.example.com", "https://x.files.example.com/1", false),
            ("files.example.com", "https://xfiles.example.com/1", false),
            ("files.example.com", "https://files.example.com.evil.org/1", false),
            ("files.example.com", "https://files.example.com:8443/1", false),
            ("files.example.com", "https://files.example.com@evil.org/1", false),
            ("files.example.com", "https://evil.org/files.example.com", false),
            ("*.example.com", "https://files.example.com/1", true),
            ("*.example.com", "https://a.b.example.com/1", true),
            ("*.example.com", "https://example.com/1", false),
            ("*.example.com", "https://.example.com/1", false),
            ("*.example.com", "https://evilexample.com/1", false),
        ];
        for (listed, address, expected) in table {
            let host: FileHost = listed.parse().unwrap();
            let holds = Url::parse(address).is_ok_and(|url| host.holds(&url));
            assert_eq!(holds, expected, "{listed} {address}");
        }
    }

    #[test]
    fn what_names_no_host_or_too_many_is_refused() {
        for text in [
            "",
            " ",
            "*",
            "*.",
            "*.com",
            "com",
            "localhost",
            "**.example.com",
            "files.*.com",
            "*files.example.com",
            "https://files.example.com",
            "files.example.com/x",
            "files.example.com:443",
            "user@files.example.com",
            "10.0.0.1",
            "0x0a.1",
            "2130706433",
            "8.8.8.8",
            "[::1]",
            "::1",
            "a..example.com",
            ".example.com",
            "files.exam ple.com",
            "files.example\0.com",
            "files.\u{202e}example.com",
        ] {
            assert_eq!(text.parse::<FileHost>(), Err(BadFileHost), "{text:?}");
        }
    }
}
