//! The same searches by PostgreSQL with pg_trgm, which an office would otherwise take: a private cluster in a folder, reached
//! by a socket in it.

use super::{Any, at, typed};
use crate::account::{Account, QUERIES};
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Who runs it where we are root, which it refuses: Debian's package makes this user.
const SOMEBODY: &str = "postgres";

const TABLES: &str = "
    CREATE EXTENSION pg_trgm;
    CREATE TABLE users (id bigint PRIMARY KEY, name text, company text, rest text, phone text, hay text, late bigint);
";
const INDEXES: &str = "
    CREATE INDEX ON users USING gin (hay gin_trgm_ops);
    CREATE INDEX ON users (late DESC);
    CREATE INDEX ON users (phone);
    ANALYZE users;
";

/// A running cluster; stopped when dropped.
struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    server: Option<Child>,
}

pub fn measure(folder: &Path, users: u64) -> Result<(), Any> {
    let Some(programs) = programs() else {
        println!("peer: PostgreSQL is not there (Debian: postgresql)");
        return Ok(());
    };
    let home = folder.join("peer");
    std::fs::create_dir(&home)?;
    if is_root() {
        std::os::unix::fs::chown(&home, Some(id("-u")?), Some(id("-g")?))?;
        // The folder above it is ours alone.
        std::fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o711))?;
    }
    let mut cluster = Cluster {
        programs,
        folder: home,
        server: None,
    };
    cluster.start()?;
    let began = Instant::now();
    cluster.psql(TABLES.as_bytes())?;
    cluster.fill(users)?;
    cluster.psql(INDEXES.as_bytes())?;
    println!(
        "PostgreSQL with pg_trgm: built, users/s: {:.0}",
        users as f64 / began.elapsed().as_secs_f64()
    );
    let size = cluster.psql(b"SELECT pg_total_relation_size('users') >> 20;")?;
    println!("PostgreSQL with pg_trgm: tables and indexes, MB: {}", size.trim());
    let mut script = String::from("\\timing on\n\\o /dev/null\nSET statement_timeout = '20s';\n");
    for _ in 0..2 {
        for typed in QUERIES.iter().flat_map(|query| typed(query)) {
            script.push_str(&query(&typed));
        }
    }
    let told = cluster.psql(script.as_bytes())?;
    let times = told
        .lines()
        .filter_map(|line| line.strip_prefix("Time: ")?.split_whitespace().next()?.parse::<f64>().ok());
    let times: Vec<Duration> = times.map(|ms| Duration::from_secs_f64(ms / 1e3)).collect();
    // The first is the setting; the first round warms it up.
    let mut took: Vec<Duration> = times.get(1 + times.len() / 2..).unwrap_or_default().to_vec();
    println!(
        "PostgreSQL with pg_trgm: a letter typed, p50, p95, p99, ms: {:.2}, {:.2}, {:.2} ({} searches, no transliteration, layout or slip)",
        at(&mut took, 0.5),
        at(&mut took, 0.95),
        at(&mut took, 0.99),
        took.len()
    );
    let mut script = String::from("\\timing on\n\\o /dev/null\n");
    for user in Account::new(users).step_by((users / 500).max(1).try_into()?) {
        let phone = user
            .phones
            .first()
            .and_then(|phone| phone.keys.first())
            .cloned()
            .unwrap_or_default();
        script.push_str(&format!("SELECT * FROM users WHERE phone = '{phone}';\n"));
    }
    let told = cluster.psql(script.as_bytes())?;
    let times = told
        .lines()
        .filter_map(|line| line.strip_prefix("Time: ")?.split_whitespace().next()?.parse::<f64>().ok());
    let mut took: Vec<Duration> = times.map(|ms| Duration::from_secs_f64(ms / 1e3)).collect();
    println!("PostgreSQL with pg_trgm: by number, p99, ms: {:.2}", at(&mut took, 0.99));
    Ok(())
}

