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

    /// The agent answers, and passes the call on to the colleague without asking.
    pub fn transferred(from: &str, ring: Duration, talk: Duration) -> Self {
        let transfer = json!({"kind": "blind", "to": COLLEAGUE, "after_ms": 4000});
        Self::incoming(from, ring, "answered", talk).with("transfer", transfer)
    }

    /// The agent dials in the softphone, and the other side answers.
    pub fn outgoing(to: &str, ring: Duration, talk: Duration) -> Self {
        Self::incoming("", ring, "answered", talk)
            .with("kind", json!("outgoing"))
            .with("to", json!(to))
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
        let other = if self.spec["kind"] == "outgoing" {
            format!("to {}", word("to"))
        } else {
            format!("from {}", word("from"))
        };
        format!("{} {other}, {}", word("kind"), word("outcome"))
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

    /// The colleague answers a call that rings at several phones, and it ends at once.
    pub fn let_colleague_take(&self, call: &str) -> Result<()> {
        self.post(&format!("pbx/calls/{call}/answer"), &json!({"by": COLLEAGUE}))?;
        self.post(&format!("pbx/calls/{call}/hangup"), &json!({}))?;
        Ok(())
    }

    /// The whole stand-in Omnidesk: users, cases with their messages.
    pub fn omnidesk(&self) -> Result<Value> {
        self.get("omnidesk/state")
    }

    /// How many requests Omnidesk has had so far.
    pub fn requests(&self) -> Result<usize> {
        let answer = self.get("omnidesk/requests")?;
        let list = answer.as_array().or_else(|| answer["requests"].as_array());
        list.map(Vec::len).context("the sandbox's request log is not a list")
    }

    /// The newest requests, one line each, for a person.
    pub fn last_requests(&self, count: usize) -> Result<Vec<String>> {
        let answer = self.get("omnidesk/requests")?;
        let list = answer
            .as_array()
            .or_else(|| answer["requests"].as_array())
            .cloned()
            .unwrap_or_default();
        let line = |entry: &Value| {
            let word = |key: &str| entry[key].as_str().unwrap_or("-").to_owned();
            format!("{} {} {}", word("method"), word("path"), entry["status"])
        };
        Ok(list.iter().rev().take(count).rev().map(line).collect())
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

/// Bytes of all files in a case's messages; `None` where it has no file.
pub fn attached(case: &Value) -> Option<u64> {
    let messages = case["messages"].as_array()?;
    let sizes = messages
        .iter()
        .filter_map(|message| message["attachments"].as_array())
        .flatten()
        .filter_map(|file| file["file_size"].as_u64());
    sizes.reduce(|sum, size| sum + size)
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
    fn a_case_and_its_recording_are_found_in_the_sandboxes_state() {
        let state = json!({"cases": [
            {"case_number": "111-111111", "messages": [{"attachments": []}]},
            {"case_number": "222-222222", "messages": [{}, {"attachments": [{"file_size": 44}, {"file_size": 1000}]}]},
        ]});
        assert_eq!(case(&state, "222-222222").and_then(attached), Some(1044));
        assert_eq!(case(&state, "111-111111").and_then(attached), None);
        assert!(case(&state, "333-333333").is_none());
    }
}
