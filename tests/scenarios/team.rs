//! The team's statistics: what Omnidesk has of the calls' channel, whoever did it (S35, S36, S38).

use crate::desk::{Desk, IVANOV, LONG, STRANGER};
use engine::view::{FiguresRange, RecordingView, TeamStage, TeamView, TeamWish, TroubleView};
use jiff::ToSpan;
use sandbox::omnidesk::{ByHand, Fault, FaultRule};
use std::time::{Duration, Instant};

const ANNA: &str = "anna@support.example";
const BORIS: &str = "boris@support.example";
/// More than the steps of any reading here.
const STEPS: usize = 300;

/// All days on which cases of the account were opened.
fn quarter() -> FiguresRange {
    let today = jiff::Zoned::now().date();
    FiguresRange::Days {
        first: today.saturating_sub(90.days()).to_string(),
        last: today.to_string(),
    }
}

impl Desk {
    /// Of an account whose requests are no matter here.
    async fn of_a_large_account() -> Self {
        let desk = Self::open().await;
        desk.sandbox.omnidesk().set_rate_limit(6_000);
        desk
    }

    /// One question of the page.
    async fn team(&self, wish: TeamWish) -> TeamView {
        self.engine.team_figures(&quarter(), wish).await.unwrap()
    }

    /// As the page reads: step by step, until all is read or something hinders it.
    async fn read_team(&self, first: TeamWish) -> TeamView {
        let mut view = self.team(first).await;
        for _ in 0..STEPS {
            if view.stage == TeamStage::Done || view.trouble.is_some() {
                break;
            }
            view = self.team(TeamWish::Read).await;
        }
        view
    }

    /// Cases of the calls' channel, and the closed ones among them, as Omnidesk itself has them.
    fn cases_of_calls(&self) -> (u32, u32) {
        let cases = self.sandbox.omnidesk().cases();
        let of_calls: Vec<_> = cases.iter().filter(|case| case.channel == "cch101").collect();
        let closed = of_calls.iter().filter(|case| case.status == "closed").count();
        (u32::try_from(of_calls.len()).unwrap(), u32::try_from(closed).unwrap())
    }

    fn requests(&self) -> usize {
        self.sandbox.omnidesk().requests().len()
    }

    fn fault_once(&self, fault: Fault, path: &str) {
        self.sandbox.omnidesk().fault(FaultRule::once(fault).on("GET", path));
    }
}

fn status(status: u16) -> Fault {
    Fault::Status {
        status,
        body: None,
        retry_after: None,
    }
}

const LIST: &str = "/api/cases.json";

#[tokio::test]
async fn s35_s36_s38_the_teams_figures_are_what_omnidesk_has_whoever_did_it() {
    let desk = Desk::of_a_large_account().await;
    let user = desk.profile_with(&format!("+{IVANOV}"))["user_id"].as_u64().unwrap();
    let three_days_ago = jiff::Timestamp::now().as_second() - 3 * 86_400;
    desk.by_hand(&ByHand::Cases {
        user,
        count: 250,
        first: three_days_ago,
        apart: 0,
    });
    let begun = desk.team(TeamWish::Look).await;
    assert_eq!((begun.stage, begun.read_at), (TeamStage::Nothing, None));
    let seeded = desk.read_team(TeamWish::Read).await;
    assert_eq!((seeded.received, seeded.closed), desk.cases_of_calls());
    assert!(seeded.received > 250 && seeded.closed > 0);
    assert_eq!((seeded.recorded, seeded.received_before, seeded.trouble), (0, Some(0), None));
    assert_eq!(seeded.days.iter().map(|day| day.received).sum::<u32>(), seeded.received);

    // A client is called, and the agent does nothing: closed with its recording, Anna responsible (S34). Another calls, and the
    // case that waits (S15) is closed by hand.
    let (call, dialing) = desk.call_out(STRANGER).await;
    desk.known(&dialing.id).await;
    desk.answer(&call, &dialing.id).await;
    desk.hang_up(&call, &dialing.id).await;
    let talk = desk.talk(IVANOV).await;
    for id in [&dialing.id, &talk.id] {
        desk.call_until(id, "the recording", |call| call.recording == RecordingView::Attached)
            .await;
    }
    desk.settled().await;
    let (untouched, by_hand) = (desk.case_of(&dialing.id).await, desk.case_of(&talk.id).await);
    desk.set_status(&by_hand.case_number, "closed", ANNA);
    assert_eq!(desk.team(TeamWish::Look).await.received, seeded.received, "as it was read");
    let closed = desk.read_team(TeamWish::Anew).await;
    assert_eq!((closed.received, closed.closed), desk.cases_of_calls());
    assert_eq!(closed.recorded, 2, "S36");
    // Whose talk came with the case that nobody was responsible for, Omnidesk does not say.
    let mine = closed.best.iter().find(|best| best.you).map_or(0, |best| best.closed);
    assert!(mine >= 1 && mine + closed.recording_untold == 2, "S38: {closed:#?}");

    // A colleague opens Anna's case and closes it again: it is nobody's, as the conversation is hers. Omnidesk's moments are
    // whole seconds, so what is done in another one is another change.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    desk.set_status(&untouched.case_number, "open", BORIS);
    assert_eq!(desk.read_team(TeamWish::Anew).await.recorded, 1);
    desk.set_status(&untouched.case_number, "closed", BORIS);
    let of_boris = desk.read_team(TeamWish::Anew).await;
    let still = of_boris.best.iter().find(|best| best.you).map_or(0, |best| best.closed);
    assert_eq!(
        (of_boris.recorded, still, of_boris.best.len()),
        (2, mine - 1, usize::from(mine > 1))
    );

    // All is known: looking asks nothing, and who reads anew asks for the list alone.
    let asked = desk.requests();
    desk.team(TeamWish::Look).await;
    assert_eq!(desk.team(TeamWish::Read).await, of_boris);
    assert_eq!(desk.requests(), asked);
    let again = desk.read_team(TeamWish::Anew).await;
    assert_eq!((again.recorded, again.best), (of_boris.recorded, of_boris.best));
    let kinds = desk.sandbox.omnidesk().requests();
    assert!(
        kinds[asked..].iter().all(|request| request.kind() == "GET cases"),
        "nothing has changed"
    );
}

