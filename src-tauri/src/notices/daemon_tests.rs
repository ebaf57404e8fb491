use super::*;
use sandbox::bus::Bus;
use sandbox::notifications::{Manner, Notifications, Shown};
use std::sync::{Arc, Mutex};

const LONG: Duration = Duration::from_secs(20);
const BUTTONS: &[&str] = &["actions", "body"];

/// The app's side: what is wanted, and what was pressed.
struct Side {
    wanted: watch::Sender<Vec<Notice>>,
    pressed: Arc<Mutex<Vec<Deed>>>,
}

impl Side {
    fn on(bus: &Bus) -> Self {
        Self::at(&bus.address)
    }

    fn at(address: &str) -> Self {
        let (wanted, told) = watch::channel(Vec::new());
        let pressed: Arc<Mutex<Vec<Deed>>> = Arc::default();
        let (address, taken) = (address.to_owned(), pressed.clone());
        let bus = move || Builder::address(address.as_str());
        tokio::spawn(serve(bus, told, watch::Sender::new(0), move |deed| {
            taken.lock().unwrap().push(deed)
        }));
        Self { wanted, pressed }
    }

    fn want(&self, notices: &[Notice]) {
        self.wanted.send_replace(notices.to_vec());
    }

    fn pressed(&self) -> Vec<Deed> {
        self.pressed.lock().unwrap().clone()
    }
}

fn notice(key: Key, about: &[&str], text: &str) -> Notice {
    let back = Deed::CallBack {
        number: "+79161234567".into(),
        case: None,
    };
    Notice {
        key,
        about: about.iter().map(ToString::to_string).collect(),
        title: "Пропущенный звонок".into(),
        text: text.into(),
        actions: vec![(Deed::Missed, "Список".into()), (back, "Перезвонить".into())],
        passes: false,
    }
}

fn missed(about: &[&str], text: &str) -> Notice {
    notice(Key::Missed, about, text)
}

