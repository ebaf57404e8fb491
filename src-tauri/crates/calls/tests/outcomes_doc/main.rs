//! `docs/call-outcomes.md` is the decision table for people, in English and in Russian; it is written from the table and
//! never by hand.
//!
//! `RINGSIDE_WRITE_DOCS=1` writes it anew after a change.

#![allow(clippy::unwrap_used)]

mod english;
mod russian;

use calls::{Act, CaseStatus, Did, OUTCOMES, Reach, Reason, Row, Side, When};
use std::path::Path;

/// In which language a page is.
#[derive(Debug, Clone, Copy)]
enum Language {
    English,
    Russian,
}

impl Language {
    fn say(self, english: &'static str, russian: &'static str) -> &'static str {
        match self {
            Self::English => english,
            Self::Russian => russian,
        }
    }

    fn around(self) -> (&'static str, &'static str) {
        match self {
            Self::English => (english::INTRO, english::NOTES),
            Self::Russian => (russian::INTRO, russian::NOTES),
        }
    }

    fn page(self) -> &'static str {
        self.say("docs/call-outcomes.md", "docs/ru/call-outcomes.md")
    }
}

fn joined(words: impl IntoIterator<Item = &'static str>) -> String {
    words.into_iter().collect::<Vec<_>>().join("; ")
}

fn who(row: &Row, language: Language) -> String {
    joined(row.sides.iter().map(|side| match side {
        Side::Client => language.say("client", "клиент"),
        Side::Agent => language.say("agent", "сотрудник"),
        Side::Colleague => language.say("colleague, either way", "коллега, в любую сторону"),
    }))
}

fn reached(row: &Row, language: Language) -> String {
    // Only who dials can fail to pick up or to be put through, and only who is called has colleagues.
    let possible = |reach: &&Reach| match row.sides {
        [Side::Client] => !matches!(reach, Reach::AgentAbsent | Reach::NotPlaced),
        [Side::Agent] => **reach != Reach::Colleague,
        _ => true,
    };
    if row.reach.len() == 6 {
        return if row.did.contains(&Did::Nothing) {
            language.say("yes or no", "да или нет")
        } else {
            language.say("no", "нет")
        }
        .to_owned();
    }
    joined(row.reach.iter().filter(possible).map(|reach| match reach {
        Reach::Talked => language.say("yes", "да"),
        Reach::NotReached => language.say("no", "нет"),
        Reach::Colleague => language.say("by a colleague", "с коллегой"),
        Reach::AgentAbsent => language.say("agent did not pick up", "сотрудник не снял трубку"),
        Reach::NotPlaced => language.say("not put through", "не соединили"),
        Reach::Unknown => language.say("nobody saw", "никто не видел"),
    }))
}

fn did(row: &Row, language: Language) -> String {
    match row.did {
        [Did::Nothing, Did::OpenedCompose, Did::Typed] => language
            .say("created and attached nothing", "ничего не создал и не привязал")
            .into(),
        [Did::Nothing, Did::OpenedCompose, Did::Typed, Did::Attached] => language.say("anything else", "что угодно другое").into(),
        some => joined(some.iter().map(|did| match did {
            Did::Nothing => language.say("nothing", "ничего"),
            Did::OpenedCompose => language.say(
                "opened the compose page, typed nothing",
                "открыл страницу обращения, ничего не напечатал",
            ),
            Did::Typed => language.say("typed, did not press «Создать»", "печатал, не нажал «Создать»"),
            Did::Created => language.say("pressed «Создать»", "нажал «Создать»"),
            Did::Attached if row.when.contains(&When::FromCase) => language.say("called from a case", "позвонил из обращения"),
            Did::Attached => language.say("attached it to an earlier case", "привязал к прежнему обращению"),
        })),
    }
}

fn when(row: &Row, language: Language) -> String {
    joined(row.when.iter().filter_map(|when| match when {
        When::Transferred => Some(language.say("passed it on", "перевёл звонок")),
        When::NoOwner => Some(language.say(
            "number hidden or unreadable, no user found",
            "номер скрыт или не читается, пользователь не найден",
        )),
        When::OpenMissed => Some(language.say("client has a missed-call case", "у клиента есть обращение о пропущенном")),
        When::IntoMissed => Some(language.say("that case is the client's missed-call case", "это и есть обращение о пропущенном")),
        When::FromCase => None,
        When::AttemptsUnwanted => Some(language.say(
            "cases for unanswered calls out are switched off",
            "обращения по исходящим без ответа выключены",
        )),
    }))
}

