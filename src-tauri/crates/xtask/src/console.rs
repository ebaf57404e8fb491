//! The demo with a person in front of it: the app on the user's own screen, a call every so often, and
//! a small console for other kinds of call.

use crate::{
    control::Call,
    house::{House, Profile},
    process,
    stage::{Looks, Stage},
};
use anyhow::Result;
use serde_json::json;
use std::{
    io::BufRead,
    process::ExitCode,
    sync::mpsc,
    time::{Duration, Instant},
};

/// Between two calls that come by themselves.
const PAUSE: Duration = Duration::from_secs(40);
/// The first call comes soon, so that nobody waits for it.
const FIRST: Duration = Duration::from_secs(6);

/// Numbers of people in the sandbox's Omnidesk, and one of nobody.
const KNOWN: [&str; 4] = ["79161234567", "79215550134", "74955550123", "79035550143"];
const SHARED: &str = "78125550177";

const HELP: &str = "
  k  a known caller             w  a withheld number
  u  an unknown caller          s  a number that two people share
  m  a missed call              g  a ring group, a colleague answers
  l  a long call (two minutes)  t  a call that is transferred to a colleague
  b  pause or resume the calls that come by themselves
  d  the agent dials            h  hang up everything
  o  what Omnidesk was asked    q  quit
";

/// What a line on the console asks for.
#[derive(Debug, Clone, PartialEq)]
enum Wish {
    Ring(Call),
    HangUp,
    Requests,
    Pause,
    Help,
    Quit,
    Nothing,
}

/// Runs until `q`, Ctrl-C, the end of the input, or the end of the app.
pub fn run(house: &House, looks: Looks<'_>) -> Result<ExitCode> {
    let mut stage = Stage::set(house, Profile::Dev, None, looks)?;
    println!(
        "Ringside runs against a stand-in PBX and a stand-in Omnidesk. A call comes every {} s.",
        PAUSE.as_secs()
    );
    println!("{HELP}");
    let lines = read_lines();
    let mut next = Instant::now() + FIRST;
    let mut resting = false;
    loop {
        if process::interrupted() {
            return Ok(ExitCode::SUCCESS);
        }
        if let Err(gone) = stage.app_lives() {
            println!("{gone}");
            return Ok(ExitCode::SUCCESS);
        }
        if !resting && Instant::now() >= next {
            next = Instant::now() + PAUSE;
            ring(&stage, &any_call());
        }
        let line = match lines.recv_timeout(Duration::from_millis(100)) {
            Ok(line) => line,
            Err(mpsc::RecvTimeoutError::Timeout) => continue,
            // No terminal behind us: the calls go on by themselves.
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                process::pause(Duration::from_millis(100))?;
                continue;
            }
        };
        match wish(&line) {
            Wish::Ring(call) => ring(&stage, &call),
            Wish::HangUp => match stage.control.post("pbx/hangup_all", &json!({})) {
                Ok(_) => println!("  hung up"),
                Err(error) => println!("  {error:#}"),
            },
            Wish::Requests => match stage.control.last_requests(20) {
                Ok(requests) => println!("  {}", requests.join("\n  ")),
                Err(error) => println!("  {error:#}"),
            },
            Wish::Pause => {
                resting = !resting;
                next = Instant::now() + PAUSE;
                println!(
                    "  {}",
                    if resting {
                        "no more calls by themselves"
                    } else {
                        "calls come by themselves again"
                    }
                );
            }
            Wish::Help => println!("{HELP}"),
            Wish::Quit => return Ok(ExitCode::SUCCESS),
            Wish::Nothing => {}
        }
    }
}

fn read_lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn ring(stage: &Stage, call: &Call) {
    match stage.control.place(call, &stage.extension) {
        Ok(_) => println!("  ☎ {}", call.words()),
        Err(error) => println!("  {error:#}"),
    }
}

fn wish(line: &str) -> Wish {
    let (ring, talk) = (Duration::from_secs(6), Duration::from_secs(15));
    let incoming = |from: &str, outcome| Wish::Ring(Call::incoming(from, ring, outcome, talk));
    match line.trim() {
        "k" => incoming(fastrand::choice(KNOWN).unwrap_or(KNOWN[0]), "answered"),
        "u" => incoming(&unknown_number(), "answered"),
        "m" => incoming(fastrand::choice(KNOWN).unwrap_or(KNOWN[0]), "missed"),
        "w" => incoming("anonymous", "answered"),
        "s" => incoming(SHARED, "answered"),
        "g" => Wish::Ring(Call::taken_by_colleague(&unknown_number(), ring, talk)),
        "t" => Wish::Ring(Call::transferred(KNOWN[0], ring, talk)),
        "d" => Wish::Ring(Call::outgoing(KNOWN[1], ring, talk)),
        "l" => Wish::Ring(Call::incoming(KNOWN[1], ring, "answered", Duration::from_secs(120))),
        "h" => Wish::HangUp,
        "o" => Wish::Requests,
        "b" => Wish::Pause,
        "q" => Wish::Quit,
        "" => Wish::Nothing,
        _ => Wish::Help,
    }
}

/// Mostly known callers, as on a good day.
fn any_call() -> Call {
    let known = fastrand::choice(KNOWN).unwrap_or(KNOWN[0]);
    let (ring, talk) = (Duration::from_secs(7), Duration::from_secs(15));
    match fastrand::u8(0..10) {
        0..=4 => Call::incoming(known, ring, "answered", talk),
        5..=7 => Call::incoming(&unknown_number(), ring, "answered", talk),
        _ => Call::incoming(known, ring, "missed", talk),
    }
}

/// A number in a range that is kept free for fiction.
fn unknown_number() -> String {
    format!("790055502{:02}", fastrand::u8(0..100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_in_the_help_does_something_and_nothing_else_does() {
        let letters = HELP.split_whitespace().filter(|word| word.len() == 1 && *word != "a");
        let mut count = 0;
        for letter in letters {
            assert!(!matches!(wish(letter), Wish::Help | Wish::Nothing), "{letter}");
            count += 1;
        }
        assert_eq!(count, 13);
        assert_eq!(wish("?"), Wish::Help);
        assert_eq!(wish("x"), Wish::Help);
        assert_eq!(wish("  "), Wish::Nothing);
    }

    #[test]
    fn unknown_numbers_are_whole_and_belong_to_nobody_known() {
        for _ in 0..50 {
            let number = unknown_number();
            assert_eq!(number.len(), 11, "{number}");
            assert!(!KNOWN.contains(&number.as_str()));
        }
    }
}
