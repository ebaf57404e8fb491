//! What the holder of a link wants of it: connect anew, or end. However often it is said, it is one wish; so nothing queues.

use tokio::sync::watch;

#[derive(Debug, Clone, Copy, Default)]
struct Wishes {
    reconnects: u64,
    ends: bool,
}

/// The holder's side.
#[derive(Debug, Clone)]
pub struct Wisher(watch::Sender<Wishes>);

/// The link's side.
#[derive(Debug)]
pub struct Wished {
    wishes: watch::Receiver<Wishes>,
}

/// A wish that was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Connect anew, at once.
    Reconnect,
    /// End; also when nobody holds the link any more.
    End,
}

/// Both sides.
pub fn wishes() -> (Wisher, Wished) {
    let (sender, wishes) = watch::channel(Wishes::default());
    (Wisher(sender), Wished { wishes })
}

impl Wisher {
    /// Connect anew, at once.
    pub fn reconnect(&self) {
        self.0.send_modify(|wishes| wishes.reconnects = wishes.reconnects.wrapping_add(1));
    }

    /// End.
    pub fn end(&self) {
        self.0.send_modify(|wishes| wishes.ends = true);
    }
}

impl Wished {
    /// The next wish. May be dropped and asked again without losing one.
    pub async fn next(&mut self) -> Wish {
        match self.wishes.changed().await {
            Ok(()) if !self.wishes.borrow_and_update().ends => Wish::Reconnect,
            Ok(()) | Err(_) => Wish::End,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn any_number_of_wishes_is_one_and_the_end_outweighs_all() {
        let (wisher, mut wished) = wishes();
        for _ in 0..10_000 {
            wisher.reconnect();
        }
        assert_eq!(wished.next().await, Wish::Reconnect);
        let again = tokio::time::timeout(std::time::Duration::from_millis(20), wished.next()).await;
        assert!(again.is_err(), "all of them were one wish");
        wisher.end();
        wisher.reconnect();
        assert_eq!(wished.next().await, Wish::End);
    }

    #[tokio::test]
    async fn a_link_that_nobody_holds_ends() {
        let (wisher, mut wished) = wishes();
        let second = wisher.clone();
        drop(wisher);
        second.reconnect();
        assert_eq!(wished.next().await, Wish::Reconnect);
        drop(second);
        assert_eq!(wished.next().await, Wish::End);
    }
}
