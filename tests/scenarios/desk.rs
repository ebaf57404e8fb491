//! An agent's desk for tests: engine, sandbox, and a desktop that only remembers.

use crate::said::Said;
use calls::AgentAction;
use engine::view::{CallCaseView, CallView, CallerView, DeskView, LinkStateView, OutboxRow, OutboxStateView, RecordingView, Route};
use engine::{Engine, Office, Settings};
use ringside_tests::fake::{self, FakeDesktop, FakeKeychain, Mood};
use sandbox::omnidesk::{ByHand, CaseDump};
use sandbox::pbx::{Answering, ClickPlan, Kind, Stage};
use sandbox::{CallSpec, Options, Sandbox, Setup};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Longer than anything here takes on a busy machine; a bound, not a timing.
pub const LONG: Duration = Duration::from_secs(30);
/// A number of a seeded user with e-mail address and company.
pub const IVANOV: &str = "79161234567";
/// A number nobody has.
pub const STRANGER: &str = "79031112233";

thread_local! {
    /// How the account of the running scenario is set up.
    static SETUP: Cell<Setup> = const { Cell::new(Setup::ForCalls) };
}

/// Runs a scenario in an account that nobody has set up for calls: without labels, fields and channels.
pub fn in_a_fresh_account(scenario: fn()) {
    struct AsBefore;
    impl Drop for AsBefore {
        fn drop(&mut self) {
            SETUP.set(Setup::ForCalls);
        }
    }
    let _as_before = AsBefore;
    SETUP.set(Setup::Fresh);
    scenario();
}

/// The same scenarios in a fresh account, too.
macro_rules! also_in_a_fresh_account {
    ($($scenario:ident),+ $(,)?) => {
        mod in_a_fresh_account {
            $(#[test]
            fn $scenario() {
                crate::desk::in_a_fresh_account(super::$scenario);
            })+
        }
    };
}
pub(crate) use also_in_a_fresh_account;

/// Whether the account of the running scenario is set up for calls.
pub fn is_set_up() -> bool {
    SETUP.get() == Setup::ForCalls
}

fn options() -> Options {
    Options {
        setup: SETUP.get(),
        ..Options::default()
    }
}

/// One agent's desk.
pub struct Desk {
    /// Shared by the desks of one office.
    pub sandbox: Arc<Sandbox>,
    pub engine: Engine,
    pub desktop: Arc<FakeDesktop>,
    folder: TempDir,
    extension: String,
    /// What the office's file says.
    pub office: Office,
    pub keychain: Arc<FakeKeychain>,
}

impl Desk {
    /// A desk of agent 101, connected to both stand-ins.
    pub async fn open() -> Self {
        let desk = Self::unconnected(options()).await;
        desk.connected().await;
        desk
    }

