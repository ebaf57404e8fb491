//! The sandbox's control interface, seen from outside: place calls, read back what Omnidesk was told.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::time::Duration;
use ureq::Agent;

/// A connection to the control interface.
pub struct Control {
    agent: Agent,
    base: String,
}

/// One call to place, in the sandbox's words (its README lists them).
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    spec: Value,
    /// How long it takes from the first ring to the end.
    pub length: Duration,
}

impl Call {
    /// Somebody outside calls the agent: `outcome` is `answered`, `missed`, `declined`, `busy`.
    pub fn incoming(from: &str, ring: Duration, outcome: &str, talk: Duration) -> Self {
        let spec = json!({
            "kind": "incoming", "from": from, "outcome": outcome, "ring_ms": millis(ring), "talk_ms": millis(talk),
        });
        Self { spec, length: ring + talk }
    }

    /// Somebody outside calls the agent and a colleague at once; the colleague answers.
    pub fn taken_by_colleague(from: &str, ring: Duration, talk: Duration) -> Self {
        Self::incoming(from, ring, "answered", talk)
            .with("kind", json!("group"))
            .with("members", json!(["101", COLLEAGUE]))
            .with("answered_by", json!(COLLEAGUE))
    }

    /// The same call, but nothing happens by itself after the first ring: see [`Control::let_colleague_take`].
    pub fn by_hand(self) -> Self {
        self.with("outcome", json!("manual"))
    }

    /// The agent answers, and after a while passes the call on to the colleague without asking.
    pub fn transferred(from: &str, ring: Duration, talk: Duration, after: Duration) -> Self {
        let transfer = json!({"kind": "blind", "to": COLLEAGUE, "after_ms": millis(after), "ring_ms": 1000});
        let call = Self::incoming(from, ring, "answered", talk).with("transfer", transfer);
        call.longer(after + Duration::from_secs(1))
    }

    /// The agent dials in the softphone, and the other side answers.
    pub fn outgoing(to: &str, ring: Duration, talk: Duration) -> Self {
        Self::incoming("", ring, "answered", talk)
            .with("kind", json!("outgoing"))
            .with("to", json!(to))
    }

    /// The agent orders a call in the app. The PBX makes it; both phones wait for [`Control::step`].
    pub fn ordered(to: &str) -> Self {
        Self::outgoing(to, Duration::ZERO, Duration::ZERO)
            .with("kind", json!("click"))
            .ending("manual")
    }

    /// Whether it is the app that places it.
    pub fn is_ordered(&self) -> bool {
        self.spec["kind"] == "click"
    }

    /// Somebody outside reaches a machine and no agent.
    pub fn machine(from: &str, talk: Duration) -> Self {
        Self::incoming(from, Duration::ZERO, "answered", talk).with("kind", json!("ivr"))
    }

    /// What the PBX must be asked for if the agent at `extension` orders this call.
    pub fn order(&self, extension: &str) -> Option<String> {
        let to = self.spec["to"].as_str().filter(|_| self.is_ordered())?;
        Some(format!("PJSIP/{extension}, then {to}"))
    }

    /// The same call, ending otherwise: `timeout`, `busy`, `declined`, …
    pub fn ending(self, outcome: &str) -> Self {
        self.with("outcome", json!(outcome))
    }

    /// The same call, with the other side put on hold on the way.
    pub fn on_hold(self, after: Duration, time: Duration) -> Self {
        let hold = json!({"after_ms": millis(after), "for_ms": millis(time)});
        self.with("hold", hold).longer(after + time)
    }

    fn longer(self, by: Duration) -> Self {
        Self {
            length: self.length + by,
            ..self
        }
    }

    fn with(mut self, key: &str, value: Value) -> Self {
        self.spec[key] = value;
        self
    }

    /// What the sandbox is told, with the agent filled in on the side that the kind of call leaves open.
    fn for_agent(&self, extension: &str) -> Value {
        let mut spec = self.spec.clone();
        let open = if spec["kind"] == "outgoing" { "from" } else { "to" };
        spec[open] = json!(extension);
        spec
    }

    /// In words, for the console.
    pub fn words(&self) -> String {
        let word = |key: &str| self.spec[key].as_str().unwrap_or_default().to_owned();
        let other = if self.spec["kind"] == "outgoing" || self.is_ordered() {
            format!("to {}", word("to"))
        } else {
            format!("from {}", word("from"))
        };
        match word("kind").as_str() {
            "click" => format!("ordered {other}"),
            kind => format!("{kind} {other}, {}", word("outcome")),
        }
    }
}

