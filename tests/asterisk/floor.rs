//! Agents with whole engines at one PBX and one Omnidesk, and what their calls leave behind.

use super::office::Office;
use super::pbx::{Phone, RealPbx};
use engine::view::{CallView, CallerView, DeskView, DirectionView, DispositionView, OutboxStateView};
use sandbox::{Options, Sandbox};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The staff who sit at the desks, in this order.
const STAFF: [&str; 3] = ["anna@support.example", "boris@support.example", "vera@support.example"];

pub const ANNA: &str = STAFF[0];
pub const BORIS: &str = STAFF[1];
/// Nobody is responsible yet.
pub const NOBODY: &str = "";

/// The agents of a test.
pub struct Floor {
    pub pbx: RealPbx,
    omnidesk: Arc<Sandbox>,
    desks: BTreeMap<String, Office>,
}

/// What an agent sees of a call when all is over. Equal in every field, or the test fails.
#[derive(Debug, PartialEq)]
pub struct Seen {
    pub direction: DirectionView,
    pub disposition: Option<DispositionView>,
    /// E.164 where there is one, else as shown.
    pub number: String,
    pub from: Option<String>,
}

impl Seen {
    /// Somebody outside called in.
    pub fn inbound(number: &str, disposition: DispositionView) -> Self {
        Self::new(DirectionView::Inbound, number, disposition)
    }

    /// The agent called.
    pub fn outbound(number: &str, disposition: DispositionView) -> Self {
        Self::new(DirectionView::Outbound, number, disposition)
    }

    /// The same, passed on by a colleague.
    pub fn from(self, colleague: &str) -> Self {
        Self {
            from: Some(colleague.to_owned()),
            ..self
        }
    }

    fn new(direction: DirectionView, number: &str, disposition: DispositionView) -> Self {
        Self {
            direction,
            disposition: Some(disposition),
            number: number.to_owned(),
            from: None,
        }
    }

    fn of(call: &CallView) -> Self {
        Self {
            direction: call.direction,
            disposition: call.disposition,
            number: call.number.e164.clone().unwrap_or_else(|| call.number.pretty.clone()),
            from: call.transferred_from.clone(),
        }
    }
}

impl Floor {
    /// A PBX with a desk for each of these extensions, all connected.
    pub async fn open(extensions: &[&str]) -> Result<Self, Box<dyn std::error::Error>> {
        Self::at(RealPbx::start().await?, extensions).await
    }

    /// The same, where orders go into another context of the dialplan.
    pub async fn with_context(extensions: &[&str], context: &'static str) -> Result<Self, Box<dyn std::error::Error>> {
        let mut pbx = RealPbx::start().await?;
        pbx.context = context;
        Self::at(pbx, extensions).await
    }

    async fn at(pbx: RealPbx, extensions: &[&str]) -> Result<Self, Box<dyn std::error::Error>> {
        let omnidesk = Arc::new(Sandbox::start(Options::default()).await?);
        let mut desks = BTreeMap::new();
        for (extension, email) in extensions.iter().zip(STAFF) {
            let office = Office::of(&pbx, omnidesk.clone(), extension, email).await?;
            desks.insert((*extension).to_owned(), office);
        }
        Ok(Self { pbx, omnidesk, desks })
    }

    /// An agent's desk.
    ///
    /// # Panics
    /// When the test opened none for this extension.
    pub fn desk(&self, extension: &str) -> &Office {
        match self.desks.get(extension) {
            Some(desk) => desk,
            None => panic!("no desk {extension}"),
        }
    }

    /// Waits until the agent's phone rings, or the call goes out, for a client whom Omnidesk knows.
    pub async fn finds_the_client(&self, extension: &str) {
        let known = |call: &CallView| matches!(&call.caller, CallerView::Known { user, .. } if user.name == "Иванов Иван Сергеевич");
        self.desk(extension).call("the client's profile", known).await;
    }

    /// All of these phones have played to the end.
    pub async fn over(&self, phones: impl IntoIterator<Item = Phone>) {
        for phone in phones {
            phone.done().await;
        }
    }

    /// The agent has had exactly these calls, oldest first; all are decided, and nothing is owed for them any more.
    ///
    /// # Panics
    /// When they are others.
    pub async fn calls(&self, extension: &str, expected: &[Seen]) {
        let settled = |view: &DeskView| {
            let decided = view.calls.len() >= expected.len() && view.calls.iter().all(|call| call.outcome.is_some());
            let sent = view.outbox.iter().all(|row| row.state == OutboxStateView::Done);
            (decided && sent).then(|| view.calls.clone())
        };
        let what = format!("the end of {} calls at {extension}", expected.len());
        let mut calls = self.desk(extension).until(&what, settled).await;
        calls.sort_by(|a, b| a.offered_at.total_cmp(&b.offered_at));
        let seen: Vec<_> = calls.iter().map(Seen::of).collect();
        assert_eq!(seen, expected, "calls of {extension}");
    }

    /// Exactly these cases came of it, whatever their order: subject, status, who is responsible.
    ///
    /// # Panics
    /// When they are others.
    pub fn cases(&self, expected: &[(&str, &str, &str)]) {
        let all = self.omnidesk.omnidesk().new_cases();
        let mut seen: Vec<_> = all
            .iter()
            .map(|case| (case.subject.as_str(), case.status.as_str(), case.staff_email.as_str()))
            .collect();
        let mut expected = expected.to_vec();
        seen.sort_unstable();
        expected.sort_unstable();
        assert_eq!(seen, expected, "{all:#?}");
    }
}
