//! What comes over the websocket, read at once and bounded until it is translated.
//!
//! Asterisk cuts a reader that stalls for 100 ms (reference 2.1), so a task of its own reads into a queue. The queue is
//! bounded by number and by bytes: beyond that nothing is read on, until there is room again or the peer cuts us. Who
//! sends more than any PBX is cut by us ([`super::flood`]).

use super::door::LARGEST_FRAME;
use futures_util::{Stream, StreamExt};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::{Error, Message};

/// Frames that wait to be translated; beyond this the PBX is better off cutting us.
const FRAMES: usize = 16_384;
/// Their bytes. A frame has a kilobyte or two: what is less than the number allows is a flood of large ones.
const BYTES: usize = 32 << 20;

/// What was heard.
pub enum Heard {
    /// A frame; its place in the queue is free again when it is dropped.
    Frame {
        /// As it came.
        text: String,
        #[allow(missing_docs, reason = "held, never read")]
        _room: OwnedSemaphorePermit,
    },
    /// A frame that is larger than any that Asterisk sends, in bytes; left unread.
    TooLarge(usize),
    /// A sign of life, in bytes.
    Alive(usize),
    /// The end.
    Closed,
}

impl Heard {
    /// How many bytes came; none with the end.
    pub fn bytes(&self) -> Option<usize> {
        match self {
            Self::Frame { text, .. } => Some(text.len()),
            Self::TooLarge(bytes) | Self::Alive(bytes) => Some(*bytes),
            Self::Closed => None,
        }
    }
}

/// Reads until the socket ends or this is dropped.
pub struct Reader {
    task: JoinHandle<()>,
    room: Arc<Semaphore>,
}

impl Reader {
    /// Begins to read; what is heard comes out of the queue.
    pub fn start(stream: impl Stream<Item = Result<Message, Error>> + Unpin + Send + 'static) -> (Self, mpsc::Receiver<Heard>) {
        let (frames, heard) = mpsc::channel(FRAMES);
        let room = Arc::new(Semaphore::new(BYTES));
        let task = tokio::spawn(read(stream, frames, room.clone()));
        (Self { task, room }, heard)
    }

    /// Which share of the queue waits, by number or by bytes.
    pub fn waiting(&self, heard: &mpsc::Receiver<Heard>) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        let share = |waits: usize, of: usize| waits as f64 / of as f64;
        share(heard.len(), FRAMES).max(share(BYTES - self.room.available_permits(), BYTES))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read(mut stream: impl Stream<Item = Result<Message, Error>> + Unpin, frames: mpsc::Sender<Heard>, room: Arc<Semaphore>) {
    loop {
        let heard = match stream.next().await {
            Some(Ok(Message::Text(text))) if text.len() > LARGEST_FRAME => Heard::TooLarge(text.len()),
            Some(Ok(Message::Text(text))) => {
                let bytes = u32::try_from(text.len()).unwrap_or(u32::MAX);
                match room.clone().acquire_many_owned(bytes).await {
                    Ok(room) => Heard::Frame {
                        text: text.as_str().to_owned(),
                        _room: room,
                    },
                    // The semaphore is never closed.
                    Err(_) => Heard::Closed,
                }
            }
            Some(Ok(message @ (Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_)))) => {
                Heard::Alive(message.len())
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => Heard::Closed,
        };
        let closed = matches!(heard, Heard::Closed);
        if frames.send(heard).await.is_err() || closed {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn a_flood_of_large_frames_is_read_no_further_than_the_queue_has_room_for_and_nothing_is_lost() {
        const SENT: usize = 200;
        let read = Arc::new(AtomicUsize::new(0));
        let counted = read.clone();
        let flood = futures_util::stream::iter(0..SENT).map(move |n| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(Message::text(format!("{n:03}{}", "x".repeat(LARGEST_FRAME - 3))))
        });
        let (_reader, mut heard) = Reader::start(flood);
        // The reader runs until it has to wait.
        for _ in 0..SENT * 2 {
            tokio::task::yield_now().await;
        }
        let most = BYTES / LARGEST_FRAME + 1;
        assert_eq!(read.load(Ordering::Relaxed), most, "what waits is bounded");
        for expected in 0..SENT {
            let Some(Heard::Frame { text, .. }) = heard.recv().await else {
                panic!("frame {expected}")
            };
            assert_eq!(text[..3].parse(), Ok(expected));
        }
        assert!(matches!(heard.recv().await, Some(Heard::Closed)));
    }
}
