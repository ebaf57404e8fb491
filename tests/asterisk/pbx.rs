//! The test PBX and its phones.
//!
//! [`RealPbx`] starts Asterisk by the scripts beside this file, a new one for every test: what a failed
//! phone left unanswered would be sent again for 32 s, into the next test. [`Phone`] is one SIPp process
//! playing one scenario of `sipp/`.

use ringside_tests::{eventually, repository};
use std::{
    fmt, fs,
    net::{Ipv4Addr, SocketAddrV4},
    path::PathBuf,
    process::Stdio,
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};
use tokio::{
    process::{Child, Command},
    sync::{Mutex, MutexGuard},
};

/// There is one PBX, at fixed addresses: tests take turns.
static TURN: Mutex<()> = Mutex::const_new(());

/// Where the PBX listens for SIP.
const SIP: &str = "127.0.0.1:5060";
/// The far end of the ordinary trunk.
const TRUNK: Ipv4Addr = Ipv4Addr::new(127, 0, 2, 1);

/// Where the phone of an ordinary extension stands.
pub const fn desk(extension: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 1, extension)
}

/// Why there is no PBX here, in words.
#[derive(Debug)]
pub struct Unavailable(String);

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no Asterisk on this machine: {}", self.0)
    }
}

impl std::error::Error for Unavailable {}

/// A running Asterisk. Ended when dropped.
pub struct RealPbx {
    /// Root of ARI, without the trailing `/ari`.
    pub url: &'static str,
    /// The read-write ARI user.
    pub user: &'static str,
    /// Its password.
    pub password: &'static str,
    /// The dialplan context in which agents dial.
    pub context: &'static str,
    scratch: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl RealPbx {
    /// Sets Asterisk up where that was not done yet, and starts it.
    ///
    /// # Errors
    /// [`Unavailable`] with the reason: no root, no packages, a port that is taken.
    pub async fn start() -> Result<Self, Unavailable> {
        let turn = TURN.lock().await;
        script("setup", &[], Duration::from_secs(600)).await?;
        script("start", &[], Duration::from_secs(60)).await?;
        let scratch = tempfile::tempdir().map_err(|error| Unavailable(error.to_string()))?;
        let tone = fs::write(scratch.path().join("tone.ulaw"), tone());
        tone.map_err(|error| Unavailable(error.to_string()))?;
        Ok(Self {
            url: "http://127.0.0.1:8088",
            user: "companion",
            password: "companion-test",
            context: "from-agents",
            scratch,
            _turn: turn,
        })
    }

    /// Ends it as a crash would: no goodbye on any socket.
    pub async fn crash(&self) -> Result<(), Unavailable> {
        script("stop", &["-KILL"], Duration::from_secs(20)).await
    }

    /// Starts it again after [`RealPbx::crash`].
    pub async fn restart(&self) -> Result<(), Unavailable> {
        script("start", &[], Duration::from_secs(60)).await
    }

    /// What it recorded into the newest file whose name begins so; those of earlier tests stay.
    ///
    /// # Errors
    /// When the folder cannot be read, or there is no such file.
    pub fn recorded(&self, start: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(root().join("var/spool/asterisk/recording"))? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(start) {
                files.push((entry.metadata()?.modified()?, entry.path()));
            }
        }
        let (_, newest) = files.into_iter().max().ok_or_else(|| format!("no recording {start}"))?;
        Ok(fs::read(newest)?)
    }

    /// An agent's phone that waits for calls, ready to be called.
    pub async fn agent(&self, extension: u8, scenario: &str, set: &[(&str, u32)]) -> Phone {
        self.phone(desk(extension), scenario, set).await
    }

    /// An agent's phone that passes the call on to `target`.
    pub async fn agent_transferring(&self, extension: u8, scenario: &str, set: &[(&str, u32)], target: &str) -> Phone {
        self.waiting(Plan::new(scenario, SocketAddrV4::new(desk(extension), 5060), set).key("target", target))
            .await
    }

    /// A phone in the outside world, called through the trunk.
    pub async fn world(&self, scenario: &str, set: &[(&str, u32)]) -> Phone {
        self.phone(TRUNK, scenario, set).await
    }

    /// A phone that waits for calls at any address of `conf/pjsip*.conf`.
    pub async fn phone(&self, at: Ipv4Addr, scenario: &str, set: &[(&str, u32)]) -> Phone {
        self.waiting(Plan::new(scenario, SocketAddrV4::new(at, 5060), set)).await
    }

    /// Somebody outside who calls one of our numbers.
    pub fn caller(&self, scenario: &str, from: &str, number: &str, set: &[(&str, u32)]) -> Phone {
        self.caller_over(TRUNK, scenario, from, number, set)
    }