fn happens(row: &Row, language: Language) -> String {
    let subject = match (row.sides, row.reach) {
        ([Side::Agent], _) => "«Исходящий звонок на [номер]»",
        (_, [Reach::Talked]) => "«Входящий звонок с [номер]»",
        (_, [Reach::Unknown]) => language.say(
            "«Входящий звонок с [номер]» or «Исходящий звонок на [номер]», label «Исход неизвестен»",
            "«Входящий звонок с [номер]» или «Исходящий звонок на [номер]», метка «Исход неизвестен»",
        ),
        _ => language.say(
            "«Пропущенный звонок с [номер]», red handset",
            "«Пропущенный звонок с [номер]», красная трубка",
        ),
    };
    match row.act {
        Act::NoCase => language.say("nothing", "ничего").into(),
        Act::OpenCase if row.did == [Did::Typed] => language
            .say("a case appears with what was typed", "появляется обращение с напечатанным")
            .into(),
        Act::OpenCase => format!("{}: {subject}", language.say("a case appears", "появляется обращение")),
        Act::FinishCase => language
            .say(
                "the created case gets the message about the end of the call",
                "в созданном обращении сообщение о конце звонка",
            )
            .into(),
        Act::NoteInCase => language.say("message in that case", "сообщение в этом обращении").into(),
        Act::NoteInMissed => language
            .say("message in the missed-call case", "сообщение в обращении о пропущенном")
            .into(),
    }
}

fn status(row: &Row, language: Language) -> &'static str {
    match (row.act, row.status) {
        (_, Some(CaseStatus::Open)) => language.say("open «открытое»", "«открытое»"),
        (_, Some(CaseStatus::Waiting)) => language.say("waiting «в ожидании»", "«в ожидании»"),
        (_, Some(CaseStatus::Closed)) => language.say("closed «закрытое»", "«закрытое»"),
        (Act::NoCase, None) => "–",
        (Act::OpenCase | Act::FinishCase | Act::NoteInCase | Act::NoteInMissed, None) => language.say("as it was", "как был"),
    }
}

fn responsible(row: &Row, language: Language) -> &'static str {
    match row.act {
        Act::NoCase => "–",
        _ if row.responsible => language.say("the agent", "сотрудник"),
        Act::OpenCase | Act::FinishCase => language.say("nobody yet", "пока никто"),
        Act::NoteInCase | Act::NoteInMissed => language.say("as it was", "как был"),
    }
}

fn missed(row: &Row, language: Language) -> &'static str {
    let called_back = row.sides == [Side::Agent] && row.reach == [Reach::Talked];
    match row.act {
        _ if row.closes_missed && called_back => language.say("closed, green if recorded", "закрыто, зелёная трубка, если есть запись"),
        _ if row.closes_missed => language.say("closed", "закрыто"),
        Act::NoteInMissed => language.say("this one, stays open", "это самое, остаётся открытым"),
        Act::NoteInCase if row.when.contains(&When::IntoMissed) && called_back => {
            language.say("this one, green if recorded", "это самое, зелёная трубка, если есть запись")
        }
        Act::NoteInCase if row.when.contains(&When::IntoMissed) => language.say("this one", "это самое"),
        Act::OpenCase if row.reason == Reason::Missed => language.say("becomes it", "становится им"),
        Act::NoCase | Act::OpenCase | Act::FinishCase | Act::NoteInCase => "–",
    }
}

