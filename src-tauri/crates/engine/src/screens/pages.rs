//! Pages of the workspace that are read from Omnidesk on demand: a profile, a case, a search.
//!
//! They run beside the controller and change nothing there; what they learn of people is handed
//! back to it, to be kept for the next call.

use crate::account::catalog::{self, Catalog};
use crate::account::plain::plain;
use crate::account::texts;
use crate::links::omnidesk::Access;
use crate::people::card::Card;
use crate::people::look_up::{self, Spelt};
use crate::view::{AttachmentView, AuthorView, CasePageView, CaseRow, CommandError, MessageView, Route, TroubleView};
use calls::{PhoneKey, Region, UserId, numbers_in};
use omnidesk::{Author, CaseFilter, CaseId, CaseRef, CaseSort, Client, Error, Message, MessageOrder, PageRequest, TextQuery, UserFilter};

/// How many earlier cases a profile shows.
const CASES: u32 = 30;
/// As many cases of several people are read at once: a page of Omnidesk's.
const CASES_OF_ALL: u32 = 100;
/// How many messages of a case are shown: the newest.
const MESSAGES: u32 = 100;
/// So many pages of a hundred messages are looked through for a file: what is asked for stood on a page a moment ago.
const SEARCHED: u32 = 10;
/// How many users a search shows.
const FOUND: u32 = 25;
/// The longest recording that is played in place, bytes.
const LONGEST_AUDIO: u64 = 25 * 1024 * 1024;

/// The sound in a file of a message. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sound {
    /// Its media type, by what it holds.
    pub kind: &'static str,
    /// The file.
    pub bytes: omnidesk::Bytes,
}

impl Access {
    /// A case with its messages.
    ///
    /// # Errors
    /// What the client reports.
    pub async fn case_page(&self, id: CaseId, person: impl AsyncFnOnce(UserId) -> Option<Card>) -> Result<CasePageView, Error> {
        let case_ref = CaseRef::Id(id);
        let case = self.client.cases().get(&case_ref).await?;
        let mut messages = self
            .client
            .messages(&case_ref)
            .list(MessageOrder::NewestFirst, PageRequest::first(MESSAGES))
            .await?
            .items;
        messages.reverse();
        let messages = each_once(messages, |message| message.id);
        let card = match case.user_id {
            Some(user) => person(UserId(user.0)).await,
            None => None,
        };
        self.catalog.labels.meet(&self.client, case.labels.iter().copied()).await;
        let view = CasePageView {
            case: on_our_clock(self.catalog.row(&case), &self.client),
            user: card.as_ref().map(|card| card.view(&self.catalog, self.region)),
            group: case
                .group_id
                .and_then(|id| self.catalog.groups.iter().find(|group| group.id == id))
                .map(|group| group.title.clone()),
            labels: self.catalog.labels.titles(&case.labels),
            messages: with_recordings(messages.iter().map(|message| self.message(message, card.as_ref())).collect()),
            url: Some(case_url(&self.base, case.number.as_str())),
        };
        Ok(view)
    }

    fn message(&self, message: &Message, card: Option<&Card>) -> MessageView {
        let (author, author_name) = match message.author() {
            Author::User(_) => (AuthorView::User, card.map(|card| card.name.clone())),
            Author::Staff(id) | Author::Note(Some(id)) => (AuthorView::Staff, self.catalog.staff_name(id).map(str::to_owned)),
            Author::Note(None) => (AuthorView::Staff, None),
        };
        MessageView {
            id: message.id.0.to_string(),
            author,
            author_name: author_name.filter(|name| !name.is_empty()),
            text: plain(message),
            at: message.created_at.map(|at| catalog::ms(at) - ahead(&self.client)),
            note: message.note,
            attachments: message
                .attachments
                .iter()
                .enumerate()
                .map(|(index, file)| attachment(message, index, file))
                .collect(),
            call: None,
        }
    }

