//! The work that the controller has started and that waits for a network: each task is owned, named by what it does,
//! and ends with a result or with the word that it broke.
//!
//! 1. One task per piece of work: beginning it anew ends the one before.
//! 2. A task that panics is a result like any other ([`Broken`]): whoever waits for it goes on, and it is counted.
//! 3. What was asked of an account ends with it ([`Tasks::leave_account`]): no answer of the old one can come late.
//! 4. All end with the controller.

use crate::account::catalog::Catalog;
use crate::controller::index::{UsersKept, UsersRead};
use crate::controller::waiting::Fate;
use crate::links::office::Found;
use crate::people::card::Card;
use crate::people::index::Progress;
use crate::screens::caller_facts::Whose;
use crate::sending::deliver::Tried;
use crate::sending::turns::Turn;
use crate::settings::secret::Secrets;
use crate::shell::{KeychainStands, SecretTrouble};
use calls::{ConversationId, DialTrouble, LegId, PhoneKey, Traces, UserId};
use std::future::Future;
use store::CallsBefore;
use tokio_util::task::JoinMap;

/// What a task does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Work {
    /// Reads what there is in the account.
    ReadAccount,
    /// Looks for what the office has published.
    ReadOffice,
    /// Reads a page of the account's users.
    ReadUsers,
    /// Reads one person.
    ReadPerson(UserId),
    /// Counts the calls that there were with a caller before.
    CountCalls(LegId),
    /// Waits until a page of them is kept.
    KeepUsers,
    /// Asks Omnidesk who has a caller's number.
    LookUp { leg: LegId, key: PhoneKey },
    /// Carries a duty out, by its place in the line.
    Attempt(i64),
    /// Has the PBX place a call.
    Order(LegId),
    /// Hangs up what was placed although the agent had hung up before.
    HangUp(LegId),
    /// Asks the PBX about a call that ended out of sight.
    Trace(LegId),
    /// Waits until a missed caller is gone.
    Wait(String),
    /// Finds out which computer of the agent writes a call.
    Turn(LegId),
    /// Tells the agent's other computers something; each time anew.
    Say(u32),
    /// Asks which other computers of the agent listen.
    Companions,
    /// Waits for the keychain to give the secrets.
    ReadSecrets,
    /// Waits for the keychain to keep secrets.
    KeepSecrets,
    /// Looks how the keychain stands.
    LookAtKeychain,
}

impl Work {
    /// Whether its answer would be of use to nobody once another account is connected. An attempt is not of that kind:
    /// it may have written, and only its end tells.
    fn is_of_account(&self) -> bool {
        match self {
            Self::ReadAccount
            | Self::ReadOffice
            | Self::ReadUsers
            | Self::KeepUsers
            | Self::CountCalls(_)
            | Self::ReadPerson(_)
            | Self::LookUp { .. } => true,
            Self::Attempt(_)
            | Self::Order(_)
            | Self::HangUp(_)
            | Self::Trace(_)
            | Self::Wait(_)
            | Self::Turn(_)
            | Self::Say(_)
            | Self::Companions
            | Self::ReadSecrets
            | Self::KeepSecrets
            | Self::LookAtKeychain => false,
        }
    }

    /// Whether it is between this computer and the agent's others, over one connection to the PBX.
    fn is_of_companions(&self) -> bool {
        match self {
            Self::Turn(_) | Self::Say(_) | Self::Companions => true,
            Self::ReadAccount
            | Self::ReadOffice
            | Self::ReadUsers
            | Self::KeepUsers
            | Self::CountCalls(_)
            | Self::ReadPerson(_)
            | Self::LookUp { .. }
            | Self::Attempt(_)
            | Self::Order(_)
            | Self::HangUp(_)
            | Self::Trace(_)
            | Self::Wait(_)
            | Self::ReadSecrets
            | Self::KeepSecrets
            | Self::LookAtKeychain => false,
        }
    }

