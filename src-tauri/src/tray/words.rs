//! The tray's words, in both languages.

use engine::view::LinkStateView;

/// A language of the tray, and of what is said without an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Russian.
    Russian,
    /// English.
    English,
}

impl Language {
    /// By its code; none for a language the product does not speak, and for an empty one.
    pub fn named(code: &str) -> Option<Self> {
        match code {
            "ru" => Some(Self::Russian),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// Until the popup has told the system's language, and where there is only the tray.
    #[must_use]
    pub fn of_environment() -> Self {
        let language = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        match language {
            Some(language) if language.starts_with("en") => Self::English,
            _ => Self::Russian,
        }
    }
}

/// The tray's words.
pub struct Words {
    russian: bool,
    pub dial: &'static str,
    pub popup: &'static str,
    pub recent: &'static str,
    pub call_back: &'static str,
    pub pause: &'static str,
    /// For how long.
    pub pause_lengths: [&'static str; 3],
    pub paused: &'static str,
    /// A time follows.
    pub paused_until: &'static str,
    /// A day of the year and a time, as `strftime` writes it.
    pub day_and_time: &'static str,
    pub resume: &'static str,
    pub private: &'static str,
    pub open: &'static str,
    pub quit: &'static str,
}

impl Words {
    pub fn of(language: Language) -> Self {
        match language {
            Language::Russian => Self {
                russian: true,
                dial: "Набрать номер…",
                popup: "Перейти к карточке звонка",
                recent: "Недавние",
                call_back: "Перезвонить",
                pause: "Приостановить карточки",
                pause_lengths: ["На 30 минут", "До завтра", "Пока не включу"],
                paused: "Карточки на паузе",
                paused_until: "Карточки на паузе до",
                day_and_time: "%d.%m %H:%M",
                resume: "Возобновить карточки",
                private: "Скрыть личное",
                open: "Открыть Ringside",
                quit: "Выйти",
            },
            Language::English => Self {
                russian: false,
                dial: "Dial a number…",
                popup: "Go to the call card",
                recent: "Recent",
                call_back: "Call back",
                pause: "Pause popups",
                pause_lengths: ["For 30 minutes", "Until tomorrow", "Until I resume"],
                paused: "Popups paused",
                paused_until: "Popups paused until",
                day_and_time: "%-d %b %H:%M",
                resume: "Resume popups",
                private: "Hide personal data",
                open: "Open Ringside",
                quit: "Quit",
            },
        }
    }

    /// Both lines of the state, where the keychain keeps the work from beginning: neither side was reached, and it is not theirs.
    pub fn keychain(&self, locked: bool) -> [&'static str; 2] {
        let what = match (locked, self.russian) {
            (true, true) => "Связка ключей закрыта: откройте её",
            (true, false) => "The keychain is locked: unlock it",
            (false, true) => "Связка ключей не отвечает",
            (false, false) => "The keychain does not answer",
        };
        let how = if self.russian {
            "Что сделать, сказано в окне Ringside"
        } else {
            "The window of Ringside says what to do"
        };
        [what, how]
    }

    pub fn pbx(&self, state: LinkStateView) -> &'static str {
        match (state, self.russian) {
            (LinkStateView::Up, true) => "АТС подключена",
            (LinkStateView::Up, false) => "PBX connected",
            (LinkStateView::Connecting, true) => "АТС: соединяемся…",
            (LinkStateView::Connecting, false) => "PBX: connecting…",
            (LinkStateView::Down, true) => "АТС: нет связи",
            (LinkStateView::Down, false) => "PBX: no connection",
            (LinkStateView::Off, true) => "АТС не настроена",
            (LinkStateView::Off, false) => "PBX not set up",
        }
    }

    pub fn omnidesk(&self, state: LinkStateView) -> &'static str {
        match (state, self.russian) {
            (LinkStateView::Up, true) => "Омнидеск подключён",
            (LinkStateView::Up, false) => "Omnidesk connected",
            (LinkStateView::Connecting, true) => "Омнидеск: соединяемся…",
            (LinkStateView::Connecting, false) => "Omnidesk: connecting…",
            (LinkStateView::Down, true) => "Омнидеск: нет связи",
            (LinkStateView::Down, false) => "Omnidesk: no connection",
            (LinkStateView::Off, true) => "Омнидеск не настроен",
            (LinkStateView::Off, false) => "Omnidesk not set up",
        }
    }
}