    /// Users by e-mail address, number, or the words of a name as far as Omnidesk can search (S12,
    /// omnidesk-api section 2: no search by name there; names come from this computer's own index).
    ///
    /// # Errors
    /// What the client reports.
    pub async fn search(&self, query: &str) -> Result<Vec<Card>, Error> {
        let keys = looked_for(query, self.region);
        let digits: String = query.chars().filter(char::is_ascii_digit).collect();
        let filter = if !keys.is_empty() {
            return look_up::with_phone(&self.client, &keys, self.region, Spelt::Anyhow).await;
        } else if digits.len() >= 4 && query.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c)) {
            // As typed first of all: Omnidesk compares texts, and old data hold every spelling.
            let text = if query.contains('-') { query.to_owned() } else { digits };
            UserFilter {
                phone: Some(TextQuery::Contains(text)),
                ..UserFilter::default()
            }
        } else if query.chars().count() >= 4 && query.is_ascii() && !query.contains(' ') {
            UserFilter {
                email: Some(TextQuery::Contains(query.to_owned())),
                ..UserFilter::default()
            }
        } else {
            return Ok(Vec::new());
        };
        let page = self.client.users().list(&filter, PageRequest::first(FOUND)).await?;
        Ok(page.items.iter().filter(|user| !user.deleted).map(Card::of).collect())
    }

    /// The sound in a file of a message, whole.
    ///
    /// # Errors
    /// [`CommandError`] when the file is gone, too large, no sound, at a place that is not allowed, or Omnidesk refuses.
    pub async fn sound(&self, case: CaseId, attachment: &str) -> Result<Sound, CommandError> {
        let case = CaseRef::Id(case);
        // From the end that the page shows: the first request finds what stands there.
        let messages = self.client.messages(&case).pages(MessageOrder::NewestFirst, SEARCHED);
        let has_it = |message: &Message| {
            let files = message.attachments.iter().enumerate();
            let file = |(index, _): (usize, _)| attachment_id(message.id.0, index) == attachment;
            files.map(file).position(|is_it| is_it)
        };
        let found = messages.find(|message| has_it(message).is_some()).await;
        let found = found.map_err(|e| CommandError::from(&e))?;
        let url = found.and_then(|message| Some(message.attachments.get(has_it(&message)?)?.url.clone()));
        let url = url
            .and_then(|url| url::Url::parse(&url).or_else(|_| self.base.join(&url)).ok())
            .ok_or(TroubleView::Gone)?;
        let bytes = self
            .client
            .download(&url, LONGEST_AUDIO)
            .await
            .map_err(|e| CommandError::from(&e))?;
        let kind = pbx::sound_type(&bytes).ok_or(TroubleView::NotSound)?;
        Ok(Sound { kind, bytes })
    }

    /// Where a page of the workspace stands in Omnidesk (omnidesk-api section 8); users have no known page.
    #[must_use]
    pub fn url_of(&self, route: &Route, number: Option<&str>) -> Option<String> {
        match route {
            Route::Case { .. } => number.map(|number| case_url(&self.base, number)),
            Route::Calls
            | Route::Missed
            | Route::Profile { .. }
            | Route::Attach { .. }
            | Route::Compose { .. }
            | Route::Search { .. }
            | Route::Settings
            | Route::Outbox
            | Route::Stats
            | Route::Fields
            | Route::Enrol { .. }
            | Route::Trial => Some(format!("{}/staff/cases/list/", self.base.as_str().trim_end_matches('/'))),
        }
    }
}

/// How far times of Omnidesk are ahead of this computer's, ms: what the windows show is by one clock.
#[expect(clippy::cast_precision_loss, reason = "a difference of clocks")]
pub(crate) fn ahead(client: &Client) -> f64 {
    client.clock_ahead_ms().unwrap_or(0) as f64
}

/// A row as it came, by this computer's clock.
pub(crate) fn on_our_clock(row: CaseRow, client: &Client) -> CaseRow {
    CaseRow {
        updated_at: row.updated_at.map(|at| at - ahead(client)),
        claim: row.claim.map(|claim| claim.earlier(ahead(client))),
        ..row
    }
}

