/** The person of the preview, with a value in every field, and the call she makes. Nobody of that name is in Omnidesk. */
import type { CallView, DataField, FieldView, SectionView, UserView } from '$lib/backend'
import { m } from '$lib/m'

export type Moment = 'ringing' | 'talking'

/** How long it has rung or they have talked in the preview, ms. */
const SINCE: Record<Moment, number> = { ringing: 7_000, talking: 134_000 }

/** What the popup would show: ticked, and present in Omnidesk or about to be. */
export function shownFields(fields: DataField[], isShown: (field: DataField) => boolean): FieldView[] {
  return fields.filter((field) => field.incoming && isShown(field)).map((field) => ({
    field: field.id,
    title: field.title,
    always: field.always,
    lines: field.lines,
    colors: field.options.flatMap(({ title, color }) => (color === null || title === '' ? [] : [{ value: title, color }])),
  }))
}

/** The headings, with the fields under each. */
export function sectionsOf(fields: DataField[]): SectionView[] {
  const sections: SectionView[] = []
  for (const field of fields) {
    if (field.state === 'section') sections.push({ title: field.title, fields: [] })
    else sections.at(-1)?.fields.push(field.id)
  }
  return sections
}

export function inOmnidesk(field: DataField): boolean {
  return field.state === 'builtIn' || field.state === 'bound'
}

export function samplePerson(fields: DataField[]): UserView {
  return {
    id: 'sample',
    name: m.fields_sample_name(),
    email: 'ira@romashka.example',
    phones: ['+7 (900) 555-01-00'],
    company: m.fields_sample_company(),
    position: m.fields_sample_position(),
    note: m.fields_sample_note(),
    blocked: false,
    linkedUnread: false,
    fields: fields
      .filter((field) => field.state !== 'builtIn' && field.state !== 'section')
      .map((field) => ({ field: field.id, title: field.title, format: field.format, value: sampleValue(field) })),
  }
}

export function sampleCall(user: UserView, moment: Moment, now: number): CallView {
  const began = now - SINCE[moment]
  return {
    id: 'sample',
    direction: 'inbound',
    phase: moment,
    disposition: null,
    number: { kind: 'external', pretty: '+7 (900) 555-01-00', e164: '+79005550100', dial: null, extension: null },
    pbxName: null,
    line: m.fields_sample_line(),
    offeredAt: began,
    answeredAt: moment === 'talking' ? began : null,
    endedAt: null,
    caller: { type: 'known', user, matched: 'exact', staleSince: null, lastCase: null },
    case: { type: 'none' },
    draft: { subject: '', gist: '', savedAt: null, unsent: false },
    recording: 'none',
    transferredTo: null,
    transferredFrom: null,
    outcome: null,
    unseen: null,
    among: null,
    talkAtLeast: false,
    ordered: false,
    calledFrom: null,
    trouble: null,
    caseGone: false,
    elsewhere: false,
    labels: [],
    claim: null,
    ringsAlsoAt: [],
    talkedLater: null,
    waiting: null,
  }
}

function sampleValue(field: DataField): string {
  switch (field.format) {
    case 'text':
      return m.fields_sample_text()
    case 'area':
      return m.fields_sample_area()
    case 'checkbox':
      return 'true'
    case 'list':
      return field.options[0]?.title || m.fields_sample_value()
    case 'date':
      return '2027-03-31'
  }
}
