/**
 * Fields that somebody has typed in and that still hold it: a form that was left open behind a hidden window. Drafts of calls
 * are saved as one types (`data-draft`), and what one looks for is no text that anybody misses.
 */
const fields = new Set<HTMLElement>()

const LOOKED_FOR = '[role=searchbox], [role=combobox]'

/** Watches all fields of the page. */
export function followTyping(): () => void {
  const typed = ({ target }: Event) => {
    if (target instanceof HTMLElement) fields.add(target)
  }
  document.addEventListener('input', typed, true)
  return () => document.removeEventListener('input', typed, true)
}

/** What stands in the fields is kept by now. */
export function textIsSaved(): void {
  fields.clear()
}

export function hasUnsavedText(): boolean {
  for (const field of fields) if (!field.isConnected) fields.delete(field)
  return [...fields].some((field) => field.dataset.draft === undefined && !field.matches(LOOKED_FOR))
}
