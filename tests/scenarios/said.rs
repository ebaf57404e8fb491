//! What the log says, from INFO on, for tests that read it.

use engine::view::CommandError;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

/// What the log and the panics of the whole test program say, from INFO on.
#[derive(Clone, Default)]
pub struct Said(Arc<Mutex<Vec<u8>>>);

impl Said {
    /// Listens from the first call on.
    pub fn listen() -> Self {
        static SAID: OnceLock<Said> = OnceLock::new();
        SAID.get_or_init(|| {
            let said = Self::default();
            let writer = said.clone();
            tracing_subscriber::fmt()
                .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
                .with_ansi(false)
                .with_writer(move || writer.clone())
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
    pub fn here() -> (Self, tracing::subscriber::DefaultGuard) {
        let said = Self::default();
        let writer = said.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (said, tracing::subscriber::set_default(subscriber))
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
