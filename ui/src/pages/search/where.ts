/** Where a search matched, in words. */
import type { FoundUser } from '$lib/backend'
import { desk } from '$lib/desk.svelte'
import { excerpt } from '$lib/marks'
import { m } from '$lib/m'

export interface Where {
  /** «Совпало:», «Заметка:», «Поле «Регион доставки»:» */
  label: string
  /** The text after it. */
  text: string
  /** Whether the search text is marked in it; a field's name is not. */
  marked: boolean
}

export function whereOf(found: FoundUser, query: string): Where {
  const said = (text: string): Where => ({ label: m.search_matched(), text, marked: false })
  const quoted = (label: string): Where => ({ label, text: excerpt(found.matchedText, query), marked: true })
  switch (found.matchedIn) {
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
      return quoted(fieldLabel(found))
  }
}

function fieldLabel(found: FoundUser): string {
  const known = [...found.user.fields, ...desk.view.fields]
  const field = known.find((field) => field.field === found.matchedIn && field.title !== '')
  return field === undefined ? m.search_matched() : m.search_matched_field({ title: field.title })
}