    /// Whether it changes something at the PBX or in Omnidesk.
    fn is_outward(&self) -> bool {
        match self {
            Self::Attempt(_) | Self::Order(_) | Self::HangUp(_) | Self::Say(_) => true,
            Self::ReadAccount
            | Self::ReadOffice
            | Self::ReadUsers
            | Self::KeepUsers
            | Self::CountCalls(_)
            | Self::ReadPerson(_)
            | Self::LookUp { .. }
            | Self::Trace(_)
            | Self::Wait(_)
            | Self::Turn(_)
            | Self::Companions
            | Self::ReadSecrets
            | Self::KeepSecrets
            | Self::LookAtKeychain => false,
        }
    }

    /// For the log: what it does, and nothing of whom.
    fn name(&self) -> &'static str {
        match self {
            Self::ReadAccount => "reading the account",
            Self::ReadOffice => "looking for the office's settings",
            Self::ReadUsers => "reading users",
            Self::CountCalls(_) => "counting a caller's calls",
            Self::KeepUsers => "keeping users",
            Self::ReadPerson(_) => "reading a person",
            Self::LookUp { .. } => "looking a caller up",
            Self::Attempt(_) => "delivering",
            Self::Order(_) => "ordering a call",
            Self::HangUp(_) => "hanging up",
            Self::Trace(_) => "asking after a call",
            Self::Wait(_) => "waiting for a missed caller",
            Self::Turn(_) => "asking who writes a call",
            Self::Say(_) => "telling the other computers",
            Self::Companions => "asking for the other computers",
            Self::ReadSecrets => "asking the keychain",
            Self::KeepSecrets => "keeping secrets",
            Self::LookAtKeychain => "looking at the keychain",
        }
    }
}

/// What came of a task.
pub(crate) enum News {
    /// Nothing that the controller need know.
    Nothing,
    /// The account, and what the office has published in it.
    Account(Box<Result<Catalog, omnidesk::Error>>, Option<Found>),
    /// What the office has published.
    Office(Option<Found>),
    /// A page of its users.
    Users(Box<(Progress, UsersRead)>),
    /// How many calls there were with a caller before, and for whom that was counted.
    CallsCounted(Whose, Result<CallsBefore, store::StoreError>),
    /// It is kept, or could not be.
    UsersKept(Box<UsersKept>),
    /// Somebody.
    Person(Box<Card>),
    /// Who has a caller's number.
    LookedUp(Result<Vec<Card>, omnidesk::Error>),
    /// An attempt to deliver is over.
    Tried(Box<Tried>),
    /// The mark of an attempt at this is in the file.
    Marked(Box<store::Entry>),
    /// An attempt did not begin: the disk refused its mark.
    NotMarked(store::StoreError),
    /// The PBX did not place a call.
    NotPlaced(DialTrouble),
    /// What could be found out about a call that ended out of sight.
    Traced(Box<Traces>),
    /// What became of a missed caller, and the conversation, if it became known.
    CallerGone { conversation: Option<ConversationId>, fate: Fate },
    /// Who writes a call.
    Turn(Turn),
    /// The secrets.
    Secrets(Result<Secrets, SecretTrouble>),
    /// Whether secrets were kept.
    SecretsKept(Result<(), SecretTrouble>),
    /// How the keychain stands.
    KeychainStands(Result<KeychainStands, SecretTrouble>),
}

/// A task panicked: nobody knows how far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

/// All tasks that go on.
#[derive(Default)]
pub(crate) struct Tasks {
    running: JoinMap<Work, News>,
    broken: u32,
    said: u32,
}

impl Tasks {
    /// Begins a piece of work.
    pub(crate) fn begin(&mut self, work: Work, task: impl Future<Output = News> + Send + 'static) {
        self.running.spawn(work, task);
    }

    /// Begins telling the agent's other computers something.
    pub(crate) fn say(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.said = self.said.wrapping_add(1);
        self.begin(Work::Say(self.said), async {
            task.await;
            News::Nothing
        });
    }

    /// Whether a piece of work goes on, or its result was not taken yet.
    pub(crate) fn is_on(&self, work: &Work) -> bool {
        self.running.contains_key(work)
    }

    /// Ends a piece of work; its result will not come.
    pub(crate) fn end(&mut self, work: &Work) {
        self.running.abort(work);
    }