    /// The same over another trunk or gateway.
    pub fn caller_over(&self, trunk: Ipv4Addr, scenario: &str, from: &str, number: &str, set: &[(&str, u32)]) -> Phone {
        // Two callers at once must not share a port.
        static NEXT: AtomicU16 = AtomicU16::new(5070);
        let address = SocketAddrV4::new(trunk, NEXT.fetch_add(2, Ordering::Relaxed));
        let plan = Plan::new(scenario, address, set)
            .key("caller", from)
            .key("name", "Ivan Client")
            .dials(number);
        self.play(plan)
    }

    /// An agent who dials in the softphone.
    pub fn softphone(&self, extension: u8, scenario: &str, number: &str, set: &[(&str, u32)]) -> Phone {
        self.play(Plan::softphone(extension, scenario, number, set))
    }

    /// An agent who dials in the softphone and passes the call on to `target`.
    pub fn softphone_transferring(&self, extension: u8, scenario: &str, number: &str, set: &[(&str, u32)], target: u8) -> Phone {
        self.play(Plan::softphone(extension, scenario, number, set).key("target", &target.to_string()))
    }

    /// Somebody who dials at the desk of that address, where another phone may be waiting for calls.
    pub fn dials(&self, at: Ipv4Addr, scenario: &str, number: &str, set: &[(&str, u32)]) -> Phone {
        let plan = Plan::new(scenario, SocketAddrV4::new(at, 5062), set)
            .key("caller", "phone")
            .key("name", "Agent")
            .dials(number);
        self.play(plan)
    }

    async fn waiting(&self, plan: Plan) -> Phone {
        let address = plan.address;
        let phone = self.play(plan);
        eventually(&format!("SIPp to listen at {address}"), Duration::from_secs(10), || async move {
            is_bound(address).then_some(())
        })
        .await;
        phone
    }

    fn play(&self, plan: Plan) -> Phone {
        let name = format!("{} at {}", plan.scenario, plan.address);
        let file = |kind: &str| {
            let address = plan.address.to_string().replace(':', "-");
            self.scratch.path().join(format!("{}-{address}.{kind}", plan.scenario))
        };
        let (errors, messages) = (file("errors"), file("messages"));
        // A phone at the same address before this one left its messages under the same name.
        let _ = fs::remove_file(&messages);
        let mut sipp = plan.command();
        sipp.args(["-trace_err", "-error_file"]).arg(&errors);
        sipp.args(["-trace_msg", "-message_file"]).arg(&messages);
        // Scenarios name the tone's file without a folder.
        sipp.current_dir(self.scratch.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        match sipp.spawn() {
            Ok(child) => Phone {
                name,
                child,
                errors,
                messages,
            },
            Err(error) => panic!("cannot start sipp: {error}"),
        }
    }
}

impl Drop for RealPbx {
    fn drop(&mut self) {
        // Blocking, but bounded and short: the script ends one pid.
        let stop = std::process::Command::new(folder().join("stop")).arg("-KILL").status();
        if let Err(error) = stop {
            eprintln!("cannot stop the PBX: {error}");
        }
    }
}

/// One SIPp process. Ended when dropped.
pub struct Phone {
    name: String,
    child: Child,
    errors: PathBuf,
    messages: PathBuf,
}

impl Phone {
    /// Waits until a call has reached it: it was dialled a moment before that, and whoever hangs up in that moment
    /// leaves it waiting for a call that does not come.
    ///
    /// # Panics
    /// When no call does.
    pub async fn is_called(&self) {
        eventually(&format!("a call at {}", self.name), Duration::from_secs(20), || async {
            let messages = fs::read(&self.messages).unwrap_or_default();
            messages.windows(11).any(|part| part == b"INVITE sip:").then_some(())
        })
        .await;
    }

    /// Waits until it has played its scenario to the end.
    ///
    /// # Panics
    /// When the call did not go as the scenario says, or not in time.
    pub async fn done(mut self) {
        let status = match tokio::time::timeout(Duration::from_secs(45), self.child.wait()).await {
            Ok(Ok(status)) => status,
            Ok(Err(error)) => panic!("{}: {error}", self.name),
            Err(_) => panic!("{} did not end", self.name),
        };
        let errors = fs::read_to_string(&self.errors).unwrap_or_default();
        assert!(status.success(), "{}: {status}\n{errors}", self.name);
    }
}

/// What one SIPp process is to do.
struct Plan {
    scenario: String,
    address: SocketAddrV4,
    set: Vec<(String, u32)>,
    keys: Vec<(String, String)>,
    number: Option<String>,
}

impl Plan {
    fn new(scenario: &str, address: SocketAddrV4, set: &[(&str, u32)]) -> Self {
        let set = set.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        Self {
            scenario: scenario.to_owned(),
            address,
            set,
            keys: Vec::new(),
            number: None,
        }
    }

    fn softphone(extension: u8, scenario: &str, number: &str, set: &[(&str, u32)]) -> Self {
        let own = extension.to_string();
        Self::new(scenario, SocketAddrV4::new(desk(extension), 5060), set)
            .key("caller", &own)
            .key("name", &format!("Agent {own}"))
            .dials(number)
    }