    /// As [`Desk::open`], with other settings.
    pub async fn open_with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::open_in(Sandbox::start(options()).await.unwrap(), change).await
    }

    /// As [`Desk::open_with`], in an office that is there already.
    pub async fn open_in(sandbox: Sandbox, change: impl FnOnce(&mut Settings)) -> Self {
        let desk = Self::unconnected_in(sandbox, change);
        desk.connected().await;
        desk
    }

    /// As [`Desk::open_in`], without waiting for the connections.
    pub fn unconnected_in(sandbox: Sandbox, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings(&sandbox);
        change(&mut settings);
        let keychain = keychain(&sandbox);
        Self::start(Arc::new(sandbox), settings, keychain)
    }

    /// A colleague's desk in the same office, connected.
    pub async fn beside(&self, extension: &str, email: &str) -> Self {
        self.beside_with(extension, email, |_| ()).await
    }

    /// As [`Desk::beside`], with other settings.
    pub async fn beside_with(&self, extension: &str, email: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings {
            extension: extension.into(),
            email: email.into(),
            ..settings(&self.sandbox)
        };
        change(&mut settings);
        let desk = Self::start(self.sandbox.clone(), settings, keychain(&self.sandbox));
        desk.connected().await;
        desk
    }

    /// As [`Desk::open`], without waiting for the connections.
    pub async fn unconnected(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let (settings, keychain) = (settings(&sandbox), keychain(&sandbox));
        Self::start(Arc::new(sandbox), settings, keychain)
    }

    /// Ends the engine and starts another one on the same file.
    pub async fn restart(&mut self) {
        self.restart_unconnected().await;
        self.connected().await;
    }

    /// A desk whose program can be stopped for a while: it runs on a thread of its own.
    pub async fn apart() -> (Self, Apart) {
        let sandbox = Sandbox::start(options()).await.unwrap();
        let (settings, keychain) = (settings(&sandbox), keychain(&sandbox));
        let mut threads = tokio::runtime::Builder::new_multi_thread();
        let runtime = threads.worker_threads(1).enable_all().build().unwrap();
        let desk = {
            let _inside = runtime.enter();
            Self::start(Arc::new(sandbox), settings, keychain)
        };
        desk.connected().await;
        (desk, Apart(Some(runtime)))
    }

    /// As [`Desk::restart`], without waiting for the connections.
    pub async fn restart_unconnected(&mut self) {
        self.engine.stop().await;
        (self.engine, self.desktop) = engine(&self.folder, &self.office, &self.keychain);
    }

    /// As [`Desk::restart`], with something happening to the data file in between.
    pub async fn restart_after(&mut self, deed: impl FnOnce(&Path)) {
        self.engine.stop().await;
        deed(&self.data_file());
        (self.engine, self.desktop) = engine(&self.folder, &self.office, &self.keychain);
        self.connected().await;
    }

    /// Starts anew with the stored settings changed, as an earlier version or another hand would have written them.
    pub async fn stored_settings(&mut self, change: impl FnOnce(&mut serde_json::Value)) {
        self.engine.stop().await;
        let store = store::Store::open(&self.data_file()).unwrap();
        let text = store.setting("settings").unwrap().unwrap();
        let mut settings = serde_json::from_str(&text).unwrap();
        change(&mut settings);
        store.set_setting("settings", &settings.to_string()).unwrap();
        drop(store);
        (self.engine, self.desktop) = engine(&self.folder, &self.office, &self.keychain);
    }

    /// The engine's data file.
    pub fn data_file(&self) -> PathBuf {
        self.folder.path().join("ringside.db")
    }

    /// A desk whose Omnidesk key is wrong.
    pub async fn with_wrong_key() -> Self {
        let sandbox = Sandbox::start(options()).await.unwrap();
        let settings = settings(&sandbox);
        let keychain = Arc::new(FakeKeychain::new(sandbox.pbx_password(), "wrong"));
        Self::start(Arc::new(sandbox), settings, keychain)
    }

    /// A desk of agent 101 whose keychain is like this.
    pub async fn with_keychain(mood: Mood) -> Self {
        let sandbox = Sandbox::start(options()).await.unwrap();
        let (settings, keychain) = (settings(&sandbox), keychain(&sandbox));
        keychain.becomes(mood);
        Self::start(Arc::new(sandbox), settings, keychain)
    }

    fn start(sandbox: Arc<Sandbox>, settings: Settings, keychain: Arc<FakeKeychain>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let extension = settings.extension.clone();
        let office = Office::from(settings);
        let (engine, desktop) = engine(&folder, &office, &keychain);
        Self {
            sandbox,
            engine,
            desktop,
            folder,
            extension,
            office,
            keychain,
        }
    }

    pub async fn connected(&self) {
        self.linked().await;
        self.indexed().await;
    }

    /// A desk of agent 101 over the feed, connected.
    pub async fn fed() -> Self {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let (vendor, url) = ("feed".into(), sandbox.feed_url());
        let desk = Self::unconnected_in(sandbox, |settings| {
            settings.pbx_vendor = vendor;
            settings.pbx_url = url;
            settings.pbx_user.clear();
        });
        desk.both_up().await;
        desk.indexed().await;
        desk
    }

    /// Both connections are up, whatever the PBX.
    pub async fn both_up(&self) {
        self.until("both connections", |view| {
            (view.pbx.state == LinkStateView::Up && view.omnidesk.state == LinkStateView::Up).then_some(())
        })
        .await;
    }

    /// Both connections are up.
    pub async fn linked(&self) {
        self.both_up().await;
        let watched = self.sandbox.pbx().until(LONG, |pbx| pbx.is_watched(&self.extension)).await;
        assert!(watched, "the PBX is watched");
    }

    /// The account's users are on this computer: nothing is read in the background any more.
    pub async fn indexed(&self) {
        self.until("the index of users", |view| {
            (view.users.as_of.is_some() && !view.users.reading).then_some(())
        })
        .await;
    }

    /// Waits until the published state gives something.
    pub async fn until<T>(&self, what: &str, probe: impl FnMut(&DeskView) -> Option<T>) -> T {
        self.desktop.until(what, LONG, probe).await
    }

    pub fn view(&self) -> DeskView {
        self.desktop.view()
    }

    pub fn routes(&self) -> Vec<Route> {
        self.desktop.routes()
    }

    /// A page opened by itself.
    pub async fn opened(&self) -> Route {
        self.desktop.opened(LONG).await
    }

    /// A call from outside rings at 101. Returns the sandbox's id of it and the view.
    pub async fn ring(&self, from: &str) -> (String, CallView) {
        self.place(CallSpec::incoming(from, "101")).await
    }

    /// 101 calls out from the softphone. As [`Desk::ring`].
    pub async fn call_out(&self, to: &str) -> (String, CallView) {
        self.place(CallSpec::outgoing("101", to)).await
    }

    /// Places a call that comes up in the popup. As [`Desk::ring`].
    pub async fn place(&self, spec: CallSpec) -> (String, CallView) {
        let before = self.ids();
        let call = self.sandbox.pbx().place(spec).unwrap();
        (call, self.new_in_popup(&before).await)
    }

    /// The ids of all calls so far.
    pub fn ids(&self) -> Vec<String> {
        self.view().calls.into_iter().map(|call| call.id).collect()
    }

    /// The call in the popup that is none of these.
    pub async fn new_in_popup(&self, before: &[String]) -> CallView {
        let new = |view: &DeskView| {
            view.calls
                .iter()
                .find(|call| view.popup.contains(&call.id) && !before.contains(&call.id))
                .cloned()
        };
        self.until("the popup", new).await
    }

    /// The agent orders a call, perhaps from a case; the softphone rings. Returns the sandbox's id of it and ours.
    pub async fn dial(&self, number: &str, case: Option<&str>) -> (String, String) {
        self.steps_by_hand();
        let id = ringside_tests::order(&self.engine, number, case).await.unwrap();
        (self.clicked().await, id)
    }

    /// Ordered calls wait for the test's steps.
    pub fn steps_by_hand(&self) {
        self.sandbox.pbx().set_click_plan(ClickPlan {
            agent: Answering::Manual,
            client: Answering::Manual,
            ..ClickPlan::default()
        });
    }

    /// The ordered call that rings the softphone.
    pub async fn clicked(&self) -> String {
        let ringing = |pbx: &sandbox::Pbx| {
            let of_order = |call: &sandbox::pbx::CallView| call.kind == Kind::Click && call.stage == Stage::Originating;
            pbx.calls().into_iter().find(of_order)
        };
        assert!(
            self.sandbox.pbx().until(LONG, |pbx| ringing(pbx).is_some()).await,
            "the softphone rings"
        );
        ringing(self.sandbox.pbx()).unwrap().call
    }

    /// How often a call was ordered from the PBX.
    pub fn orders(&self) -> usize {
        let of_channels = |request: &&sandbox::pbx::RestRecord| request.method == "POST" && request.path == "channels";
        self.sandbox.pbx().rest_requests().iter().filter(of_channels).count()
    }

    /// An ordered call: the agent picks up, the client answers.
    pub async fn pick_up_and_answer(&self, call: &str, id: &str) {
        self.sandbox.pbx().answer(call).unwrap();
        self.answer(call, id).await;
    }

    /// Rings and is given up; returns its case.
    pub async fn missed(&self, from: &str) -> CaseDump {
        let (call, ringing) = self.ring(from).await;
        self.known(&ringing.id).await;
        self.identified(&ringing.id).await;
        self.hang_up(&call, &ringing.id).await;
        self.settled().await;
        self.case_of(&ringing.id).await
    }

    /// The PBX was asked which conversation a leg is part of: it rings for longer than that takes.
    pub async fn identified(&self, id: &str) {
        let path = format!("channels/{id}/variable");
        let asked = |pbx: &sandbox::Pbx| pbx.rest_requests().iter().any(|request| request.path == path);
        assert!(self.sandbox.pbx().until(LONG, asked).await, "the conversation is asked for");
        // Nothing on screen tells that the answer has arrived.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    /// The case a call ended up in, as it is in Omnidesk.
    pub async fn case_of(&self, id: &str) -> CaseDump {
        let linked = |call: &CallView| matches!(call.case, CallCaseView::Linked { .. });
        let call = self.call_until(id, "its case", linked).await;
        let CallCaseView::Linked { case_id, .. } = call.case else {
            panic!()
        };
        self.sandbox.omnidesk().case(&case_id).unwrap()
    }

    /// An earlier, open case of IVANOV in the calls' channel, of before the companion.
    pub fn earlier_case(&self) -> CaseDump {
        let of_ivanov =
            |case: &CaseDump| case.user_name == "Иванов Иван Сергеевич" && (case.channel == "cch101" || !is_set_up()) && case.seeded;
        self.sandbox.omnidesk().cases().into_iter().find(of_ivanov).unwrap()
    }

    /// The writing requests that Omnidesk has seen.
    pub fn writes(&self) -> Vec<String> {
        let requests = self.sandbox.omnidesk().requests().into_iter();
        requests
            .filter(|request| request.method != "GET")
            .map(|request| request.kind())
            .collect()
    }

    /// The view of a call as soon as it satisfies.
    pub async fn call_until(&self, id: &str, what: &str, mut probe: impl FnMut(&CallView) -> bool) -> CallView {
        self.until(what, |view| {
            view.calls.iter().find(|call| call.id == id).filter(|call| probe(call)).cloned()
        })
        .await
    }

    /// The caller is not being looked up any more.
    pub async fn known(&self, id: &str) -> CallView {
        self.call_until(id, "the look-up's end", |call| call.caller != CallerView::LookingUp)
            .await
    }

    pub async fn act(&self, call: &str, action: AgentAction) {
        self.engine.act(call, action).await.unwrap();
    }

    /// 101 answers; the PBX begins to record.
    pub async fn answer(&self, call: &str, id: &str) {
        self.sandbox.pbx().answer(call).unwrap();
        let recorded = |call: &CallView| call.answered_at.is_some() && call.recording == RecordingView::Expected;
        self.call_until(id, "a recorded conversation", recorded).await;
    }

    pub async fn hang_up(&self, call: &str, id: &str) {
        self.sandbox.pbx().hang_up(call).unwrap();
        self.call_until(id, "the end", |call| call.ended_at.is_some()).await;
    }

    /// Rings, is answered, ends; returns the call as it is then.
    pub async fn talk(&self, from: &str) -> CallView {
        let (call, view) = self.ring(from).await;
        self.known(&view.id).await;
        self.answer(&call, &view.id).await;
        self.hang_up(&call, &view.id).await;
        self.settled().await;
        self.call_until(&view.id, "the call", |_| true).await
    }

    /// Nothing is owed any more.
    pub async fn settled(&self) {
        use engine::view::OutboxStateView::Done;
        self.until("an empty outbox", |view| {
            view.outbox.iter().all(|row| row.state == Done).then_some(())
        })
        .await;
    }

    /// Something owed that Omnidesk refused.
    pub async fn wedged(&self, what: &str) -> OutboxRow {
        let refused = |row: &&OutboxRow| row.state == OutboxStateView::Wedged && row.what == what;
        self.until("a refusal", |view| view.outbox.iter().find(refused).cloned()).await
    }

    /// People do something in Omnidesk's own interface. Returns the id of what was made or changed.
    pub fn by_hand(&self, deed: &ByHand) -> u64 {
        self.sandbox.omnidesk().by_hand(deed).unwrap()
    }

    /// A client whom Omnidesk has got a moment ago: this computer's index does not know them. Returns the profile's id.
    pub async fn newcomer(&self, phone: &str) -> u64 {
        let mut new = omnidesk::NewUser::new(omnidesk::Contact::Phone(phone.into()));
        new.full_name = Some("Ярова Ядвига".into());
        colleague(&self.sandbox).users().create(&new).await.unwrap().id.0
    }

    /// A user's profile as Omnidesk has it.
    pub fn profile_with(&self, contact: &str) -> serde_json::Value {
        let has = |user: &serde_json::Value| user["user_phone"] == contact || user["user_email"] == contact;
        self.sandbox.omnidesk().users().into_iter().find(has).unwrap()
    }

    /// A colleague edits the first message of a case in Omnidesk itself.
    pub async fn edit_by_hand(&self, case: &CaseDump, text: &str) {
        let client = colleague(&self.sandbox);
        let message = omnidesk::MessageId(case.messages[0].message_id);
        let case = omnidesk::CaseRef::Id(omnidesk::CaseId(case.case_id));
        client.messages(&case).edit(message, &omnidesk::Content::text(text)).await.unwrap();
    }

    /// The only case made since the start.
    pub fn only_case(&self) -> CaseDump {
        let mut cases = self.sandbox.omnidesk().new_cases();
        assert_eq!(cases.len(), 1, "exactly one case: {cases:#?}");
        cases.remove(0)
    }
}