    /// Another account is connected: what was asked of the old one ends.
    pub(crate) fn leave_account(&mut self) {
        self.running.abort_matching(Work::is_of_account);
    }

    /// The connection to the PBX is another one: what was said over the old one ends with it.
    pub(crate) fn leave_companions(&mut self) {
        self.running.abort_matching(Work::is_of_companions);
    }

    /// The calls whose callers Omnidesk is being asked about.
    pub(crate) fn looked_up(&self) -> impl Iterator<Item = &LegId> {
        self.running.keys().filter_map(|work| match work {
            Work::LookUp { leg, .. } => Some(leg),
            _ => None,
        })
    }

    /// So many had broken before.
    pub(crate) fn count_broken(&mut self, before: u32) {
        self.broken += before;
    }

    /// Whether anything goes on that changes something at the PBX or in Omnidesk.
    pub(crate) fn are_outward(&self) -> bool {
        self.running.keys().any(Work::is_outward)
    }

    /// What goes on, as the log names it.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.running.keys().map(|work| work.name().to_owned()).collect();
        names.sort_unstable();
        names
    }

    /// How many tasks have broken since the start.
    pub(crate) fn broken(&self) -> u32 {
        self.broken
    }

    /// The next task that is over; none for as long as none goes on. What was ended early does not come.
    pub(crate) async fn next(&mut self) -> (Work, Result<News, Broken>) {
        loop {
            let Some((work, ended)) = self.running.join_next().await else {
                return std::future::pending().await;
            };
            match ended {
                Ok(news) => return (work, Ok(news)),
                Err(error) if error.is_panic() => {
                    self.broken += 1;
                    tracing::error!(what = work.name(), "a task broke");
                    return (work, Err(Broken));
                }
                Err(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calls::Number;

    fn leg() -> LegId {
        LegId::new("1.1")
    }

    async fn none_comes(tasks: &mut Tasks) -> bool {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        tokio::select! {
            biased;
            _ = tasks.next() => false,
            () = std::future::ready(()) => true,
        }
    }

    #[tokio::test]
    async fn a_panic_is_a_result_that_names_the_work_and_is_counted() {
        let mut tasks = Tasks::default();
        tasks.begin(Work::Wait("a".into()), async { panic!("made up") });
        let (work, ended) = tasks.next().await;
        assert_eq!((work, ended.err()), (Work::Wait("a".into()), Some(Broken)));
        assert_eq!((tasks.broken(), tasks.is_on(&Work::Wait("a".into()))), (1, false));
    }

    #[tokio::test]
    async fn what_was_asked_of_an_account_ends_with_it_and_what_may_have_written_does_not() {
        let mut tasks = Tasks::default();
        let answer = || async { News::Nothing };
        tasks.begin(Work::ReadAccount, answer());
        tasks.begin(Work::ReadUsers, answer());
        tasks.begin(Work::ReadPerson(UserId(7)), answer());
        let key = Number::read("+79005550100", calls::Region::default()).key().unwrap();
        tasks.begin(Work::LookUp { leg: leg(), key }, answer());
        tasks.begin(Work::Attempt(3), answer());
        tasks.leave_account();
        assert_eq!(tasks.next().await.0, Work::Attempt(3));
        assert!(none_comes(&mut tasks).await);
    }

    #[tokio::test]
    async fn work_that_begins_anew_has_one_result() {
        let mut tasks = Tasks::default();
        tasks.begin(Work::Trace(leg()), std::future::pending());
        tasks.begin(Work::Trace(leg()), async { News::Traced(Box::default()) });
        assert!(matches!(tasks.next().await, (Work::Trace(_), Ok(News::Traced(_)))));
        assert!(none_comes(&mut tasks).await);
    }

    #[tokio::test]
    async fn what_is_told_to_other_computers_does_not_end_what_was_told_before() {
        let mut tasks = Tasks::default();
        tasks.say(async {});
        tasks.say(async {});
        assert_ne!(tasks.next().await.0, tasks.next().await.0);
        tasks.say(std::future::pending());
        tasks.leave_companions();
        assert!(none_comes(&mut tasks).await);
    }
}
