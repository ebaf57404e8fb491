/** A user's data as rows of label and value; empty ones are left out. */
import type { CallView, FieldColor, FieldValue, FieldView, SectionView, UserView } from './backend'
import { listed } from './bidi'
import { date, dateField, daysBetween } from './format'
import { m } from './m'
import { statusText } from './words'

export interface Field {
  id: string
  title: string
  kind: 'text' | 'area' | 'email' | 'number'
  values: string[]
  /** No value, but where it stands, or that there is none: said quietly. */
  quiet?: boolean
  /** Marks the value for the eye. */
  color?: FieldColor
}

/** Fields under one heading; those before the first have none. */
export interface Group {
  title: string | null
  fields: Field[]
}

const NONE = '—'
const HIDDEN = '•••'

/**
 * The fields an administrator chose for the popup (S02): of the user, and what this desk knows of the caller itself. The name
 * stands above them and is not repeated.
 */
export function popupFields(call: CallView, chosen: FieldView[]): Field[] {
  return chosen
    .filter((field) => field.field !== 'name' && isOfLine(field, call.line))
    .map((field) => (isComputed(field.field) ? computed(call, field.field) : call.caller.type === 'known' ? chosenField(call.caller.user, field) : null))
    .filter((field) => field !== null)
}

/** By its name, and by the short one that stands beside the value. */
const COMPUTED: Record<string, { name: () => string; title: () => string; value: (call: CallView) => string | null; ofUser?: true; ofNumber?: true }> = {
  own_line: { name: m.fields_own_line, title: m.fields_own_line, value: (call) => call.line },
  own_last_case: { name: m.fields_own_last_case, title: m.fields_own_last_case_short, value: lastCase, ofUser: true },
  own_open_cases: { name: m.fields_own_open_cases, title: m.fields_own_open_cases_short, value: ({ facts }) => fact(facts, facts?.openCases?.toString()), ofUser: true },
  own_calls: { name: m.fields_own_calls, title: m.fields_own_calls, value: ({ facts }) => fact(facts, facts?.calls?.toString()), ofNumber: true },
  own_last_contact: { name: m.fields_own_last_contact, title: m.fields_own_last_contact_short, value: lastContact, ofNumber: true },
}

/** What this desk knows of a caller by itself. */
export function isComputed(id: string): boolean {
  return id in COMPUTED
}

export function computedName(id: string): string | undefined {
  return COMPUTED[id]?.name()
}

/** It has its place from the start, so that nothing moves when it is known; what is not known is a dash, and no nought. */
function computed(call: CallView, id: string): Field | null {
  const found = COMPUTED[id]
  const { type } = call.caller
  const isOf = type === 'known' || (type === 'withheld' ? !found?.ofUser && !found?.ofNumber : (type === 'unknown' || type === 'unavailable') && !found?.ofUser)
  if (found === undefined || !isOf) return null
  const value = found.value(call)
  const row: Field = { id, title: found.title(), kind: 'text', values: [value ?? NONE] }
  return value === null ? { ...row, quiet: true } : row
}

function fact(facts: CallView['facts'], value: string | undefined): string | null {
  return facts?.hidden ? HIDDEN : (value ?? null)
}

/** How it stands comes first: the subject may be too long for its place. */
function lastCase({ caller }: CallView): string | null {
  const row = caller.type === 'known' ? caller.lastCase : null
  return row === null ? null : listed([statusText(row.status), row.updatedAt === null ? '' : date(row.updatedAt), row.subject])
}

function lastContact({ facts, offeredAt }: CallView): string | null {
  if (!facts || facts.hidden || facts.lastContact === null) return fact(facts, undefined)
  const days = daysBetween(facts.lastContact, offeredAt)
  return days <= 0 ? m.fields_own_today() : days === 1 ? m.common_yesterday() : m.fields_own_days({ count: days })
}

/** A condition of a field: calls by one of its lines, where it names any. */
export function isOfLine({ lines }: Pick<FieldView, 'lines'>, line: string | null): boolean {
  const asOne = (text: string) => text.trim().toLocaleLowerCase()
  return lines.length === 0 || (line !== null && lines.some((named) => asOne(named) === asOne(line)))
}

function chosenField(user: UserView, chosen: FieldView): Field | null {
  const found = elsewhere(user, chosen.field) ?? builtIn(user, chosen.field) ?? custom(user, chosen.field)
  if (found !== null && hasValue(found)) {
    return colored(found, chosen)
  }
  return chosen.always ? { id: chosen.field, title: found?.title ?? chosen.title, kind: 'text', values: [NONE], quiet: true } : null
}

function colored(field: Field, chosen: FieldView | undefined): Field {
  const color = chosen?.colors.find(({ value }) => value === field.values[0])?.color
  return color === undefined ? field : { ...field, color }
}

/** Fields under their headings: first those without, then heading by heading; one with nothing under it is left out. */
export function grouped(fields: Field[], sections: SectionView[]): Group[] {
  const under = (section: SectionView) => section.fields.map((id) => fields.find((field) => field.id === id)).filter((field) => field !== undefined)
  const headed = new Set(sections.flatMap((section) => section.fields))
  const groups = [
    { title: null, fields: fields.filter((field) => !headed.has(field.id)) },
    ...sections.map((section) => ({ title: section.title, fields: under(section) })),
  ]
  return groups.filter((group) => group.fields.length > 0)
}

/** An address that may stand in a linked profile, which nobody reads while the phone rings. */
function elsewhere(user: UserView, id: string): Field | null {
  if (id !== 'email' || user.email !== null || !user.linkedUnread) return null
  return { id, title: m.common_email(), kind: 'text', values: [m.common_in_linked_profile()], quiet: true }
}

/** Everything known of a user, for the profile; values have the colours that they have in the popup. */
export function profileFields(user: UserView, chosen: FieldView[]): Field[] {
  return [
    builtIn(user, 'phones'),
    builtIn(user, 'email'),
    builtIn(user, 'company'),
    builtIn(user, 'position'),
    ...user.fields.map((value) => colored(fromValue(value), chosen.find(({ field }) => field === value.field))),
    builtIn(user, 'note'),
  ]
    .filter((field) => field !== null)
    .filter(hasValue)
}

function builtIn(user: UserView, id: string): Field | null {
  const row = (title: string, kind: Field['kind'], ...values: (string | null)[]): Field => ({
    id,
    title,
    kind,
    values: values.filter((value) => value !== null),
  })
  switch (id) {
    case 'email':
      return row(m.common_email(), 'email', user.email)
    case 'company':
      return row(m.common_company(), 'text', user.company)
    case 'position':
      return row(m.common_position(), 'text', user.position)
    case 'note':
      return row(m.common_note(), 'area', user.note)
    case 'phones':
      return row(m.common_phones(), 'number', ...new Set(user.phones))
    default:
      return null
  }
}

function custom(user: UserView, id: string): Field | null {
  const value = user.fields.find((field) => field.field === id)
  return value === undefined ? null : fromValue(value)
}

function fromValue(field: FieldValue): Field {
  const value = valueText(field)
  return { id: field.field, title: field.title, kind: field.format === 'area' ? 'area' : 'text', values: [value] }
}

function valueText(field: FieldValue): string {
  switch (field.format) {
    case 'checkbox':
      return field.value === 'true' ? m.common_yes() : m.common_no()
    case 'date':
      return dateField(field.value)
    case 'text':
    case 'area':
    case 'list':
      return field.value
  }
}

function hasValue(field: Field): boolean {
  return field.values.some((value) => value.trim() !== '')
}
