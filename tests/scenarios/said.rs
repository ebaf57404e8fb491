//! What the log says, from INFO on, for tests that read it.

use engine::view::CommandError;
use std::cell::RefCell;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

/// What the log says, from INFO on.
#[derive(Clone, Default)]
pub struct Said(Arc<Mutex<Vec<u8>>>);

thread_local! {
    /// Where this thread's part of the log goes too.
    static HERE: RefCell<Option<Said>> = const { RefCell::new(None) };
}

/// A thread's log is listened to until this goes.
pub struct Listening;

impl Drop for Listening {
    fn drop(&mut self) {
        HERE.set(None);
    }
}

impl Said {
    /// What the whole test program says, panics included, from the first call on. Each desk calls it before anything of
    /// the product runs: a line of code that is reached while nobody listens may stay dumb for ever, as `tracing`
    /// remembers for each line whether anybody does.
    pub fn listen() -> Self {
        static SAID: OnceLock<Said> = OnceLock::new();
        SAID.get_or_init(|| {
            let said = Self::default();
            let writer = said.clone();
            tracing_subscriber::fmt()
                .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
                .with_ansi(false)
                .with_writer(move || Both(writer.clone(), HERE.with_borrow(Clone::clone)))
                .init();
            let (panics, before) = (said.clone(), std::panic::take_hook());
            std::panic::set_hook(Box::new(move |panic| {
                // The test's own failures name what was found.
                if !panic.to_string().contains("in what was said") {
                    let _ = writeln!(panics.clone(), "panic: {panic}");
                }
                before(panic);
            }));
            said
        })
        .clone()
    }

    /// What this test alone says: its runtime has this thread for itself. Until the guard goes.
    pub fn here() -> (Self, Listening) {
        Self::listen();
        let said = Self::default();
        HERE.set(Some(said.clone()));
        (said, Listening)
    }

    /// All of it so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    /// An error as it would be shown to a person or an engineer.
    pub fn error<T>(&self, outcome: Result<T, CommandError>) {
        if let Err(error) = outcome {
            writeln!(self.clone(), "error: {error:?}").unwrap();
        }
    }
}

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The program's log, and the test's own if it listens.
struct Both(Said, Option<Said>);

impl Write for Both {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Some(here) = &mut self.1 {
            here.write_all(bytes)?;
        }
        self.0.write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