/// Earlier cases of a person, on all linked profiles, newest first, and whether there are no others.
///
/// # Errors
/// What the client reports.
pub async fn recent_cases(client: &Client, catalog: &Catalog, card: &Card) -> Result<(Vec<CaseRow>, bool), Error> {
    let (cases, whole) = cases_of(client, catalog, card.profiles(), CASES).await?;
    Ok((cases.into_iter().map(|(_, row)| row).collect(), whole))
}

/// Whose cases Omnidesk is asked of: a person, and all their profiles.
pub(crate) type Profiles = (UserId, Vec<omnidesk::UserId>);

/// The newest cases of several people, in one request; nothing of whoever has none among them.
///
/// # Errors
/// What the client reports.
pub(crate) async fn cases_of_all(client: &Client, catalog: &Catalog, people: &[Profiles]) -> Result<Vec<(UserId, Vec<CaseRow>)>, Error> {
    let profiles = people.iter().flat_map(|(_, profiles)| profiles).copied().collect();
    let (cases, _) = cases_of(client, catalog, profiles, CASES_OF_ALL).await?;
    let of = |(user, profiles): &Profiles| {
        let theirs = cases
            .iter()
            .filter(|(whose, _)| whose.is_some_and(|whose| profiles.contains(&whose)));
        let rows: Vec<CaseRow> = theirs.map(|(_, row)| row.clone()).collect();
        (!rows.is_empty()).then_some((*user, rows))
    };
    Ok(people.iter().filter_map(of).collect())
}

/// The newest cases of these profiles, each with whose it is, the one that changed last first, and whether there are no others.
async fn cases_of(
    client: &Client,
    catalog: &Catalog,
    user_ids: Vec<omnidesk::UserId>,
    most: u32,
) -> Result<(Vec<(Option<omnidesk::UserId>, CaseRow)>, bool), Error> {
    let filter = CaseFilter {
        user_ids,
        sort: Some(CaseSort::UpdatedDesc),
        ..CaseFilter::default()
    };
    let page = client.cases().list(&filter, PageRequest::first(most)).await?;
    let labels = page.items.iter().flat_map(|case| case.labels.iter().copied());
    catalog.labels.meet(client, labels).await;
    let whole = page.skipped == 0 && page.items.len() < most as usize;
    let rows = each_once(page.items, |case| case.id)
        .iter()
        .filter(|case| !case.deleted && !case.spam)
        .map(|case| (case.user_id, on_our_clock(catalog.row(case), client)))
        .collect();
    Ok((rows, whole))
}

/// S06: what became of a call stands with what the agent noted of it. Omnidesk cannot add a file to a message, so the call
/// and its recording came as a note of their own; on screen the two are one again.
pub(crate) fn with_recordings(messages: Vec<MessageView>) -> Vec<MessageView> {
    let mut shown: Vec<MessageView> = Vec::with_capacity(messages.len());
    for message in messages {
        let ending = texts::ENDINGS.iter().find_map(|ending| message.text.strip_prefix(ending));
        let Some(line) = ending.filter(|_| message.note) else {
            shown.push(message);
            continue;
        };
        if let Some(about) = shown.iter_mut().find(|earlier| begins(earlier, line)) {
            // It ends with the whole line, or with its beginning when it was written before the end.
            let last = about.text.lines().last().unwrap_or_default().len();
            about.text.truncate(about.text.len() - last);
            about.text.push_str(line);
            about.attachments.extend(message.attachments);
        } else if let Some(first) = shown.first_mut().filter(|first| is_note_of_agent(first)) {
            first.text = format!("{}\n\n{line}", first.text);
            first.attachments.extend(message.attachments);
        } else {
            shown.push(message);
        }
    }
    shown
}