    fn key(mut self, name: &str, value: &str) -> Self {
        self.keys.push((name.to_owned(), value.to_owned()));
        self
    }

    fn dials(mut self, number: &str) -> Self {
        self.number = Some(number.to_owned());
        self
    }

    fn command(&self) -> Command {
        let mut sipp = Command::new("sipp");
        let ip = self.address.ip().to_string();
        sipp.arg("-sf").arg(folder().join("sipp").join(format!("{}.xml", self.scenario)));
        sipp.args([
            "-i",
            &ip,
            "-p",
            &self.address.port().to_string(),
            "-mi",
            &ip,
            "-mp",
            &media_port().to_string(),
        ]);
        sipp.args([
            "-m",
            "1",
            "-l",
            "1",
            "-r",
            "10",
            "-nostdin",
            "-timeout",
            "40s",
            "-timeout_error",
            "-recv_timeout",
            "40000",
        ]);
        for (name, value) in &self.set {
            sipp.args(["-set", name, &value.to_string()]);
        }
        for (name, value) in &self.keys {
            sipp.args(["-key", name, value]);
        }
        match &self.number {
            Some(number) => _ = sipp.args(["-s", number, SIP]),
            None if self.speaks() => {}
            None => _ = sipp.arg("-rtp_echo"),
        }
        sipp
    }

    /// Whether the scenario plays a sound itself. Two phones that both echo would send one sound to and fro for
    /// ever, more of it with every packet.
    fn speaks(&self) -> bool {
        let scenario = folder().join("sipp").join(format!("{}.xml", self.scenario));
        fs::read_to_string(scenario).is_ok_and(|text| text.contains("rtp_stream"))
    }
}

/// The folder that is the PBX's whole file system.
pub fn root() -> PathBuf {
    std::env::var("ASTERISK_ROOT")
        .unwrap_or_else(|_| "/var/tmp/asterisk-root".into())
        .into()
}

fn folder() -> PathBuf {
    repository().join("tests/asterisk")
}

/// SIPp takes some ports from this one on; each process gets a range of its own.
fn media_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(6000);
    NEXT.fetch_add(20, Ordering::Relaxed)
}

async fn script(name: &str, arguments: &[&str], within: Duration) -> Result<(), Unavailable> {
    let mut command = Command::new(folder().join(name));
    // Files, not pipes: the PBX that `start` leaves behind would hold a pipe open.
    let words = tempfile::NamedTempFile::new().map_err(|error| Unavailable(error.to_string()))?;
    let errors = words.reopen().map_err(|error| Unavailable(error.to_string()))?;
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(errors)
        .kill_on_drop(true);
    let status = tokio::time::timeout(within, command.status()).await;
    let said = || fs::read_to_string(words.path()).unwrap_or_default().trim().to_owned();
    match status {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(Unavailable(format!("{name}: {status}: {}", said()))),
        Ok(Err(error)) => Err(Unavailable(format!("{name}: {error}"))),
        Err(_) => Err(Unavailable(format!("{name} did not end within {within:?}: {}", said()))),
    }
}

/// Whether somebody has this UDP address open.
fn is_bound(address: SocketAddrV4) -> bool {
    // The kernel prints the address as it lies in memory, byte by byte from the last.
    let wanted = format!("{:08X}:{:04X}", u32::from_le_bytes(address.ip().octets()), address.port());
    let table = fs::read_to_string("/proc/self/net/udp").unwrap_or_default();
    table.lines().any(|line| line.split_whitespace().nth(1) == Some(&wanted))
}

/// Five seconds of a 440 Hz tone in μ-law, 8000 samples a second: what callers say.
fn tone() -> Vec<u8> {
    (0..40_000_u32)
        .map(|sample| {
            let angle = std::f64::consts::TAU * 440.0 * f64::from(sample) / 8000.0;
            // Within ±8000, so the cut is exact enough for a tone.
            #[allow(clippy::cast_possible_truncation)]
            mu_law((8000.0 * angle.sin()) as i32)
        })
        .collect()
}

/// G.711 μ-law: sign, exponent, four bits of mantissa, all inverted.
fn mu_law(sample: i32) -> u8 {
    let sign = if sample < 0 { 0x80 } else { 0 };
    let magnitude = sample.unsigned_abs().min(32_635) + 132;
    let exponent = magnitude.ilog2() - 7;
    let mantissa = (magnitude >> (exponent + 3)) & 0x0f;
    u8::try_from(sign | exponent << 4 | mantissa).map_or(0, |byte| !byte)
}

#[test]
fn silence_and_the_loudest_tones_have_their_g711_codes() {
    assert_eq!((mu_law(0), mu_law(32_635), mu_law(-32_635)), (0xff, 0x80, 0x00));
    assert_eq!(tone().len(), 40_000);
}
