//! The log at INFO tells the course of each call and of both links, and nothing by which a person could be known.

use crate::desk::{Desk, IVANOV, STRANGER};
use crate::said::Said;
use calls::AgentAction;
use engine::view::LinkStateView;
use sandbox::pbx::PbxFault;

const SUBJECT: &str = "Снегопад на пятом складе";
const NOTE: &str = "Перевезти в Углич до среды";

/// The lines about a call, each without time and target.
fn of_call(said: &Said, id: &str) -> Vec<String> {
    let name = format!("call={id}");
    let about = |line: &&str| line.split_whitespace().any(|word| word == name);
    said.text().lines().filter(about).map(str::to_owned).collect()
}

/// Each of these is said, in this order.
fn in_order(lines: &[String], wanted: &[&str]) {
    let mut rest = lines.iter();
    for part in wanted {
        assert!(rest.any(|line| line.contains(part)), "{part} is missing in {lines:#?}");
    }
}

fn nobody_is_known(lines: &[String]) {
    for line in lines {
        for trace in [
            "9161234567",
            "9031112233",
            "Иванов",
            "ivanov",
            "Ромашка",
            "Снегопад",
            "Углич",
            "anna",
        ] {
            assert!(!line.to_lowercase().contains(&trace.to_lowercase()), "{trace} in {line}");
        }
    }
}

#[tokio::test]
async fn d4_the_log_of_an_answered_call_tells_its_course_and_nobody() {
    let (said, _guard) = Said::here();
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let create = AgentAction::CreateCase {
        subject: SUBJECT.into(),
        gist: NOTE.into(),
    };
    desk.act(&ringing.id, create).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let lines = of_call(&said, &ringing.id);
    let case = format!("case={}", desk.only_case().case_id);
    in_order(
        &lines,
        &["direction=Inbound", "talks", "created a case", "disposition=Some(Answered)"],
    );
    in_order(&lines, &["looked up", "caller=\"a user\"", "rule=\"S30\"", "written to Omnidesk"]);
    in_order(&lines, &["created a case", "written to Omnidesk", &case]);
    in_order(&lines, &["ended", "written to Omnidesk"]);
    nobody_is_known(&lines);
}

#[tokio::test]
async fn d4_the_log_of_a_missed_call_of_a_stranger_says_what_was_decided_and_written() {
    let (said, _guard) = Said::here();
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.case_of(&ringing.id).await;
    desk.settled().await;
    let lines = of_call(&said, &ringing.id);
    in_order(
        &lines,
        &["rings", "looked up", "disposition=Some(Missed)", "rule=\"S31\"", "what=\"case\""],
    );
    nobody_is_known(&lines);
}

#[tokio::test]
async fn d4_the_log_says_that_a_link_is_lost_and_why_and_when_it_is_back() {
    let (said, _guard) = Said::here();
    let desk = Desk::open().await;
    desk.sandbox.pbx().fault(&PbxFault::DropSockets);
    desk.until("the cut", |view| (view.pbx.state != LinkStateView::Up).then_some(()))
        .await;
    desk.linked().await;
    let lines: Vec<String> = said.text().lines().map(str::to_owned).collect();
    in_order(&lines, &["PBX: connected", "the link to the PBX is down", "PBX: connected"]);
    in_order(&lines, &["Omnidesk: connected"]);
}