/// The thread on which a desk's program runs.
pub struct Apart(Option<tokio::runtime::Runtime>);

impl Apart {
    /// Nothing of the program runs for this long, as after SIGSTOP.
    pub fn freeze(&self, time: Duration) {
        if let Some(runtime) = &self.0 {
            runtime.spawn(async move { std::thread::sleep(time) });
        }
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// A colleague at work in Omnidesk.
pub fn colleague(sandbox: &Sandbox) -> omnidesk::Client {
    let base = sandbox.omnidesk_url().parse().unwrap();
    omnidesk::Client::new(omnidesk::Config::new(base, "boris@support.example", sandbox.api_key())).unwrap()
}

fn settings(sandbox: &Sandbox) -> Settings {
    Settings {
        pbx_url: sandbox.pbx_url(),
        pbx_user: sandbox.pbx_user().into(),
        extension: sandbox.extension().into(),
        context: sandbox.context().into(),
        omnidesk_url: sandbox.omnidesk_url(),
        email: sandbox.staff_email().into(),
        channel: if is_set_up() { "cch101".into() } else { String::new() },
        ..Settings::default()
    }
}

fn keychain(sandbox: &Sandbox) -> Arc<FakeKeychain> {
    Arc::new(FakeKeychain::new(sandbox.pbx_password(), sandbox.api_key()))
}

fn engine(folder: &TempDir, office: &Office, keychain: &Arc<FakeKeychain>) -> (Engine, Arc<FakeDesktop>) {
    Said::listen();
    fake::engine(folder.path(), office.clone(), keychain.clone())
}