async fn until<T>(what: &str, is: impl Fn() -> Option<T>) -> T {
    let found = async {
        loop {
            if let Some(found) = is() {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(LONG, found)
        .await
        .unwrap_or_else(|_| panic!("waited for {what}"))
}

/// The only one on the screen, as soon as it has this text.
async fn shown(daemon: &Notifications, text: &str) -> Shown {
    let is = || {
        let [one] = <[Shown; 1]>::try_from(daemon.shown()).ok()?;
        (one.body == text).then_some(one)
    };
    until(&format!("«{text}»"), is).await
}

async fn nothing_on(daemon: &Notifications) {
    until("an empty screen", || daemon.shown().is_empty().then_some(())).await;
}

#[tokio::test]
async fn a_notice_comes_is_replaced_goes_and_what_is_pressed_is_done_once() {
    let bus = Bus::alone().unwrap();
    let daemon = Notifications::at(&bus.address, BUTTONS, Manner::Usual).await.unwrap();
    let side = Side::on(&bus);
    side.want(&[missed(&["1"], "Иванов & Co <b>")]);
    let first = shown(&daemon, "Иванов & Co <b>").await;
    let words: Vec<(&str, &str)> = first.actions.iter().map(|(name, words)| (name.as_str(), words.as_str())).collect();
    assert_eq!(words, [("default", "Список"), ("1.0", "Список"), ("1.1", "Перезвонить")]);
    side.want(&[missed(&["1", "2"], "двое")]);
    assert_eq!(shown(&daemon, "двое").await.id, first.id, "in the same place");
    side.want(&[]);
    nothing_on(&daemon).await;

    side.want(&[missed(&["3"], "ещё один")]);
    let last = shown(&daemon, "ещё один").await;
    let (id, back) = (last.id, last.actions[2].0.clone());
    // Numbers and names that nobody was given, and signals of another shape.
    for (id, name) in [
        (id + 1, &*back),
        (0, "default"),
        (u32::MAX, &back),
        // What could be pressed in what stood here before.
        (id, "1.1"),
        (id, "1"),
        (id, "7"),
        (id, "-1"),
        (id, "dial"),
        (id, ""),
        (id, "\u{202e}1"),
    ] {
        daemon.press(id, name).await.unwrap();
    }
    daemon.say("ActionInvoked", &("not", "a", "number")).await.unwrap();
    daemon.say("NotificationClosed", &"nonsense").await.unwrap();
    daemon.press(id, &back).await.unwrap();
    daemon.press(id, &back).await.unwrap();
    let pressed = until("a press", || Some(side.pressed()).filter(|pressed| !pressed.is_empty())).await;
    nothing_on(&daemon).await;
    assert_eq!(
        pressed,
        [Deed::CallBack {
            number: "+79161234567".into(),
            case: None
        }]
    );
    assert_eq!(side.pressed().len(), 1, "once");
}

#[tokio::test]
async fn a_press_counts_also_where_the_daemon_takes_the_notice_down_at_once() {
    let bus = Bus::alone().unwrap();
    let daemon = Notifications::at(&bus.address, BUTTONS, Manner::Usual).await.unwrap();
    let side = Side::on(&bus);
    for round in 1..=8 {
        let text = format!("{round}");
        side.want(&[missed(&[&text], &text)]);
        let id = shown(&daemon, &text).await.id;
        // It is heard while something else is told: both are there by then.
        side.want(&[missed(&[&text], &text), notice(Key::Decisions, &[&text], "решение")]);
        daemon.press(id, "default").await.unwrap();
        daemon.dismiss(id).await.unwrap();
        until("a press", || (side.pressed().len() == round).then_some(())).await;
        side.want(&[]);
        nothing_on(&daemon).await;
    }
}

#[tokio::test]
async fn one_that_was_put_away_comes_again_for_news_alone() {
    let bus = Bus::alone().unwrap();
    let daemon = Notifications::at(&bus.address, BUTTONS, Manner::Usual).await.unwrap();
    let side = Side::on(&bus);
    side.want(&[missed(&["1", "2"], "двое"), notice(Key::Decisions, &["9"], "решение")]);
    let both = until("both", || <[Shown; 2]>::try_from(daemon.shown()).ok()).await;
    daemon.dismiss(both[0].id).await.unwrap();
    // Said after it, and heard after it.
    daemon.press(both[1].id, "default").await.unwrap();
    until("a press", || (side.pressed().len() == 1).then_some(())).await;
    nothing_on(&daemon).await;
    // One was called back, another notice comes meanwhile: the order in which it is told shows that the first stays away.
    side.want(&[missed(&["2"], "один"), notice(Key::Decisions, &["8"], "другое решение")]);
    shown(&daemon, "другое решение").await;
    side.want(&[missed(&["2", "3"], "новый")]);
    shown(&daemon, "новый").await;
}

#[tokio::test]
async fn markup_is_read_and_not_followed_and_no_buttons_are_sent_to_who_has_none() {
    let bus = Bus::alone().unwrap();
    let daemon = Notifications::at(&bus.address, &["body-markup"], Manner::Usual).await.unwrap();
    let side = Side::on(&bus);
    side.want(&[missed(&["1"], "<a href=\"http://x\">A & B</a>")]);
    let shown = shown(&daemon, "&lt;a href=\"http://x\"&gt;A &amp; B&lt;/a&gt;").await;
    assert_eq!(shown.actions, []);
}

#[tokio::test]
async fn a_daemon_that_comes_late_goes_and_comes_back_is_told_once_what_still_stands() {
    let bus = Bus::alone().unwrap();
    let side = Side::on(&bus);
    let one = missed(&["1"], "один");
    for round in 1..=3 {
        side.want(std::slice::from_ref(&one));
        // Nobody is there, or nobody any more.
        let daemon = Notifications::at(&bus.address, BUTTONS, Manner::Usual).await.unwrap();
        shown(&daemon, "один").await;
        let more = format!("{round}");
        side.want(&[one.clone(), notice(Key::Decisions, &[&more], &more)]);
        let told = until("the next", || Some(daemon.shown()).filter(|shown| shown.len() > 1)).await;
        let told: Vec<&str> = told.iter().map(|shown| shown.body.as_str()).collect();
        assert_eq!(told, ["один", more.as_str()]);
    }
    assert!(side.pressed().is_empty());
}

#[tokio::test]
async fn a_daemon_that_hangs_is_not_waited_for_and_what_it_shows_too_late_is_taken_back() {
    let bus = Bus::alone().unwrap();
    let daemon = Notifications::at(&bus.address, BUTTONS, Manner::Usual).await.unwrap();
    let side = Side::on(&bus);
    let decision = notice(Key::Decisions, &["1"], "решение");
    side.want(std::slice::from_ref(&decision));
    let id = shown(&daemon, "решение").await.id;
    daemon.hush();
    let asked = daemon.asked();
    side.want(&[decision.clone(), notice(Key::Call("7".into()), &["7"], "звонит")]);
    until("its question", || (daemon.asked() > asked).then_some(())).await;
    // It is heard meanwhile.
    daemon.press(id, "default").await.unwrap();
    until("a press", || (side.pressed().len() == 1).then_some(())).await;
    // The call is over by the time it speaks.
    side.want(&[missed(&["7"], "не ответили")]);
    daemon.speak();
    shown(&daemon, "не ответили").await;
}

#[tokio::test]
async fn a_daemon_that_answers_nothing_is_asked_again_and_stands_in_nobodys_way() {
    let bus = Bus::alone().unwrap();
    let side = Side::on(&bus);
    side.want(&[missed(&["7"], "не ответили")]);
    let dead = Notifications::at(&bus.address, BUTTONS, Manner::Dead).await.unwrap();
    until("a second question", || (dead.asked() > 1).then_some(())).await;
    dead.speak();
    shown(&dead, "не ответили").await;

    drop(dead);
    let dead = Notifications::at(&bus.address, BUTTONS, Manner::Dead).await.unwrap();
    until("a question", || (dead.asked() > 0).then_some(())).await;
    drop(dead);
    let daemon = Notifications::at(&bus.address, BUTTONS, Manner::Usual).await.unwrap();
    shown(&daemon, "не ответили").await;
}

#[tokio::test]
async fn a_daemon_that_gives_no_numbers_is_told_and_takes_nothing_down() {
    let bus = Bus::alone().unwrap();
    let daemon = Notifications::at(&bus.address, BUTTONS, Manner::Zero).await.unwrap();
    let side = Side::on(&bus);
    side.want(&[missed(&["1"], "один")]);
    shown(&daemon, "один").await;
    daemon.press(0, "1").await.unwrap();
    side.want(&[missed(&["1", "2"], "двое")]);
    shown(&daemon, "двое").await;
    assert!(side.pressed().is_empty());
}

#[tokio::test]
async fn without_a_bus_nobody_waits_and_one_that_comes_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("unix:path={}", folder.path().join("bus").display());
    let side = Side::at(&address);
    side.want(&[missed(&["1"], "один")]);
    let bus = Bus::alone_at(&address).unwrap();
    let daemon = Notifications::at(&bus.address, BUTTONS, Manner::Usual).await.unwrap();
    shown(&daemon, "один").await;
    // It ends, and the next one is told.
    drop(bus);
    std::fs::remove_file(folder.path().join("bus")).unwrap();
    let bus = Bus::alone_at(&address).unwrap();
    let daemon = Notifications::at(&bus.address, BUTTONS, Manner::Usual).await.unwrap();
    shown(&daemon, "один").await;
}
