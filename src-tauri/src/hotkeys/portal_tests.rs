use super::*;
use sandbox::bus::Bus;
use sandbox::portal::{Manner, Offered, Portal};
use std::sync::{Arc, Mutex};

const LONG: Duration = Duration::from_secs(30);

/// The app's side: what is wanted, who hears it, and what was pressed.
struct Side {
    wish: watch::Sender<Wish>,
    view: watch::Receiver<Option<HotkeysView>>,
    pressed: Arc<Mutex<Vec<Hotkey>>>,
}

impl Side {
    fn at(address: &str, wish: Wish) -> Self {
        let (wish, wanted) = watch::channel(wish);
        let (tell, view) = watch::channel(None);
        let pressed: Arc<Mutex<Vec<Hotkey>>> = Arc::default();
        let (address, taken) = (address.to_owned(), pressed.clone());
        tokio::spawn(serve(
            move || Builder::address(address.as_str()),
            wanted,
            |hotkey| format!("does {}", hotkey.setting()),
            move |view| {
                tell.send_replace(Some(view));
            },
            move |hotkey| taken.lock().unwrap().push(hotkey),
        ));
        Self { wish, view, pressed }
    }

    async fn until(&mut self, by: HotkeysBy, heard: &[(Hotkey, &str)]) {
        let heard = heard.iter().map(|(hotkey, keys)| HeardHotkey {
            hotkey: *hotkey,
            keys: (*keys).to_owned(),
        });
        let expected = HotkeysView {
            by,
            heard: heard.collect(),
            taken: Vec::new(),
        };
        let is = self.view.wait_for(|view| view.as_ref() == Some(&expected));
        let is = tokio::time::timeout(LONG, is).await.map(|told| drop(told.unwrap()));
        assert!(is.is_ok(), "{expected:?} was waited for, {:?} is told", *self.view.borrow());
    }

    async fn until_pressed(&self, hotkeys: &[Hotkey]) {
        until(&format!("{hotkeys:?}"), || *self.pressed.lock().unwrap() == hotkeys).await;
    }
}

async fn until(what: &str, is: impl Fn() -> bool) {
    let found = async {
        while !is() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(LONG, found).await.is_ok(), "waited for {what}");
}

fn keys(texts: &[(Hotkey, &str)]) -> Vec<(Hotkey, Combination)> {
    texts
        .iter()
        .map(|(hotkey, text)| (*hotkey, Combination::read(text).unwrap()))
        .collect()
}

fn two() -> Wish {
    Wish {
        keys: keys(&[(Hotkey::Dial, "Ctrl+Alt+C"), (Hotkey::Private, "Shift+Super+F9")]),
        ..Wish::default()
    }
}

const TWO: &[(Hotkey, &str)] = &[(Hotkey::Dial, "CTRL+ALT+c"), (Hotkey::Private, "SHIFT+LOGO+F9")];

#[tokio::test]
async fn d2_keys_are_bound_by_the_portal_and_heard_from_it_alone() {
    let bus = Bus::alone().unwrap();
    let portal = Portal::at(&bus.address, Manner::Usual).await.unwrap();
    let mut side = Side::at(&bus.address, two());
    side.until(HotkeysBy::Desktop, TWO).await;
    let dial = Offered {
        name: "dial".into(),
        description: "does hotkeyDial".into(),
        preferred: "CTRL+ALT+c".into(),
    };
    assert_eq!(portal.offered()[0], dial);
    assert_eq!(portal.apps(), ["app.ringside.desktop"]);
    portal.press("private").await.unwrap();
    side.until_pressed(&[Hotkey::Private]).await;

    // What nobody offered, another program's session, and signals of another shape; then one that counts.
    portal.press("quit").await.unwrap();
    portal.press("\u{202e}dial").await.unwrap();
    let other = ObjectPath::try_from("/org/freedesktop/portal/desktop/session/1_1/ringside").unwrap();
    let nothing = Facts::new();
    portal.say("Activated", &(&other, "dial", 0_u64, &nothing)).await.unwrap();
    portal.say("Activated", &"dial").await.unwrap();
    portal.say("ShortcutsChanged", &7_u32).await.unwrap();
    // Somebody else on the bus, in the portal's words.
    let liar = Builder::address(bus.address.as_str()).unwrap().build().await.unwrap();
    let bound = format!("{PLACE}/session/{}/{TOKEN}", session_owner(&liar).await);
    let bound = ObjectPath::try_from(bound).unwrap();
    let said = (&bound, "dial", 0_u64, &nothing);
    liar.emit_signal(None::<&str>, PLACE, SHORTCUTS, "Activated", &said).await.unwrap();
    liar.emit_signal(None::<&str>, &bound, SESSION, "Closed", &(&nothing,))
        .await
        .unwrap();
    portal.press("dial").await.unwrap();
    side.until_pressed(&[Hotkey::Private, Hotkey::Dial]).await;

    // The person sets other keys, in words that are to be seen; one is bound to nothing by now.
    let long = format!("Strg\u{202e}+Alt+{}", "x".repeat(100));
    portal.change(&[("dial", &long), ("elsewhere", "F1")]).await.unwrap();
    let shown: String = format!("Strg+Alt+{}", "x".repeat(100)).chars().take(LONGEST).collect();
    side.until(HotkeysBy::Desktop, &[(Hotkey::Dial, &shown)]).await;
}