/// Whether a message tells of the call that a line is about.
fn begins(message: &MessageView, line: &str) -> bool {
    let last = message.text.lines().last().unwrap_or_default();
    !last.is_empty() && line.starts_with(last)
}

/// Whether the first message of a case is what an agent noted while talking: a line about a call is not in it yet.
fn is_note_of_agent(first: &MessageView) -> bool {
    let tells_call = first.text.lines().last().is_some_and(texts::is_line_of_call);
    !first.note && first.attachments.is_empty() && !tells_call
}

fn attachment(message: &Message, index: usize, file: &omnidesk::FileInfo) -> AttachmentView {
    #[expect(clippy::cast_precision_loss, reason = "a file's size")]
    let size = file.file_size.unwrap_or(0) as f64;
    AttachmentView {
        id: attachment_id(message.id.0, index),
        name: calls::one_line(&file.file_name),
        size,
        audio: is_sound(file),
    }
}

/// Whether a file is one of sound, by what Omnidesk says of it.
pub(crate) fn is_sound(file: &omnidesk::FileInfo) -> bool {
    let named = |endings: &[&str]| endings.iter().any(|ending| file.file_name.to_ascii_lowercase().ends_with(ending));
    file.mime_type.starts_with("audio/") || named(&[".wav", ".mp3", ".ogg", ".opus", ".m4a"])
}

/// How the file of a message is called where it is asked for.
pub(crate) fn attachment_id(message: u64, index: usize) -> String {
    format!("{message}-{index}")
}

/// Where a case stands in Omnidesk.
///
/// The number is Omnidesk's text: as one segment it leads nowhere but to a case.
pub(crate) fn case_url(base: &url::Url, number: &str) -> String {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["staff", "cases", "record", number, ""]);
    }
    url.into()
}

/// Each item once, by what it is known by: a list that names one twice is shown all the same.
fn each_once<T, K: Eq + std::hash::Hash>(items: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut met = std::collections::HashSet::new();
    items.into_iter().filter(|item| met.insert(key(item))).collect()
}

/// The first number in what is looked for, with all that it may be; nothing where there is none with its area.
#[must_use]
pub fn looked_for(query: &str, region: Region) -> Vec<PhoneKey> {
    let first = numbers_in(query, region).into_iter().next();
    first.map(|found| found.number.keys()).unwrap_or_default()
}

/// The digits of what may be part of a number: at least three, and nothing else but the signs numbers are written with.
fn digits_of_phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let signs = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+-().".contains(c);
    (digits.len() >= 3 && text.chars().all(signs)).then_some(digits)
}