/// The colleague of the stand-in PBX who takes calls and transfers.
const COLLEAGUE: &str = "102";

impl Control {
    /// `base` is what the sandbox printed: `http://127.0.0.1:PORT/_control`.
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder().timeout_global(Some(Duration::from_secs(10))).build();
        Self {
            agent: config.into(),
            base: base.trim_end_matches('/').to_owned(),
        }
    }

    /// Places a call of the agent at `extension`; gives the sandbox's name for it.
    pub fn place(&self, call: &Call, extension: &str) -> Result<String> {
        let answer = self.post("pbx/calls", &call.for_agent(extension))?;
        answer["call"]
            .as_str()
            .map(str::to_owned)
            .context("the sandbox gave the call no name")
    }

    /// Both phones of the calls that the app orders from now on wait for [`Control::step`].
    pub fn phones_wait(&self) -> Result<()> {
        self.post("pbx/click", &json!({"agent": "manual", "client": "manual"})).map(drop)
    }

    /// The sandbox's name of the call that the app has ordered and that is not over.
    pub fn ordered(&self) -> Result<Option<String>> {
        let calls = self.get("pbx/calls")?;
        let ordered = |call: &&Value| call["kind"] == "click" && call["stage"] != "ended";
        let call = calls.as_array().into_iter().flatten().find(ordered);
        Ok(call.and_then(|call| call["call"].as_str()).map(str::to_owned))
    }

    /// What the PBX was asked to place so far: whom it was to ring first, and whom then.
    pub fn orders(&self) -> Result<Vec<String>> {
        let requests = self.get("pbx/requests")?;
        let is_order = |request: &&Value| request["method"] == "POST" && request["path"] == "channels";
        let words = |request: &Value| {
            let word = |key: &str| request["query"][key].as_str().unwrap_or("-").to_owned();
            format!("{}, then {}", word("endpoint"), word("extension"))
        };
        Ok(requests.as_array().into_iter().flatten().filter(is_order).map(words).collect())
    }

    /// One thing that happens in a call: `answer`, `decline`, `time_out`, `hangup`.
    pub fn step(&self, call: &str, step: &str) -> Result<()> {
        self.post(&format!("pbx/calls/{call}/{step}"), &json!({})).map(drop)
    }

    /// The other side of a talk is put on hold and taken back so many times, all at once.
    pub fn flutter(&self, call: &str, times: u32) -> Result<()> {
        self.post(&format!("pbx/calls/{call}/flutter"), &json!({ "times": times }))
            .map(drop)
    }

    /// The colleague answers a call that rings at several phones, and it ends at once.
    pub fn let_colleague_take(&self, call: &str) -> Result<()> {
        self.post(&format!("pbx/calls/{call}/answer"), &json!({"by": COLLEAGUE}))?;
        self.step(call, "hangup")
    }

    /// The whole stand-in Omnidesk: users, cases with their messages.
    pub fn omnidesk(&self) -> Result<Value> {
        self.get("omnidesk/state")
    }

    /// A call as the stand-in PBX sees it: `stage`, `held`, …
    pub fn call(&self, call: &str) -> Result<Value> {
        self.get(&format!("pbx/calls/{call}"))
    }

    /// The requests that Omnidesk has had so far, by kind: `PUT cases/*`.
    pub fn requests(&self) -> Result<Vec<String>> {
        Ok(self.request_log()?.iter().map(kind).collect())
    }

    /// The newest requests, one line each, for a person.
    pub fn last_requests(&self, count: usize) -> Result<Vec<String>> {
        let list = self.request_log()?;
        let line = |entry: &Value| {
            let word = |key: &str| entry[key].as_str().unwrap_or("-").to_owned();
            format!("{} {} {}", word("method"), word("path"), entry["status"])
        };
        Ok(list.iter().rev().take(count).rev().map(line).collect())
    }

    fn request_log(&self) -> Result<Vec<Value>> {
        let answer = self.get("omnidesk/requests")?;
        answer.as_array().cloned().context("the sandbox's request log is not a list")
    }

    /// Any control command by its path below the base.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let url = format!("{}/{path}", self.base);
        let mut answer = self
            .agent
            .post(&url)
            .send_json(body)
            .with_context(|| format!("the sandbox refused POST {path} {body}"))?;
        let text = answer.body_mut().read_to_string()?;
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    fn get(&self, path: &str) -> Result<Value> {
        let url = format!("{}/{path}", self.base);
        let mut answer = self
            .agent
            .get(&url)
            .call()
            .with_context(|| format!("the sandbox refused GET {path}"))?;
        // A state with many recordings in words is a few megabytes at most.
        let text = answer.body_mut().with_config().limit(64 << 20).read_to_string()?;
        serde_json::from_str(&text).with_context(|| format!("GET {path} gave no JSON"))
    }
}