/// Whose the only session is, as its path has it: the one beside the portal, the bus and who asks.
async fn session_owner(asks: &Connection) -> String {
    let buses = DBusProxy::new(asks).await.unwrap();
    let names = buses.list_names().await.unwrap();
    let own = asks.unique_name().unwrap().as_str();
    let portal = buses.get_name_owner(PORTAL.try_into().unwrap()).await.unwrap();
    let program = names
        .iter()
        .map(|name| name.as_str())
        .find(|name| name.starts_with(':') && *name != own && *name != portal.as_str());
    program.unwrap().trim_start_matches(':').replace('.', "_")
}

#[tokio::test]
async fn d2_what_is_wanted_anew_is_bound_anew_and_nothing_leaves_no_session() {
    let bus = Bus::alone().unwrap();
    let portal = Portal::at(&bus.address, Manner::Old).await.unwrap();
    // It knows no register, and has no words for keys.
    let mut side = Side::at(&bus.address, two());
    side.until(HotkeysBy::Desktop, &[(Hotkey::Dial, ""), (Hotkey::Private, "")]).await;
    side.wish
        .send_modify(|wish| wish.keys = keys(&[(Hotkey::Popup, "Ctrl+Alt+PageUp")]));
    side.until(HotkeysBy::Desktop, &[(Hotkey::Popup, "")]).await;
    let offered: Vec<String> = portal.offered().into_iter().map(|one| one.preferred).collect();
    assert_eq!(offered, ["CTRL+ALT+Page_Up"]);
    side.wish.send_modify(|wish| wish.keys.clear());
    side.until(HotkeysBy::Desktop, &[]).await;
    assert!(portal.offered().is_empty());
    assert_eq!(portal.begun(), 2);
}

#[tokio::test]
async fn d2_who_says_no_is_asked_again_only_when_they_want_that() {
    let bus = Bus::alone().unwrap();
    let portal = Portal::at(&bus.address, Manner::Asks).await.unwrap();
    let mut side = Side::at(&bus.address, two());
    side.until(HotkeysBy::Asked, &[]).await;
    until("the question", || portal.is_asking()).await;
    portal.answer(1).await.unwrap();
    side.until(HotkeysBy::Refused, &[]).await;
    // Neither for other keys nor for a portal that comes back.
    side.wish.send_modify(|wish| wish.keys = keys(&[(Hotkey::Dial, "Ctrl+Alt+D")]));
    drop(portal);
    side.until(HotkeysBy::Nobody, &[]).await;
    let portal = Portal::at(&bus.address, Manner::Asks).await.unwrap();
    side.until(HotkeysBy::Refused, &[]).await;
    assert_eq!(portal.begun(), 0);
    side.wish.send_modify(|wish| wish.turn += 1);
    until("the question", || portal.is_asking()).await;
    // What is wanted changes while the question stands: it is taken back, and asked as it is now.
    side.wish.send_modify(|wish| wish.keys = keys(&[(Hotkey::Private, "Ctrl+Alt+H")]));
    until("another question", || portal.begun() == 2 && portal.is_asking()).await;
    assert_eq!(portal.offered()[0].name, "private");
    portal.answer(0).await.unwrap();
    side.until(HotkeysBy::Desktop, &[(Hotkey::Private, "CTRL+ALT+h")]).await;

    // From a start before: said no, and not asked.
    let refused = Wish { is_refused: true, ..two() };
    let mut later = Side::at(&bus.address, refused);
    later.until(HotkeysBy::Refused, &[]).await;
    assert_eq!(portal.begun(), 2);
}

