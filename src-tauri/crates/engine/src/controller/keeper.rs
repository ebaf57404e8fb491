//! The controller is not left alone: where it breaks, it starts again from its journal, as after a crash of the program,
//! and the windows say so. What waited in its inbox is served by the new one; who had asked the old one is told that it
//! is closed.

use crate::controller::message::Message;
use crate::controller::{Controller, Parts};
use crate::links::omnidesk::Access;
use crate::time::{ms, now};
use crate::view::DeskView;
use futures_util::FutureExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// Before a controller that keeps breaking starts again: the first time at once, then longer by as much each time.
const STEP: Duration = Duration::from_secs(1);
/// No longer than so many steps.
const MOST_STEPS: u32 = 10;
/// One that has run so long has not broken because of how it started, ms.
const SOUND: i64 = 60_000;

/// Runs the controller until it is told to stop.
pub(crate) async fn keep(
    parts: Parts,
    to_self: mpsc::Sender<Message>,
    access: watch::Sender<Option<Access>>,
    mut inbox: mpsc::Receiver<Message>,
) {
    let mut controller = Controller::new(parts, to_self, access);
    let mut in_a_row = 0;
    loop {
        let began = now();
        // What it leaves half done is not used again: only its parts and what it counted are.
        if AssertUnwindSafe(controller.run(&mut inbox)).catch_unwind().await.is_ok() {
            return;
        }
        tracing::error!("the engine broke and starts again from its journal");
        in_a_row = if now().since(began) >= SOUND { 0 } else { in_a_row + 1 };
        controller = controller.anew().await;
        controller.say_it_broke();
        tokio::time::sleep(STEP * (in_a_row - 1_u32.min(in_a_row)).min(MOST_STEPS)).await;
    }
}

impl Controller {
    /// Another one with the same parts.
    async fn anew(mut self) -> Self {
        if let Some(line) = self.pbx.let_go() {
            line.shutdown().await;
        }
        // What the disk had refused is in memory alone: the last chance to write it.
        let _ = catch_unwind(AssertUnwindSafe(|| self.write_what_waits()));
        let parts = Parts {
            store: self.store,
            everybody: self.everybody,
            shell: self.shell,
            secrets: self.keychain.store(),
            office: self.office,
            zone: self.zone,
        };
        let mut anew = Self::new(parts, self.to_self, self.omnidesk.into_access());
        // The thread that waits for the keychain is the same one.
        anew.keychain = self.keychain;
        anew.windows = self.windows.anew(now());
        anew.tasks.count_broken(self.tasks.broken());
        anew
    }

    /// Until it has started: that it does.
    fn say_it_broke(&mut self) {
        let view = DeskView {
            revision: self.windows.advance(),
            now: ms(now()),
            faults: self.windows.faults(),
            ..DeskView::default()
        };
        // What broke may have been the windows' side.
        if catch_unwind(AssertUnwindSafe(|| self.shell.publish(&view))).is_err() {
            tracing::error!("the windows could not be told");
        }
    }
}
