/** Where a search matched, in words, and what of it is marked. The back end says so: it knows other spellings and slips. */
import type { FoundUser, PlaceView } from '$lib/backend'
import { desk } from '$lib/desk.svelte'
import { excerpt, type Range } from '$lib/marks'
import { m } from '$lib/m'

export interface Where {
  /** «Совпало:», «Заметка:», «Поле «Регион доставки»:» */
  label: string
  /** The text after it. */
  text: string
  /** What of it is marked; nothing of a field's name is. */
  ranges: Range[]
}

export function whereOf(found: FoundUser): Where {
  const place = found.matched[0]
  if (place === undefined) return { label: '', text: '', ranges: [] }
  const said = (text: string): Where => ({ label: m.search_matched(), text, ranges: [] })
  const quoted = (label: string): Where => ({ label, ...excerpt(place.text, place.ranges) })
  switch (place.field) {
    case 'name':
      return said(m.search_matched_name())
    case 'company':
      return said(m.search_matched_company())
    case 'phone':
      return quoted(m.search_matched_phone())
    case 'email':
      return quoted(m.search_matched_email())
    case 'note':
      return quoted(m.search_matched_note())
    case 'position':
      return quoted(m.search_matched_position())
    default:
      return quoted(fieldLabel(found, place))
  }
}

/** What is marked in a text that stands in the row by itself: where the match stands in this very text. */
export function marksIn(found: FoundUser, field: string, text: string): Range[] {
  return found.matched.find((place) => place.field === field && place.text === text)?.ranges ?? []
}

function fieldLabel(found: FoundUser, place: PlaceView): string {
  const known = [...found.user.fields, ...desk.view.fields]
  const field = known.find((field) => field.field === place.field && field.title !== '')
  return field === undefined ? m.search_matched() : m.search_matched_field({ title: field.title })
}