#[tokio::test]
async fn d2_a_portal_that_comes_late_fails_ends_or_restarts_is_said_and_found_again() {
    let bus = Bus::alone().unwrap();
    let mut side = Side::at(&bus.address, two());
    side.until(HotkeysBy::Nobody, &[]).await;
    let portal = Portal::at(&bus.address, Manner::WithoutShortcuts).await.unwrap();
    drop(portal);
    let portal = Portal::at(&bus.address, Manner::Asks).await.unwrap();
    side.until(HotkeysBy::Asked, &[]).await;
    until("the question", || portal.is_asking()).await;
    portal.answer(2).await.unwrap();
    side.until(HotkeysBy::Failed, &[]).await;
    until("another question", || portal.is_asking()).await;
    portal.answer(0).await.unwrap();
    side.until(HotkeysBy::Desktop, TWO).await;
    portal.end_sessions().await.unwrap();
    side.until(HotkeysBy::Failed, &[]).await;
    until("a third question", || portal.is_asking()).await;
    drop(portal);
    let portal = Portal::at(&bus.address, Manner::Usual).await.unwrap();
    side.until(HotkeysBy::Desktop, TWO).await;
    portal.press("dial").await.unwrap();
    side.until_pressed(&[Hotkey::Dial]).await;
}

#[tokio::test]
async fn d2_a_portal_that_hangs_refuses_or_answers_nonsense_is_not_waited_for() {
    for manner in [Manner::Dead, Manner::Strict, Manner::Nonsense] {
        let bus = Bus::alone().unwrap();
        let portal = Portal::at(&bus.address, manner).await.unwrap();
        let mut side = Side::at(&bus.address, two());
        side.until(HotkeysBy::Failed, &[]).await;
        assert!(portal.begun() > 0, "{manner:?}");
        // The next one is heard of, whatever came before it.
        drop(portal);
        let _portal = Portal::at(&bus.address, Manner::Usual).await.unwrap();
        side.until(HotkeysBy::Desktop, TWO).await;
    }
}

#[tokio::test]
async fn d2_without_a_bus_nobody_hears_keys_and_one_that_comes_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("unix:path={}", folder.path().join("bus").display());
    let mut side = Side::at(&address, two());
    side.until(HotkeysBy::Nobody, &[]).await;
    let bus = Bus::alone_at(&address).unwrap();
    let portal = Portal::at(&bus.address, Manner::Usual).await.unwrap();
    side.until(HotkeysBy::Desktop, TWO).await;
    drop((portal, bus));
    side.until(HotkeysBy::Nobody, &[]).await;
}

#[test]
fn d2_keys_are_written_as_the_desktops_have_agreed() {
    for (keys, written) in [
        ("Ctrl+Alt+C", "CTRL+ALT+c"),
        ("Ctrl+Alt+F", "CTRL+ALT+f"),
        ("Ctrl+Shift+7", "CTRL+SHIFT+7"),
        ("Alt+Super+F12", "ALT+LOGO+F12"),
        ("Ctrl+Alt+Space", "CTRL+ALT+space"),
        ("Ctrl+Alt+Comma", "CTRL+ALT+comma"),
        ("Ctrl+Alt+Period", "CTRL+ALT+period"),
        ("Ctrl+Alt+Insert", "CTRL+ALT+Insert"),
        ("Ctrl+Alt+Home", "CTRL+ALT+Home"),
        ("Ctrl+Alt+PageDown", "CTRL+ALT+Page_Down"),
    ] {
        assert_eq!(trigger(&Combination::read(keys).unwrap()), written);
    }
}
