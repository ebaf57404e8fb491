//! The page «Состояние»: what each part counts, put together. Pure.

use crate::links::omnidesk::OmnideskLink;
use crate::links::pbx::PbxLink;
use crate::sending::outbox::Outbox;
use crate::time::ms;
use crate::view::{
    AbilityView, BudgetHealth, ErrorHealth, FileHealth, OmnideskHealth, OutboxHealth, PbxHealth, ProgramHealth, PurposeView, SpentHealth,
    StorageView, StoreHealth, VersionNumbers, trouble,
};
use calls::Moment;
use omnidesk::{Error, Priority, Purpose, Share};
use pbx::Abilities;
use std::time::{SystemTime, UNIX_EPOCH};
use store::{EntryState, Facts};

/// The program, but for what others count of it.
pub(crate) fn program() -> ProgramHealth {
    ProgramHealth {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        ..ProgramHealth::default()
    }
}

/// The link to the PBX; `vendor` as the settings name it, empty: the first one.
pub(crate) fn pbx(link: &PbxLink, vendor: &str) -> PbxHealth {
    let without = PbxHealth {
        link: link.view().clone(),
        spells: link.spells.view(),
        ..PbxHealth::default()
    };
    let Some(line) = link.line() else { return without };
    let stats = line.stats();
    let vendor = pbx::VENDORS.iter().find(|one| one.name == vendor).unwrap_or(&pbx::VENDORS[0]);
    PbxHealth {
        vendor: Some(vendor.name.to_owned()),
        version: stats.version.as_deref().and_then(VersionNumbers::read),
        phone_online: link.phone_online(),
        abilities: abilities(line.abilities()),
        connects: count(stats.connects),
        heard_at: stats.heard_at.map(ms),
        events: count(stats.understood_total()),
        waiting: count(link.untaken() as u64),
        unknown: count(stats.unknown.values().sum()),
        bad: count(stats.bad),
        too_large: count(stats.too_large),
        clock_ahead: stats.clock_ahead.map(|ahead| ms(Moment(ahead))),
        ..without
    }
}

fn abilities(has: Abilities) -> Vec<AbilityView> {
    let Abilities {
        dials,
        hangs_up,
        finds,
        meets,
        records,
        traces,
        tells_who_else_rings,
        resumes,
    } = has;
    let all = [
        (dials, AbilityView::Dials),
        (hangs_up, AbilityView::HangsUp),
        (finds, AbilityView::Finds),
        (meets, AbilityView::Meets),
        (records, AbilityView::Records),
        (traces, AbilityView::Traces),
        (tells_who_else_rings, AbilityView::TellsWhoElseRings),
        (resumes, AbilityView::Resumes),
    ];
    all.into_iter().filter_map(|(has, ability)| has.then_some(ability)).collect()
}

/// The link to Omnidesk.
pub(crate) fn omnidesk(link: &OmnideskLink) -> OmnideskHealth {
    let (view, spells) = (link.view().clone(), link.spells.view());
    let Some(client) = link.client(Priority::Background) else {
        return OmnideskHealth {
            link: view,
            spells,
            ..OmnideskHealth::default()
        };
    };
    let tally = client.tally();
    OmnideskHealth {
        link: view,
        spells,
        clock_ahead: client.clock_ahead_ms().map(|ahead| ms(Moment(ahead))),
        requests: count(tally.requests),
        failures: count(tally.failures),
        limited: count(tally.limited),
        errors: tally
            .errors
            .iter()
            .map(|(at, error)| of_error(at.as_millisecond(), error))
            .collect(),
        budget: Some(budget(&client.budget_snapshot())),
    }
}

fn of_error(at: i64, error: &Error) -> ErrorHealth {
    let status = match error {
        Error::Rejected { status, .. } | Error::Server { status } | Error::NotJson { status, .. } => Some(status.to_string()),
        _ => None,
    };
    ErrorHealth {
        at: ms(Moment(at)),
        trouble: trouble::of_omnidesk(error),
        // A word that is on no list is told by its measure, never as it is.
        code: error.code().map(|code| code.to_string()).or(status),
    }
}

