//! «Показать пробный звонок» (S02): the real popup with a made-up call. Nothing of it is stored or sent.

use crate::controller::Controller;
use crate::time::{ms, now};
use crate::view::{
    CallCaseView, CallView, CallerFactsView, CallerView, DirectionView, DraftView, FieldFormat, FieldValue, MatchView, NumberKindView,
    NumberView, PhaseView, RecordingView, UserView,
};
use calls::Moment;

/// Its id; no PBX makes such a one.
const ID: &str = "sample";

impl Controller {
    pub(crate) fn show_sample(&mut self) {
        self.windows.show_sample(Some(now()));
    }

    /// It as shown, while the popup is free: a real call goes first. It stands beside the calls, not among
    /// them: nothing else shall count it, list it or dial it.
    pub(crate) fn sample_view(&self, popup_is_free: bool) -> Option<CallView> {
        let since = self.windows.sample().filter(|_| popup_is_free)?;
        let shown = crate::screens::fields::view(&self.settings.fields, self.omnidesk.catalog().map(AsRef::as_ref), None).fields;
        let values = shown.iter().filter(|field| field.incoming && field.id.starts_with("cf_"));
        let fields = values.map(|field| FieldValue {
            field: field.id.clone(),
            title: field.title.clone(),
            format: field.format,
            value: match field.format {
                FieldFormat::Text => "СТ-2026/0001".into(),
                FieldFormat::Area => "Просит перезванивать после обеда.".into(),
                FieldFormat::Checkbox => "true".into(),
                FieldFormat::List => field.options.first().map(|option| option.title.clone()).unwrap_or_default(),
                FieldFormat::Date => "2027-03-31".into(),
            },
        });
        let user = UserView {
            id: ID.into(),
            name: "Ирина Примерова".into(),
            email: Some("ira@romashka.example".into()),
            phones: vec!["+7 (900) 555-01-00".into()],
            company: Some("ООО «Ромашка»".into()),
            position: Some("Бухгалтер".into()),
            note: Some("Пробный звонок".into()),
            blocked: false,
            fields: fields.collect(),
            linked_unread: false,
        };
        Some(call(since, user))
    }
}

fn call(since: Moment, user: UserView) -> CallView {
    CallView {
        id: ID.into(),
        direction: DirectionView::Inbound,
        phase: PhaseView::Ringing,
        disposition: None,
        number: NumberView {
            kind: NumberKindView::External,
            pretty: "+7 (900) 555-01-00".into(),
            e164: Some("+79005550100".into()),
            // Nobody has it.
            dial: None,
            extension: None,
        },
        pbx_name: None,
        line: None,
        offered_at: ms(since),
        answered_at: None,
        ended_at: None,
        caller: CallerView::Known {
            user,
            matched: MatchView::Exact,
            stale_since: None,
            last_case: None,
        },
        facts: Some(CallerFactsView {
            calls: Some(4),
            last_contact: Some(ms(since.plus_ms(-3 * 86_400_000))),
            open_cases: Some(1),
            hidden: false,
        }),
        case: CallCaseView::None,
        draft: DraftView::default(),
        recording: RecordingView::None,
        transferred_to: None,
        transferred_from: None,
        rings_also_at: Vec::new(),
        unseen: None,
        among: None,
        talk_at_least: false,
        talked_later: None,
        waiting: None,
        outcome: None,
        ordered: false,
        called_from: None,
        trouble: None,
        case_gone: false,
        elsewhere: false,
        labels: Vec::new(),
        claim: None,
    }
}
