/** The person of the preview, with a value in every field, and the call she makes. Nobody of that name is in Omnidesk. */
import type { CallView, DataField, FieldView, SectionView, UserView } from '$lib/backend'
import { m } from '$lib/m'

/** Each state of the popup that shows other things of a caller. */
export type Moment = 'ringing' | 'talking' | 'unknown' | 'withheld' | 'several' | 'ended'

export const MOMENTS: Moment[] = ['ringing', 'talking', 'unknown', 'withheld', 'several', 'ended']

/** How long it has rung or they have talked in the preview, ms. */
const RINGS = 7_000
const TALKS = 134_000
const DAY = 86_400_000

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

/** The lines that conditions name, for the picture to be looked at on each. */
export function linesIn(fields: DataField[]): string[] {
  return [...new Set([m.fields_sample_line(), ...fields.flatMap((field) => field.lines)])]
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
  return field.state === 'builtIn' || field.state === 'bound' || field.state === 'computed'
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
      .filter((field) => field.state !== 'builtIn' && field.state !== 'section' && field.state !== 'computed')
      .map((field) => ({ field: field.id, title: field.title, format: field.format, value: sampleValue(field) })),
  }
}

export function sampleCall(user: UserView, moment: Moment, now: number, line: string = m.fields_sample_line()): CallView {
  const base = ringing(user, now, line)
  const answered = { offeredAt: now - TALKS - RINGS, answeredAt: now - TALKS }
  switch (moment) {
    case 'ringing':
      return base
    case 'talking':
      return { ...base, ...answered, phase: 'talking', recording: 'expected' }
    case 'unknown':
      return { ...base, caller: { type: 'unknown' }, facts: { ...facts(now), openCases: null } }
    case 'withheld':
      return {
        ...base,
        number: { kind: 'withheld', pretty: '', e164: null, dial: null, extension: null },
        caller: { type: 'withheld' },
        facts: null,
      }
    case 'several':
      return { ...base, caller: { type: 'several', users: [user, another(user)], staleSince: null } }
    case 'ended':
      return {
        ...base,
        ...answered,
        phase: 'ended',
        disposition: 'answered',
        endedAt: now,
        case: { type: 'linked', caseId: 'sample', number: '482-113907', subject: m.fields_sample_subject(), attached: false },
        recording: 'attached',
        outcome: { rule: 'S30', status: 'waiting', reason: 'answeredAndCreated', closedMissed: [], undo: null, undone: false, overruled: false },
      }
  }
}

/** Somebody with the same number. */
function another(user: UserView): UserView {
  return { ...user, id: 'another', name: m.fields_sample_another(), email: null }
}

function facts(now: number): NonNullable<CallView['facts']> {
  return { calls: 4, lastContact: now - 3 * DAY, openCases: 1, hidden: false }
}

function ringing(user: UserView, now: number, line: string): CallView {
  const lastCase = {
    id: 'sample', number: '482-113640', subject: m.fields_sample_subject(), status: 'waiting', handset: 'incoming', staff: null, updatedAt: now - 3 * DAY, isCall: true, claim: null,
  } as const
  return {
    id: 'sample',
    direction: 'inbound',
    phase: 'ringing',
    disposition: null,
    number: { kind: 'external', pretty: '+7 (900) 555-01-00', e164: '+79005550100', dial: null, extension: null },
    pbxName: null,
    line,
    offeredAt: now - RINGS,
    answeredAt: null,
    endedAt: null,
    caller: { type: 'known', user, matched: 'exact', staleSince: null, lastCase },
    facts: facts(now),
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