/// All words somewhere in it, the name first, those met last before others.
fn query(typed: &str) -> String {
    let plain = fold(typed).replace('\'', "''").replace(['%', '_', '\\'], "");
    let words: Vec<String> = plain.split_whitespace().map(|word| format!("hay LIKE '%{word}%'")).collect();
    let first = plain.split_whitespace().next().unwrap_or_default();
    format!(
        "SELECT * FROM (SELECT * FROM users WHERE {} ORDER BY late DESC LIMIT 50) found ORDER BY (lower(name) LIKE '{first}%') DESC, late DESC;\n",
        words.join(" AND ")
    )
}

fn fold(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    folders.filter(|folder| folder.join("initdb").exists()).max()
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0)
}

fn id(which: &str) -> Result<u32, Any> {
    let told = Command::new("id").args([which, SOMEBODY]).output()?;
    Ok(String::from_utf8(told.stdout)?.trim().parse()?)
}

impl Cluster {
    fn command(&self, program: &str) -> Result<Command, Any> {
        let mut command = Command::new(self.programs.join(program));
        command
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if is_root() {
            command.uid(id("-u")?).gid(id("-g")?);
        }
        Ok(command)
    }

    fn start(&mut self) -> Result<(), Any> {
        let mut init = self.command("initdb")?;
        init.args([
            "-D",
            "data",
            "-U",
            SOMEBODY,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]);
        if !init.status()?.success() {
            return Err("initdb failed".into());
        }
        let mut server = self.command("postgres")?;
        server.args([
            "-D",
            "data",
            "-c",
            "listen_addresses=",
            "-c",
            "shared_buffers=256MB",
            "-c",
            "maintenance_work_mem=256MB",
            "-k",
        ]);
        server.arg(&self.folder);
        self.server = Some(server.spawn()?);
        let began = Instant::now();
        while self.psql(b"SELECT 1;").is_err() {
            if began.elapsed() > Duration::from_secs(30) {
                return Err("PostgreSQL did not start within 30 s".into());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// A client that reads its statements from `stdin`.
    fn client(&self) -> Result<Child, Any> {
        let mut client = self.command("psql")?;
        client.args(["-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-U", SOMEBODY, "-d", SOMEBODY, "-h"]);
        client.arg(&self.folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        Ok(client.spawn()?)
    }

    fn psql(&self, script: &[u8]) -> Result<String, Any> {
        let mut client = self.client()?;
        let mut stdin = client.stdin.take().ok_or("no stdin")?;
        let script = script.to_vec();
        // Whoever does not read any more has said why.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&script)));
        let told = client.wait_with_output()?;
        let _ = writer.join();
        if told.status.success() {
            Ok(String::from_utf8(told.stdout)?)
        } else {
            Err("PostgreSQL refused".into())
        }
    }

    fn fill(&self, users: u64) -> Result<(), Any> {
        let mut client = self.client()?;
        let mut stdin = std::io::BufWriter::new(client.stdin.take().ok_or("no stdin")?);
        stdin.write_all(b"COPY users FROM STDIN;\n")?;
        for user in Account::new(users) {
            let phone = user
                .phones
                .first()
                .and_then(|phone| phone.keys.first())
                .cloned()
                .unwrap_or_default();
            let fields: Vec<&str> = user.fields.values().map(String::as_str).collect();
            let rest = [user.email.as_str(), &user.position, &user.note, &fields.join(" ")].join(" ");
            let hay = fold(&[user.name.as_str(), &user.company, &rest, &phone].join(" "));
            let late = user.last_contact.or(user.created).unwrap_or(0);
            writeln!(
                stdin,
                "{}\t{}\t{}\t{rest}\t{phone}\t{hay}\t{late}",
                user.id, user.name, user.company
            )?;
        }
        stdin.write_all(b"\\.\n")?;
        drop(stdin);
        if client.wait()?.success() {
            Ok(())
        } else {
            Err("COPY failed".into())
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        let stopped = self
            .command("pg_ctl")
            .map(|mut stop| stop.args(["stop", "-D", "data", "-m", "immediate"]).status());
        if !matches!(stopped, Ok(Ok(status)) if status.success()) {
            // It has not stopped by itself.
            let _ = server.kill();
        }
        let _ = server.wait();
    }
}