/// The ways to look for a query in the local index, each as words that must all be there: as typed; as a whole or a
/// part of a number, however it is spelt.
#[must_use]
pub fn ways_to_look(query: &str, region: Region) -> Vec<Vec<String>> {
    let words: Vec<String> = query.split_whitespace().map(str::to_owned).collect();
    let bare: Vec<String> = words
        .iter()
        .map(|word| digits_of_phone(word).unwrap_or_else(|| word.clone()))
        .collect();
    let whole = looked_for(query, region).into_iter().map(|key| vec![key.as_str().to_owned()]);
    let part = digits_of_phone(query).map(|digits| vec![digits]);
    let mut ways: Vec<Vec<String>> = Vec::new();
    for way in std::iter::once(words).chain(whole).chain(part).chain([bare]) {
        if !way.is_empty() && !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_a_case_leads_to_a_page_of_a_case_in_the_account() {
        let base: url::Url = "https://company.omnidesk.ru".parse().unwrap();
        assert_eq!(
            case_url(&base, "482-113907"),
            "https://company.omnidesk.ru/staff/cases/record/482-113907/"
        );
        for hostile in hostile::texts() {
            let url: url::Url = case_url(&base, &hostile.text).parse().unwrap();
            assert_eq!(url.origin(), base.origin(), "{}", hostile.name);
            assert!(url.path().starts_with("/staff/cases/record/"), "{}: {url}", hostile.name);
            assert!(url.query().is_none() && url.fragment().is_none(), "{}: {url}", hostile.name);
            assert!(url.path().trim_matches('/').split('/').count() <= 4, "{}: {url}", hostile.name);
        }
    }

    #[test]
    fn a_list_that_names_one_twice_has_it_once() {
        assert_eq!(each_once(vec![(1, "a"), (2, "b"), (1, "c")], |(id, _)| *id), [(1, "a"), (2, "b")]);
    }

    fn message(id: &str, text: &str, note: bool, files: usize) -> MessageView {
        let file = AttachmentView {
            id: format!("{id}-0"),
            name: "zvonok.wav".into(),
            size: 1.0,
            audio: true,
        };
        MessageView {
            id: id.into(),
            author: AuthorView::Staff,
            author_name: None,
            text: text.into(),
            at: None,
            note,
            attachments: vec![file; files],
            call: None,
        }
    }

    #[test]
    fn s06_a_call_and_what_the_agent_noted_while_talking_are_one_message() {
        let line = "Входящий звонок с +7 (916) 123-45-67, 22.11.2026 14:05, разговор 02:31";
        let of_call = format!("{}{line}", texts::ENDINGS[0]);
        let note = |id: &str| message(id, &of_call, true, 1);
        let shown = with_recordings(vec![
            message("1", "Нужен счёт", false, 0),
            message("2", "Коллеге", true, 0),
            note("3"),
        ]);
        assert_eq!(shown.iter().map(|message| message.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(shown[0].text, format!("Нужен счёт\n\n{line}"));
        assert_eq!(shown[0].attachments.len(), 1);
        // A case that a call opened when it had ended tells that call, and no other.
        let other = "Исходящий звонок на +7 (916) 123-45-67, 20.11.2026 10:00, разговор 00:31";
        let shown = with_recordings(vec![message("1", &format!("Суть\n\n{other}"), false, 1), note("2")]);
        assert_eq!(shown.len(), 2);
    }

    #[test]
    fn s06_an_empty_end_of_a_message_does_not_keep_the_call_out_of_it() {
        let beginning = "Входящий звонок с +7 (916) 123-45-67, 22.11.2026 14:05";
        let line = format!("{beginning}, разговор 02:31");
        let of_call = format!("{}{line}", texts::ENDINGS[0]);
        for end in ["\n", "\r\n", "\n\n", " "] {
            let content = format!("Нужен счёт\n\n{beginning}{end}");
            let first: Message = serde_json::from_value(serde_json::json!({ "message_id": 1, "content": content })).unwrap();
            let shown = with_recordings(vec![message("1", &plain(&first), false, 0), message("2", &of_call, true, 1)]);
            assert_eq!(shown.len(), 1, "{end:?}");
            assert_eq!(shown[0].text, format!("Нужен счёт\n\n{line}"), "{end:?}");
            assert_eq!(shown[0].attachments.len(), 1, "{end:?}");
        }
    }

    #[test]
    fn s06_a_recording_is_shown_in_the_message_about_its_call_and_nowhere_else() {
        let line = "Входящий звонок с +7 (916) 123-45-67, 22.11.2026 14:05, разговор 02:31";
        let of_call = format!("{}{line}", texts::ENDINGS[0]);
        let shown = with_recordings(vec![
            message(
                "1",
                "Нужен счёт\n\nВходящий звонок с +7 (916) 123-45-67, 22.11.2026 14:05",
                false,
                0,
            ),
            message("2", &of_call, true, 1),
            message("3", "Запись разговора: другой, которого здесь нет", true, 1),
            message("4", &of_call, false, 1),
        ]);
        let seen: Vec<_> = shown
            .iter()
            .map(|message| (message.id.as_str(), message.attachments.len()))
            .collect();
        assert_eq!(seen, [("1", 1), ("3", 1), ("4", 1)], "only our own notes are folded in");
        assert!(shown[0].text.ends_with(line), "with what only the end could tell");
    }
}
