//! Statistics (S35-S38), counted from the history of ended calls. Pure: no clock, no file, no words.
//!
//! [`Range`] is what is asked for: whole days of this computer's calendar. [`Tally`] takes the calls one by one, the latest
//! first, as the history gives them, and keeps no call; [`Figures`] is what it has counted, each figure also for the range
//! before, which is as long. A call belongs to the day and hour, in the computer's time zone, at which it began.
//!
//! What a figure counts:
//!
//! * **received** (S35): calls, in and out, for which a new case was opened;
//! * **with a first reply** (S35): those of them that came in and were answered by the agent;
//! * **closed** (S36): cases of received calls whose status is closed, as this computer has last set it, and that have a
//!   recording;
//! * **best** (S38): closed cases by the agent whose call closed them, if they have a recording of that agent's own
//!   conversation;
//! * speed of replies (S37): nothing, calls do not count there, so there is nothing here;
//! * **calls**: with clients, by how they went ([`Kind`]). Calls among colleagues, those that a colleague took, and orders
//!   for which no client was rung are none.
//!
//! What the help desk can say of the whole team is counted from its cases: [`count_team`].

mod cases;
mod kind;
mod range;
mod tally;
mod team;

pub use kind::Kind;
pub use range::{BadRange, Range};
pub use tally::{Best, Counts, DayCounts, Figures, LineCounts, Tally, Totals};
pub use team::{Closer, Closing, Looked, Recordings, TeamBest, TeamCase, TeamFigures, count_team};
