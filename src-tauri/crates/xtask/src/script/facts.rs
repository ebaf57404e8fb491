//! What must be true of Omnidesk itself when a scene is over, whatever the app claims.

use super::scenes::{Case, Scene, Which};
use crate::{
    control::{self, Control},
    process,
};
use anyhow::Result;
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};

/// How Omnidesk stood before a scene.
pub struct Before {
    cases: usize,
    users: usize,
    requests: usize,
}

impl Before {
    /// As it stands now, once the app has read the users in the background.
    pub fn now(control: &Control) -> Result<Self> {
        let account = control.omnidesk()?;
        Ok(Self {
            cases: cases(&account).count(),
            users: users(&account),
            requests: settled(control)?.len(),
        })
    }
}

/// The cases that scenes have made, by the scene's name: later ones come back to them.
#[derive(Default)]
pub struct Story(BTreeMap<&'static str, String>);

/// Statements about Omnidesk: those that hold, and those that do not.
pub type Facts = (Vec<String>, Vec<String>);

/// Compares what a scene must leave with what there is. `made` has the case that each part's call made.
pub fn check(control: &Control, scene: &Scene, before: &Before, made: &[Option<String>], story: &mut Story) -> Result<Facts> {
    if let Some(number) = made.first().cloned().flatten() {
        story.0.insert(scene.name, number);
    }
    let requests = settled(control)?;
    let account = control.omnidesk()?;
    let mut facts = Vec::new();
    for (which, expected) in &scene.cases {
        let number = match which {
            Which::Made(part) => made.get(*part).cloned().flatten(),
            Which::Earlier(scene) => story.0.get(scene).cloned(),
        };
        match number {
            Some(number) => facts.extend(of_case(&account, &number, expected)),
            None => facts.push((format!("{which:?} is a case"), false)),
        }
    }
    let new = cases(&account).count().saturating_sub(before.cases);
    let wanted = scene.cases.iter().filter(|(which, _)| matches!(which, Which::Made(_))).count();
    facts.push((format!("there are {wanted} new cases (found: {new})"), new == wanted));
    let new = users(&account).saturating_sub(before.users);
    facts.push((
        format!("there are {} new users (found: {new})", scene.new_users),
        new == scene.new_users,
    ));
    let asked = requests.get(before.requests..).unwrap_or_default();
    facts.push(budget(scene, asked));
    let (held, broken): (Vec<_>, Vec<_>) = facts.into_iter().partition(|(_, holds)| *holds);
    let words = |facts: Vec<(String, bool)>| facts.into_iter().map(|(fact, _)| fact).collect();
    Ok((words(held), words(broken)))
}

/// The request log once nothing is added any more: pages are read beside what is owed.
fn settled(control: &Control) -> Result<Vec<String>> {
    let mut last = control.requests()?;
    for _ in 0..20 {
        process::pause(Duration::from_millis(150))?;
        let now = control.requests()?;
        if now.len() == last.len() {
            break;
        }
        last = now;
    }
    Ok(last)
}

fn of_case(account: &Value, number: &str, expected: &Case) -> Vec<(String, bool)> {
    let Some(case) = control::case(account, number) else {
        return vec![(format!("case {number} is in Omnidesk"), false)];
    };
    let word = |key: &str| case[key].as_str().unwrap_or_default();
    let (status, subject) = (word("status"), word("subject"));
    let labels: Vec<&str> = case["labels"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let messages = case["messages"].as_array().map_or(0, Vec::len);
    let recordings = control::recordings(case);
    let mut facts = vec![
        (
            format!("case {number} is {} (found: {status})", expected.status),
            status == expected.status,
        ),
        (
            format!("its subject begins with «{}» (found: «{subject}»)", expected.subject),
            subject.starts_with(expected.subject),
        ),
        (
            format!("its labels are {:?} (found: {labels:?})", expected.labels),
            labels == expected.labels,
        ),
        (
            format!("it has {} messages (found: {messages})", expected.messages),
            messages == expected.messages,
        ),
        (
            format!("it has {} recordings (found, in bytes: {recordings:?})", expected.recordings),
            recordings.len() == expected.recordings && recordings.iter().all(|size| *size > EMPTY_WAV),
        ),
    ];
    if let Some(agent) = expected.responsible {
        let found = word("staff_email");
        facts.push((format!("{agent} is responsible for it (found: {found})"), found == agent));
    }
    facts
}

/// A recording is more than the header of an empty wav.
const EMPTY_WAV: u64 = 44;

/// Omnidesk's limit is shared by the whole office.
fn budget(scene: &Scene, asked: &[String]) -> (String, bool) {
    let reads = asked.iter().filter(|request| request.starts_with("GET ")).count();
    let writes = asked.len() - reads;
    let holds = reads <= scene.reads && writes <= scene.writes;
    let mut fact = format!(
        "Omnidesk was asked {reads} times and told {writes} things (at most {} and {})",
        scene.reads, scene.writes
    );
    if !holds {
        fact = format!("{fact}: {}", asked.join(", "));
    }
    (fact, holds)
}

fn cases(account: &Value) -> impl Iterator<Item = &Value> {
    account["cases"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|case| case["seeded"] == false)
}

fn users(account: &Value) -> usize {
    account["users"].as_array().map_or(0, Vec::len)
}

#[cfg(test)]
mod tests {
    use super::super::scenes::scenes;
    use super::*;
    use serde_json::json;

    #[test]
    fn a_case_is_what_it_must_be_or_each_difference_is_named() {
        let account = json!({"cases": [{
            "case_number": "111-111111", "status": "open", "subject": "Пропущенный звонок с +7", "labels": ["Пропущенный"],
            "messages": [{"attachments": []}, {"attachments": [{"file_size": 44}]}],
        }]});
        let case = Case {
            status: "open",
            subject: "Пропущенный",
            labels: &["Пропущенный"],
            messages: 2,
            recordings: 1,
            responsible: None,
        };
        let broken = |case: &Case| -> Vec<String> {
            let facts = of_case(&account, "111-111111", case).into_iter();
            facts.filter(|(_, holds)| !holds).map(|(fact, _)| fact).collect()
        };
        assert_eq!(broken(&case), ["it has 1 recordings (found, in bytes: [44])"], "an empty one");
        let other = Case {
            status: "closed",
            labels: &[],
            messages: 1,
            responsible: Some("anna@support.example"),
            ..case
        };
        assert_eq!(broken(&other).len(), 5);
        assert!(of_case(&account, "222-222222", &case).iter().all(|(_, holds)| !holds));
    }

    #[test]
    fn requests_beyond_the_budget_are_named() {
        let scenes = scenes();
        let asked = ["GET users", "GET cases", "POST cases", "PUT cases/*", "PUT cases/*"].map(str::to_owned);
        let of = |name: &str| scenes.iter().find(|scene| scene.name == name);
        let missed = of("missed call").map(|scene| budget(scene, &asked));
        assert!(missed.is_some_and(|(fact, holds)| !holds && fact.ends_with("PUT cases/*, PUT cases/*")));
        let again = of("missed client calls again and is answered").map(|scene| budget(scene, &asked));
        assert!(again.is_some_and(|(fact, holds)| holds && fact.ends_with("(at most 2 and 3)")));
    }
}