impl Desk {
    fn set_status(&self, case: &str, status: &str, staff_email: &str) {
        self.by_hand(&ByHand::SetStatus {
            case: case.to_owned(),
            status: status.to_owned(),
            staff_email: staff_email.to_owned(),
        });
    }
}

#[tokio::test]
async fn what_hinders_the_reading_is_said_and_it_goes_on_where_it_was() {
    let desk = Desk::of_a_large_account().await;
    let (received, closed) = desk.cases_of_calls();

    desk.fault_once(status(403), LIST);
    let refused = desk.read_team(TeamWish::Read).await;
    assert_eq!(refused.trouble.map(|trouble| trouble.trouble), Some(TroubleView::Forbidden));
    assert_eq!((refused.stage, refused.received), (TeamStage::Nothing, 0));
    // Half an answer may have been a moment's trouble; three of them are none.
    let torn = FaultRule::once(Fault::Truncated).on("GET", LIST).times(3);
    desk.sandbox.omnidesk().fault(torn);
    let torn = desk.read_team(TeamWish::Read).await;
    assert!(torn.trouble.is_some() && torn.stage == TeamStage::Nothing, "{torn:?}");

    // A moment's trouble is passed over, a limit is waited for; a case that is not shown, or is deleted meanwhile, counts so.
    desk.fault_once(status(500), LIST);
    desk.fault_once(
        Fault::Status {
            status: 429,
            body: None,
            retry_after: Some(1),
        },
        "/api/cases/*/messages.json",
    );
    desk.fault_once(status(403), "/api/cases/*/changelog.json");
    let cut = {
        let mut view = desk.team(TeamWish::Read).await;
        while view.stage != TeamStage::Closed {
            assert_eq!(view.trouble, None);
            view = desk.team(TeamWish::Read).await;
        }
        view
    };
    assert_eq!((cut.received, cut.closed, cut.unlooked), (received, closed, closed));
    let last_closed = desk
        .sandbox
        .omnidesk()
        .cases()
        .into_iter()
        .filter(|case| case.channel == "cch101" && case.status == "closed");
    let case = last_closed.map(|case| case.case_number).next_back().unwrap();
    desk.by_hand(&ByHand::Destroy { case });
    let whole = desk.read_team(TeamWish::Read).await;
    assert_eq!((whole.stage, whole.trouble), (TeamStage::Done, None));
    assert_eq!(
        (whole.received, whole.closed, whole.barred, whole.unlooked),
        (received - 1, closed - 1, 1, 0)
    );

    // Another connection is another account, perhaps; and without a channel no case is known to be a call's.
    let mut settings = desk.engine.settings().await.unwrap();
    settings.channel = String::new();
    desk.engine
        .save_settings(settings, engine::view::TypedSecrets::default())
        .await
        .unwrap();
    let end = Instant::now() + LONG;
    loop {
        let answer = desk.engine.team_figures(&quarter(), TeamWish::Look).await;
        if matches!(&answer, Err(error) if error.trouble == TroubleView::NotOffered) {
            break;
        }
        assert!(Instant::now() < end, "{answer:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
