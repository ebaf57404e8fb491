//! A session bus of a test's own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// The bus, until it is dropped.
pub struct Bus {
    daemon: Child,
    /// Where it is.
    pub address: String,
}

impl Bus {
    /// Starts one. It knows all programs that this computer starts at a call; see [`Bus::alone`].
    ///
    /// # Errors
    /// Without `dbus-daemon`.
    pub fn start() -> std::io::Result<Self> {
        Self::by(&["--session"])
    }

    /// One on which nobody is who did not come by themselves: no program is started at a call.
    ///
    /// # Errors
    /// Without `dbus-daemon`, or a place for its configuration.
    pub fn alone() -> std::io::Result<Self> {
        Self::alone_at("unix:tmpdir=/tmp")
    }

    /// Such a one at this address.
    ///
    /// # Errors
    /// Without `dbus-daemon`, or a place for its configuration, or where the address is taken.
    pub fn alone_at(address: &str) -> std::io::Result<Self> {
        let configuration = format!(
            r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>{address}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#
        );
        let file = std::env::temp_dir().join(format!("ringside-bus-{}.conf", uuid::Uuid::new_v4()));
        std::fs::write(&file, configuration)?;
        let started = Self::by(&[&format!("--config-file={}", file.display())]);
        // It has been read by the time the address is said.
        std::fs::remove_file(&file)?;
        started
    }

    fn by(arguments: &[&str]) -> std::io::Result<Self> {
        let mut daemon = Command::new("dbus-daemon")
            .args(arguments)
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut address = String::new();
        if let Some(output) = daemon.stdout.take() {
            BufReader::new(output).read_line(&mut address)?;
        }
        let address = address.trim().to_owned();
        Ok(Self { daemon, address })
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        // One that is gone already needs no end.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
