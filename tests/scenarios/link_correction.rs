//! S13: the agent links the number to one user, and then to another. Exactly the last one has it, and no two clients
//! are one afterwards, whatever was delivered, under way or owed at the moment of the second thought.

use crate::desk::{Desk, LONG, STRANGER};
use calls::{AgentAction, UserId};
use engine::view::{CallView, OutboxStateView};
use sandbox::omnidesk::{Fault, FaultRule};
use std::collections::BTreeMap;

/// Addresses of clients who have nothing to do with each other.
const FIRST: &str = "goncharuk@ural-opt.example";
const SECOND: &str = "belova@apteka.example";
const THIRD: &str = "zhukov@dom.example";

/// Everybody's ties by profile, but for those of the number's own one.
type Ties = BTreeMap<u64, Vec<u64>>;

struct Linking {
    desk: Desk,
    call: String,
    ringing: CallView,
    before: Ties,
}

impl Linking {
    /// A stranger whom the agent talks to.
    async fn open() -> Self {
        let desk = Desk::open().await;
        let before = ties(&desk);
        let (call, ringing) = desk.ring(STRANGER).await;
        desk.known(&ringing.id).await;
        desk.answer(&call, &ringing.id).await;
        Self {
            desk,
            call,
            ringing,
            before,
        }
    }

    async fn link(&self, address: &str) {
        let user = UserId(id_of(&self.desk, address));
        self.desk.act(&self.ringing.id, AgentAction::LinkUser { user }).await;
    }

    /// The number is with exactly this client, and everybody else's ties are as they were.
    async fn is_exactly_with(&self, address: &str) {
        self.desk.hang_up(&self.call, &self.ringing.id).await;
        self.desk.settled().await;
        let number = self.desk.profile_with("+79031112233")["user_id"].as_u64().unwrap();
        let user = id_of(&self.desk, address);
        let mut now = ties(&self.desk);
        let mut own = self.before[&user].clone();
        own.push(user);
        own.sort_unstable();
        assert_eq!(now.remove(&number), Some(own), "the number's own profile");
        for of in now.values_mut() {
            of.retain(|id| *id != number);
        }
        assert_eq!(now, self.before, "nobody else is tied to anybody");
        assert!(self.desk.owners_of_only_case().contains(&user), "the case is the last one's");
    }
}

impl Desk {
    /// The client whose case it is, with all their profiles.
    fn owners_of_only_case(&self) -> Vec<u64> {
        let owner = self.only_case().user_id;
        let mut all = ties(self)[&owner].clone();
        all.push(owner);
        all
    }
}

fn id_of(desk: &Desk, address: &str) -> u64 {
    desk.profile_with(address)["user_id"].as_u64().unwrap()
}

fn ties(desk: &Desk) -> Ties {
    let of = |user: &serde_json::Value| {
        let own = user["user_id"].as_u64().unwrap();
        let ids = user["linked_users"].as_array().cloned().unwrap_or_default();
        // A profile's own id may stand among them.
        let mut ids: Vec<u64> = ids.iter().filter_map(serde_json::Value::as_u64).filter(|id| *id != own).collect();
        ids.sort_unstable();
        (own, ids)
    };
    desk.sandbox.omnidesk().users().iter().map(of).collect()
}

fn links(desk: &Desk) -> Vec<OutboxStateView> {
    let rows = desk.view().outbox.into_iter().filter(|row| row.what == "link");
    rows.map(|row| row.state).collect()
}

#[tokio::test]
async fn s13_a_link_that_was_delivered_is_taken_back_when_the_agent_thinks_again() {
    let linking = Linking::open().await;
    linking.link(FIRST).await;
    linking.desk.settled().await;
    linking.link(SECOND).await;
    linking.is_exactly_with(SECOND).await;
}

#[tokio::test]
async fn s13_a_link_under_way_is_taken_back_when_the_agent_thinks_again() {
    let linking = Linking::open().await;
    let slow = FaultRule::once(Fault::Delay { ms: 400 }).on("PUT", "/api/users/*/link.json");
    linking.desk.sandbox.omnidesk().fault(slow);
    linking.link(FIRST).await;
    let running = |view: &engine::view::DeskView| {
        let mut rows = view.outbox.iter();
        rows.any(|row| row.what == "link" && row.state == OutboxStateView::Sending)
            .then_some(())
    };
    linking.desk.until("the first link under way", running).await;
    linking.link(SECOND).await;
    linking.is_exactly_with(SECOND).await;
}

#[tokio::test]
async fn s13_a_link_whose_answer_was_lost_is_taken_back_when_the_agent_thinks_again() {
    let linking = Linking::open().await;
    let lost = FaultRule::once(Fault::Lost { ms: 0 }).on("PUT", "/api/users/*/link.json");
    linking.desk.sandbox.omnidesk().fault(lost);
    linking.link(FIRST).await;
    let tied = |omnidesk: &sandbox::Omnidesk| omnidesk.counts().contains_key("PUT users/*/link");
    assert!(linking.desk.sandbox.omnidesk().until(LONG, tied).await, "tied");
    linking.link(SECOND).await;
    linking.is_exactly_with(SECOND).await;
}

#[tokio::test]
async fn s13_a_link_that_is_only_owed_is_never_made_when_the_agent_thinks_again() {
    let linking = Linking::open().await;
    let out = FaultRule::once(Fault::Status {
        status: 503,
        body: None,
        retry_after: None,
    });
    linking.desk.sandbox.omnidesk().fault(out.times(0));
    linking.link(FIRST).await;
    linking.link(SECOND).await;
    linking.link(THIRD).await;
    assert_eq!(links(&linking.desk).len(), 3);
    linking.desk.sandbox.omnidesk().clear_faults();
    linking.desk.engine.reconnect().await;
    linking.is_exactly_with(THIRD).await;
    let made = linking.desk.writes().iter().filter(|kind| *kind == "PUT users/*/link").count();
    assert_eq!(made, 1, "{:?}", linking.desk.writes());
}

#[tokio::test]
async fn s13_a_second_thought_after_a_restart_takes_the_link_back() {
    let mut linking = Linking::open().await;
    linking.link(FIRST).await;
    linking.desk.settled().await;
    linking.desk.restart().await;
    linking.link(SECOND).await;
    linking.desk.restart().await;
    linking.is_exactly_with(SECOND).await;
}

#[tokio::test]
async fn s13_back_to_the_first_one_leaves_the_first_one_linked() {
    let linking = Linking::open().await;
    for address in [FIRST, SECOND, FIRST] {
        linking.link(address).await;
        linking.desk.settled().await;
    }
    linking.is_exactly_with(FIRST).await;
}

#[tokio::test]
async fn s13_a_number_that_a_colleague_gave_to_another_client_meanwhile_is_not_taken_from_them() {
    let linking = Linking::open().await;
    let colleague = crate::desk::colleague(&linking.desk.sandbox);
    let own = omnidesk::NewUser::new(omnidesk::Contact::Phone("+79031112233".into()));
    let own = colleague.users().create(&own).await.unwrap();
    let other = omnidesk::UserId(id_of(&linking.desk, THIRD));
    colleague.users().link(other, &omnidesk::LinkTarget::User(own.id)).await.unwrap();
    linking.link(FIRST).await;
    let refused = linking.desk.wedged("link").await;
    assert_eq!(refused.code.as_deref(), Some("phone_already_exist"));
    assert_eq!(
        ties(&linking.desk)[&id_of(&linking.desk, FIRST)],
        linking.before[&id_of(&linking.desk, FIRST)]
    );
}
