//! What is owed to Omnidesk, on its way there: the line of duties, and one duty carried out.

pub(crate) mod deliver;
pub(crate) mod late_texts;
pub(crate) mod lookback;
pub(crate) mod outbox;
pub(crate) mod turns;