fn why(reason: Reason, language: Language) -> &'static str {
    match reason {
        Reason::Internal => language.say("colleagues talked among themselves", "коллеги говорили между собой"),
        Reason::AnsweredByColleague => language.say("a colleague took the call, so it is theirs", "звонок взял коллега, значит, он его"),
        Reason::NobodyToWriteFor => language.say("there is nobody to open a case for", "создавать обращение не для кого"),
        Reason::Missed => language.say(
            "nobody answered the client: somebody has to call back",
            "клиенту никто не ответил: нужно перезвонить",
        ),
        Reason::MissedAgain => language.say(
            "nobody answered the client again, and nobody has talked with them since",
            "клиенту снова никто не ответил, и с тех пор с ним не говорили",
        ),
        Reason::AnsweredAndCreated => language.say("the agent answered and created a case", "сотрудник ответил и создал обращение"),
        Reason::AnsweredAndAttached => language.say("the agent answered and chose the case", "сотрудник ответил и выбрал обращение"),
        Reason::AnsweredNothingCreated => language.say(
            "they talked, and the call ended before the agent created a case",
            "разговор был, и звонок закончился раньше, чем сотрудник создал обращение",
        ),
        Reason::AnsweredOnlyTyped => language.say(
            "the agent typed, but did not press «Создать»: nothing typed is lost",
            "сотрудник печатал, но не нажал «Создать»: напечатанное не пропадает",
        ),
        Reason::ComposeLeftEmpty => language.say(
            "the agent began a case and left it empty: somebody should look at it",
            "сотрудник начал обращение и оставил пустым: на него стоит взглянуть",
        ),
        Reason::TransferredUntouched => language.say(
            "the agent passed the call on and did nothing else: the colleague has it",
            "сотрудник перевёл звонок и больше ничего не делал: он у коллеги",
        ),
        Reason::CalledAndCreated => language.say(
            "the agent called, the client answered, the agent created a case",
            "сотрудник позвонил, клиент ответил, сотрудник создал обращение",
        ),
        Reason::CalledAndAttached => language.say(
            "the agent called, the client answered, the agent chose the case",
            "сотрудник позвонил, клиент ответил, сотрудник выбрал обращение",
        ),
        Reason::CalledUntouched => language.say(
            "the agent called and wrote nothing: the matter is done",
            "сотрудник позвонил и ничего не написал: вопрос решён",
        ),
        Reason::CalledFromCase => language.say(
            "the agent called from the case, and the client answered",
            "сотрудник позвонил из обращения, и клиент ответил",
        ),
        Reason::AttemptNoted => language.say("nobody talked; the attempt is on record", "разговора не было; попытка отмечена"),
        Reason::AttemptUntouched => language.say(
            "the client did not answer, and the agent wrote nothing",
            "клиент не ответил, и сотрудник ничего не написал",
        ),
        Reason::CallBackFailed => language.say(
            "the client did not answer the call back and still waits for one",
            "клиент не ответил на обратный звонок и по-прежнему ждёт",
        ),
        Reason::AttemptNotWanted => language.say(
            "the administrator wants no cases for calls out that nobody answered",
            "администратор не хочет обращений по исходящим, на которые никто не ответил",
        ),
        Reason::AgentDidNotPickUp => language.say(
            "the agent did not pick up: the client was never rung",
            "сотрудник не снял трубку: клиенту не звонили",
        ),
        Reason::OutcomeUnknown => language.say(
            "Ringside could not look when it ended, and nothing that could be asked afterwards tells",
            "Ringside не мог видеть конца, и узнать потом не у кого",
        ),
        Reason::NotPlaced => language.say(
            "the PBX did not place the call: the client was never rung",
            "АТС не соединила звонок: клиенту не звонили",
        ),
    }
}

fn table(language: Language) -> String {
    let head = [
        language.say("No.", "№"),
        language.say("Who called", "Кто звонил"),
        language.say("Talked", "Разговор"),
        language.say("The agent", "Сотрудник"),
        language.say("Further condition", "Ещё условие"),
        language.say("In Omnidesk", "В Омнидеске"),
        language.say("Status", "Статус"),
        language.say("Responsible", "Ответственный"),
        language.say("Missed-call case", "Обращение о пропущенном"),
        language.say("Rule", "Правило"),
        language.say("Why", "Почему"),
    ];
    let mut lines = vec![format!("| {} |", head.join(" | ")), format!("|{}", "---|".repeat(head.len()))];
    lines.extend(OUTCOMES.iter().enumerate().map(|(number, row)| {
        let cells = [
            (number + 1).to_string(),
            who(row, language),
            reached(row, language),
            did(row, language),
            when(row, language),
            happens(row, language),
            status(row, language).to_owned(),
            responsible(row, language).to_owned(),
            missed(row, language).to_owned(),
            row.rule.to_owned(),
            why(row.reason, language).to_owned(),
        ];
        format!("| {} |", cells.join(" | "))
    }));
    lines.join("\n")
}

#[test]
fn the_table_for_people_is_the_table_that_decides() {
    for language in [Language::English, Language::Russian] {
        let page = language.page();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").join(page);
        let (intro, notes) = language.around();
        let text = format!("{intro}\n{}\n\n{notes}", table(language));
        if std::env::var_os("RINGSIDE_WRITE_DOCS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(written == text, "{page} is out of date; RINGSIDE_WRITE_DOCS=1 writes it anew");
    }
}
