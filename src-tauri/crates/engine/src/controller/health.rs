//! What is known of the program's own state, for the page «Состояние»; what lies in the file is read elsewhere.

use crate::controller::Controller;
use crate::controller::tasks::Work;
use crate::screens::health;
use crate::time::{ms, now};
use crate::view::{HealthView, KeychainHealth, KeychainView, ProgramHealth, SettingsHealth};

impl Controller {
    pub(crate) fn health(&self) -> HealthView {
        HealthView {
            now: ms(now()),
            program: ProgramHealth {
                tasks: self.tasks.names(),
                broken: self.tasks.broken(),
                restarts: self.windows.faults().restarts,
                ..health::program()
            },
            popup: self.latency.view(),
            pbx: health::pbx(&self.pbx, &self.settings.pbx_vendor),
            omnidesk: health::omnidesk(&self.omnidesk),
            outbox: health::outbox(&self.outbox),
            store: health::store(&self.storage.view(&self.store, self.office.unread)),
            users: self.index.view(self.everybody.count()),
            keychain: KeychainHealth {
                place: self.keychain.kept_in(),
                waits: self.tasks.is_on(&Work::ReadSecrets) || self.tasks.is_on(&Work::KeepSecrets),
                refused: self.asking.shown() == KeychainView::NotKept,
            },
            settings: SettingsHealth {
                office_file: self.office.file,
                office_unread: self.office.unread,
                ..self.layers.counted()
            },
        }
    }
}
