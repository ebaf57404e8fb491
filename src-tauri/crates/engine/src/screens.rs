//! What the windows show, put together from what the other rooms know.

pub(crate) mod caller_facts;
pub(crate) mod cases_shown;
pub(crate) mod fields;
pub(crate) mod figures;
pub(crate) mod found;
pub(crate) mod health;
pub(crate) mod latency;
pub(crate) mod missed_waiting;
pub(crate) mod pages;
pub(crate) mod past_calls;
pub(crate) mod popup;
pub(crate) mod present;
pub(crate) mod team;
pub(crate) mod windows;
