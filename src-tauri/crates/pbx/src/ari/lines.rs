//! Who is outside: what is known of the PBX's lines, and what follows for a channel.
//!
//! A **line** is an endpoint of the PBX: a phone of the office, or a trunk to the world. How it is
//! *spelled* says nothing: trunks are named by digits, phones by letters, and both alike on one PBX.
//! What says something, the strongest first:
//!
//! 1. **What it was dialled by.** A phone is dialled by its own name (`PJSIP/201-acme`, or by one of its
//!    contacts), a trunk needs a number to carry (`PJSIP/79161234567@trunk`, `SIP/trunk/7916…`).
//! 2. **A companion** of ours runs for it: a phone.
//! 3. **Where its calls enter the dialplan.** Every endpoint has a context of its own. A line in the
//!    context of the agent's own phone is a colleague's, unless its call came by a DID or carries a number
//!    that its own settings do not give it; a line in another context brings clients, unless it calls
//!    short numbers under its own.
//!
//! The first is seen in the stream or asked for (`DIALEDPEERNUMBER`), the last two are asked for once a
//! line (`PJSIP_ENDPOINT(…,context)`). Until something is known the spelling is a guess, marked as one
//! ([`Judged::sure`]), so that the popup need not wait; what is learnt corrects it.

use super::name::endpoint;
use super::wire::{Channel, Party, State};
use calls::{Extension, Number, Region};
use std::collections::{BTreeMap, BTreeSet};

const MOST_LINES: usize = 1024;
/// Channels that speak or listen in a bridge without being anybody; the last four carry sound to and from a program (external media).
const MACHINES: [&str; 9] = [
    "Announcer",
    "CBAnn",
    "CBRec",
    "Recorder",
    "Snoop",
    "AudioSocket",
    "UnicastRTP",
    "MulticastRTP",
    "WebSocket",
];

/// Who is at the other end of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    /// A phone of the office.
    Colleague(Extension),
    /// The world, over a trunk.
    Outside,
    /// Plumbing between two parts of the dialplan.
    Local,
    /// Nobody: an announcement, a recorder, a program.
    Machine,
}

/// A judgement, and whether it rests on evidence or is a guess by the spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub side: Side,
    pub sure: bool,
}

impl Judged {
    /// Whether it is somebody over a trunk.
    pub fn is_outside(&self) -> bool {
        self.side == Side::Outside
    }
}

/// What a channel was dialled by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A phone, by its name or one of its contacts.
    Phone,
    /// A trunk, with this number to carry.
    Number(String),
    /// A place in the dialplan: an extension of a Local channel.
    Place(String),
}

impl Target {
    /// Reads the text of `Dial` (`dialstring`, or `DIALEDPEERNUMBER` on the channel) that brought a channel of this
    /// name; `None` when it says nothing.
    pub fn read(text: &str, channel: &str, region: Region) -> Option<Self> {
        let (technology, _) = channel.split_once('/')?;
        // A queue names its members with their technology.
        let text = text
            .strip_prefix(technology)
            .and_then(|rest| rest.strip_prefix('/'))
            .unwrap_or(text);
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if technology == "Local" {
            let place = text.split(['@', '/']).next().unwrap_or_default();
            return Some(Self::Place(place.into()));
        }
        let line = endpoint(channel);
        if text == line && !is_card(line) {
            return Some(Self::Phone);
        }
        if let Some(user) = user_of_contact(text) {
            return Self::in_contact(user, line, region);
        }
        match carried(text, line) {
            None => Some(Self::Phone),
            // Name and password, and no number behind them.
            Some(text) if text.contains(':') => None,
            Some(number) => Some(Self::carrying(number, line)),
        }
    }

    /// A contact's user: a phone's is whatever the phone chose, and over a trunk it is the number. Digits that are neither
    /// a whole number nor the line's own may be either.
    fn in_contact(user: &str, line: &str, region: Region) -> Option<Self> {
        let is_dialable = !user.is_empty() && user.chars().all(|c| c.is_ascii_digit() || "+*#".contains(c));
        if Number::read(user, region).is_full() {
            return Some(Self::carrying(user, line));
        }
        let is_phone = is_number_of(user, line) || !(is_dialable || user.is_empty());
        is_phone.then_some(Self::Phone)
    }

    fn carrying(number: &str, line: &str) -> Self {
        if number.is_empty() || (!is_card(line) && is_number_of(number, line)) {
            Self::Phone
        } else {
            Self::Number(number.into())
        }
    }
}

/// A card's channel is named by the number that it calls: `i1/79161234567`.
fn is_card(line: &str) -> bool {
    line.contains('/')
}

