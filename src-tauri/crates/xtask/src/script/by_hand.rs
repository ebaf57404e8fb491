//! What the agent does in the scenes of calls that are ordered in the app.
//!
//! Places are named by CSS, for the words differ with the language. Both phones wait for the scene, so that each
//! state lasts as long as it is looked at.

use super::{
    deeds::{
        Deed::{self, Keys, Phone, Picture, Press, See, Talk, Tray, Turn, Write},
        Spot,
    },
    scenes::ms,
};
use crate::windows::Page;

/// What is done after which step.
pub type Deeds = &'static [(&'static str, &'static [Deed])];

/// Before all steps: what the agent does to order the call.
pub const FIRST: &str = "first";

const NEWEST_CASE: Spot = Spot("the newest call's case", "tr[data-row] [role=link]");
const CALLS: Spot = Spot("«Calls» in the rail", "nav.rail li:first-child button");
const SETTINGS: Spot = Spot("«Settings» in the rail", "nav.rail li:last-child button");
const HANDSET: Spot = Spot("the case's green handset", "section.panel .dial button");
const DIALLING: Spot = Spot("the dialling block", ".card[data-call=dialing] .turn");
const PICKED_UP: Spot = Spot("that the softphone was answered", ".card[data-call=dialing] .done");
const CALLING: Spot = Spot("that the client is called", "li[data-call=ok] + li.active");
const BACK_TO_CASE: Spot = Spot("«back to the case» in the popup", ".grid.single .primary");
const GIST: Spot = Spot("the gist", ".card form textarea");
const SAVE: Spot = Spot("«save»", ".card form [type=submit]");
const SAVED: Spot = Spot("that it is kept until the call ends", ".card[data-call=talking] .sent");
const PLAYER: Spot = Spot("the recording's player", ".messages .player");
const FILTER: Spot = Spot("the filter of the calls", "[role=searchbox]");
const NUMBER: Spot = Spot("the dial window's field", "[role=combobox]:focus");
const UNDERSTOOD: Spot = Spot("the number as it was understood", ".preview .positive");

/// S22, S32: redialled from the tray, and the client does not answer.
pub const REDIAL: Deeds = &[
    (FIRST, &[Tray("Абдуллаев")]),
    (
        "popup_painted",
        &[
            Turn(Page::Popup),
            Phone("answer"),
            See(CALLING),
            Picture("calling"),
            Phone("time_out"),
        ],
    ),
    ("status:open", &[Picture("tried")]),
];

/// S18-S21: from the case, away and back, and a talk with its gist.
pub const CALL_FROM_CASE: Deeds = &[
    (
        FIRST,
        &[
            Turn(Page::Workspace),
            Press(CALLS),
            Press(NEWEST_CASE),
            Press(HANDSET),
            See(DIALLING),
        ],
    ),
    ("offered", &[Phone("answer"), See(PICKED_UP), Picture("dialling"), Press(SETTINGS)]),
    ("popup_painted", &[Turn(Page::Popup), Picture("elsewhere"), Press(BACK_TO_CASE)]),
    ("popup_gone", &[Turn(Page::Workspace), See(DIALLING), Phone("answer")]),
    (
        "answered",
        &[
            Write(GIST, "Обещали вернуть деньги до пятницы"),
            Picture("gist"),
            Press(SAVE),
            See(SAVED),
            Talk(ms(1500)),
            Phone("hangup"),
        ],
    ),
    ("status:waiting", &[See(PLAYER), Picture("told")]),
];

/// D1: copied from somewhere, with all that stands around a number, and pasted into the tray's dial window.
pub const PASTE_AND_DIAL: Deeds = &[
    (
        FIRST,
        &[
            Turn(Page::Workspace),
            Press(CALLS),
            Write(FILTER, "тел. 8 916 123-45-67 (доб. 118)"),
            Keys(&["ctrl+a", "ctrl+x"]),
            Tray("…"),
            Turn(Page::Dial),
            See(NUMBER),
            Keys(&["ctrl+v"]),
            See(UNDERSTOOD),
            Picture("number"),
            Keys(&["Return"]),
        ],
    ),
    (
        "popup_painted",
        &[
            Turn(Page::Popup),
            Picture("softphone"),
            Phone("answer"),
            See(CALLING),
            Phone("answer"),
        ],
    ),
    ("profile_opened", &[Talk(ms(1500)), Phone("hangup")]),
];
