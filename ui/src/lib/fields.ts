/** A user's data as rows of label and value; empty ones are left out. */
import type { FieldValue, FieldView, UserView } from './backend'
import { dateField } from './format'
import { m } from './m'

export interface Field {
  id: string
  title: string
  kind: 'text' | 'area' | 'email' | 'number'
  values: string[]
  /** No value, but where it stands: said quietly. */
  quiet?: boolean
}

/** The fields an administrator chose for the popup (S02); the name stands above them and is not repeated. */
export function popupFields(user: UserView, chosen: FieldView[]): Field[] {
  return chosen
    .filter((field) => field.field !== 'name')
    .map((field) => elsewhere(user, field.field) ?? builtIn(user, field.field) ?? custom(user, field.field))
    .filter((field) => field !== null)
    .filter(hasValue)
}

/** An address that may stand in a linked profile, which nobody reads while the phone rings. */
function elsewhere(user: UserView, id: string): Field | null {
  if (id !== 'email' || user.email !== null || !user.linkedUnread) return null
  return { id, title: m.common_email(), kind: 'text', values: [m.common_in_linked_profile()], quiet: true }
}

/** Everything known of a user, for the profile. */
export function profileFields(user: UserView): Field[] {
  return [
    builtIn(user, 'phones'),
    builtIn(user, 'email'),
    builtIn(user, 'company'),
    builtIn(user, 'position'),
    ...user.fields.map(fromValue),
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
