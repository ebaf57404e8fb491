//! The demo with a person in front of it: the app on the user's own screen, a call every so often, and
//! a small console for other kinds of call.

use crate::{
    control::Call,
    house::{House, Profile},
    process,
    stage::{Looks, Stage, Told},
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
  r  the one missed last rings  t  a call that is passed on to a colleague
     again and is missed again  p  a call that is put on hold on the way
  c  the one missed last calls  2  a second call while the agent talks
     again and is answered      i  a machine answers, no agent is rung
  d  the agent dials            l  a long call (two minutes)
  n  the agent dials, nobody    f  the agent dials, the line is busy
     answers                    h  hang up everything
  b  pause or resume the calls that come by themselves
  o  what Omnidesk was asked    q  quit
";

/// What a line on the console asks for.
#[derive(Debug, Clone, PartialEq)]
enum Wish {
    /// These calls, at once.
    Ring(Vec<Call>),
    /// Somebody rings and gives up.
    Miss(&'static str),
    /// The one who was missed last rings again.
    Again {
        answered: bool,
    },
    HangUp,
    Requests,
    Pause,
    Help,
    Quit,
    Nothing,
}

/// Runs until `q`, Ctrl-C, the end of the input, or the end of the app.
pub fn run(house: &House, looks: Looks<'_>) -> Result<ExitCode> {
    let mut stage = Stage::set(house, Profile::Dev, None, looks, Told::default())?;
    println!(
        "Ringside runs against a stand-in PBX and a stand-in Omnidesk. A call comes every {} s.",
        PAUSE.as_secs()
    );
    println!("{HELP}");
    let lines = read_lines();
    let mut next = Instant::now() + FIRST;
    let mut resting = false;
    let mut missed_last = KNOWN[0];
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
            Wish::Ring(calls) => calls.iter().for_each(|call| ring(&stage, call)),
            Wish::Miss(from) => {
                missed_last = from;
                ring(&stage, &missed(from));
            }
            Wish::Again { answered: true } => ring(&stage, &talk(missed_last)),
            Wish::Again { answered: false } => ring(&stage, &missed(missed_last)),
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

/// How long it rings, and how long people talk.
const RING: Duration = Duration::from_secs(6);
const TALK: Duration = Duration::from_secs(15);

fn talk(from: &str) -> Call {
    Call::incoming(from, RING, "answered", TALK)
}

fn missed(from: &str) -> Call {
    Call::incoming(from, RING, "missed", Duration::ZERO)
}

fn dialled(to: &str) -> Call {
    Call::outgoing(to, RING, TALK)
}

fn somebody_known() -> &'static str {
    fastrand::choice(KNOWN).unwrap_or(KNOWN[0])
}

fn wish(line: &str) -> Wish {
    let seconds = Duration::from_secs;
    let one = |call| Wish::Ring(vec![call]);
    match line.trim() {
        "k" => one(talk(somebody_known())),
        "u" => one(talk(&unknown_number())),
        "m" => Wish::Miss(somebody_known()),
        "r" => Wish::Again { answered: false },
        "c" => Wish::Again { answered: true },
        "w" => one(talk("anonymous")),
        "s" => one(talk(SHARED)),
        "g" => one(Call::taken_by_colleague(&unknown_number(), RING, TALK)),
        "t" => one(Call::transferred(KNOWN[0], RING, TALK, seconds(4))),
        "p" => one(talk(KNOWN[2]).on_hold(seconds(4), seconds(8))),
        // Both ring at once; the second one is answered while the first one is on hold.
        "2" => Wish::Ring(vec![
            Call::incoming(KNOWN[0], seconds(3), "answered", TALK).on_hold(seconds(5), TALK),
            Call::incoming(KNOWN[3], seconds(10), "answered", seconds(8)),
        ]),
        "i" => one(Call::machine(&unknown_number(), RING)),
        "d" => one(dialled(KNOWN[1])),
        "n" => one(dialled(KNOWN[3]).ending("timeout")),
        "f" => one(dialled(KNOWN[3]).ending("busy")),
        "l" => one(Call::incoming(KNOWN[1], RING, "answered", seconds(120))),
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
    match fastrand::u8(0..10) {
        0..=4 => talk(somebody_known()),
        5..=7 => talk(&unknown_number()),
        _ => missed(somebody_known()),
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
        let listed = HELP.split_whitespace().filter(|word| word.len() == 1 && *word != "a");
        let mut listed: Vec<&str> = listed.collect();
        listed.sort_unstable();
        let does = |letter: &char| !matches!(wish(&letter.to_string()), Wish::Help | Wish::Nothing);
        let known: Vec<String> = ('!'..='~').filter(does).map(String::from).collect();
        assert_eq!(listed, known);
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
