/** A user's data as rows of label and value; empty ones are left out. */
import type { FieldColor, FieldValue, FieldView, SectionView, UserView } from './backend'
import { dateField } from './format'
import { m } from './m'

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

/**
 * The fields an administrator chose for the popup (S02), for a call that came by this line; the name stands above them and is
 * not repeated.
 */
export function popupFields(user: UserView, chosen: FieldView[], line: string | null): Field[] {
  return chosen
    .filter((field) => field.field !== 'name' && isOfLine(field, line))
    .map((field) => chosenField(user, field))
    .filter((field) => field !== null)
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
