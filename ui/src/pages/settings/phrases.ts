/** A phrase while it is edited. */
import type { PhraseRow } from '$lib/backend'

export interface EditedPhrase extends PhraseRow {
  /** Tells rows apart while names change. */
  id: number
}

export function rowOf(id: number, { title, text, unknown }: PhraseRow): EditedPhrase {
  return { id, title, text, unknown }
}

/** A text with a field in place of what is selected, and where the caret stands then. */
export function withField(text: string, from: number, to: number, field: string): { text: string; caret: number } {
  return { text: text.slice(0, from) + field + text.slice(to), caret: from + field.length }
}
