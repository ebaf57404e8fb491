//! What has to be done in a scene before a state of it shows: results of a search, an open form, a refusal.
//!
//! A scene is looked at as it opens. The states listed here are looked at beside that, each in a scene
//! opened afresh; elements are named by CSS, for the words differ with the language.

use crate::window::App;
use std::time::Duration;

/// Something a person does, or waits for.
#[derive(Debug, Clone, Copy)]
pub enum Deed {
    /// Presses this.
    Press(&'static str),
    /// Writes into this field.
    Write(&'static str, &'static str),
    /// Waits until this is there.
    See(&'static str),
}

use Deed::{Press, See, Write};

/// A state of a scene, with the way there.
pub struct State {
    /// The scene.
    pub scene: &'static str,
    /// What the state is called in the pictures' names.
    pub name: &'static str,
    /// From the open scene to this state.
    pub deeds: &'static [Deed],
}

const fn state(scene: &'static str, name: &'static str, deeds: &'static [Deed]) -> State {
    State { scene, name, deeds }
}

const PALETTE: Deed = Press(".brand .kbd");
const IN_PALETTE: &str = "dialog[open] [role=combobox]";
const PALETTE_ROW: Deed = See("dialog[open] [role=option]");

const QUERY: Deed = Write("[role=combobox]", "север");
const FOUND: Deed = See("[role=option]");
const LINK_FIRST: Deed = Press("[role=option] .action");

/// Scenes that do by themselves what a person would, with the sign that it is done.
const IN_MOTION: &[(&str, &str)] = &[
    ("dial-paste", ".preview"),
    ("dial-bad", ".puzzled"),
    ("dial-link", ".preview"),
    ("dial-link-bad", "[role=alert]"),
    ("dial-name", "[role=option] mark"),
    ("dial-question", "[role=alertdialog]"),
    ("dial-never", "[role=alert]"),
    ("dial-error", "[role=alert]"),
];

/// The key, as WebDriver calls it.
const ARROW_RIGHT: &str = "\u{E014}";
const ADD_FIELD: Deed = Press(".positive");
const EDIT_IN_PROFILE: Deed = Press(".section button");
const EDIT_IN_COMPOSE: Deed = Press("form .s12 a, form .s12 button");
const DIALOG: Deed = See("dialog[open] input");
const EMAIL: Deed = Write("dialog input[inputmode=email]", "x");
const SUBMIT_DIALOG: Deed = Press("dialog [type=submit]");
const ALERT_IN_DIALOG: Deed = See("dialog [role=alert]");

/// Sections of the settings.
const PHRASES: &[Deed] = &[Press(".frame nav [data-section=phrases]"), See(".section fieldset")];
const LABELS: &[Deed] = &[Press(".frame nav [data-section=labels]"), See(".section fieldset")];
const PAUSE: &[Deed] = &[Press(".frame nav [data-section=pause]"), See(".section form")];
const VERSION: &[Deed] = &[
    Press(".frame nav [data-section=general]"),
    Press(".general section details summary"),
];
const INBOX: Deed = Press(".tools button:nth-child(2)");

/// The switch to the team's statistics.
const TEAM: Deed = Press(".segmented button:nth-child(2)");

/// All states that do not show by themselves.
const STATES: &[State] = &[
    state("ws-calls", "palette", &[PALETTE, PALETTE_ROW]),
    state(
        "ws-stats",
        "counted",
        &[
            Press(".two .icon-button[aria-pressed]"),
            See(".two section table tbody tr:nth-child(7)"),
            Press("details summary"),
        ],
    ),
    state("ws-stats", "team", &[TEAM, See(".page ol"), Press("details summary")]),
    state("ws-stats-private", "team", &[TEAM, See(".page ol")]),
    state(
        "ws-stats-private",
        "save",
        &[Press(".two section:nth-of-type(3) .icon-button"), See("dialog[open]")],
    ),
    state("ws-stats-team-listing", "team", &[TEAM, See("progress")]),
    state("ws-stats-team-reading", "team", &[TEAM, See("progress")]),
    state("ws-stats-team-refused", "team", &[TEAM, See(".state [role=alert]")]),
    state("ws-stats-team-none", "team", &[TEAM, See(".page .notice")]),
    state(
        "ws-stats-empty",
        "own",
        &[
            Press(".segmented + .segmented button:last-child"),
            Press("form.own [type=submit]"),
            See("form.own [aria-invalid]"),
        ],
    ),
    state(
        "ws-search-plain",
        "palette-people",
        &[PALETTE, Write(IN_PALETTE, "север"), See("dialog[open] [role=option] mark")],
    ),
    state(
        "ws-calls",
        "palette-number",
        &[
            PALETTE,
            Write(IN_PALETTE, "664-245651"),
            PALETTE_ROW,
            Press("dialog[open] [role=option]"),
            See("dialog[open] [role=alert]"),
        ],
    ),
    // The page is there before the window is: a key that comes between is heeded by nobody.
    state(
        "ws-calls",
        "keys",
        &[See(".brand .kbd"), Write("body", "?"), See("dialog[open] kbd")],
    ),
    state("dial-empty", "keys", &[See("input"), Write("body", "?"), See(".keys kbd")]),
    state("ws-missed", "inbox", &[INBOX, See("tr[data-row]")]),
    state("ws-missed-many", "inbox", &[INBOX, See("tr[data-row]")]),
    state("ws-missed-none", "inbox", &[INBOX, See(".empty")]),
    state("ws-pause", "section", PAUSE),
    state("ws-pause-never", "section", PAUSE),
    state("ws-pause-locked", "section", PAUSE),
    state(
        "popup-ringing-known",
        "pause",
        &[Press(".band [aria-expanded]"), See(".choices button")],
    ),
    state("ws-minute", "phrases", PHRASES),
    state("ws-minute", "labels", LABELS),
    state("ws-minute-long", "phrases", PHRASES),
    state("ws-minute-long", "labels", LABELS),
    state("ws-minute-locked", "phrases", PHRASES),
    state("ws-minute-locked", "labels", LABELS),
    state(
        "popup-reminder",
        "later",
        &[Press("li .row button"), See(".picker .choices button")],
    ),
    state("ws-compose", "phrases", &[Write("form textarea", " /"), See("[role=option]")]),
    state(
        "popup-after",
        "reminder",
        &[Press(".gist > button"), See(".picker .choices button")],
    ),
    state("ws-profile-question", "asked", &[Press(".dial button"), See("dialog[open]")]),
    state(
        "popup-missed-question",
        "asked",
        &[Press(".grid .primary"), See("[role=alertdialog]")],
    ),
    state(
        "ws-settings",
        "dialling",
        &[Press(".frame nav [data-section=dialling]"), See(".section select")],
    ),
    state(
        "ws-settings",
        "link",
        &[Press(".cards > section:nth-of-type(4) .sm"), See(".cards pre")],
    ),
    state(
        "ws-enrol",
        "asked",
        &[Press("form [type=submit]:not(:disabled)"), See("[aria-invalid]")],
    ),
    state(
        "ws-settings",
        "general-end",
        &[
            Press(".frame nav [data-section=general]"),
            See(".rings"),
            Press(".rings .line .grow"),
        ],
    ),
    state(
        "ws-settings",
        "office",
        &[Press(".frame nav [data-section=office]"), See(".section table")],
    ),
    state(
        "ws-settings-office",
        "office",
        &[
            Press(".frame nav [data-section=office]"),
            See(".section table"),
            Press(".section > section:last-of-type .button"),
        ],
    ),
    state("ws-settings", "health", &[Press(".frame nav [data-section=health]"), See("dl dd")]),
    state(
        "ws-settings",
        "health-history",
        &[
            Press(".frame nav [data-section=health]"),
            See("dl dd"),
            Press("section:nth-of-type(3) .button"),
            See("section:nth-of-type(3) li:nth-child(9)"),
        ],
    ),
    state(
        "ws-settings",
        "health-middle",
        &[
            Press(".frame nav [data-section=health]"),
            See("dl dd"),
            Press("section:nth-of-type(4) tbody tr:last-child th"),
        ],
    ),
    state(
        "ws-settings",
        "health-end",
        &[
            Press(".frame nav [data-section=health]"),
            See("dl dd"),
            Press("section:nth-of-type(7) dl"),
        ],
    ),
    state(
        "ws-case-foreign-file",
        "asked",
        &[Press(".player .play"), See(".player ~ [role=alert]")],
    ),
    state(
        "ws-settings-office",
        "dialling",
        &[Press(".frame nav [data-section=dialling]"), See(".section select")],
    ),
    state(
        "ws-settings-office",
        "general",
        &[Press(".frame nav [data-section=general]"), See(".general .said.wrong:not(:empty)")],
    ),
    state(
        "ws-settings-office",
        "cases",
        &[Press(".frame nav [data-section=cases]"), See(".section input")],
    ),
    state("ws-version", "newer", VERSION),
    state(
        "ws-version-loading",
        "loading",
        &[Press(".frame nav [data-section=general]"), See(".general section")],
    ),
    state(
        "ws-version",
        "refused",
        &[
            Press(".frame nav [data-section=general]"),
            Press(".general section .primary"),
            See(".general section [role=alert]"),
        ],
    ),
    state("ws-search", "found", &[QUERY, FOUND]),
    state("ws-search", "confirm", &[QUERY, FOUND, LINK_FIRST, See("dialog[open]")]),
    state("ws-search-plain", "found", &[QUERY, FOUND]),
    state("ws-search-nobody", "answered", &[QUERY, See(".empty button")]),
    state("ws-search-down", "answered", &[QUERY, See(".empty[role=alert]")]),
    state(
        "ws-search-link-refused",
        "answered",
        &[QUERY, FOUND, LINK_FIRST, Press("dialog .primary"), See("dialog [role=alert]")],
    ),
    state(
        "ws-compose-refused",
        "answered",
        &[Press("form .primary"), See("form [role=alert]")],
    ),
    state(
        "ws-case-attach-refused",
        "answered",
        &[Press(".panel [type=submit]"), See(".panel .error")],
    ),
    state(
        "ws-calls-unseen",
        "guessed",
        &[Write("tr[data-row=guessed]", ARROW_RIGHT), See("tr.more")],
    ),
    state(
        "ws-calls-claims",
        "inbox",
        &[Press(".segmented button:nth-child(2)"), See("tr[data-row=colleague]")],
    ),
    state(
        "ws-calls-history",
        "filters",
        &[Press(".tools > .box:nth-of-type(2) button"), See(".panel select")],
    ),
    state(
        "ws-calls-history",
        "columns",
        &[Press(".tools > .box:nth-of-type(3) button"), See(".panel input")],
    ),
    state("ws-calls", "more", &[Write("tr[data-row=dmitry]", ARROW_RIGHT), See("tr.more")]),
    state("ws-outbox", "give-up", &[Press("li .ghost"), See("li .question")]),
    state("ws-outbox", "details", &[Press("li .toggle > *"), See(".details")]),
    state("ws-edit-user", "open", &[EDIT_IN_PROFILE, DIALOG]),
    state(
        "ws-edit-user",
        "leave",
        &[EDIT_IN_PROFILE, EMAIL, Press("dialog footer .ghost"), ALERT_IN_DIALOG],
    ),
    state("ws-edit-user-compose", "open", &[EDIT_IN_COMPOSE, DIALOG]),
    state("ws-edit-user-new", "open", &[EDIT_IN_COMPOSE, DIALOG]),
    state("ws-edit-user-error", "open", &[EDIT_IN_PROFILE, See("dialog .empty")]),
    state(
        "ws-edit-user-not-kept",
        "answered",
        &[EDIT_IN_PROFILE, EMAIL, SUBMIT_DIALOG, ALERT_IN_DIALOG],
    ),
    state("ws-fields", "add", &[ADD_FIELD, DIALOG]),
    state("ws-fields", "wrong", &[ADD_FIELD, DIALOG, SUBMIT_DIALOG, See("dialog .error")]),
    state("ws-fields-arranged", "edit", &[Press("[data-edit=cf_25]"), DIALOG]),
    state("ws-fields-arranged", "rename", &[Press("[data-edit=section_1]"), DIALOG]),
    state(
        "ws-fields-not-saved",
        "answered",
        &[Press("tbody tr:last-child input"), See("[role=alert]")],
    ),
    state("ws-calls", "nothing", &[Write("[role=searchbox]", "ъ"), See(".empty button")]),
    state(
        "ws-settings",
        "general",
        &[Press(".frame nav [data-section=general]"), See(".general")],
    ),
    state(
        "ws-settings",
        "cases",
        &[Press(".frame nav [data-section=cases]"), See(".section form")],
    ),
    // Another address: the kept password does not go there.
    state(
        "ws-settings",
        "elsewhere",
        &[
            Press(".cards section header .ghost"),
            Write(".cards form input[inputmode=url]", "0"),
            Press(".cards form .primary"),
            See(".cards form [aria-invalid=true]"),
        ],
    ),
    state("ws-settings", "edit", &[Press(".cards section header .ghost"), See(".cards form")]),
    // Plain HTTP: asked for a yes, said again by the test.
    state(
        "ws-settings-waits",
        "asked",
        &[
            Press(".cards section header .ghost"),
            Press(".cards form .primary"),
            See(".cards form .open [aria-invalid]"),
        ],
    ),
    state(
        "ws-settings-open",
        "tested",
        &[Press(".cards section header .sm"), See("li.warned")],
    ),
    state("ws-settings-tls", "tested", &[Press(".cards section header .sm"), See("li.failed")]),
    state(
        "ws-settings-certificate",
        "edit",
        &[Press(".cards section header .ghost"), See(".cards form .ca li")],
    ),
    state(
        "ws-settings",
        "tested",
        &[Press(".cards section:nth-of-type(2) header .sm"), See("li.failed")],
    ),
    state(
        "ws-settings-refused",
        "answered",
        &[
            Press(".cards section header .ghost"),
            Press(".cards form .primary"),
            See("[role=alert]"),
        ],
    ),
    state("ws-setup-empty", "missing", &[Press("footer .primary"), See("[aria-invalid]")]),
    state(
        "ws-setup-empty",
        "more",
        &[Press(".more h2 button"), See(".more [data-field=pbxUser]")],
    ),
    state("ws-setup-user", "tested", &[Press("footer .primary"), See(".more [aria-invalid]")]),
    state(
        "ws-setup-channel",
        "asked",
        &[
            Press("footer .primary"),
            Press("footer .ghost ~ .primary"),
            See(".more [data-field=channel] [role=alert]"),
        ],
    ),
    state(
        "ws-setup-office",
        "more",
        &[Press(".more h2 button"), See(".more [data-field=pbxUrl]")],
    ),
    state("ws-setup-phone", "tested", &[Press("section header .sm"), See("li.failed")]),
    state(
        "ws-setup-pbx",
        "omnidesk",
        &[Press("footer .primary"), Press("footer .ghost ~ .primary"), See("li.failed")],
    ),
];

/// The states of a scene.
pub fn states(scene: &str) -> impl Iterator<Item = &'static State> {
    STATES.iter().filter(move |state| state.scene == scene)
}

/// All scenes that are spoken of here.
pub fn scenes() -> impl Iterator<Item = &'static str> {
    let moving = IN_MOTION.iter().map(|(scene, _)| *scene);
    STATES.iter().map(|state| state.scene).chain(moving)
}

/// How long a deed may take; less than the patience of whom it is done with, to go on with the other screens.
const PATIENCE: Duration = Duration::from_secs(8);

/// Waits for what the open scene does by itself, then brings it into a state.
///
/// # Errors
/// The deed that could not be done.
pub async fn reach(app: &App, scene: &str, state: Option<&State>) -> Result<(), String> {
    let signs = IN_MOTION.iter().filter(|(moving, _)| *moving == scene);
    let deeds = state.map(|state| state.deeds).unwrap_or_default();
    for deed in signs.map(|(_, sign)| See(sign)).chain(deeds.iter().copied()) {
        let done = async {
            match deed {
                Press(css) => app.press_at(css).await,
                Write(css, text) => app.write_at(css, text).await,
                See(css) => drop(app.at(css).await),
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, done).await;
        in_time.map_err(|_| format!("{deed:?}"))?;
    }
    Ok(())
}
