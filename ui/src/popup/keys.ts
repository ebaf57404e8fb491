/** Keys of the card after a call, where no control of it has them already. */

const FIELDS = 'input, textarea, select, [contenteditable]'
const CONTROLS = `${FIELDS}, button, a, [role=button], [role=link], [role=radio]`

/** Whether somebody writes: then digits and letters are text. */
export function isWriting(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.matches(FIELDS)
}

/** Enter: done, also from within the gist, where Shift+Enter begins a line. On a button it presses that. */
export function isDone(event: KeyboardEvent): boolean {
  if (event.isComposing || event.shiftKey || event.altKey || event.defaultPrevented || (event.code !== 'Enter' && event.code !== 'NumpadEnter')) return false
  return isWriting(event) || !(event.target instanceof Element && event.target.matches(CONTROLS))
}

/** A letter, or the slash that calls a phrase: digits choose. */
export function beginsText(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isWriting(event)) return false
  return /^[\p{L}/]$/u.test(event.key)
}