fn budget(told: &omnidesk::BudgetSnapshot) -> BudgetHealth {
    let mut budget = BudgetHealth {
        limit: told.limit_per_minute,
        used: told.used,
        waiting: count(told.waiting as u64),
        spent: told.shares.iter().map(spent).collect(),
        ..BudgetHealth::default()
    };
    for (priority, left) in told.left_for {
        *match priority {
            Priority::Popup => &mut budget.left_for_popup,
            Priority::Interactive => &mut budget.left_for_pages,
            Priority::WriteBack => &mut budget.left_for_outbox,
            Priority::Background => &mut budget.left_for_index,
        } = left;
    }
    budget
}

fn spent(share: &Share) -> SpentHealth {
    let purpose = match share.purpose {
        Purpose::LookUp => PurposeView::LookUp,
        Purpose::Pages => PurposeView::Pages,
        Purpose::Outbox => PurposeView::Outbox,
        Purpose::Account => PurposeView::Account,
        Purpose::Office => PurposeView::Office,
        Purpose::Users => PurposeView::Users,
        Purpose::Statistics => PurposeView::Statistics,
        Purpose::Background => PurposeView::Background,
    };
    SpentHealth {
        purpose,
        minute: share.minute,
        hour: share.hour,
        waiting: share.waiting,
    }
}

/// What is owed.
pub(crate) fn outbox(line: &Outbox) -> OutboxHealth {
    let mut view = OutboxHealth::default();
    let mut oldest: Option<Moment> = None;
    for entry in line.entries().filter(|entry| entry.state != EntryState::Done) {
        oldest = Some(oldest.map_or(entry.created_at, |oldest| oldest.min(entry.created_at)));
        match entry.state {
            EntryState::Wedged => view.wedged += 1,
            _ if line.is_running(entry.seq) => view.sending += 1,
            _ => {
                view.queued += 1;
                view.retried += u32::from(entry.attempts > 0);
            }
        }
    }
    view.oldest = oldest.map(ms);
    view
}

/// How the disk stands, without what lies on it.
pub(crate) fn store(storage: &StorageView) -> StoreHealth {
    StoreHealth {
        fault: storage.fault,
        was_damaged: storage.aside.is_some(),
        unreadable: storage.unreadable,
        file: None,
    }
}

/// What lies in the file, and when that was last put in order.
#[expect(clippy::cast_precision_loss, reason = "files are far below 2^53 bytes")]
pub(crate) fn file(facts: Facts, kept_at: Option<SystemTime>) -> FileHealth {
    let since = kept_at.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    FileHealth {
        schema: facts.schema,
        bytes: facts.bytes as f64,
        log_bytes: facts.log_bytes as f64,
        free_pages: facts.free_pages,
        journal: facts.journal,
        calls: facts.calls,
        history: facts.history,
        cases: facts.cases,
        outbox: facts.outbox,
        aside: facts.aside,
        kept_at: since.map(|since| since.as_millis() as f64),
    }
}

fn count(of: u64) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::TroubleView;
    use omnidesk::Code;

    #[test]
    fn errors_are_told_by_codes_and_a_word_of_others_by_its_measure() {
        let table = [
            (Error::Server { status: 502 }, TroubleView::ServerError, Some("502")),
            (Error::Timeout { sent: true }, TroubleView::Timeout, None),
            (
                Error::Rejected {
                    status: 422,
                    code: Some(Code::of("wrong_phone")),
                },
                TroubleView::Refused,
                Some("wrong_phone"),
            ),
            (Error::Rejected { status: 422, code: None }, TroubleView::Refused, Some("422")),
        ];
        for (error, trouble, code) in table {
            let told = of_error(5, &error);
            assert_eq!((told.at, told.trouble, told.code.as_deref()), (5.0, trouble, code));
        }
        let code = Some(Code::of("79161234567 Иванов"));
        let told = of_error(5, &Error::NotFound { code }).code.unwrap();
        assert!(told.starts_with("foreign-") && !told.contains("7916"), "{told}");
    }

    #[test]
    fn each_ability_is_named_where_it_is_there() {
        let all = Abilities {
            dials: true,
            hangs_up: true,
            finds: true,
            meets: true,
            records: true,
            traces: true,
            tells_who_else_rings: true,
            resumes: true,
        };
        assert_eq!(abilities(all).len(), 8);
        let some = Abilities {
            hangs_up: false,
            resumes: false,
            ..all
        };
        let named = abilities(some);
        assert!(!named.contains(&AbilityView::HangsUp) && !named.contains(&AbilityView::Resumes));
        assert_eq!(named.len(), 6);
    }
}