/// The user of the contact in a text: `trunk/sip:79161234567;user=phone@host` → `79161234567`.
fn user_of_contact(text: &str) -> Option<&str> {
    let address = text.split('/').find_map(|part| {
        let (scheme, address) = part.split_once(':')?;
        (scheme.eq_ignore_ascii_case("sip") || scheme.eq_ignore_ascii_case("sips")).then_some(address)
    })?;
    let user = address.split_once('@').map_or("", |(user, _)| user);
    user.split([';', ':']).next()
}

/// The number in a text that brought a channel of this line, where it has a place for one.
fn carried<'a>(text: &'a str, line: &str) -> Option<&'a str> {
    // A context and options may follow a number.
    let first = |text: &'a str| text.trim_start_matches('/').split(['/', '@']).next();
    if let Some(number) = text.strip_suffix(line).and_then(|rest| rest.strip_suffix('@')) {
        return Some(number);
    }
    if let Some(rest) = text.strip_prefix(line).filter(|rest| rest.starts_with('/')) {
        return first(rest);
    }
    // Other forms of the same: `name:password@host/number`, `group/number@host`, `group/number`.
    match text.split_once('@') {
        Some((before, host)) => match host.split_once('/') {
            Some((_, number)) => first(number),
            None => before.rsplit('/').next(),
        },
        None => text.rsplit_once('/').map(|(_, number)| number),
    }
}

/// The part of a `Dial`'s data, such as `PJSIP/101&Local/102@x/n,30,tT`, that may have brought a channel of this name.
pub fn brought_by_text<'a>(data: &'a str, channel: &str) -> Option<&'a str> {
    let (technology, _) = channel.split_once('/')?;
    let line = endpoint(channel);
    let is_it = |text: &&str| {
        let Some(rest) = text.strip_prefix(technology).and_then(|rest| rest.strip_prefix('/')) else {
            return false;
        };
        let before = rest
            .strip_suffix(line)
            .is_some_and(|before| before.is_empty() || before.ends_with('@'));
        before || rest.strip_prefix(line).is_some_and(|behind| behind.starts_with('/'))
    };
    data.split(',').next()?.split('&').find(is_it)
}

/// Whether a number is an endpoint's own: the endpoint is named by it, alone or with a tenant beside it (`201-acme`).
pub fn is_number_of(number: &str, endpoint: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part == number;
    let words = || endpoint.split(|c: char| !c.is_ascii_alphanumeric());
    let digits = || endpoint.split(|c: char| !c.is_ascii_digit());
    !number.is_empty() && (number == endpoint || words().any(part) || digits().any(part))
}

/// What a line's own settings say; asked for once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The context in which its calls enter the dialplan.
    pub context: String,
    /// The number that the PBX gives its calls, empty when it gives none; `None` when that is not known.
    pub number: Option<String>,
}

/// What is known of one endpoint.
#[derive(Debug, Clone, Default)]
struct Line {
    /// It was dialled as a phone.
    rung: bool,
    /// It was dialled with a number to carry.
    carried: bool,
    /// Where its channels came into the dialplan.
    context: Option<String>,
    settings: Option<Settings>,
    heard: u64,
}

/// What a channel itself tells, beside its line.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    pub channel: &'a Channel,
    /// What it was dialled by.
    pub target: Option<&'a Target>,
    /// It called the PBX; it was not dialled.
    pub came_in: bool,
    /// The first number it dialled.
    pub dialled: Option<&'a str>,
}

/// The lines heard of, and whose they are.
#[derive(Debug, Default)]
pub struct Lines {
    known: BTreeMap<String, Line>,
    /// Extensions that a companion of ours runs for.
    desks: BTreeSet<String>,
    own: String,
    clock: u64,
}

impl Lines {
    /// Nothing known but the agent's own line, such as `PJSIP/101`.
    pub fn of(own: String) -> Self {
        Self { own, ..Self::default() }
    }

    /// A channel came into the dialplan here.
    pub fn entered(&mut self, name: &str, context: &str) {
        if !context.is_empty() && !name.starts_with("Local/") {
            self.line(name).context = Some(context.into());
        }
    }

    /// A channel of this name was dialled so.
    pub fn dialled(&mut self, name: &str, target: &Target) {
        match target {
            Target::Phone => self.line(name).rung = true,
            Target::Number(_) => self.line(name).carried = true,
            Target::Place(_) => {}
        }
    }

    /// A line's settings, as the PBX told them.
    pub fn learn(&mut self, name: &str, settings: Settings) {
        self.line(name).settings = Some(settings);
    }

    /// Companions run for these lines, such as `PJSIP/102`.
    pub fn desks(&mut self, desks: BTreeSet<String>) {
        self.desks = desks;
    }

    /// Forgets everything: the PBX restarted, perhaps with other settings.
    pub fn clear(&mut self) {
        *self = Self::of(std::mem::take(&mut self.own));
    }

