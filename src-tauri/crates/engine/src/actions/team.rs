//! The team's statistics, read from Omnidesk a step at a time, beside the controller.

use crate::handle::Engine;
use crate::screens::figures;
use crate::time::now;
use crate::view::{CommandError, FiguresRange, TeamView, TeamWish};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::PoisonError;

impl Engine {
    /// The team's figures of a range of days (S35, S36, S38), as far as Omnidesk has told; one step further where that is
    /// wanted. What hinders a step is said in the answer.
    ///
    /// # Errors
    /// `badSetting` about `first`, `last`, `order` or `length`; `notOffered` about `channel` where no channel of calls is set;
    /// `unreachable` while Omnidesk is.
    pub async fn team_figures(&self, range: &FiguresRange, wish: TeamWish) -> Result<TeamView, CommandError> {
        let today = figures::day_of(now(), &TimeZone::system());
        let range = figures::days(range, today)?;
        let access = self.access()?;
        if access.catalog.channel.is_empty() {
            return Err(CommandError::no_channel());
        }
        let team = || self.team.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = match wish {
            TeamWish::Look => None,
            TeamWish::Read | TeamWish::Anew => team().question(access.generation, &access.catalog.channel, range, wish == TeamWish::Anew),
        };
        if let Some((question, pause)) = wanted {
            tokio::time::sleep(pause).await;
            let came = access.team(question).await;
            team().took(
                access.generation,
                &access.catalog.channel,
                range,
                came,
                Timestamp::from_millisecond(now().0).unwrap_or_default(),
            );
        }
        let view = team().view(access.generation, range, &access.catalog);
        Ok(view)
    }
}