/// The case with this number in what [`Control::omnidesk`] gave.
pub fn case<'a>(state: &'a Value, number: &str) -> Option<&'a Value> {
    state["cases"].as_array()?.iter().find(|case| case["case_number"] == number)
}

/// The files of a case's messages, each by its size in bytes.
pub fn recordings(case: &Value) -> Vec<u64> {
    let messages = case["messages"].as_array().into_iter().flatten();
    let files = messages.filter_map(|message| message["attachments"].as_array()).flatten();
    files.filter_map(|file| file["file_size"].as_u64()).collect()
}

/// Method and route of a request, with ids left out.
fn kind(request: &Value) -> String {
    let word = |key: &str| request[key].as_str().unwrap_or("-");
    let route = word("path").trim_start_matches("/api/").trim_end_matches(".json");
    let parts: Vec<&str> = route
        .split('/')
        .map(|part| {
            if part.starts_with(|first: char| first.is_ascii_digit()) {
                "*"
            } else {
                part
            }
        })
        .collect();
    format!("{} {}", word("method"), parts.join("/"))
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_agent_is_called_or_calls() {
        let second = Duration::from_secs(1);
        let incoming = Call::incoming("79161234567", second, "missed", Duration::ZERO).for_agent("101");
        assert_eq!(
            (incoming["from"].as_str(), incoming["to"].as_str(), incoming["ring_ms"].as_u64()),
            (Some("79161234567"), Some("101"), Some(1000))
        );
        let outgoing = Call::outgoing("79161234567", second, second).for_agent("101");
        assert_eq!(
            (outgoing["from"].as_str(), outgoing["to"].as_str()),
            (Some("101"), Some("79161234567"))
        );
    }

    #[test]
    fn what_the_agent_orders_is_placed_by_the_app() {
        let ordered = Call::ordered("79161234567");
        assert_eq!((ordered.is_ordered(), ordered.words().as_str()), (true, "ordered to 79161234567"));
        assert_eq!(ordered.order("101").as_deref(), Some("PJSIP/101, then 79161234567"));
        let second = Duration::from_secs(1);
        assert_eq!(Call::outgoing("79161234567", second, second).order("101"), None);
    }

    #[test]
    fn a_call_is_as_long_as_all_that_happens_in_it() {
        let second = Duration::from_secs(1);
        let held = Call::incoming("79161234567", second, "answered", second).on_hold(second, second);
        assert_eq!((held.length.as_secs(), held.spec["hold"]["for_ms"].as_u64()), (4, Some(1000)));
        let passed_on = Call::transferred("79161234567", second, second, second);
        assert_eq!(
            (passed_on.length.as_secs(), passed_on.spec["transfer"]["after_ms"].as_u64()),
            (4, Some(1000))
        );
        assert_eq!(
            Call::machine("79161234567", second).ending("busy").words(),
            "ivr from 79161234567, busy"
        );
    }

    #[test]
    fn a_case_and_its_recordings_are_found_in_the_sandboxes_state() {
        let state = json!({"cases": [
            {"case_number": "111-111111", "messages": [{"attachments": []}]},
            {"case_number": "222-222222", "messages": [{}, {"attachments": [{"file_size": 44}, {"file_size": 1000}]}]},
        ]});
        assert_eq!(case(&state, "222-222222").map(recordings), Some(vec![44, 1000]));
        assert_eq!(case(&state, "111-111111").map(recordings), Some(Vec::new()));
        assert!(case(&state, "333-333333").is_none());
    }

    #[test]
    fn requests_are_told_apart_by_method_and_route_and_not_by_ids() {
        let request = |method: &str, path: &str| kind(&json!({"method": method, "path": path}));
        assert_eq!(request("PUT", "/api/cases/2000/note/17.json"), "PUT cases/*/note/*");
        assert_eq!(request("GET", "/api/users.json"), "GET users");
    }
}