    /// Whether a channel of this name is the agent's own phone.
    pub fn is_own(&self, name: &str) -> bool {
        line_of(name) == self.own
    }

    fn line(&mut self, name: &str) -> &mut Line {
        self.clock += 1;
        let key = line_of(name);
        if self.known.len() >= MOST_LINES && !self.known.contains_key(&key) {
            let oldest = self
                .known
                .iter()
                .filter(|(key, _)| **key != self.own)
                .min_by_key(|(_, line)| line.heard);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.known.remove(&oldest);
            }
        }
        let line = self.known.entry(key).or_default();
        line.heard = self.clock;
        line
    }

    /// The context in which a line's calls enter the dialplan.
    fn context(&self, key: &str) -> Option<&str> {
        let line = self.known.get(key)?;
        let told = line.settings.as_ref().map(|settings| settings.context.as_str());
        told.filter(|context| !context.is_empty()).or(line.context.as_deref())
    }

    /// Who is at the other end.
    pub fn judge(&self, evidence: Evidence<'_>, region: Region) -> Judged {
        let name = evidence.channel.name.as_str();
        let (technology, _) = name.split_once('/').unwrap_or_default();
        let sure = |side| Judged { side, sure: true };
        if technology == "Local" {
            return sure(Side::Local);
        }
        if MACHINES.contains(&technology) {
            return sure(Side::Machine);
        }
        let key = line_of(name);
        let colleague = || Side::Colleague(Extension::new(endpoint(name)));
        if key == self.own || self.desks.contains(&key) {
            return sure(colleague());
        }
        match evidence.target {
            Some(Target::Number(_)) => return sure(Side::Outside),
            Some(Target::Phone) => return sure(colleague()),
            Some(Target::Place(_)) | None => {}
        }
        let line = self.known.get(&key);
        match line.map_or((false, false), |line| (line.rung, line.carried)) {
            (true, false) => return sure(colleague()),
            (false, true) => return sure(Side::Outside),
            (true, true) | (false, false) => {}
        }
        let side = |is_inside| if is_inside { colleague() } else { Side::Outside };
        match (self.context(&key), self.context(&self.own)) {
            (Some(context), Some(own)) => sure(side(self.is_inside_by(context == own, evidence, line, region))),
            _ => Judged {
                side: side(guess(evidence)),
                sure: false,
            },
        }
    }

    /// By the context, and by what the call itself carries: see the module's header.
    fn is_inside_by(&self, same: bool, evidence: Evidence<'_>, line: Option<&Line>, region: Region) -> bool {
        let number = evidence.channel.caller.number.as_str();
        let given = line
            .and_then(|line| line.settings.as_ref())
            .and_then(|settings| settings.number.as_deref());
        let is_full = |text: &str| Number::read(text, region).is_full();
        let is_given = given.is_some_and(|given| !given.is_empty() && given == number);
        let is_own = is_given || is_number_of(number, endpoint(&evidence.channel.name));
        let dialled_short = evidence.dialled.is_some_and(|dialled| !is_full(dialled));
        match (evidence.came_in, same) {
            // Who was dialled and whose dialling nobody saw.
            (false, same) => same,
            (true, true) => {
                let foreign = match given {
                    Some(_) => !is_own && !number.is_empty(),
                    None => !is_own && is_full(number),
                };
                // Under his own number a colleague calls whom he likes; a trunk may be named by an office's whole number.
                let is_his = is_own && (is_given || !is_full(number));
                is_his || (dialled_short && !foreign)
            }
            (true, false) => dialled_short && is_own,
        }
    }
}

/// What the spelling alone suggests: a guess, until something is known.
fn guess(evidence: Evidence<'_>) -> bool {
    let (number, line) = (evidence.channel.caller.number.as_str(), endpoint(&evidence.channel.name));
    let is_short = |text: &str| (2..=7).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let came_in = evidence.came_in || evidence.channel.state == State::Ring;
    if is_number_of(number, line) {
        return is_short(number) || !came_in;
    }
    is_short(line) && (!came_in || number.is_empty())
}

/// `PJSIP/101-0000002d` → `PJSIP/101`.
pub fn line_of(name: &str) -> String {
    let technology = name.split('/').next().unwrap_or_default();
    format!("{technology}/{}", endpoint(name))
}

impl Party {
    /// A party on a channel: who was called over a trunk goes by the number that was called.
    pub fn of(caller: &Self, target: Option<&Target>) -> Self {
        match target {
            Some(Target::Number(number)) if caller.number.is_empty() => Self {
                number: number.clone(),
                name: String::new(),
            },
            Some(_) | None => caller.clone(),
        }
    }
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
