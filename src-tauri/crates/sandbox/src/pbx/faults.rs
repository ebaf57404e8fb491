//! Faults of the stand-in PBX.

use serde::{Deserialize, Serialize};

/// Something to break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum PbxFault {
    /// Every websocket is dropped without a close frame. Calls go on.
    DropSockets,
    /// Companions whose app names begin so are cut off, and are not let in again until the faults are cleared. Calls and
    /// everybody else go on.
    CutOff {
        /// How the app's name begins, such as `ringside-101-`.
        app: String,
    },
    /// The port is closed for this long: connections are refused, open ones dropped. Calls go on.
    Refuse {
        /// Milliseconds.
        ms: u64,
    },
    /// The PBX dies: the port is closed for this long, all calls are gone without a word.
    Restart {
        /// Milliseconds.
        ms: u64,
    },
    /// The websockets neither read nor write (no pongs) for this long; what happens meanwhile comes late.
    Stall {
        /// Milliseconds.
        ms: u64,
    },
    /// A frame that is no JSON.
    Garbage,
    /// A binary frame.
    Binary,
    /// An event of a type nobody knows, with unknown fields.
    UnknownType,
    /// An event of unknown type of about this size.
    Huge {
        /// Bytes.
        bytes: usize,
    },
    /// The next frames are cut in half.
    Truncate {
        /// How many.
        count: u32,
    },
    /// The next frames come twice.
    Repeat {
        /// How many.
        count: u32,
    },
    /// The next pairs of frames come in the wrong order.
    Swap {
        /// How many pairs.
        count: u32,
    },
    /// Every event comes late, from now until cleared.
    DelayEvents {
        /// Milliseconds.
        ms: u64,
    },
    /// REST requests (and websocket handshakes) are refused.
    RestStatus {
        /// 401, 403, 404, 500, 503, …
        status: u16,
        /// How many; 0 = until cleared.
        #[serde(default = "once")]
        count: u32,
        /// Only this method.
        #[serde(default)]
        method: Option<String>,
        /// Only paths below `/ari/` that begin so, e.g. `channels`.
        #[serde(default)]
        path: Option<String>,
    },
    /// The next REST requests are carried out, but the answer never comes: the connection is reset.
    RestLost {
        /// How many.
        #[serde(default = "once")]
        count: u32,
        /// Only this method.
        #[serde(default)]
        method: Option<String>,
    },
    /// REST requests are answered with a web page and status 200, as by a sign-in page in between.
    RestPage {
        /// How many; 0 = until cleared.
        #[serde(default = "once")]
        count: u32,
        /// Only paths below `/ari/` that begin so, e.g. `recordings`.
        #[serde(default)]
        path: Option<String>,
    },
    /// The next REST requests are served late.
    RestDelay {
        /// Milliseconds.
        ms: u64,
        /// How many; 0 = until cleared.
        #[serde(default = "once")]
        count: u32,
        /// Only this method.
        #[serde(default)]
        method: Option<String>,
    },
}

fn once() -> u32 {
    1
}

/// What a REST request runs into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RestFault {
    Status(u16),
    Page,
    Lost,
    Delay(u64),
}

struct Rule {
    fault: RestFault,
    left: u32,
    method: Option<String>,
    path: Option<String>,
}

/// The REST faults in force.
#[derive(Default)]
pub(crate) struct RestFaults(Vec<Rule>);

impl RestFaults {
    /// Takes over a fault that concerns REST; false when it does not.
    pub(crate) fn add(&mut self, fault: &PbxFault) -> bool {
        let rule = match fault.clone() {
            PbxFault::RestStatus {
                status,
                count,
                method,
                path,
            } => Rule {
                fault: RestFault::Status(status),
                left: count,
                method,
                path,
            },
            PbxFault::RestLost { count, method } => Rule {
                fault: RestFault::Lost,
                left: count,
                method,
                path: None,
            },
            PbxFault::RestPage { count, path } => Rule {
                fault: RestFault::Page,
                left: count,
                method: None,
                path,
            },
            PbxFault::RestDelay { ms, count, method } => Rule {
                fault: RestFault::Delay(ms),
                left: count,
                method,
                path: None,
            },
            PbxFault::DropSockets
            | PbxFault::CutOff { .. }
            | PbxFault::Refuse { .. }
            | PbxFault::Restart { .. }
            | PbxFault::Stall { .. }
            | PbxFault::Garbage
            | PbxFault::Binary
            | PbxFault::UnknownType
            | PbxFault::Huge { .. }
            | PbxFault::Truncate { .. }
            | PbxFault::Repeat { .. }
            | PbxFault::Swap { .. }
            | PbxFault::DelayEvents { .. } => return false,
        };
        self.0.push(rule);
        true
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault for this request, used up by one.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<RestFault> {
        let fits = |rule: &Rule| {
            rule.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && rule.path.as_deref().is_none_or(|wanted| path.starts_with(wanted))
        };
        let at = self.0.iter().position(fits)?;
        let fault = self.0[at].fault.clone();
        match self.0[at].left {
            0 => {}
            1 => {
                self.0.remove(at);
            }
            _ => self.0[at].left -= 1,
        }
        Some(fault)
    }
}
