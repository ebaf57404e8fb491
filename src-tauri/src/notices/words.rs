//! The words of notifications, in both languages.

use crate::tray::Language;

/// The words.
pub(super) struct Words {
    russian: bool,
    pub missed: &'static str,
    pub rings: &'static str,
    pub dials: &'static str,
    pub talks: &'static str,
    pub due: &'static str,
    pub decision: &'static str,
    pub list: &'static str,
    pub call_back: &'static str,
    pub back_to_case: &'static str,
    pub profile: &'static str,
    pub open: &'static str,
    pub show: &'static str,
    pub in_tray: &'static str,
    pub in_tray_text: &'static str,
    /// Who hides their number.
    pub withheld: &'static str,
}

impl Words {
    pub(super) fn of(language: Language) -> Self {
        match language {
            Language::Russian => Self {
                russian: true,
                missed: "Пропущенный звонок",
                rings: "Входящий звонок",
                dials: "Набираем номер",
                talks: "Идёт разговор",
                due: "Пора перезвонить",
                decision: "Нужно ваше решение",
                list: "Список",
                call_back: "Перезвонить",
                back_to_case: "Вернуться к обращению",
                profile: "Открыть профиль",
                open: "Открыть Ringside",
                show: "Показать",
                in_tray: "Ringside остался в трее",
                in_tray_text: "Окно закрыто, а звонки по-прежнему показываются. Значок в трее откроет окно снова; «Выйти» есть в его меню.",
                withheld: "Номер скрыт",
            },
            Language::English => Self {
                russian: false,
                missed: "Missed call",
                rings: "Incoming call",
                dials: "Dialling",
                talks: "On the phone",
                due: "Time to call back",
                decision: "Your decision is needed",
                list: "List",
                call_back: "Call back",
                back_to_case: "Back to the case",
                profile: "Open profile",
                open: "Open Ringside",
                show: "Show",
                in_tray: "Ringside stays in the tray",
                in_tray_text: "Its window is closed, calls are shown as before. The icon in the tray opens the window again; its menu has “Quit”.",
                withheld: "Number withheld",
            },
        }
    }

    /// Several of them.
    pub(super) fn missed_calls(&self, count: usize) -> String {
        if self.russian {
            format!("Пропущенные звонки: {count}")
        } else {
            format!("Missed calls: {count}")
        }
    }

    /// People who are not named.
    pub(super) fn and_more(&self, count: usize) -> String {
        if self.russian {
            format!("и ещё {count}")
        } else {
            format!("and {count} more")
        }
    }

    /// What is owed and was refused.
    pub(super) fn refused(&self, count: usize) -> String {
        if self.russian {
            format!("Омнидеск не принял отправленное ({count}): повторить или оставить?")
        } else {
            format!("Omnidesk refused what was sent ({count}): retry or leave it?")
        }
    }
}
